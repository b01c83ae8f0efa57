// How cloudlets mark those below them, held against what really was: what came from there and when, by the watcher's own clock; what was
// confirmed by whom and has come to the watcher (told-words.ts); what the planes were when the latest report that it has was written. What it cannot read has not come (spoken-forms.ts).
//
//   1. Failed, disconnected and fenced is exactly who a word says so of that stands at the watcher. A fence without a person rests on
//      evidence that there was.
//   2. Autonomous or unknown is who was heard nothing of for `silentAfter`, and nobody else; autonomous exactly if its control plane was
//      healthy when it wrote the latest report that has come. Unknown is also who was not heard since the watcher started.
//   3. Connected is only who has been heard for `calmFor` without a silence; and who has been in reach undisturbed for long is.
//   4. Of who is right below marks change as the table of transitions has it, each from where the last one led.
//   5. Marks by sight change no more often than the watcher's settings allow in any time.
//
// Who is below whom is judged by the plan that the watcher goes by. With each change of that the cloudlets whose place below it is another
// one begin anew there, unknown, and others go on.
//
// Processes that are fenced themselves, and write nothing any more, are not judged. Leaves out histories and views (view-age.ts).

import type { WatchSettings } from "../../model/control/aliveness.ts";
import type { AlivenessSettings } from "../../model/control/aliveness-settings.ts";
import { keysOf } from "../../model/control/keys.ts";
import { MarkKeys } from "../../model/control/mark-keys.ts";
import type { PlaneState } from "../../model/control/planes.ts";
import type { CloudletId } from "../../model/ids.ts";
import type { DiskImage, ReplicaEvent } from "../../model/replication/io.ts";
import type { CausalRecord } from "../../model/replication/record.ts";
import { timeoutMax } from "../../model/replication/round-trip.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { Instant } from "../../model/units.ts";
import type { ClockSetting } from "../scenario/scenario.ts";
import { Behindhand } from "./behindhand.ts";
import { evidenceAgainst, type Evidence } from "./fence-evidence.ts";
import type { MarkName } from "./names.ts";
import type { WatchEvent } from "./observer.ts";
import { flawOf, isBySight, isConfirmed, isDeclared, newPair, type Pair, tooMany } from "./mark-pair.ts";
import { PlansInForce, rewatched } from "./plans-in-force.ts";
import { Judge, type Oracle } from "./oracle.ts";
import { ReadReports } from "./read-reports.ts";
import { ShownClocks } from "./shown-clocks.ts";
import { type FormsAtFirst, SpokenForms } from "./spoken-forms.ts";
import { noSlack, type TimingSlack } from "./timing-slack.ts";
import { ToldWords } from "./told-words.ts";
import type { Truth } from "./truth.ts";
import { atTime, cloudletText } from "./words.ts";

type Marked = Extract<WatchEvent, { readonly kind: "marked" }>;
type Refused = Extract<ReplicaEvent, { readonly kind: "messageRefused" }>;

/** What its machines are at first; nothing: perfect clocks, and the first form alone. */
interface Machines {
  readonly clocks?: readonly ClockSetting[] | undefined;
  readonly forms?: FormsAtFirst | undefined;
  readonly slack?: TimingSlack | undefined;
}

/** Judges marks. `mark` counts fences that no person has asked for. */
export function markRules(
  truth: Truth,
  settings: AlivenessSettings,
  { clocks = [], forms = [], slack = noSlack }: Machines,
  mark: (name: MarkName) => void,
): Oracle {
  return new MarkRules(truth, settings, { clocks, forms, slack }, mark).oracle;
}

class MarkRules {
  readonly #truth: Truth;
  readonly #settings: AlivenessSettings;
  readonly #watch: WatchSettings;
  readonly #slack: TimingSlack;
  readonly #judge = new Judge();
  readonly #mark: (name: MarkName) => void;
  readonly #keys: MarkKeys;
  readonly #clocks: ShownClocks;
  readonly #behindhand = new Behindhand();
  readonly #forms: SpokenForms;
  readonly #words: ToldWords;
  readonly #evidence: Evidence;
  readonly #pairs: readonly Map<CloudletId, Pair>[];
  readonly #plans: PlansInForce;
  readonly #planes: PlaneState[];
  /** By cloudlet: what its control plane was when it wrote each of its reports. */
  readonly #reported: PlaneState[][];
  readonly #reports: ReadReports;
  /** Those that have not ended. */
  readonly #faults = new Set<number>();
  readonly #mute = new Set<CloudletId>();
  readonly #down = new Set<CloudletId>();
  /** Pairs whose step is over at a later instant. */
  readonly #dirty = new Set<Pair>();
  readonly #heard = new Set<Pair>();
  #dirtyAt = -1;

  constructor(
    truth: Truth,
    settings: AlivenessSettings,
    { clocks, forms, slack }: { readonly [Name in keyof Machines]-?: NonNullable<Machines[Name]> },
    mark: (name: MarkName) => void,
  ) {
    const { topology } = truth;
    this.#mark = mark;
    this.#truth = truth;
    this.#settings = settings;
    this.#watch = settings.watch;
    this.#slack = slack;
    this.#keys = new MarkKeys(topology, keysOf(topology));
    this.#clocks = new ShownClocks(
      topology.cloudlets.map(({ name }) => name),
      clocks,
    );
    this.#forms = new SpokenForms(topology, forms);
    this.#plans = new PlansInForce(topology);
    this.#words = new ToldWords(truth, this.#forms, this.#plans);
    this.#evidence = evidenceAgainst(truth, settings.fencing);
    this.#planes = topology.cloudlets.map(() => "healthy");
    this.#reported = topology.cloudlets.map(() => []);
    this.#reports = new ReadReports(truth, this.#keys, this.#forms);
    this.#pairs = topology.cloudlets.map(
      ({ id: watcher }) =>
        new Map(
          topology
            .descendants(watcher)
            .map((about) => [about, newPair(watcher, about, topology.cloudlets[about]?.upper === watcher)] as const),
        ),
    );
  }

  /** As oracles are told. */
  get oracle(): Oracle {
    return {
      name: "mark-rules",
      started: (at, cloudlet, life, _core, image) => {
        this.#evidence.started(cloudlet, life);
        this.#flush(at);
        this.#began(at, cloudlet, image);
      },
      crashed: (at, cloudlet) => {
        this.#flush(at);
        this.#clocks.crashed(at, cloudlet);
        this.#down.add(cloudlet);
        for (const { id } of this.#truth.topology.cloudlets) this.#disturb(at, cloudlet, id);
        for (const pair of this.#pairs[cloudlet]?.values() ?? []) {
          this.#dirty.delete(pair);
          // It may begin anew at the instant at which it heard that.
          this.#heard.delete(pair);
        }
      },
      diskFailed: (at, cloudlet, failure) => {
        this.#evidence.diskFailed(cloudlet, failure);
        for (const { id } of this.#truth.topology.cloudlets) this.#disturb(at, cloudlet, id);
      },
      machineChanged: (at, cloudlet, change) => {
        this.#clocks.machineChanged(at, cloudlet, change);
        this.#forms.changed(cloudlet, change);
        for (const { id } of this.#truth.topology.cloudlets) this.#disturb(at, cloudlet, id);
      },
      notified: (at, cloudlet, event) => {
        if (event.kind === "fenced") this.#mute.add(cloudlet);
        this.#reports.notified(at, cloudlet, event);
        if (event.kind === "installed") this.#touch(at, cloudlet);
        if (event.kind === "messageRefused") this.#unheard(at, cloudlet, event);
        this.#evidence.notified(cloudlet, event);
      },
      served: (at, cloudlet, waited, service) => {
        this.#behindhand.served(at, cloudlet, waited, service);
        if (waited <= this.#settings.backlogAge / 4) return;
        for (const { id } of this.#truth.topology.cloudlets) this.#disturb(at, cloudlet, id);
      },
      received: (at, from, to, _message, sentAt) => void this.#received(at, from, to, sentAt),
      dropped: (at, from, to) => void this.#disturb(at, from, to),
      troubled: (at, from, to) => void this.#disturb(at, from, to),
      linkChanged: (at, from, to) => void this.#disturb(at, from, to),
      faultChanged: (at, fault, isBeginning) => {
        if (isBeginning) this.#faults.add(fault);
        else this.#faults.delete(fault);
        for (const pairs of this.#pairs) for (const pair of pairs.values()) pair.calmSince = at;
      },
      planTold: (at, cloudlet, former, plan) => void this.#replanned(at, cloudlet, former, plan),
      healed: (at) => {
        this.#faults.clear();
        for (const pairs of this.#pairs) for (const pair of pairs.values()) pair.calmSince = at;
      },
      written: (at, record) => void this.#written(at, record),
      applied: (at, cloudlet, record) => {
        const about = this.#keyOf(record);
        if (about?.kind === "confirmed") this.#touch(at, cloudlet);
      },
      watching: (at, cloudlet, event) => void this.#watching(at, cloudlet, event),
      finished: (at) => {
        this.#flush((at + 1) as Instant);
        for (const pairs of this.#pairs) for (const pair of pairs.values()) this.#judgeSilence(at, pair);
      },
      verdict: () => this.#judge.verdict(),
    };
  }

  // --- what happens ---

  #began(at: Instant, cloudlet: CloudletId, image: DiskImage): void {
    this.#forms.found(cloudlet, image, (dot) => this.#truth.numberOf(dot));
    this.#mute.delete(cloudlet);
    this.#down.delete(cloudlet);
    this.#words.started(cloudlet);
    this.#reports.started(at, cloudlet, image);
    for (const { id } of this.#truth.topology.cloudlets) this.#disturb(at, cloudlet, id);
    const beganAt = this.#clocks.monotonic(cloudlet, at);
    for (const pair of this.#pairs[cloudlet]?.values() ?? []) {
      Object.assign(pair, { mark: "unknown", beganAt, heardAt: null, heardBefore: null, backAt: beganAt, changes: [] });
    }
    this.#touch(at, cloudlet);
  }

  #replanned(at: Instant, watcher: CloudletId, former: Topology, plan: Topology): void {
    this.#flush(at);
    this.#plans.told(watcher, plan);
    const pairs = this.#pairs[watcher] as Map<CloudletId, Pair>;
    for (const { about, isBelow, isAdjacent } of rewatched(watcher, former, plan)) {
      const before = pairs.get(about);
      if (before !== undefined) {
        this.#dirty.delete(before);
        this.#heard.delete(before);
        pairs.delete(about);
      }
      if (!isBelow) continue;
      const beganAt = this.#clocks.monotonic(watcher, at);
      pairs.set(about, Object.assign(newPair(watcher, about, isAdjacent), { beganAt, backAt: beganAt }));
    }
    for (const all of this.#pairs) for (const pair of all.values()) pair.calmSince = at;
    this.#touch(at, watcher);
  }

  #received(at: Instant, from: CloudletId, to: CloudletId, sentAt: Instant): void {
    this.#flush(at);
    if (at - sentAt > this.#settings.backlogAge / 4) {
      this.#disturb(at, from, to);
      const slow = this.#between(from, to);
      if (slow !== undefined) slow.wasSlow = true;
    }
    const pair = this.#pairs[to]?.get(from);
    if (pair?.isAdjacent !== true) return;
    this.#judgeSilence(at, pair);
    const shown = this.#clocks.monotonic(to, at);
    const { heardAt } = pair;
    if (heardAt === null || shown - heardAt >= this.#watch.silentAfter) pair.backAt = shown;
    pair.heardBefore = heardAt;
    pair.heardAt = shown;
    this.#heard.add(pair);
    this.#dirtyAt = at;
    this.#judgeReturn(at, pair);
  }

  // It was no sign of anybody. Of bytes that are no message nobody had said that they had come.
  #unheard(at: Instant, cloudlet: CloudletId, { from, why }: Refused): void {
    this.#disturb(at, cloudlet, from);
    const pair = this.#pairs[cloudlet]?.get(from);
    if (pair === undefined || why.kind === "corrupted" || why.kind === "malformed") return;
    pair.heardAt = pair.heardBefore;
    this.#heard.delete(pair);
  }

  #written(at: Instant, record: number): void {
    const key = this.#keyOf(record);
    if (key === null) return;
    const written = this.#truth.records[record] as CausalRecord;
    const { origin } = written.dot;
    this.#forms.wrote(origin, record);
    if (key.kind === "report" && key.cloudlet === origin) {
      this.#reported[origin]?.push(this.#planes[origin] as PlaneState);
      this.#reports.written(origin, written);
    }
    if (key.kind !== "confirmed") return;
    const word = this.#words.written(record, key.cloudlet);
    if (word === null || word.isPersons) return;
    this.#mark("fenced-unasked");
    this.#judge.checks += 1;
    const why = this.#evidence.flawOf(word);
    if (why === null) return;
    const who = `${this.#name(word.by)} said by itself ${atTime(at)} that ${this.#name(word.about)} is ${word.says}`;
    this.#judge.violate(() => `${who}, and ${why}`);
  }

  #watching(at: Instant, cloudlet: CloudletId, event: WatchEvent): void {
    this.#flush(at);
    switch (event.kind) {
      case "planes":
        this.#planes[cloudlet] = event.planes.control;
        break;
      case "confirms":
        this.#words.said(cloudlet, event);
        break;
      case "marked": {
        const pair = this.#pairs[cloudlet]?.get(event.about);
        if (pair !== undefined) this.#marked(at, pair, event);
        else this.#strange(at, cloudlet, event);
        break;
      }
      default:
        break;
    }
  }

  // --- marks ---

  #marked(at: Instant, pair: Pair, { from, to }: Marked): void {
    const shown = this.#clocks.monotonic(pair.watcher, at);
    const what = `${this.#name(pair.watcher)} marked ${this.#name(pair.about)} ${to} ${atTime(at)} after ${from}`;
    this.#judge.checks += 1;
    if (from !== pair.mark) this.#judge.violate(() => `${what}, and had told of ${pair.mark} before`);
    pair.mark = to;
    this.#dirty.add(pair);
    this.#dirtyAt = at;
    if (!pair.isAdjacent) return;
    if (!isDeclared(from, to)) this.#judge.violate(() => `${what}: there is no such change`);
    // 1. A process is paused, and goes on. 2. The first that it comes to is a message from a cloudlet of which it had heard nothing for
    // long. 3. It says first what time alone had led to, and then what the message leads to.
    const isSilence = to === "autonomous" || to === "unknown";
    const before = isSilence && this.#heard.has(pair) ? { ...pair, heardAt: pair.heardBefore } : pair;
    const why = flawOf(
      before,
      to,
      shown,
      this.#watch,
      this.#slack.standing,
      this.#planeKnown(pair.watcher, pair.about),
    );
    if (why !== null) this.#judge.violate(() => `${what}, and ${why}`);
    if (!isBySight(from, to)) return;
    const many = tooMany(pair, shown, this.#watch, this.#slack.standing);
    if (many !== null) this.#judge.violate(() => `${what}: ${many}`);
  }

  // Nobody marks who is not below.
  #strange(at: Instant, watcher: CloudletId, { about, to }: Marked): void {
    if (this.#isUnasked(watcher)) return;
    this.#judge.violate(
      () => `${this.#name(watcher)} marked ${this.#name(about)} ${to} ${atTime(at)}, which is not below it`,
    );
  }

  // Who is marked as heard was heard in time.
  #judgeSilence(at: Instant, pair: Pair): void {
    const { mark, heardAt, watcher } = pair;
    if (!pair.isAdjacent || this.#isUnasked(watcher) || (mark !== "connected" && mark !== "synchronizing")) return;
    this.#judge.checks += 1;
    const quiet = this.#clocks.monotonic(watcher, at) - (heardAt ?? -Infinity);
    if (quiet <= this.#watch.silentAfter + this.#slack.timers + this.#behindhand.by(at, watcher)) return;
    this.#judge.violate(() => {
      const what = `${this.#name(watcher)} still marked ${this.#name(pair.about)} ${mark} ${atTime(at)}`;
      return `${what}, and nothing had come from there for ${quiet / 1_000_000} s`;
    });
  }

  // Nothing has been in the way for long: whatever there was to wait for has come.
  #judgeReturn(at: Instant, pair: Pair): void {
    const { silentAfter, calmFor } = this.#watch;
    const { reporting, backlogAge } = this.#settings;
    const again = pair.wasSlow ? timeoutMax : 0;
    const long = 2 * (silentAfter + calmFor + reporting.period + backlogAge + this.#slack.timers) + again;
    if (this.#faults.size > 0 || at - pair.calmSince < long || this.#isUnasked(pair.watcher)) return;
    // What a report follows may have to come over a way that somebody has not heard of.
    if (!this.#plans.areSame()) return;
    // Who writes what its upper cannot read owes it a report.
    if (this.#forms.unreadAmong([pair.watcher, pair.about]) !== null) return;
    this.#judge.checks += 1;
    if (pair.mark === "connected" || isConfirmed(pair.mark)) return;
    this.#judge.violate(() => {
      const what = `${this.#name(pair.watcher)} marked ${this.#name(pair.about)} ${pair.mark} ${atTime(at)}`;
      return `${what}, and nothing had been in the way for ${(at - pair.calmSince) / 1_000_000} s`;
    });
    // Said once.
    pair.calmSince = at;
  }

  // Steps that were under way at an earlier instant are over.
  #flush(at: Instant): void {
    if (at <= this.#dirtyAt) return;
    for (const pair of this.#dirty) {
      if (this.#isUnasked(pair.watcher)) continue;
      this.#judge.checks += 1;
      const standing = this.#words.standing(pair.watcher, pair.about);
      const said = isConfirmed(pair.mark) ? pair.mark : null;
      if (standing === said) continue;
      const [who, whom] = [this.#name(pair.watcher), this.#name(pair.about)];
      this.#judge.violate(() => {
        const what = `${who} marks ${whom} ${pair.mark} ${atTime(this.#dirtyAt)}`;
        return `${what}, and what has come there says ${standing === null ? "nothing of it that stands" : standing}`;
      });
    }
    for (const pair of this.#heard) {
      if (this.#isUnasked(pair.watcher)) continue;
      this.#judge.checks += 1;
      if (pair.mark !== "autonomous" && pair.mark !== "unknown") continue;
      const [who, whom] = [this.#name(pair.watcher), this.#name(pair.about)];
      this.#judge.violate(() => `${who} heard from ${whom} ${atTime(this.#dirtyAt)}, and marks it ${pair.mark}`);
    }
    this.#dirty.clear();
    this.#heard.clear();
  }

  // --- what is known ---

  /** What the control plane was when the latest report was written that has been read there; null: none has. */
  #planeKnown(watcher: CloudletId, about: CloudletId): PlaneState | null {
    return this.#reported[about]?.[this.#reports.latest(watcher, about)] ?? null;
  }

  #touch(at: Instant, cloudlet: CloudletId): void {
    this.#flush(at);
    this.#dirtyAt = at;
    for (const pair of this.#pairs[cloudlet]?.values() ?? []) this.#dirty.add(pair);
  }

  #disturb(at: Instant, one: CloudletId, other: CloudletId): void {
    const pair = this.#between(one, other);
    if (pair !== undefined) pair.calmSince = at;
  }

  #between(one: CloudletId, other: CloudletId): Pair | undefined {
    return this.#pairs[one]?.get(other) ?? this.#pairs[other]?.get(one);
  }

  #isUnasked(watcher: CloudletId): boolean {
    return this.#down.has(watcher) || this.#mute.has(watcher);
  }

  #keyOf(record: number): ReturnType<MarkKeys["read"]> {
    const name = this.#truth.keyNames[this.#truth.keyOf.data[record] as number] ?? "";
    return name.startsWith("~") ? this.#keys.read(name) : null;
  }

  #name(cloudlet: CloudletId): string {
    return cloudletText(this.#truth, cloudlet);
  }
}
