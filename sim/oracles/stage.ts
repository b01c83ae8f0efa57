// A stage for hand-made histories: cloudlets without a replication core, where a test says who writes and reads what and
// which record is applied where, rightly or wrongly. Keeps full pasts as plain sets beside it: the brute-force twin of
// what the ground truth keeps in clever ways. Leaves out messages; tests of those tell the observer themselves.

import { assert } from "../../model/assert.ts";
import type { CloudletId, Incarnation, OpId, SessionId, StreamId } from "../../model/ids.ts";
import type { ClientOp, KeyAnswer, PendingRecord, ReplicationCore } from "../../model/replication/io.ts";
import { compareDots, sameDot, type CausalRecord, type Stamp } from "../../model/replication/record.ts";
import { justAbove, StampCeiling } from "../../model/replication/stamp.ts";
import { buildTopology } from "../../model/topology/build.ts";
import type { TopologySpec } from "../../model/topology/spec.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { bytes, type Duration, type Instant } from "../../model/units.ts";
import type { OracleName } from "./names.ts";
import { createOracles, type OracleSet } from "./oracles.ts";
import type { Detachment } from "../scenario/scenario.ts";
import type { PropertyVerdict } from "../run/report.ts";
import { preference } from "./resolution.ts";

type WriteOp = Extract<ClientOp, { readonly kind: "put" | "delete" }>;

/** How a write deviates from the plain case. */
export interface WriteOptions {
  readonly kind?: "put" | "delete";
  readonly replaceAll?: boolean;
  /** In a return-them-all scope: names in `prev` only what stands, not what the session has seen and others replaced. */
  readonly namesOnlyStanding?: boolean;
  /** Wall part of the stamp; raised above what the writer has seen. Default: now. */
  readonly wall?: number;
  /** How long it is to last. */
  readonly ttl?: number;
}

/** How a delete that nobody asked for deviates from the plain case. */
export interface DeleteOptions {
  /** What it depends on besides. */
  readonly deps?: readonly CausalRecord[];
  /** It is the end of what it deletes. */
  readonly isEnd?: boolean;
  /** Default: just above all that it names. */
  readonly stamp?: Stamp;
}

/** A write that was asked for: `end` has it stored, answered and applied at its origin, at the time of the call. */
export interface OpenWrite {
  readonly record: CausalRecord;
  end(): CausalRecord;
}

/** A cloudlet of the stage: what stands there. */
class Booth implements ReplicationCore {
  readonly stands = new Map<string, CausalRecord[]>();
  readonly applied = new Set<CausalRecord>();
  waiting: PendingRecord[] = [];

  step(): never {
    throw new Error("a booth takes no steps");
  }
  snapshot(): null {
    return null;
  }
  waitingCuts(): readonly [] {
    return [];
  }
  fork(): never {
    throw new Error("a booth has no copy");
  }
  fingerprint(): string {
    return "";
  }
  versions(key: string): readonly CausalRecord[] {
    return this.stands.get(key) ?? [];
  }
  keys(): readonly string[] {
    return [...this.stands.keys()].sort();
  }
  hasApplied(dot: CausalRecord["dot"]): boolean {
    return [...this.applied].some((record) => sameDot(record.dot, dot));
  }
  pending(): readonly PendingRecord[] {
    return this.waiting;
  }
}

/** The stage. Time goes on by 10 microseconds with every call, and by as much as a test adds to `now`. */
export class Stage {
  now = 0;
  readonly topology: Topology;
  readonly oracles: OracleSet;
  readonly booths: Booth[];
  /** All that is before each record, as far as reads, session order and overwrites go. */
  readonly pasts = new Map<CausalRecord, ReadonlySet<CausalRecord>>();
  /** All that is in each session's past. */
  readonly sessionPasts = new Map<number, Set<CausalRecord>>();
  readonly written: CausalRecord[] = [];
  // Those that cloudlets wrote by themselves.
  readonly #unasked = new Set<CausalRecord>();
  readonly #sequences = new Map<string, number>();
  readonly #logs: number[];
  #ops = 0;

  constructor(spec: TopologySpec, only?: readonly OracleName[], detachments: readonly Detachment[] = []) {
    const built = buildTopology(spec);
    assert(built.kind === "topology", "a test's topology was refused");
    this.topology = built.topology;
    this.oracles = createOracles(this.topology, { detachments, ...(only !== undefined && { only }) });
    this.booths = this.topology.cloudlets.map(() => new Booth());
    this.#logs = this.topology.cloudlets.map(() => 0);
    for (const { id } of this.topology.cloudlets) {
      this.oracles.observer.started(
        this.at,
        id,
        1 as Incarnation,
        this.booth(id),
        { checkpoint: null, entries: [] },
        false,
      );
    }
  }

  get at(): Instant {
    return this.now as Instant;
  }

  booth(cloudlet: number): Booth {
    return this.booths[cloudlet] as Booth;
  }

  verdict(name: OracleName): PropertyVerdict {
    const found = this.oracles.verdicts().find(([other]) => other === name);
    assert(found !== undefined, "an oracle that was not asked for");
    return found[1];
  }

  /** A session asks for a write; it goes on when the test says `end`. */
  begin(cloudlet: number, session: number, key: string, options: WriteOptions = {}): OpenWrite {
    const { observer } = this.oracles;
    const { kind = "put", replaceAll = false, ttl } = options;
    this.now += 10;
    this.#ops += 1;
    const id = this.#ops as OpId;
    const at = cloudlet as CloudletId;
    const who = session as SessionId;
    const op: WriteOp = {
      ...(kind === "put" ? { kind, key, value: `v${this.#ops}` } : { kind, key }),
      ...(replaceAll && { replaceAll }),
      ...(ttl !== undefined && { ttl: ttl as Duration }),
    };
    observer.requested(this.at, at, who, id, op, this.at);
    const record = this.#record(cloudlet, session, op, options);
    observer.wrote(this.at, at, who, id, record);
    const position = (this.#logs[cloudlet] as number) + 1;
    this.#logs[cloudlet] = position;
    observer.storing(this.at, at, [record], position);
    return {
      record,
      end: () => {
        this.now += 10;
        observer.synced(this.at, at, position);
        observer.replied(this.at, at, who, id, { kind: "written", dot: record.dot }, "stored");
        this.apply(cloudlet, record);
        return record;
      },
    };
  }

  /** A whole write. */
  write(cloudlet: number, session: number, key: string, options: WriteOptions = {}): CausalRecord {
    return this.begin(cloudlet, session, key, options).end();
  }

  /** A cloudlet deletes a version by itself, which need not stand there. */
  delete(cloudlet: number, version: CausalRecord, { deps = [], isEnd, stamp }: DeleteOptions = {}): CausalRecord {
    const { observer } = this.oracles;
    const at = cloudlet as CloudletId;
    this.now += 10;
    const scope = this.topology.scopeOf(version.key);
    const stream = scope === null ? null : this.topology.streamOf(scope, at);
    assert(stream !== null, "a cloudlet without this scope");
    const stamps = new StampCeiling();
    for (const one of [version, ...deps]) stamps.raise(one.stamp);
    const record: CausalRecord = {
      kind: "delete",
      dot: { origin: at, incarnation: 1 as Incarnation, stream, sequence: this.#next(cloudlet, stream) },
      key: version.key,
      value: "",
      prev: [version.dot],
      deps: deps.map(({ dot }) => dot),
      stamp: stamp ?? justAbove(stamps),
      ...(isEnd === true && { ends: true as const }),
      size: bytes(40 + version.key.length),
    };
    this.pasts.set(record, new Set([version, ...deps].flatMap((one) => [one, ...(this.pasts.get(one) ?? [])])));
    this.written.push(record);
    this.#unasked.add(record);
    observer.wroteUnasked(this.at, at, record);
    const position = (this.#logs[cloudlet] as number) + 1;
    this.#logs[cloudlet] = position;
    observer.storing(this.at, at, [record], position);
    observer.synced(this.at, at, position);
    this.apply(cloudlet, record);
    return record;
  }

  /** Applies records at a cloudlet in one step, and says who brought them. The store drops what they replace. */
  apply(cloudlet: number, ...records: readonly CausalRecord[]): void {
    this.applyFrom(null, cloudlet, records);
  }

  /** The same, brought by somebody. */
  applyFrom(from: number | null, cloudlet: number, records: readonly CausalRecord[]): void {
    const booth = this.booth(cloudlet);
    this.now += 10;
    // In a real world something is told before every step: a message, a request, a disk.
    this.oracles.truth.settle();
    for (const record of records) {
      booth.applied.add(record);
      const others = booth
        .versions(record.key)
        .filter((version) => !record.prev.some((dot) => sameDot(dot, version.dot)));
      booth.stands.set(record.key, [...others, record]);
    }
    const event = { kind: "applied" as const, records, from: records.map(() => from as CloudletId | null) };
    this.oracles.observer.notified(this.at, cloudlet as CloudletId, event);
  }

  /** A session reads a key: what the resolver says, or these versions. Takes `duration` microseconds. */
  read(cloudlet: number, session: number, key: string, given?: readonly CausalRecord[]): readonly CausalRecord[] {
    const live = this.booth(cloudlet).versions(key);
    const returned = given ?? this.#resolved(key, live);
    this.answer(cloudlet, session, { kind: "get", key }, [
      {
        key,
        versions: returned.filter((record) => record.kind === "put"),
        tombstones: returned.filter((record) => record.kind === "delete"),
        hidden: live.length - returned.length,
        bestKnown: live.length > 1,
      },
    ]);
    return returned;
  }

  /** A session asks and is answered this. */
  answer(cloudlet: number, session: number, op: ClientOp, answers: readonly KeyAnswer[]): void {
    const { observer } = this.oracles;
    this.now += 10;
    this.#ops += 1;
    const id = this.#ops as OpId;
    observer.requested(this.at, cloudlet as CloudletId, session as SessionId, id, op, this.at);
    const result = { kind: "read" as const, answers };
    observer.replied(this.at, cloudlet as CloudletId, session as SessionId, id, result, "request");
    for (const { versions, tombstones } of answers) {
      for (const record of [...versions, ...tombstones]) this.#see(session, record);
    }
  }

  /** Everything is healed and the run is over. */
  finish(): void {
    this.now += 10;
    this.oracles.observer.healed(this.at, this.at);
    this.oracles.observer.finished(this.at);
  }

  /** Is everything of a record's past that reaches this cloudlet applied there? By brute force. */
  isReady(cloudlet: number, record: CausalRecord): boolean {
    const { applied } = this.booth(cloudlet);
    for (const earlier of this.pasts.get(record) ?? []) {
      if (!applied.has(earlier) && this.topology.reaches(earlier.dot.stream, cloudlet as CloudletId)) return false;
    }
    return true;
  }

  #see(session: number, record: CausalRecord): void {
    let past = this.sessionPasts.get(session);
    if (past === undefined) {
      past = new Set();
      this.sessionPasts.set(session, past);
    }
    past.add(record);
    for (const earlier of this.pasts.get(record) ?? []) past.add(earlier);
  }

  #record(
    cloudlet: number,
    session: number,
    op: WriteOp,
    { wall = this.now, namesOnlyStanding = false, ttl }: WriteOptions,
  ): CausalRecord {
    const scope = this.topology.scopeOf(op.key);
    assert(scope !== null, "a key of no scope");
    const stream = this.topology.streamOf(scope, cloudlet as CloudletId);
    assert(stream !== null, "a cloudlet without this scope");
    const live = this.booth(cloudlet).versions(op.key);
    const past = this.sessionPasts.get(session) ?? new Set();
    // Where only deletes stand, a write is a creation after them. What a store still has, since records came in the wrong order, does
    // not stand.
    const here = [...this.booth(cloudlet).applied].filter((version) => version.key === op.key);
    const stands = live.filter((version) => !here.some((other) => this.#isReplaced(version, other)));
    const isFree = stands.length > 0 && stands.every(({ kind }) => kind === "delete");
    const isAll = op.replaceAll === true || isFree || this.topology.scopes[scope]?.resolver !== "return-them-all";
    const replaced = isAll ? live : live.filter((version) => past.has(version));
    for (const version of replaced) this.#see(session, version);
    const before = new Set(this.sessionPasts.get(session));
    const seen = here.filter((version) => before.has(version));
    const named = isAll || namesOnlyStanding ? replaced : [...new Set([...replaced, ...seen])];
    let stamp = { wall: wall - 1, lamport: 0 };
    for (const earlier of before) {
      stamp = {
        wall: Math.max(stamp.wall, earlier.stamp.wall),
        lamport: Math.max(stamp.lamport, earlier.stamp.lamport),
      };
    }
    const record: CausalRecord = {
      kind: op.kind,
      dot: {
        origin: cloudlet as CloudletId,
        incarnation: 1 as Incarnation,
        stream,
        sequence: this.#next(cloudlet, stream),
      },
      key: op.key,
      value: op.kind === "put" ? op.value : "",
      prev: named.map((version) => version.dot),
      deps: [],
      stamp: { wall: stamp.wall + 1, logical: 0, lamport: stamp.lamport + 1 },
      size: bytes(40 + op.key.length),
      ...(ttl !== undefined && { ttl: ttl as Duration }),
    };
    this.pasts.set(record, before);
    this.#see(session, record);
    this.written.push(record);
    return record;
  }

  // Does one version replace another where both have come? Of what its writer's cloudlet never receives it need not say so.
  #isReplaced(version: CausalRecord, by: CausalRecord): boolean {
    if (by.prev.some((dot) => sameDot(dot, version.dot))) return true;
    if (this.#unasked.has(by) || this.pasts.get(by)?.has(version) !== true) return false;
    return this.topology.reaches(version.dot.stream, by.dot.origin);
  }

  #next(cloudlet: number, stream: StreamId): number {
    const name = `${cloudlet}/${stream}`;
    const sequence = (this.#sequences.get(name) ?? 0) + 1;
    this.#sequences.set(name, sequence);
    return sequence;
  }

  #resolved(key: string, live: readonly CausalRecord[]): readonly CausalRecord[] {
    const scope = this.topology.scopeOf(key);
    const resolver = scope === null ? "lww-hlc" : (this.topology.scopes[scope]?.resolver ?? "lww-hlc");
    if (resolver === "return-them-all") return live.slice().sort((a, b) => compareDots(a.dot, b.dot));
    return live
      .slice()
      .sort((a, b) => preference(resolver, a, b, () => 0))
      .slice(-1);
  }
}
