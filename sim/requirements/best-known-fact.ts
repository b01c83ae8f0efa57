// The fact that a reader is told when what he gets is only the best known (D2): in drawn stories of a chain of three cloudlets, over
// the real control layer, every key is read everywhere after each step. What should be said is known twice: from what the
// story itself has seen, where operations are issued and where they are done; and anywhere from the records that stand there.
//
// Leaves out siblings under every resolver, which the oracle reads-resolve judges in drawn worlds.

import type { ControlRules } from "../../model/control/rules.ts";
import { pick, type Rng } from "../../model/random.ts";
import { Cluster } from "../../model/testing/cluster.ts";
import { parseCommand } from "../../model/testing/transcript.ts";
import { RngRoot } from "../kernel/rng.ts";
import { type Fact, Trial } from "./fact.ts";

const STORY_COUNT = 10;
const STEP_COUNT = 45;
const names = ["a", "b", "c"] as const;
const machines = ["vm0", "vm1"] as const;
type Name = (typeof names)[number];

/** What a story must have met to have shown anything. */
type Met = "siblings alone" | "pending alone" | "both" | "neither" | "cleared" | "ending";

const deviations: readonly {
  readonly name: string;
  readonly says: string;
  readonly rules: Partial<ControlRules>;
}[] = [
  {
    name: "reads-say-nothing",
    says: "Readers do not hear of what is pending.",
    rules: { tellsPending: () => false },
  },
  {
    name: "provisional-clears",
    says: "An end that was decided on the way clears the mark.",
    rules: { isPending: ({ isEnding, isFinal }) => !isEnding && !isFinal },
  },
  {
    name: "final-does-not-clear",
    says: "The mark stays though the end is known, until nobody owes anything about the operation any more.",
    rules: { isPending: () => true },
  },
];

/** It. */
export const bestKnownFact: Fact = {
  name: "best-known",
  says: "A read says that it is only the best known exactly while siblings stand there or operations are pending on its key.",
  deviations: deviations.map(({ name, says }) => ({ name, says })),
  try(deviation) {
    const trial = new Trial();
    const met = new Set<Met>();
    const wrong = deviations.find(({ name }) => name === deviation);
    for (let number = 0; number < STORY_COUNT && !trial.isBroken; number += 1) {
      const custody = number % 2 === 0 ? "shared" : "distributed";
      new Story(new RngRoot(`best known ${number}`).stream, custody, wrong?.rules, trial, met).play();
    }
    const all: readonly Met[] = ["siblings alone", "pending alone", "both", "neither", "cleared", "ending"];
    const missing = all.filter((one) => !met.has(one));
    trial.expect(missing.length === 0, () => `this was never met: ${missing.join(", ")}`);
    return trial.end();
  },
};

interface Asked {
  readonly issuer: Name;
  readonly target: Name;
  readonly machine: string;
}

class Story {
  readonly #rng: Rng;
  readonly #cluster: Cluster;
  readonly #custody: "shared" | "distributed";
  readonly #trial: Trial;
  readonly #met: Set<Met>;
  readonly #asked = new Map<string, Asked>();
  readonly #doing = new Set<string>();
  readonly #ended = new Set<string>();
  readonly #wasPending = new Set<string>();
  readonly #isUp: Record<Name, boolean> = { a: true, b: true, c: true };
  #writes = 0;

  constructor(
    rng: Rng,
    custody: "shared" | "distributed",
    rules: Partial<ControlRules> | undefined,
    trial: Trial,
    met: Set<Met>,
  ) {
    this.#rng = rng;
    this.#custody = custody;
    this.#cluster = new Cluster(undefined, rules === undefined ? undefined : () => rules);
    this.#trial = trial;
    this.#met = met;
  }

  play(): void {
    this.#say(`topology operations=yes custody=${this.#custody} kept=vm:vms/{cloudlet}/{object}`, [
      "cloudlet a",
      "cloudlet b upper=a",
      "cloudlet c upper=b",
      "scope vms resolver=return-them-all",
      "flow vms a-b both",
      "flow vms b-c both",
    ]);
    this.#say("log control");
    this.#heal();
    for (let step = 0; step < STEP_COUNT; step += 1) {
      this.#turn();
      this.#say("stabilize");
      this.#judge();
    }
    this.#heal();
    for (let round = 0; round < 30; round += 1) {
      this.#finishDeeds();
      this.#say("pass 10s by=5s");
    }
    for (const machine of machines) this.#write("a", machine);
    this.#judge();
    this.#trial.expect(
      this.#ended.size === this.#asked.size,
      () => `${this.#asked.size - this.#ended.size} operations had no end when all was well again`,
    );
  }

  #turn(): void {
    switch (this.#rng.intInclusive(9)) {
      case 0:
      case 1:
      case 2:
        this.#issue();
        break;
      case 3:
        this.#write(pick(this.#rng, names), pick(this.#rng, machines));
        break;
      case 4:
        this.#say(`cut ${pick(this.#rng, ["a-b", "b-c"])}`);
        break;
      case 5:
        this.#heal();
        break;
      case 6:
        this.#finishDeeds();
        break;
      case 7: {
        const id = pick(this.#rng, [...this.#asked.keys(), ""]);
        const asked = this.#asked.get(id);
        if (asked !== undefined && this.#isUp[asked.issuer]) this.#say(`revoke ${asked.issuer} s ${id}`);
        break;
      }
      case 8: {
        const name = pick(this.#rng, names);
        if (this.#isUp[name]) this.#say(`crash ${name}`);
        this.#isUp[name] = false;
        // What its planes were at is asked for anew in its next life.
        for (const id of this.#doing) if (this.#asked.get(id)?.target === name) this.#doing.delete(id);
        break;
      }
      default:
        this.#say(`pass ${5 + this.#rng.intInclusive(15)}s by=5s`);
        break;
    }
  }

  #issue(): void {
    const issuer = pick(this.#rng, names);
    const target = pick(this.#rng, names.slice(names.indexOf(issuer)));
    if (!this.#isUp[issuer]) return;
    const machine = pick(this.#rng, machines);
    const kind = pick(this.#rng, ["vm.update", "vm.start", "vm.stop", "host.hotfix"]);
    const expiry = this.#rng.chance(400_000) ? " expiry=8s" : "";
    const out = `${this.#say(`issue ${issuer} s ${target} ${kind} ${machine}${expiry}`)}\n${this.#say("stabilize")}`;
    const id = /to s: (\S+) accepted/.exec(out)?.[1];
    this.#trial.expect(id !== undefined, () => `an operation was not accepted: ${out.trim()}`);
    // What is done to a host is kept nowhere.
    if (id !== undefined) this.#asked.set(id, { issuer, target, machine: kind.startsWith("vm.") ? machine : "" });
  }

  #write(at: Name, machine: string): void {
    if (!this.#isUp[at]) return;
    this.#writes += 1;
    this.#say(`request ${at} w${this.#writes} get vms/c/${machine}`);
    this.#say(`request ${at} w${this.#writes} put vms/c/${machine} state-${this.#writes}`);
    this.#say("stabilize");
  }

  #heal(): void {
    for (const name of names) {
      if (!this.#isUp[name]) this.#say(`restart ${name}`);
      this.#isUp[name] = true;
    }
    this.#say("heal");
    this.#say("stabilize");
  }

  #finishDeeds(): void {
    for (const id of [...this.#doing]) {
      const target = this.#asked.get(id)?.target;
      if (target === undefined || !this.#isUp[target]) continue;
      this.#doing.delete(id);
      this.#say(`executed ${target} ${id} done`);
      this.#say("stabilize");
    }
  }

  #judge(): void {
    for (const at of names) if (this.#isUp[at]) for (const machine of machines) this.#judgeRead(at, machine);
  }

  #judgeRead(at: Name, machine: string): void {
    const key = `vms/c/${machine}`;
    this.#say("log on");
    const out = this.#say(`request ${at} r get ${key}`);
    this.#say("log control");
    const told = new Set(/, pending (.+)$/m.exec(out)?.[1]?.split(" ") ?? []);
    const siblings = (out.match(/state-/g) ?? []).length;
    const isPending = told.size > 0;
    this.#met.add(isPending ? (siblings > 1 ? "both" : "pending alone") : siblings > 1 ? "siblings alone" : "neither");
    for (const [id, asked] of this.#asked) {
      if (asked.machine !== machine || asked.target !== "c") {
        this.#trial.expect(!told.has(id), () => `${at} was told that ${id} is pending on ${key}, which is for another`);
        continue;
      }
      const expected = this.#stands(at, id, asked);
      this.#trial.expect(
        told.has(id) === expected,
        () => `a read of ${key} at ${at} ${expected ? "did not say" : "said"} that ${id} is pending`,
      );
      const name = `${at} ${id}`;
      if (expected) this.#wasPending.add(name);
      else if (this.#wasPending.has(name)) this.#met.add("cleared");
    }
  }

  // Where it was issued: until its end was told. Where it is being done: until it is. Anywhere: what the records say.
  #stands(at: Name, id: string, { issuer, target }: Asked): boolean {
    if (at === target && this.#doing.has(id)) return true;
    if (at === issuer) return !this.#ended.has(id);
    const next = at === "c" ? "" : names[names.indexOf(at) + 1];
    const places = [`~directives/c/${id}`, `~custody/${at}/${id}`, `~custody/${next}/${id}`, `~local/held/c/${id}`];
    const words = places.map((key) => this.#at(at, key)).join(" ");
    const isOver = /\bover \w+ vm/.test(words) || /\bend \w+ vm/.test(this.#at(at, `~results/c/${id}`));
    if (/\bend \w+ vm/.test(words) && !isOver) this.#met.add("ending");
    return /\b(op|end \w+) vm/.test(words) && !isOver;
  }

  #at(name: Name, key: string): string {
    const lines = this.#say(`versions ${key}`).split("\n");
    return lines.find((line) => line.startsWith(`${name}: `)) ?? "";
  }

  #say(line: string, input: readonly string[] = []): string {
    const out = this.#cluster.handle({ ...parseCommand(line), input });
    for (const [, id = ""] of out.matchAll(/plane do (\S+): /g)) this.#doing.add(id);
    for (const [, target = "", id = ""] of out.matchAll(/^\S+ (\w) asks its \w+ plane about (\S+)$/gm)) {
      this.#say(`answered ${target} ${id} unknown`);
    }
    for (const [, id = ""] of out.matchAll(/tells the end of (\S+): /g)) this.#ended.add(id);
    return out;
  }
}
