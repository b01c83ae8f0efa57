// Drawn stories of a chain of three cloudlets, a above b above c, driven by hand over the real control layer: ways are cut and heal,
// processes end and start, planes fail, people confirm and clear, and time passes. What b and a make of it is judged against what really
// was, known from the story alone.
//
// Leaves out operations, and the three marks' evidence (model/control/testdata/fencing.txt, went_back.txt).

import { defaultAliveness } from "../../model/control/aliveness-settings.ts";
import { type Mark, marks } from "../../model/control/aliveness.ts";
import { confirmationKinds } from "../../model/control/confirmations.ts";
import type { ControlRules } from "../../model/control/rules.ts";
import { transitions } from "../../model/control/transitions.ts";
import { viewClasses, type ViewClass } from "../../model/control/view.ts";
import { pick, type Rng } from "../../model/random.ts";
import { Cluster } from "../../model/testing/cluster.ts";
import { parseCommand } from "../../model/testing/transcript.ts";
import { RngRoot } from "../kernel/rng.ts";

/** What is judged of a story. */
export type MarkRule =
  "byRecord" | "byPlane" | "table" | "recovers" | "planes" | "view" | "upwards" | "accepts" | "history";

/** What stories came to: how often each rule was put to the test, the first complaint of each, and which marks were met. */
export interface StoryFindings {
  readonly counts: ReadonlyMap<MarkRule, number>;
  readonly complaints: ReadonlyMap<MarkRule, string>;
  readonly met: ReadonlySet<Mark>;
  /** Under which marks of its target an operation was asked for. */
  readonly asked: ReadonlySet<Mark>;
}

const STORY_COUNT = 12;
const STEP_COUNT = 40;
const MICROS = 1_000_000;
const silent = defaultAliveness.watch.silentAfter / MICROS;
/** Seconds within which a report is written and has come, while nothing is in the way. */
const reported = (defaultAliveness.reporting.period + defaultAliveness.backlogAge) / MICROS;

const declared = new Set(transitions.map(({ from, to }) => `${from}>${to}`));

/** A cloudlet as somebody above it sees it. */
interface Seen {
  readonly mark: Mark;
  readonly control: string;
  readonly view: ReadonlyMap<string, { readonly number: number; readonly age: number }>;
  /** What its control plane turned out to have been, from when on: seconds. */
  readonly past: readonly { readonly from: number; readonly was: string | null }[];
}

/** Plays all stories with these rules in every control layer. */
export function playStories(plant: (() => Partial<ControlRules>) | undefined): StoryFindings {
  const counts = new Map<MarkRule, number>();
  const complaints = new Map<MarkRule, string>();
  const met = new Set<Mark>();
  const asked = new Set<Mark>();
  const expect = (rule: MarkRule, holds: boolean, complaint: () => string): void => {
    counts.set(rule, (counts.get(rule) ?? 0) + 1);
    if (!holds && !complaints.has(rule)) complaints.set(rule, complaint());
  };
  for (let number = 0; number < STORY_COUNT; number += 1) {
    new Story(new RngRoot(`marks ${number}`).stream, plant, expect, { met, asked }).play();
  }
  return { counts, complaints, met, asked };
}

// What a report was on its way is not counted: a step of time here.
function isAgeOf(kept: number, real: number): boolean {
  return kept <= real && kept >= real - 1;
}

class Story {
  readonly #rng: Rng;
  readonly #cluster: Cluster;
  readonly #expect: (rule: MarkRule, holds: boolean, complaint: () => string) => void;
  readonly #marks: { readonly met: Set<Mark>; readonly asked: Set<Mark> };
  #now = 0;
  #operations = 0;
  // What really is.
  #isOpen = true;
  #isRunning = true;
  #plane = "healthy";
  #confirmed: string | null = null;
  /** What the control plane was, by second; null: its process was down. */
  readonly #planes: (string | null)[] = [];
  readonly #observed = new Map<ViewClass, { number: number; at: number }>();
  // What b can know: since when nothing was in the way, what the plane was when something last got through, and when that was.
  #openSince: number | null = 0;
  #planeTold = "healthy";
  #lastOpen = 0;
  #marked = new Map<string, Mark>();

  constructor(
    rng: Rng,
    plant: (() => Partial<ControlRules>) | undefined,
    expect: (rule: MarkRule, holds: boolean, complaint: () => string) => void,
    marksOf: { readonly met: Set<Mark>; readonly asked: Set<Mark> },
  ) {
    this.#rng = rng;
    this.#cluster = new Cluster(undefined, plant);
    this.#expect = expect;
    this.#marks = marksOf;
  }

  play(): void {
    this.#say("topology operations=yes aliveness=yes", ["cloudlet a", "cloudlet b upper=a", "cloudlet c upper=b"]);
    this.#say("log control");
    this.#say("heal");
    this.#pass(10);
    for (let step = 0; step < STEP_COUNT; step += 1) this.#turn();
    this.#heal();
    // Silence, calm, and a report that was owed.
    this.#pass(2 * silent);
    const { mark } = this.#sight("b", "c");
    const expected = this.#confirmed ?? "connected";
    this.#expect(
      "recovers",
      mark === expected,
      () => `when all was well again c was ${mark} at b for ever, not ${expected}`,
    );
    this.#judgePast();
    const above = this.#sight("a", "c").mark;
    this.#expect("upwards", above === mark, () => `b marks c ${mark}, and a has it as ${above}`);
  }

  #turn(): void {
    switch (this.#rng.intInclusive(9)) {
      case 0:
        this.#say("cut b-c");
        this.#isOpen = false;
        break;
      case 1:
        this.#heal();
        break;
      case 2:
        if (this.#isRunning) this.#say("crash c");
        this.#isRunning = false;
        break;
      case 3:
        this.#plane = pick(this.#rng, ["none", "healthy", "failed"]);
        if (this.#isRunning) this.#say(`planes c control=${this.#plane} management=healthy`);
        break;
      case 4:
        this.#confirm();
        break;
      case 5: {
        if (!this.#isRunning) break;
        const { name } = pick(this.#rng, viewClasses);
        this.#say(`observe c ${name} ${this.#rng.intInclusive(99)}`);
        this.#observed.set(name, { number: (this.#observed.get(name)?.number ?? 0) + 1, at: this.#now });
        break;
      }
      case 6:
        this.#issue();
        break;
      default:
        break;
    }
    this.#pass(1 + this.#rng.intInclusive(this.#rng.chance(300_000) ? 50 : 12));
  }

  #issue(): void {
    const { mark } = this.#sight("b", "c");
    this.#marks.asked.add(mark);
    this.#operations += 1;
    const out = `${this.#say(`issue b s1 c vm.create vm${this.#operations}`)}\n${this.#say("stabilize")}`;
    this.#expect(
      "accepts",
      /^\S+ b to s1: \S+ accepted$/m.test(out),
      () => `an operation for c, which was ${mark}, was not accepted at once: ${out.trim()}`,
    );
  }

  #confirm(): void {
    const says = this.#confirmed === null ? pick(this.#rng, confirmationKinds) : "clear";
    this.#say(`confirm b c ${says}`);
    this.#confirmed = says === "clear" ? null : says;
  }

  #heal(): void {
    if (!this.#isRunning) {
      this.#say("restart c");
      this.#say(`planes c control=${this.#plane} management=healthy`);
      // What was observed after the last report that was stored is lost with the process: the story knows only what it sees again.
      this.#observed.clear();
    }
    this.#isRunning = true;
    this.#isOpen = true;
    this.#say("heal");
  }

  #pass(seconds: number): void {
    for (let second = 0; second < seconds; second += 1) {
      const isThrough = this.#isOpen && this.#isRunning;
      this.#openSince = isThrough ? (this.#openSince ?? this.#now) : null;
      this.#planes[this.#now] = this.#isRunning ? this.#plane : null;
      this.#say("pass 1s");
      this.#now += 1;
      if (isThrough) {
        // A change of a plane is told at once.
        this.#planeTold = this.#plane;
        this.#lastOpen = this.#now;
      }
      this.#judge();
    }
  }

  #judge(): void {
    const { mark, control, view } = this.#sight("b", "c");
    this.#marks.met.add(mark);
    const silentFor = this.#now - this.#lastOpen;
    const openFor = this.#openSince === null ? 0 : this.#now - this.#openSince;
    const at = `at ${this.#now} s`;
    const isOfRecord = confirmationKinds.some((kind) => kind === mark);
    this.#expect(
      "byRecord",
      this.#confirmed === null ? !isOfRecord : mark === this.#confirmed,
      () =>
        `${at} c is ${mark} though ${this.#confirmed === null ? "nothing is confirmed" : `it is confirmed ${this.#confirmed}`}`,
    );
    if (silentFor > silent + 1 && !isOfRecord) {
      const expected = this.#planeTold === "healthy" ? "autonomous" : "unknown";
      this.#expect(
        "byPlane",
        mark === expected,
        () => `${at} c is ${mark}: silent, and its plane was ${this.#planeTold} when last heard`,
      );
    }
    if (mark === "connected") {
      this.#expect("byPlane", silentFor <= silent, () => `${at} c is connected, and silent for ${silentFor} s`);
    }
    if (openFor <= reported + 1) return;
    this.#expect(
      "planes",
      control === this.#plane && (isOfRecord || mark === "connected" || mark === "synchronizing"),
      () =>
        `${at} c is up with a control plane that is ${this.#plane}, and b has it as ${mark} with one that is ${control}`,
    );
    for (const [name, { number, at: madeAt }] of this.#observed) {
      const kept = view.get(name);
      const age = this.#now - madeAt;
      if (age <= reported + 1) continue;
      this.#expect(
        "view",
        kept !== undefined && kept.number >= number && (kept.number > number || isAgeOf(kept.age, age)),
        () =>
          `${at} the view of ${name} is ${kept === undefined ? "not there" : `number ${kept.number}, ${kept.age} s old`}; number ${number} is ${age} s old`,
      );
    }
  }

  // Whole seconds between two entries of the history, of which something was learned afterwards.
  #judgePast(): void {
    const { past } = this.#sight("b", "c");
    for (const [index, { from, was }] of past.entries()) {
      const until = past[index + 1]?.from ?? this.#now;
      for (let second = from; was !== null && second < until; second += 1) {
        const real = this.#planes[second] ?? "down";
        this.#expect(
          "history",
          real === was,
          () => `at ${second} s the plane of c was ${real}, and its history says ${was}`,
        );
      }
    }
  }

  #say(line: string, input: readonly string[] = []): string {
    const out = this.#cluster.handle({ ...parseCommand(line), input });
    for (const [, who, about, to, from] of out.matchAll(/^\S+ (\w+) marks (\w+) (\w+), (\w+) before$/gm)) {
      const key = `${who} ${about}`;
      const before = this.#marked.get(key) ?? "unknown";
      this.#marked.set(key, to as Mark);
      // Of who is further down a hears later, and may miss what came between.
      if (who === "a" && about === "c") continue;
      this.#expect(
        "table",
        from === before && declared.has(`${from}>${to}`),
        () => `${who} marked ${about} ${to} after ${from}, which was ${before}`,
      );
    }
    return out;
  }

  #sight(who: string, about: string): Seen {
    const lines = this.#cluster.handle({ ...parseCommand(`sights ${who}`), input: [] }).split("\n");
    const first = lines.findIndex((line) => line.startsWith(`${about}: `));
    const [, mark = "", control = ""] = /: (\w+); control (\w+)/.exec(lines[first] ?? "") ?? [];
    const view = new Map<string, { number: number; age: number }>();
    const past = Array.from(
      (lines[first + 1] ?? "").matchAll(/(\d+)s \w+(?: \((\w+)\))?(?=,|$)/g),
      ([, from, was]) => ({ from: Number(from), was: was ?? null }),
    );
    for (const line of lines.slice(first + 1)) {
      if (!line.startsWith("  ")) break;
      const parts = /^ {2}(\w+) \d+ \((\d+), ([\d.]+)s old\)/.exec(line);
      if (parts !== null) view.set(parts[1] ?? "", { number: Number(parts[2]), age: Number(parts[3]) });
    }
    return { mark: marks.find((one) => one === mark) ?? "unknown", control, view, past };
  }
}
