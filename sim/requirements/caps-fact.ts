// The fact that small sites keep their limits (G9): more is asked of a site that is out of reach than queues may hold, by number or by bytes,
// under each policy. What stands in any store on the way is weighed from outside after every step; and in the end every operation
// that was given up for want of room has been told as that, no other has, and whoever was turned away was told why.
//
// Leaves out what logs and deletes keep, which are limited by retention and by collection (workloads/churn-year.yaml).

import type { ControlRules } from "../../model/control/rules.ts";
import type { Rng } from "../../model/random.ts";
import { Cluster } from "../../model/testing/cluster.ts";
import { parseCommand } from "../../model/testing/transcript.ts";
import { RngRoot } from "../kernel/rng.ts";
import { type Fact, Trial } from "./fact.ts";

const names = ["a", "b", "c"] as const;
const policies = ["refuse", "expire-oldest", "expire-lowest"] as const;
const limits = [
  { records: 4, bytes: 100_000 },
  { records: 1_000, bytes: 400 },
] as const;
const ASK_COUNT = 24;

const wrongs: readonly { readonly name: string; readonly says: string; readonly rules: Partial<ControlRules> }[] = [
  { name: "keeps-all", says: "Queues take more than they may hold.", rules: { keepsCaps: () => false } },
  {
    name: "blames-time",
    says: "What was given up for want of room is told as having waited too long.",
    rules: { ends: (right) => (right.why === "cap" ? { ...right, why: "time" } : right) },
  },
];

/** It. */
export const capsFact: Fact = {
  name: "limits-are-kept",
  says: "No store on the way keeps more operations or bytes than a queue may hold, and what was given up for that is told.",
  deviations: wrongs.map(({ name, says }) => ({ name, says })),
  try(deviation) {
    const trial = new Trial();
    const wrong = wrongs.find(({ name }) => name === deviation);
    let [givenUp, refused] = [0, 0];
    for (const [number, cap] of limits.entries()) {
      for (const policy of policies) {
        const story = new Story(new RngRoot(`caps ${number} ${policy}`).stream, policy, cap, wrong?.rules, trial);
        story.play();
        givenUp += story.givenUp;
        refused += story.refused;
      }
    }
    trial.expect(givenUp > 0 && refused > 0, () => "no queue was ever full: nothing was shown");
    return trial.end();
  },
};

class Story {
  readonly #rng: Rng;
  readonly #policy: (typeof policies)[number];
  readonly #cap: (typeof limits)[number];
  readonly #cluster: Cluster;
  readonly #trial: Trial;
  readonly #accepted = new Set<string>();
  readonly #done = new Set<string>();
  readonly #ended = new Map<string, string>();
  refused = 0;

  constructor(
    rng: Rng,
    policy: (typeof policies)[number],
    cap: (typeof limits)[number],
    rules: Partial<ControlRules> | undefined,
    trial: Trial,
  ) {
    this.#rng = rng;
    this.#policy = policy;
    this.#cap = cap;
    this.#cluster = new Cluster(undefined, rules === undefined ? undefined : () => rules);
    this.#trial = trial;
  }

  /** How many were told as given up for want of room. */
  get givenUp(): number {
    return [...this.#ended.values()].filter((why) => why === "expired (cap)").length;
  }

  play(): void {
    const { records, bytes } = this.#cap;
    this.#say(`topology operations=yes records=${records} bytes=${bytes} policy=${this.#policy} retain=8`, [
      "cloudlet a",
      "cloudlet b upper=a",
      "cloudlet c upper=b",
    ]);
    this.#say("log control");
    this.#say("heal");
    this.#say("stabilize");
    this.#say("cut b-c");
    for (let asked = 0; asked < ASK_COUNT; asked += 1) {
      if (asked === 8) this.#say("cut a-b");
      if (asked === 16) this.#say("heal a-b");
      this.#ask(asked);
      this.#say("stabilize");
      this.#weigh();
    }
    this.#say("heal");
    for (let round = 0; round < ASK_COUNT; round += 1) this.#say("pass 5s");
    for (const id of this.#accepted) {
      const end = this.#ended.get(id) ?? "nothing";
      const isRight = this.#done.has(id) ? end === "done (executed)" : end === "expired (cap)";
      this.#expect(isRight, () => `${id} was ${this.#done.has(id) ? "carried out" : "given up"} and told as ${end}`);
    }
  }

  #ask(number: number): void {
    const issuer = this.#rng.chance(600_000) ? "a" : "b";
    const priority = this.#rng.intInclusive(3);
    const payload = "x".repeat(this.#rng.intInclusive(40));
    const asked = this.#say(`issue ${issuer} s c vm.create vm${number} priority=${priority} ${payload}`.trim());
    const out = `${asked}\n${this.#say(`stored ${issuer}`)}`;
    const id = /to s: (\S+) accepted/.exec(out)?.[1];
    if (id !== undefined) this.#accepted.add(id);
    else this.refused += 1;
    const why = /refused \((\w+)\)/.exec(out)?.[1];
    this.#expect(id !== undefined || why === "queueFull", () => `an operation was turned away as ${why ?? "nothing"}`);
  }

  // What stands in a store and is still to be done. Results of c are nowhere while it is out of reach.
  #weigh(): void {
    for (const name of names) {
      const texts = [...this.#accepted].flatMap((id) => {
        const lines = this.#say(`versions ~directives/c/${id}`).split("\n");
        const line = lines.find((one) => one.startsWith(`${name}: `)) ?? "";
        const text = /^\w: (op .*) \(\S+\)$/.exec(line)?.[1];
        return text === undefined ? [] : [text];
      });
      const weight = texts.reduce((sum, text) => sum + text.length, 0);
      this.#expect(
        texts.length <= this.#cap.records && weight <= this.#cap.bytes,
        () => `${name} keeps ${texts.length} operations of ${weight} bytes`,
      );
    }
  }

  #expect(holds: boolean, complaint: () => string): void {
    const { records, bytes } = this.#cap;
    this.#trial.expect(holds, () => `with ${this.#policy}, ${records} records, ${bytes} bytes: ${complaint()}`);
  }

  #say(line: string, input: readonly string[] = []): string {
    const out = this.#cluster.handle({ ...parseCommand(line), input });
    for (const [, id = "", end = ""] of out.matchAll(/tells the end of (\S+): (\w+ \(\w+\))/g)) {
      this.#ended.set(id, end);
    }
    for (const [, target = "", id = ""] of out.matchAll(/^\S+ (\w) has .* plane do (\S+): /gm)) {
      this.#done.add(id);
      this.#say(`executed ${target} ${id} done`);
    }
    return out;
  }
}
