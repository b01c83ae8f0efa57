// What planes have forgotten: they may keep what they did on the disk of their cloudlet, and lose it with that. Then nothing at the target
// shows that an operation was begun, and it may be begun once more, or end as if nothing had happened. Two cases are no fault of anybody:
//
// 1. Whoever issued it had never heard that it had begun: nobody could tell the target.
// 2. The disk was set back, or is a copy of another one: its process does not see that it lacks anything, and asks nobody
//    (model/control/anew.ts).
// The promise is suspended for such an operation alone, and the run says so. Where the disk was empty and its issuer had a word of the
// target, the target is to ask.
//
// Leaves out who forgets (world/planes.ts).

import type { Keys } from "../../model/control/keys.ts";
import { readWord } from "../../model/control/ends.ts";
import { issuerOf, type OperationId } from "../../model/control/operation.ts";
import type { CloudletId } from "../../model/ids.ts";
import type { CausalRecord } from "../../model/replication/record.ts";
import type { LostOperations } from "./lost-operations.ts";
import { counted } from "./words.ts";

/** How a plane has forgotten: with a disk that is empty now, or with one that holds something else. */
export type Forgetting = "emptied" | "replaced";

interface Forgotten {
  readonly at: CloudletId;
  readonly how: Forgetting;
  /** The last life of the target before that. */
  readonly life: number;
}

/** Operations that planes were told of and have forgotten. */
export class ForgottenDeeds {
  readonly #keys: Keys;
  readonly #lost: LostOperations;
  readonly #forgotten = new Map<OperationId, Forgotten>();
  /** The first life of the target that has let the issuer know that it had begun. */
  readonly #heard = new Map<OperationId, number>();
  readonly #lives = new Map<CloudletId, number>();
  // By target.
  readonly #suspended = new Map<CloudletId, Set<OperationId>>();

  constructor(keys: Keys, lost: LostOperations) {
    this.#keys = keys;
    this.#lost = lost;
  }

  /** A process begins. */
  started(cloudlet: CloudletId, life: number): void {
    this.#lives.set(cloudlet, life);
  }

  /** A plane has forgotten that. */
  forgot(at: CloudletId, id: OperationId, how: Forgetting): void {
    if (this.#forgotten.get(id)?.how === "replaced") return;
    this.#forgotten.set(id, { at, how, life: this.#lives.get(at) ?? 0 });
  }

  /** A record has come to a cloudlet. */
  came(cloudlet: CloudletId, { key, value, dot }: Pick<CausalRecord, "key" | "value" | "dot">): void {
    const read = dot.origin === cloudlet ? null : this.#keys.read(key);
    if (read?.carrier !== "results" || read.cloudlet !== dot.origin || issuerOf(read.operation) !== cloudlet) return;
    const says = readWord(read.operation, value)?.says;
    if (says !== "intent" && says !== "end") return;
    const first = this.#heard.get(read.operation) ?? Infinity;
    if (dot.incarnation < first) this.#heard.set(read.operation, dot.incarnation);
  }

  /** Was it begun, and could nobody have known that any more? Then the promise is suspended, and told. */
  excuses(id: OperationId): boolean {
    const forgotten = this.#forgotten.get(id);
    if (forgotten === undefined) return false;
    const { at, how, life } = forgotten;
    const isKnown = (this.#heard.get(id) ?? Infinity) <= life && !this.#lost.isLostAt(id, issuerOf(id));
    if (how === "emptied" && isKnown) return false;
    this.#suspended.set(at, (this.#suspended.get(at) ?? new Set()).add(id));
    return true;
  }

  /** One sentence for each target. */
  notes(nameOf: (cloudlet: CloudletId) => string): readonly string[] {
    return [...this.#suspended].map(([cloudlet, ids]) => {
      const which = `${counted(ids.size, "operation")} (${[...ids].slice(0, 3).join(", ")})`;
      const why = "had lost with its disk that it was told, and nobody could tell it";
      return `at-most-one-effect was suspended for ${which}: a plane of ${nameOf(cloudlet)} ${why}`;
    });
  }
}
