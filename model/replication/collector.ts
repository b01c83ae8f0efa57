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
// Leaves out: streams that are no two-way stream, or not the only one of their scope, where nobody hears what receivers have
// applied; and topologies with several plans, where members come and go. Deletes are kept there.

import { assert } from "../assert.ts";
import type { CloudletId, ScopeId, StreamId } from "../ids.ts";
import { replacesAll } from "../topology/resolvers.ts";
import type { Topology } from "../topology/topology.ts";
import type { Duration } from "../units.ts";
import { coversAll, isCovered, type NoticeRecord } from "./notice.ts";
import { compareDots, dotName, sameDot } from "./record.ts";
import type { CausalRecord, Dot } from "./record.ts";
import type { Rules } from "./rules.ts";
import type { VersionStore } from "./versions.ts";

/** What a collector needs to know about its replica. */
export interface CollectorConfig {
  readonly topology: Topology;
  readonly self: CloudletId;
  readonly rules: Rules;
}

// A delete that stood here when it was last looked at.
interface Standing {
  readonly record: CausalRecord;
  /** Members whose readiness is applied here, each with the notice that said so first. */
  readonly ready: Map<CloudletId, NoticeRecord>;
}

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
  /** By name of the dot. */
  readonly standing: Map<string, Standing>;
  /** The newest summary per member and life, by `member.incarnation`; not of lives whose summary a later one covers. */
  readonly summaries: Map<string, NoticeRecord>;
  /** Something came since the last look. */
  isDue: boolean;
  isArmed: boolean;
  /** An own notice is on its way to the disk: the next one waits for it. */
  isSpeaking: boolean;
}

const none: readonly (readonly [StreamId, Duration])[] = [];

/** The tombstones that a summary calls ready. */
export type Report = readonly Dot[];

/** Watches the deletes of all collecting streams at one cloudlet. */
export class Collector {
  readonly #config: CollectorConfig;
  readonly #versions: VersionStore;
  readonly #streams = new Map<StreamId, Collecting>();
  // Something came in one of them: asked after every step.
  #isDue = true;

  private constructor(config: CollectorConfig, versions: VersionStore) {
    this.#config = config;
    this.#versions = versions;
  }

  /** The collector of a replica; null where no stream that it is in collects. */
  static of(config: CollectorConfig, versions: VersionStore, like: Collector | null = null): Collector | null {
    const streams = collectingStreams(config.topology, config.self);
    if (streams.length === 0) return null;
    const made = new Collector(config, versions);
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
          [...(twin?.standing ?? [])].map(([name, { record, ready }]) => [name, { record, ready: new Map(ready) }]),
        ),
        summaries: new Map(twin?.summaries),
        isDue: twin?.isDue ?? false,
        isArmed: twin?.isArmed ?? false,
        isSpeaking: twin?.isSpeaking ?? false,
      });
    }
    return made;
  }

  /** A delete was applied: it is watched from now on, if its stream collects. */
  deleted(record: CausalRecord): void {
    const watched = this.#streams.get(record.dot.stream);
    if (watched === undefined) return;
    watched.standing.set(dotName(record.dot), { record, ready: new Map() });
    this.#due(watched);
  }

  /** A notice was applied. Returns the tombstones that go with it; they are no longer watched. */
  heard(record: NoticeRecord): readonly CausalRecord[] {
    const watched = this.#streams.get(record.dot.stream);
    if (watched === undefined) return [];
    const { origin, incarnation } = record.dot;
    if (origin === this.#config.self) watched.isSpeaking = false;
    this.#due(watched);
    for (const [life, { dot, notice }] of watched.summaries) {
      if (dot.origin === origin && dot.incarnation < incarnation && coversAll(record.notice.covers, notice.covers)) {
        watched.summaries.delete(life);
      }
    }
    watched.summaries.set(`${origin}.${incarnation}`, record);
    const gone: CausalRecord[] = [];
    const touched = this.#config.rules.collectsAfter() === "ready" ? record.notice.ready : [];
    for (const dot of touched) {
      const one = watched.standing.get(dotName(dot));
      if (one === undefined) continue;
      if (!one.ready.has(origin)) one.ready.set(origin, record);
      if (this.#needed(watched).every((member) => one.ready.has(member))) gone.push(one.record);
    }
    if (this.#config.rules.collectsAfter() === "summaries") {
      for (const { record: one } of watched.standing.values()) {
        if (this.#isFree(watched, one) && this.#isAppliedByAll(watched, one.dot)) gone.push(one);
      }
    }
    for (const one of gone) watched.standing.delete(dotName(one.dot));
    return gone.filter((one) => this.#stands(one));
  }

  /** This delete does not stand any more. Was it watched? */
  forget({ dot }: CausalRecord): boolean {
    return this.#streams.get(dot.stream)?.standing.delete(dotName(dot)) === true;
  }

  /** All that this knows, as notices: who hears them after the deletes that stand knows the same. */
  notices(): readonly NoticeRecord[] {
    const found = new Set<NoticeRecord>();
    for (const { summaries, standing } of this.#streams.values()) {
      for (const record of summaries.values()) found.add(record);
      for (const { ready } of standing.values()) for (const record of ready.values()) found.add(record);
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

  /** The stream's timer ran out: the tombstones to call ready in a summary now, or null when there is nothing new to say. */
  report(stream: StreamId): Report | null {
    const watched = this.#streams.get(stream);
    assert(watched !== undefined, "only collecting streams have a timer");
    watched.isArmed = false;
    this.#isDue = true;
    if (watched.isSpeaking) {
      this.#due(watched);
      return null;
    }
    const { self } = this.#config;
    const own = [...watched.summaries.values()].filter(({ dot }) => dot.origin === self);
    const ready: Dot[] = [];
    let isNew = false;
    for (const [name, { record, ready: by }] of watched.standing) {
      if (!this.#stands(record)) {
        watched.standing.delete(name);
        continue;
      }
      if (!own.some(({ notice }) => isCovered(notice.covers, record.dot))) isNew = true;
      if (by.has(self) || !this.#isFree(watched, record) || !this.#isAppliedByAll(watched, record.dot)) continue;
      ready.push(record.dot);
    }
    if (!isNew && ready.length === 0) return null;
    watched.isSpeaking = true;
    return ready;
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
    return this.#versions.of(record.key).some((version) => sameDot(version.dot, record.dot));
  }

  // Automatic resolvers let every write replace all that stands: there two deletes side by side hide no value.
  #isFree(watched: Collecting, record: CausalRecord): boolean {
    if (!this.#config.rules.heedsSiblings()) return true;
    const versions = this.#versions.of(record.key);
    return watched.isAutomatic ? versions.every(({ kind }) => kind === "delete") : versions.length === 1;
  }

  #isAppliedByAll(watched: Collecting, dot: Dot): boolean {
    const summaries = [...watched.summaries.values()];
    return this.#needed(watched).every((member) =>
      summaries.some(({ dot: { origin }, notice }) => origin === member && isCovered(notice.covers, dot)),
    );
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

/** The collecting streams that a cloudlet is in: two-way, of a scope that collects, and alone in it. */
export function collectingStreams(topology: Topology, cloudlet: CloudletId): readonly StreamId[] {
  const streams: StreamId[] = [];
  for (const { id, collect } of topology.scopes) {
    if (collect === null) continue;
    const stream = topology.streamOf(id, cloudlet);
    if (stream !== null && isCollecting(topology, stream)) streams.push(stream);
  }
  return streams;
}

/** Does this stream collect? All that it reaches must write into it, and nothing else of its scope may arrive there. */
export function isCollecting(topology: Topology, stream: StreamId): boolean {
  const { scope, origins } = topology.streams[stream] as Topology["streams"][number];
  const { collect, members } = topology.scopes[scope] as Topology["scopes"][number];
  if (collect === null || topology.plans.length > 1) return false;
  if (topology.receivers(stream).length !== origins.length) return false;
  return members.every((member) => {
    const own = topology.streamOf(scope, member);
    return own === null || own === stream || !origins.some((origin) => topology.reaches(own, origin));
  });
}
