// Which deletes may go for good, decided from what the members of a stream tell each other. A replica asks; what stands in
// its store and what it writes are in holdings.ts and replica.ts. The rule, for a tombstone d of a two-way stream:
//
// 1. Each member applies d, and some time later writes a summary: everything that it has applied of the stream, and all
//    that it wrote there before. A summary is applied only where all that it covers is. Whoever has applied a summary of d from
//    every member therefore holds every version that anybody wrote without knowing of d, also those that took long.
// 2. If d then stands without a value beside it, the member says that it is ready. A value beside it is a conflict, which
//    people or later writes have to end; as long as it stands the member stays silent and d stays.
// 3. Whoever has applied every member's readiness drops d. That is a function of records that all members get, so it
//    does not depend on who gets what when, and stores cannot drift apart over it.
//
// Why two rounds: without the second one a member drops d, writes the key anew, and the new value meets d where the first
// round is not over yet, as a conflict that nobody ever ends. (Proofs are in docs/model.md.)
//
// A member that was detached (absences.ts) is not asked, and a summary says without whom it was made. So a delete goes without
// some members E when all others have called it ready without them, and each of E was detached by somebody who is not in E.
// That is a function of applied records too: whoever returns meanwhile changes nothing about what has been said.
//
// Which streams collect is in collecting-streams.ts.

import { assert } from "../assert.ts";
import type { CloudletId, ScopeId, StreamId } from "../ids.ts";
import { replacesAll } from "../topology/resolvers.ts";
import type { Topology } from "../topology/topology.ts";
import type { Duration } from "../units.ts";
import { coversOf, type Absences } from "./absences.ts";
import { isAgreed, isWithin } from "./agreement.ts";
import { collectingStreams } from "./collecting-streams.ts";
import { eachDot } from "./cut.ts";
import { coversAll, isCovered, type NoticeRecord } from "./notice.ts";
import { compareDots, sameDot } from "./record.ts";
import type { CausalRecord, Covered, Dot } from "./record.ts";
import type { Rules } from "./rules.ts";
import type { VersionStore } from "./versions.ts";
import type { WriterTable } from "./writers.ts";

/** What a collector needs to know about its replica. */
export interface CollectorConfig {
  readonly topology: Topology;
  readonly self: CloudletId;
  readonly rules: Rules;
}

// A delete that stood here when it was last looked at.
interface Standing {
  readonly record: CausalRecord;
  /** Members whose readiness is applied here, each with the notices that say so. */
  ready: Map<CloudletId, readonly NoticeRecord[]>;
}

// Of most deletes nothing has been said yet: they share this, which stays empty.
const unsaid = new Map<CloudletId, readonly NoticeRecord[]>();

/** A delete that went for good. */
export interface Collected {
  readonly record: CausalRecord;
  /** Length of the log when it went. */
  readonly after: number;
}

interface Collecting {
  readonly stream: StreamId;
  readonly every: Duration;
  readonly isAutomatic: boolean;
  readonly members: readonly CloudletId[];
  readonly neighbours: ReadonlySet<CloudletId>;
  /** By name of the dot (#nameOf). */
  readonly standing: Map<number, Standing>;
  /** The newest summary per member and life, by `member.incarnation`; not of lives whose summary a later one covers. */
  readonly summaries: Map<string, NoticeRecord>;
  /** Something came since the last look. */
  isDue: boolean;
  isArmed: boolean;
  /** An own notice is on its way to the disk: the next one waits for it. */
  isSpeaking: boolean;
  /** What that one calls ready, and without whom. */
  saying: Report | null;
}

/** What is to be said about absences as soon as possible. */
export type Owed =
  | { readonly kind: "summary"; readonly stream: StreamId }
  | { readonly kind: "back"; readonly stream: StreamId; readonly covers: readonly Covered[] }
  /** `standing`: the deletes that stand here, which are to be written anew before. */
  | { readonly kind: "return"; readonly stream: StreamId; readonly standing: readonly CausalRecord[] };

const none: readonly (readonly [StreamId, Duration])[] = [];
const noneOwed: readonly Owed[] = [];

/** The tombstones that a summary calls ready, and the members without whom. */
export interface Report {
  readonly ready: readonly Dot[];
  readonly members: readonly CloudletId[];
}

/** Watches the deletes of all collecting streams at one cloudlet. */
export class Collector {
  readonly #config: CollectorConfig;
  readonly #versions: VersionStore;
  readonly #absences: Absences;
  readonly #writers: WriterTable;
  readonly #streams = new Map<StreamId, Collecting>();
  // Something came in one of them: asked after every step.
  #isDue = true;
  // A notice came while absences are known.
  #isCalled = true;

  private constructor(config: CollectorConfig, versions: VersionStore, absences: Absences, writers: WriterTable) {
    this.#config = config;
    this.#versions = versions;
    this.#absences = absences;
    this.#writers = writers;
  }

  /** The collector of a replica; null where no stream that it is in collects. `like`: of a table with the same slots. */
  static of(
    config: CollectorConfig,
    versions: VersionStore,
    absences: Absences,
    writers: WriterTable,
    like: Collector | null = null,
  ): Collector | null {
    const streams = collectingStreams(config.topology, config.self);
    if (streams.length === 0) return null;
    const made = new Collector(config, versions, absences, writers);
    const neighbours = new Set(config.topology.neighbours(config.self).map(({ peer }) => peer));
    for (const stream of streams) {
      const { scope } = config.topology.streams[stream] as Topology["streams"][number];
      const { collect, resolver } = config.topology.scopes[scope] as Topology["scopes"][number];
      assert(collect !== null, "only streams of collecting scopes collect");
      const twin = like === null ? undefined : like.#streams.get(stream);
      made.#streams.set(stream, {
        stream,
        every: collect,
        isAutomatic: replacesAll(resolver),
        members: config.topology.receivers(stream),
        neighbours,
        standing: new Map(
          [...(twin?.standing ?? [])].map(([name, { record, ready }]) => [
            name,
            { record, ready: ready === unsaid ? ready : new Map(ready) },
          ]),
        ),
        summaries: new Map(twin?.summaries),
        isDue: twin?.isDue ?? false,
        isArmed: twin?.isArmed ?? false,
        isSpeaking: twin?.isSpeaking ?? false,
        saying: twin?.saying ?? null,
      });
    }
    return made;
  }

  /** A delete was applied: it is watched from now on, if its stream collects. */
  deleted(record: CausalRecord): void {
    const watched = this.#streams.get(record.dot.stream);
    if (watched === undefined) return;
    const name = this.#nameOf(record.dot);
    assert(name >= 0, "an applied record has a writer");
    watched.standing.set(name, { record, ready: unsaid });
    this.#due(watched);
  }

  /** A notice was applied. Returns the tombstones that go with it; they are no longer watched. */
  heard(record: NoticeRecord): readonly CausalRecord[] {
    const { self } = this.#config;
    if (!this.#absences.isEmpty) this.#isCalled = true;
    const watched = this.#streams.get(record.dot.stream);
    if (watched === undefined) return [];
    this.#due(watched);
    const { notice } = record;
    const { origin } = record.dot;
    if (notice.kind === "detach" || notice.kind === "close") return [];
    if (origin === self) {
      watched.isSpeaking = false;
      watched.saying = null;
    }
    if (notice.kind === "back") return [];
    noteSummary(watched.summaries, record);
    const touched = new Set<Standing>();
    for (const dot of notice.kind === "summary" ? notice.ready : []) {
      const one = watched.standing.get(this.#nameOf(dot));
      if (one === undefined) continue;
      if (one.ready === unsaid) one.ready = new Map();
      one.ready.set(origin, [...(one.ready.get(origin) ?? []), record]);
      touched.add(one);
    }
    return this.#collect(watched, touched);
  }

  #collect(watched: Collecting, touched: Iterable<Standing>): readonly CausalRecord[] {
    const gone: CausalRecord[] = [];
    const needed = this.#needed(watched);
    if (this.#config.rules.collectsAfter() === "ready") {
      for (const one of touched) if (this.#isAgreed(watched, needed, one)) gone.push(one.record);
    } else {
      const summaries = summariesOf(watched, needed);
      for (const { record: one } of watched.standing.values()) {
        const isFree = this.#isFree(watched, this.#versions.of(one.key));
        if (isFree && isAppliedByAll(summaries, one.dot)) gone.push(one);
      }
    }
    for (const one of gone) watched.standing.delete(this.#nameOf(one.dot));
    return gone.filter((one) => this.#stands(one));
  }

  #isAgreed(watched: Collecting, needed: readonly CloudletId[], { ready }: Standing): boolean {
    if (this.#absences.isEmpty) return needed.every((member) => ready.has(member));
    return isAgreed(needed, ready, (member, others) =>
      this.#absences.isDetachedBesides(watched.stream, member, others),
    );
  }

  /** This delete does not stand any more. Was it watched? */
  forget({ dot }: CausalRecord): boolean {
    return this.#streams.get(dot.stream)?.standing.delete(this.#nameOf(dot)) === true;
  }

  /** Do deletes of this stream go for good here? */
  collects(stream: StreamId): boolean {
    return this.#streams.has(stream);
  }

  /** All that this knows, as notices: who hears them after the deletes that stand knows the same. */
  notices(): readonly NoticeRecord[] {
    const found = new Set<NoticeRecord>();
    for (const { summaries, standing } of this.#streams.values()) {
      for (const record of summaries.values()) found.add(record);
      for (const { ready } of standing.values()) {
        for (const records of ready.values()) for (const record of records) found.add(record);
      }
    }
    return [...found];
  }

  /** Streams whose timer is to be armed now, and for how long. */
  toArm(): readonly (readonly [StreamId, Duration])[] {
    if (!this.#isDue) return none;
    this.#isDue = false;
    const arm: (readonly [StreamId, Duration])[] = [];
    for (const watched of this.#streams.values()) {
      if (!watched.isDue || watched.isArmed) continue;
      watched.isDue = false;
      if (watched.standing.size === 0) continue;
      watched.isArmed = true;
      arm.push([watched.stream, watched.every]);
    }
    return arm;
  }

  /** The newest summaries of a stream: what each member has said that it has applied. */
  words(stream: StreamId): readonly NoticeRecord[] {
    return [...(this.#streams.get(stream)?.summaries.values() ?? [])];
  }

  /** Streams of this cloudlet that the member writes into as well. */
  streamsWith(member: CloudletId): readonly StreamId[] {
    return [...this.#streams.values()].filter(({ members }) => members.includes(member)).map(({ stream }) => stream);
  }

  /** What is to be said now about absences, asked after every step. It is on its way to the disk then. */
  owed(): readonly Owed[] {
    if (!this.#isCalled) return noneOwed;
    this.#isCalled = false;
    if (this.#absences.isEmpty) return noneOwed;
    const owed: Owed[] = [];
    for (const watched of this.#streams.values()) {
      const one = watched.isSpeaking ? null : this.#owedIn(watched);
      if (one === null) continue;
      watched.isSpeaking = true;
      owed.push(one);
    }
    return owed;
  }

  #owedIn(watched: Collecting): Owed | null {
    const { stream } = watched;
    const { self } = this.#config;
    const words = this.words(stream);
    const { summary, back } = this.#absences.owed(stream, words);
    if (!this.#absences.isAway(stream, self)) return summary ? { kind: "summary", stream } : null;
    const unanswered = this.#absences.unanswered(stream).map(({ dot }) => dot);
    if (unanswered.length > 0 || back.length > 0) {
      // Each says all that those before have said, so that one of a member is enough to keep.
      const said: Dot[] = [];
      for (const { notice } of this.#absences.backsOf(stream, self))
        eachDot(notice.covers, (dot) => void said.push(dot));
      return { kind: "back", stream, covers: coversOf([...said, ...unanswered, ...back]) };
    }
    if (this.#config.rules.awaitsWord() && !this.#absences.mayReturn(stream, words)) return null;
    if (this.#config.rules.awaitsReading() && this.#isBesideUnread(stream)) {
      // A later write may end it, of which no notice tells.
      this.#isCalled = true;
      return null;
    }
    return { kind: "return", stream, standing: [...watched.standing.values()].map(({ record }) => record) };
  }

  // Does something that cannot be read here stand beside what this cloudlet has written in place of something else? It may be a delete
  // of that, which cannot be written anew by whoever cannot tell.
  #isBesideUnread(stream: StreamId): boolean {
    const { self } = this.#config;
    for (const { kind, key } of this.#versions.all()) {
      if (kind !== "sealed") continue;
      for (const { kind: what, dot, prev } of this.#versions.of(key)) {
        const isValue = what !== "delete" && what !== "sealed";
        if (isValue && dot.origin === self && dot.stream === stream && prev.length > 0) return true;
      }
    }
    return false;
  }

  /** The stream's timer ran out: the tombstones to call ready in a summary now, or null when there is nothing new to say. */
  report(stream: StreamId): Report | null {
    const watched = this.#streams.get(stream);
    assert(watched !== undefined, "only collecting streams have a timer");
    watched.isArmed = false;
    this.#isDue = true;
    // The own notice that is on its way makes it due again. Armed before that, a timer without a delay would never let time pass.
    if (watched.isSpeaking) return null;
    const { self } = this.#config;
    // It says what it has when it returns.
    if (this.#absences.isAway(stream, self)) return null;
    const members = this.#excused(watched);
    const own = [...watched.summaries.values()].filter(({ dot }) => dot.origin === self);
    const others = summariesOf(
      watched,
      this.#needed(watched).filter((member) => !members.includes(member)),
    );
    const ready: Dot[] = [];
    let isNew = false;
    for (const [name, { record, ready: by }] of watched.standing) {
      const live = this.#versions.of(record.key);
      if (!isAmong(live, record)) {
        watched.standing.delete(name);
        continue;
      }
      if (!own.some(({ notice }) => isCovered(notice.covers, record.dot))) isNew = true;
      if (by.get(self)?.some(({ notice }) => isWithin(members, notice.members)) === true) continue;
      if (!this.#isFree(watched, live) || !isAppliedByAll(others, record.dot)) continue;
      ready.push(record.dot);
    }
    if (!isNew && ready.length === 0) return null;
    watched.isSpeaking = true;
    watched.saying = { ready, members };
    return watched.saying;
  }

  /** Has this cloudlet called this delete, which stands here, ready without this member, or is about to? */
  hasCalledReady({ dot }: CausalRecord, without: CloudletId): boolean {
    const watched = this.#streams.get(dot.stream);
    if (watched === undefined) return false;
    const { saying, standing } = watched;
    if (saying?.members.includes(without) === true && saying.ready.some((one) => sameDot(one, dot))) return true;
    const said = standing.get(this.#nameOf(dot))?.ready.get(this.#config.self) ?? [];
    return said.some(({ notice }) => notice.members.includes(without));
  }

  // The members whose word a summary of this cloudlet does without.
  #excused({ stream, members }: Collecting): readonly CloudletId[] {
    if (this.#absences.isEmpty || !this.#config.rules.excusesDetached()) return [];
    return members.filter((member) => this.#absences.isExcused(stream, member));
  }

  #due(watched: Collecting): void {
    watched.isDue = true;
    this.#isDue = true;
  }

  /** The scope of a stream. */
  scopeOf(stream: StreamId): ScopeId {
    return (this.#config.topology.streams[stream] as Topology["streams"][number]).scope;
  }

  /** How many tombstones are watched. */
  get standing(): number {
    let count = 0;
    for (const { standing } of this.#streams.values()) count += standing.size;
    return count;
  }

  /** The state as numbers, for fingerprints; what follows from applied records is left out. */
  state(): readonly number[] {
    return [...this.#streams.values()].flatMap((watched) => {
      const flags = [watched.isDue, watched.isArmed, watched.isSpeaking].map(Number);
      const dots = [...watched.standing.values()].map(({ record }) => record.dot).sort(compareDots);
      return [watched.stream, ...flags, ...dots.flatMap((dot) => [dot.origin, dot.incarnation, dot.sequence])];
    });
  }

  #stands(record: CausalRecord): boolean {
    return isAmong(this.#versions.of(record.key), record);
  }

  // Automatic resolvers let every write replace all that stands: there two deletes side by side hide no value.
  #isFree(watched: Collecting, versions: readonly CausalRecord[]): boolean {
    if (!this.#config.rules.heedsSiblings()) return true;
    return watched.isAutomatic ? versions.every(({ kind }) => kind === "delete") : versions.length === 1;
  }

  // One exact number for a dot: slots stay far below 2^21, sequences below 2^32. Negative where its writer was never heard of.
  #nameOf(dot: Dot): number {
    return this.#writers.find(dot) * 4_294_967_296 + dot.sequence;
  }

  #needed(watched: Collecting): readonly CloudletId[] {
    const { rules, self } = this.#config;
    const hasSpoken = (member: CloudletId): boolean =>
      [...watched.summaries.values()].some(({ dot }) => dot.origin === member);
    return watched.members.filter((member) =>
      rules.asks(member === self || watched.neighbours.has(member), () => hasSpoken(member)),
    );
  }
}

// Of a member's lives whose summary a later one covers only that one is kept.
function noteSummary(summaries: Map<string, NoticeRecord>, record: NoticeRecord): void {
  const { origin, incarnation } = record.dot;
  for (const [life, { dot, notice }] of summaries) {
    if (dot.origin === origin && dot.incarnation < incarnation && coversAll(record.notice.covers, notice.covers)) {
      summaries.delete(life);
    }
  }
  summaries.set(`${origin}.${incarnation}`, record);
}

// The summaries of each of these members.
function summariesOf({ summaries }: Collecting, members: readonly CloudletId[]): readonly (readonly NoticeRecord[])[] {
  const all = [...summaries.values()];
  return members.map((member) => all.filter(({ dot }) => dot.origin === member));
}

function isAppliedByAll(summaries: readonly (readonly NoticeRecord[])[], dot: Dot): boolean {
  return summaries.every((words) => words.some(({ notice }) => isCovered(notice.covers, dot)));
}

function isAmong(versions: readonly CausalRecord[], record: CausalRecord): boolean {
  return versions.some((version) => sameDot(version.dot, record.dot));
}
