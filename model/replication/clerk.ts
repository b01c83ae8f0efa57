// The records that a replica writes without being asked by a client: notices, deletes written anew, and the ends of puts that were
// not to last. What they say is decided in collector.ts, absences.ts, returning.ts and limits.ts.

import type { CloudletId, ScopeId, StreamId } from "../ids.ts";
import type { Stream, Topology } from "../topology/topology.ts";
import type { Duration } from "../units.ts";
import { bytes } from "../units.ts";
import { deciderOf } from "./collecting-streams.ts";
import type { Collector, Owed } from "./collector.ts";
import type { DetachRefusal } from "./detach-refusal.ts";
import type { Holdings } from "./holdings.ts";
import type { Identity } from "./identity.ts";
import type { Effect, LocalTime, ReplicaEvent, TimerId } from "./io.ts";
import { limitTimer } from "./limits.ts";
import type { CausalRecord, Covered, Notice } from "./record.ts";
import type { Anew } from "./returning.ts";
import type { Sessions } from "./sessions.ts";
import type { Standing } from "./standing.ts";
import { StampCeiling, justAbove } from "./stamp.ts";
import { recordSize } from "./wire.ts";
import { dueEnds } from "./write-end.ts";

/** Timers below this belong to neighbours; this one and those above to the collection of deletes, by stream. */
export const collectTimers = 0x100_0000;

const nothing: readonly Effect[] = [];
const nobody: readonly CloudletId[] = [];
const noRecords: readonly CausalRecord[] = [];

// So that deletes are reported on in time.
function collections(collector: Collector): readonly Effect[] {
  const due = collector.toArm();
  return due.length === 0
    ? nothing
    : due.map(([stream, every]) => ({
        kind: "arm",
        timer: collectTimers + stream,
        after: [every, (every + Math.floor(every / 4)) as Duration],
      }));
}

/** Writes what no client has asked for. The records it returns are known here, and are to be stored. */
export class Clerk {
  readonly #standing: Standing;
  readonly #holdings: Holdings;
  readonly #sessions: Sessions;
  readonly #identity: Identity;

  constructor(standing: Standing, holdings: Holdings, sessions: Sessions, identity: Identity) {
    this.#standing = standing;
    this.#holdings = holdings;
    this.#sessions = sessions;
    this.#identity = identity;
  }

  /** Timers to arm after a step. */
  armings(now: LocalTime): readonly Effect[] {
    const { collector, limits } = this.#holdings.retention;
    const ofDeletes = collector === null ? nothing : collections(collector);
    if (limits === null) return ofDeletes;
    return [...ofDeletes, ...limits.armings(now, this.#identity.isFenced)];
  }

  /** A timer has run out that no neighbour is behind: what there is to say, or to end. */
  due(timer: TimerId, now: LocalTime, events: ReplicaEvent[]): readonly CausalRecord[] {
    if (this.#identity.isFenced) return noRecords;
    if (timer === limitTimer) {
      const writer = { origin: this.#standing.self, incarnation: this.#identity.life };
      const parts = { standing: this.#standing, holdings: this.#holdings, sessions: this.#sessions };
      return dueEnds(writer, parts, now, events);
    }
    const stream = (timer - collectTimers) as StreamId;
    const report = this.#holdings.retention.collector?.report(stream) ?? null;
    if (report === null) return [];
    return [this.#summary(stream, "summary", report, now, events)];
  }

  /** What is to be written about absences now. What is kept in memory is applied at once, so that more may be owed then. */
  owed(now: LocalTime, events: ReplicaEvent[]): readonly CausalRecord[] {
    const { collector } = this.#holdings.retention;
    if (collector === null || this.#identity.isFenced) return noRecords;
    const owed = collector.owed();
    const unmet = this.#holdings.room.unmet.owed();
    if (owed.length + unmet.length === 0) return noRecords;
    const deletes = unmet.map(({ stream, anew }) => this.#anew(stream, anew, now, events));
    return [...deletes, ...owed.flatMap((one) => this.#pay(one, now, events))];
  }

  /** A member is detached here, or closed: what is written about that. */
  detach(
    { kind, member }: { readonly kind: "detach" | "close"; readonly member: CloudletId },
    now: LocalTime,
    events: ReplicaEvent[],
  ): readonly CausalRecord[] {
    const { topology, self } = this.#standing;
    const { collector } = this.#holdings.retention;
    const refuse = (why: DetachRefusal): readonly CausalRecord[] => {
      events.push({ kind: "detachRefused", member, why });
      return [];
    };
    if (this.#identity.isFenced) return refuse({ kind: "fenced" });
    if (member === self) return refuse({ kind: "itself" });
    if (topology.plans.length > 1) return refuse({ kind: "severalPlans" });
    const collecting = collector?.streamsWith(member) ?? [];
    const decided = collecting.filter((stream) => deciderOf(topology, stream) === self);
    const others = kind === "detach" ? [] : this.#streamsThatHear(member).filter((one) => !collecting.includes(one));
    const streams = [...decided, ...others];
    if (streams.length === 0) return refuse(notDecidedHere(topology, collecting, member));
    return streams.map((stream) => {
      const covers = this.#holdings
        .appliedOf(new Set([this.#scopeOf(stream)]))
        .filter(({ origin }) => origin === member)
        .sort(byWriter);
      return this.#notice(stream, { kind, covers, ready: [], members: [member] }, now, events);
    });
  }

  #pay(owed: Owed, now: LocalTime, events: ReplicaEvent[]): readonly CausalRecord[] {
    const { stream } = owed;
    if (owed.kind === "back") {
      return [this.#notice(stream, { kind: "back", covers: owed.covers, ready: [], members: nobody }, now, events)];
    }
    const { orphans } = this.#holdings.retention;
    const anew =
      owed.kind === "summary" || !this.#standing.rules.writesAnew() ? [] : orphans.anew(stream, owed.standing);
    const deletes = anew.map((one) => this.#anew(stream, one, now, events));
    const ready = deletes.map(({ dot }) => dot);
    return [...deletes, this.#summary(stream, owed.kind, { ready, members: nobody }, now, events)];
  }

  // A delete that has seen nothing but those whose place it takes.
  #anew(stream: StreamId, { key, deletes, above }: Anew, now: LocalTime, events: ReplicaEvent[]): CausalRecord {
    const ceiling = new StampCeiling();
    for (const stamp of above) ceiling.raise(stamp);
    const record: { -readonly [Name in keyof CausalRecord]: CausalRecord[Name] } = {
      kind: "delete",
      dot: this.#dot(stream),
      key,
      value: "",
      prev: deletes.map(({ dot }) => dot),
      deps: this.#sessions.depsBeside(deletes),
      stamp: justAbove(ceiling),
      size: bytes(0),
    };
    return this.#handedOut(record, now, events);
  }

  // It covers all that is applied here of the stream, and all that this life wrote into it before, also what is on its way to the
  // disk: the notice is stored after that, and sent only once stored. And what former lives wrote that is here and waits:
  // 1. A session comes with something in its past that is lost with a disk, and writes v, which waits for that here.
  // 2. The process restarts. 3. A summary of the new life that left v out would say that v knows of all that goes now.
  #summary(
    stream: StreamId,
    kind: "summary" | "return",
    said: Pick<Notice, "ready" | "members">,
    now: LocalTime,
    events: ReplicaEvent[],
  ): CausalRecord {
    const { self } = this.#standing;
    const dot = this.#dot(stream);
    const { applied, known } = this.#holdings.ledger;
    const slots = this.#holdings.writers.where((one) => one === stream);
    const covers = [
      ...applied.covered(slots).filter(({ origin }) => origin !== self),
      ...known.covered(slots).filter(({ origin, incarnation }) => origin === self && incarnation !== dot.incarnation),
    ].sort(byWriter);
    if (dot.sequence > 1) {
      covers.push({
        stream,
        origin: self,
        incarnation: dot.incarnation,
        ranges: [{ first: 1, last: dot.sequence - 1 }],
      });
    }
    return this.#notice(stream, { kind, covers, ...said }, now, events, dot);
  }

  #notice(
    stream: StreamId,
    notice: Notice,
    now: LocalTime,
    events: ReplicaEvent[],
    dot = this.#dot(stream),
  ): CausalRecord {
    const record: { -readonly [Name in keyof CausalRecord]: CausalRecord[Name] } = {
      kind: "notice",
      dot,
      key: "",
      value: "",
      prev: [],
      deps: [],
      stamp: this.#holdings.clock.above(now),
      size: bytes(0),
    };
    record.notice = notice;
    return this.#handedOut(record, now, events);
  }

  #handedOut(
    record: { -readonly [Name in keyof CausalRecord]: CausalRecord[Name] },
    now: LocalTime,
    events: ReplicaEvent[],
  ): CausalRecord {
    record.size = recordSize(record);
    this.#holdings.learn(record, events);
    this.#holdings.follow(record.stamp, now);
    return record;
  }

  #dot(stream: StreamId): CausalRecord["dot"] {
    const sequence = this.#sessions.nextSequence(stream);
    return { origin: this.#standing.self, incarnation: this.#identity.life, stream, sequence };
  }

  // Own streams by which those hear of it who may wait for what the member writes.
  #streamsThatHear(member: CloudletId): readonly StreamId[] {
    const { topology, self } = this.#standing;
    return topology.scopes.flatMap(({ id }) => {
      const [own, its] = [topology.streamOf(id, self), topology.streamOf(id, member)];
      return own !== null && its !== null && topology.reaches(its, self) ? [own] : [];
    });
  }

  #scopeOf(stream: StreamId): ScopeId {
    return (this.#standing.topology.streams[stream] as Stream).scope;
  }
}

// Why somebody detaches a member in none of these streams, in which both are.
function notDecidedHere(topology: Topology, collecting: readonly StreamId[], member: CloudletId): DetachRefusal {
  if (collecting.length === 0) return { kind: "nothingCollected" };
  const all = new Set(collecting.map((stream) => deciderOf(topology, stream)));
  const deciders = [...all].filter((one) => one !== member).sort((a, b) => a - b);
  return deciders.length === 0 ? { kind: "decidesItself" } : { kind: "decidedElsewhere", deciders };
}

function byWriter(a: Covered, b: Covered): number {
  return a.stream - b.stream || a.origin - b.origin || a.incarnation - b.incarnation;
}
