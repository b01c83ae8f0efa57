// The fact that what fails inside a cloudlet fails there, and stops no queue (A2c). Drawn stories of a chain of four: a above b above c above d.
// The control plane of c lives on a store of three members, which go down and come back. Whatever they do, c takes operations from
// above and for those below; its own transactions fail exactly while the majority is gone; what was carried out before is known
// afterwards; and with the majority its queue drains.
//
// Leaves out planes that fail without a store (operation-facts.ts).

import { InnerStore } from "../../model/control/inner-quorum.ts";
import { pick, type Rng } from "../../model/random.ts";
import { Cluster } from "../../model/testing/cluster.ts";
import { parseCommand } from "../../model/testing/transcript.ts";
import { RngRoot } from "../kernel/rng.ts";
import { type Fact, Trial } from "./fact.ts";

const STORY_COUNT = 12;
const STEP_COUNT = 40;
const MEMBERS = 3;

const deviations = [
  { name: "any-member-will-do", says: "The store goes on with one member that is up." },
  { name: "falls-with-its-store", says: "The whole cloudlet is down while its store has no majority." },
] as const;

/** It. */
export const innerQuorumFact: Fact = {
  name: "inner-quorum",
  says: "A cloudlet whose inner store has lost its majority fails its own transactions, and takes and keeps operations of others.",
  deviations,
  try(deviation) {
    const trial = new Trial();
    const counts = { refused: 0, queued: 0, drained: 0 };
    for (let number = 0; number < STORY_COUNT && !trial.isBroken; number += 1) {
      new Story(new RngRoot(`inner quorum ${number}`).stream, deviation, trial, counts).play();
    }
    const { refused, queued, drained } = counts;
    trial.expect(refused > 0 && queued > 0 && drained > 0, () => "no majority was ever lost while something was asked");
    return trial.end();
  },
};

class Story {
  readonly #rng: Rng;
  readonly #trial: Trial;
  readonly #counts: { refused: number; queued: number; drained: number };
  readonly #cluster = new Cluster();
  readonly #store: InnerStore;
  readonly #isDownWithStore: boolean;
  readonly #isUp = Array.from({ length: MEMBERS }, () => true);
  #isRunning = true;
  #number = 0;
  /** What is right to find in the store, by object. */
  readonly #written = new Map<string, string>();
  /** Operations for c that were accepted, until they end. */
  readonly #open = new Set<string>();
  readonly #begun = new Set<string>();

  constructor(
    rng: Rng,
    deviation: string | null,
    trial: Trial,
    counts: { refused: number; queued: number; drained: number },
  ) {
    this.#rng = rng;
    this.#trial = trial;
    this.#counts = counts;
    this.#store = new InnerStore(MEMBERS, deviation === "any-member-will-do" ? 1 : undefined);
    this.#isDownWithStore = deviation === "falls-with-its-store";
  }

  play(): void {
    this.#say("topology operations=yes", [
      "cloudlet a",
      "cloudlet b upper=a",
      "cloudlet c upper=b",
      "cloudlet d upper=c",
    ]);
    this.#say("log control");
    this.#say("heal");
    this.#say("stabilize");
    for (let step = 0; step < STEP_COUNT; step += 1) {
      this.#turn();
      this.#say("stabilize");
    }
    for (let member = 0; member < MEMBERS; member += 1) this.#member(member, true);
    this.#say("heal");
    const waiting = this.#open.size;
    for (let round = 0; round < waiting + 3; round += 1) this.#work();
    this.#counts.drained += waiting - this.#open.size;
    this.#trial.expect(this.#open.size === 0, () => `${this.#open.size} operations were left when the store was well`);
    this.#lookUp();
  }

  #turn(): void {
    switch (this.#rng.intInclusive(6)) {
      case 0:
      case 1: {
        const member = this.#rng.intInclusive(MEMBERS - 1);
        this.#member(member, this.#isUp[member] !== true);
        break;
      }
      case 2:
        this.#askAbove(pick(this.#rng, ["a", "b"]));
        break;
      case 3:
        this.#askBelow();
        break;
      case 4:
        this.#askOwn();
        break;
      case 5:
        this.#lookUp();
        break;
      default:
        this.#work();
        break;
    }
  }

  // Has c really a majority, whatever its store thinks?
  get #hasMajority(): boolean {
    return this.#isUp.filter((isUp) => isUp).length * 2 > MEMBERS;
  }

  #member(member: number, isUp: boolean): void {
    this.#isUp[member] = isUp;
    this.#store.set(member, isUp);
    const { plane } = this.#store;
    if (this.#isDownWithStore && (plane === "failed") === this.#isRunning) {
      this.#isRunning = plane === "healthy";
      this.#say(this.#isRunning ? "restart c" : "crash c");
      if (this.#isRunning) this.#say("heal");
    }
    if (this.#isRunning) this.#say(`planes c control=${plane}`);
  }

  // From above: accepted there, and it comes to stand at c, whatever is up inside.
  #askAbove(issuer: string): void {
    const id = this.#issue(issuer, "c");
    this.#trial.expect(id !== null, () => `${issuer} was not let ask c for something`);
    if (id === null) return;
    this.#open.add(id);
    const out = this.#say("stabilize");
    const isThere = this.#say("operations c").includes(`${id} for c`) || out.includes(`plane do ${id}`);
    this.#trial.expect(isThere, () => `${id} did not come into the queue of c, whose store had ${this.#upText()}`);
    if (this.#hasMajority) return;
    this.#counts.queued += 1;
    this.#trial.expect(!out.includes(`plane do ${id}`), () => `${id} was begun with ${this.#upText()}`);
  }

  // What c asks of those below is its queue's business, not its store's.
  #askBelow(): void {
    const id = this.#issue("c", "d");
    this.#trial.expect(id !== null, () => `c was not let ask d for something while its store had ${this.#upText()}`);
  }

  // Its own transactions: through the plane, and in the store.
  #askOwn(): void {
    const id = this.#issue("c", "c");
    this.#trial.expect(
      (id !== null) === this.#hasMajority,
      () => `c ${id === null ? "refused" : "accepted"} an operation of its own with ${this.#upText()}`,
    );
    if (id === null) this.#counts.refused += 1;
    else this.#open.add(id);
    this.#commit(`note-${this.#rng.intInclusive(2)}`, String(this.#number));
  }

  // The plane is through with what it was told, and has it in its store: a plane that has failed is through with nothing.
  #work(): void {
    this.#say("stabilize");
    for (const id of [...this.#begun]) {
      if (!this.#isRunning || !this.#commit(`done-${id}`, id)) continue;
      this.#begun.delete(id);
      this.#say(`executed c ${id} done`);
      this.#say("stabilize");
    }
  }

  #commit(key: string, value: string): boolean {
    const { kind } = this.#store.write(key, value);
    this.#trial.expect(
      (kind === "written") === this.#hasMajority,
      () => `the store of c ${kind === "written" ? "took" : "refused"} a write with ${this.#upText()}`,
    );
    if (kind === "written") this.#written.set(key, value);
    return kind === "written";
  }

  #lookUp(): void {
    for (const [key, value] of this.#written) {
      const found = this.#store.read(key);
      const isRight = found.kind === "read" ? found.value === value : !this.#hasMajority;
      this.#trial.expect(isRight, () => `the store of c lost ${value}, or had it refused, with ${this.#upText()}`);
    }
  }

  #issue(issuer: string, target: string): string | null {
    this.#number += 1;
    const asked = this.#say(`issue ${issuer} s${this.#number} ${target} vm.create vm${this.#number}`);
    return /accepted$/m.test(`${asked}\n${this.#say(`stored ${issuer}`)}`) ? this.#lastAccepted : null;
  }

  #lastAccepted: string | null = null;

  #upText(): string {
    return `${this.#isUp.filter((isUp) => isUp).length} of ${MEMBERS} members up`;
  }

  #say(line: string, input: readonly string[] = []): string {
    const out = this.#cluster.handle({ ...parseCommand(line), input });
    for (const [, id = ""] of out.matchAll(/: (\S+) accepted$/gm)) this.#lastAccepted = id;
    for (const [, who = "", id = ""] of out.matchAll(/ (\w) has its control plane do (\S+):/g)) {
      if (who === "c") this.#begun.add(id);
      else this.#say(`executed ${who} ${id} done`);
    }
    for (const [, id = ""] of out.matchAll(/tells the end of (\S+): /g)) this.#open.delete(id);
    return out;
  }
}
