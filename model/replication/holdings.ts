// What a replica holds and in which order it came to hold it: writers, what is known and applied, versions, records that
// wait. Applying is here; requests, links and the disk are in replica.ts. A record becomes visible only here, and only
// when everything before it that reaches this cloudlet is visible.

import type { CloudletId, ScopeId } from "../ids.ts";
import type { Stream, Topology } from "../topology/topology.ts";
import type { Duration } from "../units.ts";
import { Coverage } from "./coverage.ts";
import { WriterDigests } from "./digests.ts";
import type { LocalTime, PendingRecord, ReplicaEvent } from "./io.ts";
import type { Known } from "./messages.ts";
import { Opening } from "./opening.ts";
import { RecordIndex } from "./record-index.ts";
import { dotName } from "./record.ts";
import type { CausalRecord, Dot, Stamp } from "./record.ts";
import type { Standing } from "./standing.ts";
import { SequenceSets } from "./sequences.ts";
import { StampCeiling, aheadOfBound } from "./stamp.ts";
import { VersionStore } from "./versions.ts";
import { WaitingIndex } from "./waiting.ts";
import type { Waiter } from "./waiting.ts";
import { WriterTable } from "./writers.ts";

/** Everything a replica holds. */
export class Holdings {
  readonly #config: Standing;
  readonly writers: WriterTable;
  readonly index: RecordIndex;
  readonly coverage: Coverage;
  /** Over what is held, for greetings. */
  readonly digests: WriterDigests;
  readonly versions: VersionStore;
  /** The cloudlet's own hybrid and Lamport clock: raised by what it writes and applies. */
  readonly clock: StampCeiling;
  /** Records in apply order, and beside each who brought it. */
  readonly applied: CausalRecord[];
  readonly broughtBy: (CloudletId | null)[];
  readonly #known: SequenceSets;
  readonly #done: SequenceSets;
  readonly #waiting: WaitingIndex;
  // Dots replaced by something applied here and not applied themselves: under another plan they may still come. Only kept
  // where there is another plan.
  readonly #replacedEarly: Set<string> | null;
  // Not null from an adoption until what it makes wait has come.
  #opening: Opening | null = null;
  // Waiters whose last missing dot was just applied; always empty between steps.
  readonly #ready: Waiter[] = [];

  constructor(config: Standing, like: Holdings | null = null) {
    this.#config = config;
    this.writers = like === null ? new WriterTable() : like.writers.clone();
    this.index = like === null ? new RecordIndex(this.writers) : like.index.clone(this.writers);
    this.coverage = new Coverage(this.index);
    this.digests = new WriterDigests(this.index);
    this.versions = like === null ? new VersionStore() : like.versions.clone();
    this.clock = like === null ? new StampCeiling() : like.clock.clone();
    this.applied = like === null ? [] : like.applied.slice();
    this.broughtBy = like === null ? [] : like.broughtBy.slice();
    this.#known = like === null ? new SequenceSets(this.writers, 0) : like.#known.clone(this.writers);
    this.#done = like === null ? new SequenceSets(this.writers, 1) : like.#done.clone(this.writers);
    this.#waiting = like === null ? new WaitingIndex() : like.#waiting.clone();
    this.#replacedEarly =
      config.topology.plans.length === 1 ? null : new Set(like === null ? null : like.#replacedEarly);
    this.#opening = like === null || like.#opening === null ? null : like.#opening.clone();
  }

  /**
   * Takes note of a record that came in. False when it is known already; a different record of the same dot is reported
   * and never applied (its origin was cloned or rolled back).
   */
  learn(record: CausalRecord, events: ReplicaEvent[]): boolean {
    const slot = this.writers.slotOf(record.dot);
    if (this.#known.add(slot, record.dot.sequence)) {
      this.index.add(slot, record);
      return true;
    }
    const held = this.index.at(slot, record.dot.sequence);
    if (held !== null && held !== record && !sameContent(held, record)) {
      events.push({ kind: "dotCollision", dot: record.dot });
    }
    return false;
  }

  /** Is this record applied here? */
  hasApplied(dot: Dot): boolean {
    const slot = this.writers.find(dot);
    return slot >= 0 && this.#done.has(slot, dot.sequence);
  }

  /** Has this record come in here, or was it written here? */
  isKnown(dot: Dot): boolean {
    const slot = this.writers.find(dot);
    return slot >= 0 && this.#known.has(slot, dot.sequence);
  }

  /** What is known here of streams of these scopes: for greetings. */
  knownOf(scopes: ReadonlySet<ScopeId>): Known[] {
    const { writers } = this;
    const { streams } = this.#config.topology;
    const known: Known[] = [];
    for (let slot = 0; slot < writers.size && scopes.size > 0; slot += 1) {
      const stream = writers.streamOf(slot);
      if (!scopes.has((streams[stream] as Stream).scope)) continue;
      const ranges = this.#known.ranges(slot);
      if (ranges.length === 0) continue;
      const origin = writers.originOf(slot);
      const digest = this.digests.of(slot, ranges);
      known.push({ stream, origin, incarnation: writers.incarnationOf(slot), ranges, digest });
    }
    return known;
  }

  /** Applies a stored record now if its past is here, else once it is. Also applies all that waited for it. */
  settle(record: CausalRecord, from: CloudletId | null, now: LocalTime, events: ReplicaEvent[]): void {
    if (this.#misses(record.deps, "deps") || this.#misses(record.prev, "prev")) {
      const waiter: Waiter = { record, from, missing: 0 };
      this.#awaitAll(waiter, record.deps, "deps");
      this.#awaitAll(waiter, record.prev, "prev");
      return;
    }
    this.#apply(record, from, now, events);
    for (let next = this.#ready.pop(); next !== undefined; next = this.#ready.pop()) {
      this.#apply(next.record, next.from, now, events);
    }
  }

  /** What must come before everything is open, and which scopes it concerns; null when all is. */
  get opening(): Opening | null {
    return this.#opening;
  }

  /** What an answer about this key, or about all keys that begin with it, is behind of; null when it is not. */
  behind(key: string, isPrefix: boolean): readonly Dot[] | null {
    const opening = this.#opening;
    return opening?.concerns(this.#config.topology.scopes, key, isPrefix) === true ? opening.missing : null;
  }

  /**
   * The replica has gone over to another plan, whose topology is in force already. What waits is judged anew, and streams
   * that begin to reach this cloudlet are opened once they cover what is applied here.
   */
  adopt(before: Topology, now: LocalTime, events: ReplicaEvent[]): void {
    const { topology, self, rules } = this.#config;
    const scopes = new Set(this.#opening?.scopes);
    for (const { id, scope, origins } of topology.streams) {
      if (topology.reaches(id, self) && !before.reaches(id, self)) scopes.add(scope);
      // What this cloudlet has lost of its own may come back now.
      else if (topology.circulates(id) && !before.circulates(id) && origins.includes(self)) scopes.add(scope);
    }
    const missing = scopes.size === 0 || !rules.awaitsOpening() ? [] : this.#missingOfApplied();
    this.#opening = missing.length === 0 ? null : new Opening(scopes, missing);
    for (const { record, from } of this.#waiting.takeAll()) this.settle(record, from, now, events);
  }

  // The nearest dots of the past of what is applied that reach this cloudlet and are not applied.
  #missingOfApplied(): Dot[] {
    const missing: Dot[] = [];
    for (const { deps, prev } of this.applied) {
      for (const dot of deps) if (this.#isMissing(dot, "deps")) missing.push(dot);
      for (const dot of prev) if (this.#isMissing(dot, "prev")) missing.push(dot);
    }
    return missing;
  }

  /**
   * The cloudlet's clock follows a stamp, unless it leads the wall clock by more than the bound: no single stamp may drag it
   * along, not even one of an own record whose session has read such a stamp. Returns how far it is beyond, 0 when within.
   */
  follow(stamp: Stamp, now: LocalTime): number {
    const ahead = aheadOfBound(stamp, now, this.#config.clockBound);
    if (ahead === 0) this.clock.raise(stamp);
    else this.clock.lamport = Math.max(this.clock.lamport, stamp.lamport);
    return ahead;
  }

  /** What waits, and for which dots. */
  pending(): PendingRecord[] {
    return [...this.#waiting.all()].map(({ record }) => ({
      record,
      missing: [
        ...record.deps.filter((dot) => this.#isMissing(dot, "deps")),
        ...record.prev.filter((dot) => this.#isMissing(dot, "prev")),
      ],
    }));
  }

  /** What waits and who brought it. */
  waiting(): readonly Pick<Waiter, "record" | "from">[] {
    return [...this.#waiting.all()];
  }

  #misses(dots: readonly Dot[], listed: "deps" | "prev"): boolean {
    for (let at = 0; at < dots.length; at += 1) if (this.#isMissing(dots[at] as Dot, listed)) return true;
    return false;
  }

  #awaitAll(waiter: Waiter, dots: readonly Dot[], listed: "deps" | "prev"): void {
    for (let at = 0; at < dots.length; at += 1) {
      const dot = dots[at] as Dot;
      if (this.#isMissing(dot, listed)) this.#waiting.await(waiter, this.writers.slotOf(dot), dot.sequence);
    }
  }

  #isMissing(dot: Dot, listed: "deps" | "prev"): boolean {
    const { topology, self, rules } = this.#config;
    if (this.hasApplied(dot)) return false;
    return rules.awaits(listed, topology.reaches(dot.stream, self)) && !this.#isGoneForGood(dot);
  }

  // This cloudlet's own record in a stream that does not circulate: no flow can bring it back. It either is held here, or
  // was lost with the disk of an earlier life; waiting for it would never end. (Held and not applied is one that waits
  // itself, or that the disk returned further down: a disk that was copied from another cloudlet has own records in the
  // order in which they came in there.)
  #isGoneForGood(dot: Dot): boolean {
    const { topology, self } = this.#config;
    if (dot.origin !== self) return false;
    if (this.isKnown(dot)) return false;
    return !topology.circulates(dot.stream);
  }

  #apply(record: CausalRecord, from: CloudletId | null, now: LocalTime, events: ReplicaEvent[]): void {
    const slot = this.writers.slotOf(record.dot);
    this.#done.add(slot, record.dot.sequence);
    if (this.#replacedEarly === null) this.versions.apply(record);
    else this.#applyVersion(record, this.#replacedEarly);
    const { keeps } = this.#config.rules;
    if (keeps !== null) this.versions.keepOnly(record.key, keeps(this.versions.of(record.key)));
    this.applied.push(record);
    this.broughtBy.push(from);
    if (record.kind === "sealed") {
      events.push({ kind: "sealedRecord", dot: record.dot, version: record.version ?? 1 });
    }
    this.#heed(record, from, now, events);
    this.#waiting.wake(slot, record.dot.sequence, this.#ready);
    if (this.#opening !== null && this.#opening.isEndedBy(record.dot)) {
      this.#opening = null;
      events.push({ kind: "streamsOpened" });
    }
  }

  // 1. b replaces a, and b gets here where the stream of a does not lead. 2. This cloudlet goes over to a plan under which it
  // does. 3. Now a comes, and must not stand beside b.
  #applyVersion(record: CausalRecord, replacedEarly: Set<string>): void {
    for (const dot of record.prev) if (!this.hasApplied(dot)) replacedEarly.add(dotName(dot));
    this.versions.apply(record, replacedEarly.delete(dotName(record.dot)));
  }

  // A stamp from beyond the bound is reported, once per record.
  #heed(record: CausalRecord, from: CloudletId | null, now: LocalTime, events: ReplicaEvent[]): void {
    if (from === null) return;
    const ahead = this.follow(record.stamp, now);
    if (ahead > 0) events.push({ kind: "farFuture", dot: record.dot, ahead: ahead as Duration });
  }
}

/** Do they say the same? Dependencies may be listed differently on different ways; what a record says may not differ. */
export function sameContent(a: CausalRecord, b: CausalRecord): boolean {
  return (
    a.version === b.version &&
    // One that is sealed here may have been opened there: then only the header can be compared.
    (a.kind === b.kind || a.kind === "sealed" || b.kind === "sealed") &&
    sameBody(a.body, b.body) &&
    a.key === b.key &&
    (a.value === b.value || a.kind === "sealed" || b.kind === "sealed") &&
    a.stamp.wall === b.stamp.wall &&
    a.stamp.logical === b.stamp.logical &&
    a.stamp.lamport === b.stamp.lamport
  );
}

function sameBody(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === undefined || b === undefined) return true;
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
