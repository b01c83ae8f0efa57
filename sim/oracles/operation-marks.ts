// Counts the interesting cases of operations (control-marks.ts): how they end and why, what is refused, what queues give up at their caps,
// and what begins. A sweep that never meets them proves nothing of operations.
//
// Leaves out the marks of cloudlets, which marks.ts counts.

import type { PlaneName } from "../../model/control/catalogue.ts";
import type { End } from "../../model/control/ends.ts";
import { keysOf, type Keys } from "../../model/control/keys.ts";
import type { CloudletId } from "../../model/ids.ts";
import type { CausalRecord } from "../../model/replication/record.ts";
import type { Instant } from "../../model/units.ts";
import type { OperationsSetting } from "../scenario/operations.ts";
import type { MarkName } from "./names.ts";
import type { Observer } from "./observer.ts";
import { kindNamed, type OperationTruth } from "./operation-truth.ts";

const madeRoom = {
  refuse: "given-up-on-its-way",
  "expire-oldest": "oldest-made-room",
  "expire-lowest": "lowest-made-room",
} as const satisfies Record<OperationsSetting["policy"], MarkName>;

/** Hand it to the world, too: it looks at who says that he has taken custody. */
export class OperationMarks implements Observer {
  readonly #truth: OperationTruth;
  readonly #setting: Pick<OperationsSetting, "policy" | "stores" | "outages">;
  readonly #mark: (name: MarkName) => void;
  readonly #keys: Keys;

  constructor(
    truth: OperationTruth,
    setting: Pick<OperationsSetting, "policy" | "stores" | "outages">,
    mark: (name: MarkName) => void,
  ) {
    this.#truth = truth;
    this.#setting = setting;
    this.#mark = mark;
    this.#keys = keysOf(truth.topology);
    truth.tell({
      refused: (_at, _id, _asking, { code }) => {
        if (code === "queueFull") mark("refused-at-cap");
        if (code === "notBelow" || code === "notForActor") mark("refused-authority");
      },
      accepted: (at, _id, { request: { target, kind } }, isAgain) => {
        if (!isAgain && this.#lacksQuorum(at, target, kindNamed(kind)?.plane)) mark("accepted-without-quorum");
      },
      begun: (_at, _cloudlet, { after, needs }, _wanted, { by }) => {
        if (after.length > 0) mark("begun-after");
        if (needs > 1) mark("begun-upgraded");
        if (by === "upper") mark("begun-by-upper");
      },
      ended: (_at, _cloudlet, _id, end, wanted) => {
        // A life that ended before it had said so tells the same once more.
        if (wanted?.end === null) this.#ended(end);
      },
    });
  }

  wrote(_at: Instant, _cloudlet: CloudletId, _session: unknown, _id: unknown, { key, value }: CausalRecord): void {
    if (value.startsWith("taken ") && this.#keys.read(key)?.carrier === "results") this.#mark("custody-taken");
  }

  #ended({ kind, why }: End): void {
    this.#mark(`ended-${kind}`);
    if (why === "time") this.#mark("expired-in-time");
    if (why === "cap") this.#mark(madeRoom[this.#setting.policy]);
    if (why === "after" || why === "closed" || why === "unknown" || why === "unconfirmed") this.#mark(`ended-${why}`);
  }

  // As the scenario has it: members go down and come back whatever the process does.
  #lacksQuorum(at: Instant, target: CloudletId, plane: PlaneName | undefined): boolean {
    const { stores = [], outages } = this.#setting;
    const isIts = (one: { readonly cloudlet: string; readonly plane: PlaneName }): boolean =>
      one.plane === plane && one.cloudlet === this.#truth.name(target);
    const members = stores.find(isIts)?.members;
    if (members === undefined) return false;
    const down = new Set(
      outages
        .filter((one) => isIts(one) && one.from <= at && at < (one.until ?? Infinity))
        .flatMap((one) => one.members ?? Array.from({ length: members }, (_, member) => member)),
    );
    return down.size * 2 >= members;
  }
}
