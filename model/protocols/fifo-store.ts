// What a FIFO core holds: what it has delivered and in which order, the versions that stand, its clock, and its sessions.
// Versions, resolvers and stamps are those of the replication core; what is missing is all that knows the past of a record.
//
// Where all versions are returned, a write replaces those of its key that its session was given or wrote: what the session
// knows of a version only through other keys is not known here, and shows as a conflict.

import { assert } from "../assert.ts";
import type { CloudletId, Incarnation, OpId, ScopeId, SessionId, StreamId } from "../ids.ts";
import { DeltaStore } from "../replication/deltas.ts";
import { draftOf, refusal, refusedText, type Refusal, type WriteOp } from "../replication/draft.ts";
import { addRecord, type Mixer } from "../replication/fingerprint.ts";
import type { ClientOp, ClientResult, KeyAnswer, LocalTime } from "../replication/io.ts";
import type { Known, Range } from "../replication/messages.ts";
import { compareDots, sameDot, type CausalRecord, type Dot } from "../replication/record.ts";
import { answer, chosen, mergedValue, type MergeFunctions } from "../replication/resolver.ts";
import { SequenceSets } from "../replication/sequences.ts";
import { aheadOfBound, StampCeiling } from "../replication/stamp.ts";
import { VersionStore } from "../replication/versions.ts";
import { recordSize } from "../replication/wire.ts";
import { WriterTable } from "../replication/writers.ts";
import { hasRemovals, isDeltaResolver } from "../topology/resolvers.ts";
import type { Scope, Topology } from "../topology/topology.ts";
import type { Duration } from "../units.ts";

/** What the store needs to know about its core. */
export interface FifoStoreConfig {
  /** Under the first plan. */
  readonly topology: Topology;
  readonly self: CloudletId;
  readonly clockBound: Duration;
  /** The users' resolvers that scopes name. */
  readonly resolvers?: MergeFunctions;
}

/** A session: the write it waits for, the stamps it has seen, and of each key the versions it was given or wrote. */
interface FifoSession {
  open: OpId | null;
  readonly ceiling: StampCeiling;
  readonly seen: Map<string, readonly Dot[]>;
}

type ReadOp = Extract<ClientOp, { kind: "get" | "scan" }>;

/** Everything a FIFO core holds. */
export class FifoStore {
  readonly #config: FifoStoreConfig;
  /** Under the plan in force. */
  topology: Topology;
  readonly versions: VersionStore;
  /** Records in the order they became visible here. */
  readonly delivered: CausalRecord[];
  readonly #deltas: DeltaStore;
  readonly #writers: WriterTable;
  readonly #known: SequenceSets;
  readonly #done: SequenceSets;
  readonly #clock: StampCeiling;
  readonly #sessions = new Map<SessionId, FifoSession>();
  // The last sequence given per stream, in this life.
  readonly #sequences: Map<StreamId, number>;

  constructor(config: FifoStoreConfig, like: FifoStore | null = null) {
    this.#config = config;
    this.topology = like === null ? config.topology : like.topology;
    this.versions = like === null ? new VersionStore() : like.versions.clone();
    this.delivered = like === null ? [] : like.delivered.slice();
    this.#deltas = like === null ? new DeltaStore() : like.#deltas.clone();
    this.#writers = like === null ? new WriterTable() : like.#writers.clone();
    this.#known = like === null ? new SequenceSets(this.#writers, 0) : like.#known.clone(this.#writers);
    this.#done = like === null ? new SequenceSets(this.#writers, 1) : like.#done.clone(this.#writers);
    this.#clock = like === null ? new StampCeiling() : like.#clock.clone();
    this.#sequences = new Map(like === null ? [] : like.#sequences);
    for (const [id, { open, ceiling, seen }] of like === null ? [] : like.#sessions) {
      this.#sessions.set(id, { open, ceiling: ceiling.clone(), seen: new Map(seen) });
    }
  }

  /** A copy that shares nothing mutable. */
  clone(): FifoStore {
    return new FifoStore(this.#config, this);
  }

  /** Takes note of a record that came in; false when it came before. */
  learn(record: CausalRecord): boolean {
    return this.#known.add(this.#writers.slotOf(record.dot), record.dot.sequence);
  }

  /** Is this record visible here? */
  hasDelivered(dot: Dot): boolean {
    const slot = this.#writers.find(dot);
    return slot >= 0 && this.#done.has(slot, dot.sequence);
  }

  /** Makes a record visible. Returns how far its stamp leads the clock beyond the bound, 0 when it is within. */
  deliver(record: CausalRecord, isForeign: boolean, now: LocalTime): number {
    this.#done.add(this.#writers.slotOf(record.dot), record.dot.sequence);
    this.versions.apply(record);
    const { resolver } = this.scopeOf(record);
    if (isDeltaResolver(resolver)) this.#deltas.apply(resolver, record, (dot) => this.hasDelivered(dot));
    this.delivered.push(record);
    const ahead = this.#follow(record, now);
    return isForeign ? ahead : 0;
  }

  /** The scope of a record. */
  scopeOf(record: CausalRecord): Scope {
    const { scopes, streams } = this.topology;
    return scopes[streams[record.dot.stream]?.scope ?? -1] as Scope;
  }

  /** What came in of the streams of such scopes, by writer. */
  known(isAsked: (scope: ScopeId) => boolean): Known[] {
    const known: Known[] = [];
    for (let slot = 0; slot < this.#writers.size; slot += 1) {
      const stream = this.#writers.streamOf(slot);
      const ranges = this.#known.ranges(slot);
      if (ranges.length === 0 || !isAsked(this.topology.streams[stream]?.scope as ScopeId)) continue;
      const origin = this.#writers.originOf(slot);
      known.push({ stream, origin, incarnation: this.#writers.incarnationOf(slot), ranges, digest: 0 });
    }
    return known;
  }

  /** The log, in delivery order, without what is known elsewhere. */
  deliveredBeyond(known: readonly Known[]): readonly CausalRecord[] {
    const bySlot = new Map<number, readonly Range[]>();
    for (const writer of known) bySlot.set(this.#writers.slotOf({ ...writer, sequence: 1 }), writer.ranges);
    return this.delivered.filter(({ dot }) => {
      const ranges = bySlot.get(this.#writers.find(dot)) ?? [];
      return !ranges.some(({ first, last }) => dot.sequence >= first && dot.sequence <= last);
    });
  }

  // --- clients ---

  /** Answers a read; what it returns is what the session has seen. */
  read(id: SessionId, op: ReadOp): ClientResult {
    const session = this.#session(id);
    if (session.open !== null) return busy;
    const keys = op.kind === "get" ? [op.key] : this.versions.keysFrom(op.prefix);
    const valuesMax = op.kind === "get" ? 1 : (op.limit ?? Infinity);
    const answers: KeyAnswer[] = [];
    for (let values = 0, at = 0; at < keys.length && values < valuesMax; at += 1) {
      const key = keys[at] as string;
      const live = this.versions.of(key);
      const resolver = this.#scopeOfKey(key)?.resolver ?? "return-them-all";
      const returned = chosen(resolver, live, this.#layerOf);
      if (returned.length > 0) session.seen.set(key, seenOf(session, key, live, returned));
      for (const { stamp } of returned) session.ceiling.raise(stamp);
      const merging = { deltas: this.#deltas, resolvers: this.#config.resolvers, layerOf: this.#layerOf };
      const made = answer(key, resolver, live, returned, mergedValue(resolver, key, returned, merging));
      if (made.versions.length > 0) values += 1;
      answers.push(made);
    }
    return { kind: "read", answers };
  }

  /** Turns a request to write into a record, or says why not. The session then waits for `close`. */
  write(id: SessionId, op: OpId, asked: WriteOp, incarnation: Incarnation, now: LocalTime): CausalRecord | Refusal {
    const session = this.#session(id);
    if (session.open !== null) return busy;
    const badText = refusedText(asked);
    if (badText !== null) return badText;
    const scope = this.#scopeOfKey(asked.key);
    if (scope === null) return refusal("noScope", `no scope covers the key ${JSON.stringify(asked.key)}`);
    const { self } = this.#config;
    const stream = this.topology.streamOf(scope.id, self);
    if (stream === null) {
      return refusal("scopeNotHeld", `this cloudlet does not hold the scope ${scope.name}: no flow of it ends here`);
    }
    const live = this.versions.of(asked.key);
    const draft = draftOf(asked, scope.resolver, live.length);
    if (draft.kind === "refused") return draft;
    const taken = hasRemovals(scope.resolver) ? this.#deltas.takenBy(asked.key, draft.value, stream) : [];
    const sequence = (this.#sequences.get(stream) ?? 0) + 1;
    this.#sequences.set(stream, sequence);
    const seen = seenOf(session, asked.key, live, []);
    const replaced = draft.isAll ? live : live.filter(({ dot }) => seen.includes(dot));
    const { ceiling } = session;
    ceiling.raise(this.#clock);
    for (const { stamp } of replaced) ceiling.raise(stamp);
    const dot: Dot = { origin: self, incarnation, stream, sequence };
    const prev = replaced.map((version) => version.dot);
    for (const other of taken) if (!prev.some((listed) => sameDot(listed, other))) prev.push(other);
    const content = {
      kind: draft.kind,
      dot,
      key: asked.key,
      value: draft.value,
      prev,
      deps: [],
      stamp: ceiling.above(now),
    } as const;
    const record: CausalRecord = { ...content, size: recordSize(content) };
    ceiling.raise(record.stamp);
    session.seen.set(asked.key, [dot]);
    session.open = op;
    this.#follow(record, now);
    this.learn(record);
    return record;
  }

  /** The session's write is answered. */
  close(id: SessionId): void {
    const session = this.#session(id);
    assert(session.open !== null, "a write is answered once, while its session waits for it");
    session.open = null;
  }

  /** Takes the whole state into a fingerprint. */
  mixInto(mixer: Mixer): void {
    const addDot = ({ origin, incarnation, stream, sequence }: Dot): void => {
      for (const value of [origin, incarnation, stream, sequence]) mixer.add(value);
    };
    const addStamp = ({ wall, logical, lamport }: StampCeiling): void => {
      for (const value of [wall, logical, lamport]) mixer.add(value);
    };
    mixer.add(this.topology.plan);
    for (const record of this.delivered) addRecord(mixer, record);
    addStamp(this.#clock);
    for (const [stream, sequence] of [...this.#sequences].sort(([a], [b]) => a - b)) {
      mixer.add(stream);
      mixer.add(sequence);
    }
    for (const [id, { open, ceiling, seen }] of [...this.#sessions].sort(([a], [b]) => a - b)) {
      mixer.add(id);
      mixer.add(open ?? -1);
      addStamp(ceiling);
      for (const key of [...seen.keys()].sort())
        for (const dot of seen.get(key)?.toSorted(compareDots) ?? []) addDot(dot);
    }
  }

  // The clock follows a stamp unless that leads the wall clock by more than the bound. Returns how far beyond it leads.
  #follow({ stamp }: CausalRecord, now: LocalTime): number {
    const ahead = aheadOfBound(stamp, now, this.#config.clockBound);
    if (ahead === 0) this.#clock.raise(stamp);
    else this.#clock.lamport = Math.max(this.#clock.lamport, stamp.lamport);
    return ahead;
  }

  #session(id: SessionId): FifoSession {
    let session = this.#sessions.get(id);
    if (session === undefined) {
      session = { open: null, ceiling: new StampCeiling(), seen: new Map() };
      this.#sessions.set(id, session);
    }
    return session;
  }

  readonly #layerOf = (cloudlet: CloudletId): number => this.topology.cloudlets[cloudlet]?.depth ?? 0;

  #scopeOfKey(key: string): Scope | null {
    const scope = this.topology.scopeOf(key);
    return scope === null ? null : (this.topology.scopes[scope] as Scope);
  }
}

// The live versions of a key that the session has seen, now that it was given these.
function seenOf(
  session: FifoSession,
  key: string,
  live: readonly CausalRecord[],
  given: readonly CausalRecord[],
): readonly Dot[] {
  const before = session.seen.get(key) ?? [];
  return live
    .filter((version) => given.includes(version) || before.some((dot) => sameDot(dot, version.dot)))
    .map(({ dot }) => dot);
}

const busy: Refusal = refusal("sessionBusy", "this session has a request open; a session asks one thing at a time");
