// What is where, by the ground truth: which records each cloudlet has received and applied, and what applying one does to
// the versions that should stand there (shadow.ts, standing.ts). What a step touched is compared when the step is over, since
// a core tells after its state changed.
//
// Leaves out what happens and how pasts grow (truth.ts), and every judgement: those are the oracles', who are told here.

import type { CloudletId, ScopeId } from "../../model/ids.ts";
import type { ReplicationCore } from "../../model/replication/io.ts";
import type { CausalRecord } from "../../model/replication/record.ts";
import type { ResolverName } from "../../model/topology/resolvers.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { Instant } from "../../model/units.ts";
import { Choir, type Chorus } from "./choir.ts";
import { CollectedDeletes } from "./collected.ts";
import { Forgetting } from "./forgetting.ts";
import { KeyNumbers } from "./keys.ts";
import { Meetings } from "./meetings.ts";
import type { TruthListener } from "./oracle.ts";
import { PlanTruth } from "./plan-truth.ts";
import { RecordTable } from "./record-table.ts";
import type { Depth } from "./resolution.ts";
import { ShadowStore } from "./shadow.ts";
import { standBeside, trimExcused } from "./standing.ts";
import { bitIsSet, BitRows, IntColumn } from "./tables.ts";

/** Records, and where they are. */
export class Whereabouts extends RecordTable {
  readonly topology: Topology;
  /** The versions that should stand. */
  readonly shadow: ShadowStore;

  // By key.
  readonly keyNames: readonly string[];
  readonly resolverOfKey: readonly ResolverName[];

  /** The replica of each cloudlet; null while its process is down. */
  readonly cores: (ReplicationCore | null)[];
  /** Times that a version stood beside a later one whose writer's cloudlet it never reaches (shadow.ts). */
  unreachedCount = 0;
  /** Times that two concurrent versions came to stand side by side. */
  meetingCount = 0;
  /** Deletes that cloudlets have dropped for good. */
  readonly collected: CollectedDeletes;
  /** Concurrent pairs that met somewhere. */
  readonly conflicts = new Meetings();
  /** What changes of plan do. */
  readonly plans: PlanTruth;
  /** What cloudlets no longer see of happens-before. */
  readonly forgetting: Forgetting;

  /** Who listens. */
  protected readonly choir = new Choir();
  protected readonly appliedRows: BitRows;
  protected readonly receivedRows: BitRows;
  /** What each cloudlet had applied before its process restarted; empty for most. */
  protected readonly before: Uint32Array[];
  /** The life that each cloudlet's process is in. */
  protected readonly incarnations: Int32Array;
  /** When and where the step that is being told happens. */
  protected touchedAt = 0 as Instant;
  protected touchedCloudlet = -1;

  readonly #keys: KeyNumbers;
  // Keys touched in this step, and versions newly excused in it.
  readonly #touchedKeys: number[] = [];
  readonly #newlyExcused: number[] = [];
  // The step that touched each key last.
  readonly #touchedStep = new IntColumn();
  #step = 0;

  constructor(topology: Topology) {
    super(topology);
    const count = topology.cloudlets.length;
    this.topology = topology;
    this.collected = new CollectedDeletes(topology);
    this.plans = new PlanTruth(this, this, count);
    this.#keys = new KeyNumbers(topology);
    this.keyNames = this.#keys.names;
    this.resolverOfKey = this.#keys.resolvers;
    this.shadow = new ShadowStore(count);
    this.cores = new Array<ReplicationCore | null>(count).fill(null);
    this.incarnations = new Int32Array(count);
    this.forgetting = new Forgetting(this, count);
    this.appliedRows = new BitRows(count);
    this.receivedRows = new BitRows(count);
    this.before = new Array<Uint32Array>(count).fill(new Uint32Array(0));
  }

  /** Adds a listener; they are told in the order they were added. */
  tell(listener: TruthListener): void {
    this.choir.add(listener);
  }

  /** How many cloudlets stand above one in the control tree. */
  readonly depthOf = (cloudlet: CloudletId): number => this.topology.ancestors(cloudlet).length;
  /** The same as a cloudlet sees it, which may live under another plan. */
  readonly depthAt = (at: number): Depth =>
    this.reach.isFamily ? (other) => this.reach.planOf(at).ancestors(other).length : this.depthOf;

  /** Is this record applied at this cloudlet now? */
  isApplied(cloudlet: number, record: number): boolean {
    return this.appliedRows.has(cloudlet, record);
  }

  /** The life that a cloudlet's process is in, or was in last. */
  lifeOf(cloudlet: number): number {
    return this.incarnations[cloudlet] as number;
  }

  /** Has this record arrived at this cloudlet, or was written there, in what its process remembers? */
  isReceived(cloudlet: number, record: number): boolean {
    return this.receivedRows.has(cloudlet, record);
  }

  /**
   * Was this record lost here for good? It is the cloudlet's own, of an earlier life of its process, in a stream that no
   * flow brings back, and not among what its disk returned.
   */
  isGone(cloudlet: number, record: number): boolean {
    if (this.originOf.data[record] !== cloudlet || this.isApplied(cloudlet, record)) return false;
    const { dot, moved } = this.records[record] as CausalRecord;
    const { incarnation, stream } = dot;
    // One that its session wrote after a move may wait on the disk for what that session was behind of.
    if (moved === true && this.isReceived(cloudlet, record)) return false;
    if (incarnation >= (this.incarnations[cloudlet] as number)) return false;
    return !this.reach.comesBack(stream, cloudlet as CloudletId);
  }

  /** Should this have been applied at a cloudlet before what follows it, as far as it is not? */
  isDue(cloudlet: number, record: number): boolean {
    return this.reaches(record, cloudlet) && !this.isGone(cloudlet, record) && !this.plans.isInGap(cloudlet, record);
  }

  /** The number of a key; new keys get the next one. */
  keyNumber(key: string): number {
    return this.#keys.numberOf(key);
  }

  /** The number of a key that was asked for or written before; -1 when it was not. */
  findKey(key: string): number {
    return this.#keys.find(key);
  }

  /** Ends the step that is being told: what it touched is compared now. */
  settle(): void {
    if (this.#touchedKeys.length === 0) return;
    const cloudlet = this.touchedCloudlet as CloudletId;
    for (let index = 0; index < this.#touchedKeys.length; index += 1) {
      this.#trimExcused(cloudlet, this.#touchedKeys[index] as number);
    }
    for (let index = 0; index < this.#touchedKeys.length; index += 1) {
      for (let listener = 0; listener < this.choir.settled.length; listener += 1) {
        const settled = this.choir.settled[listener] as Chorus<"settled">[number];
        settled(this.touchedAt, cloudlet, this.#touchedKeys[index] as number);
      }
    }
    this.#touchedKeys.length = 0;
    this.#newlyExcused.length = 0;
    this.#step = (this.#step + 1) & 0x3fffffff;
  }

  /** A cloudlet applies a record: everybody is told, then it stands there. */
  protected apply(at: Instant, cloudlet: CloudletId, record: number, from: CloudletId | null): void {
    const isAgain = bitIsSet(this.before[cloudlet] as Uint32Array, record);
    const isReached = this.reaches(record, cloudlet) || this.plans.isCarriedOver(cloudlet, record);
    const scope = this.scopeOfStream[this.streamOf.data[record] as number] as ScopeId;
    const lane = from === null ? -1 : this.reach.laneOf(scope, from, cloudlet);
    const { applied } = this.choir;
    for (let index = 0; index < applied.length; index += 1) {
      const listener = applied[index] as Chorus<"applied">[number];
      listener(at, cloudlet, record, from, isAgain, isReached, lane);
    }
    this.#mark(at, cloudlet, record);
    this.touch(this.keyOf.data[record] as number);
  }

  /** A delete goes from where it stands. */
  protected drop(cloudlet: CloudletId, record: number): void {
    const key = this.keyOf.data[record] as number;
    this.shadow.remove(cloudlet, key, record);
    this.collected.add(cloudlet, key, record);
  }

  /** The key is compared when the step is over. */
  protected touch(key: number): void {
    const touchedStep = this.#touchedStep;
    while (touchedStep.length <= key) touchedStep.push(-1);
    if (touchedStep.data[key] === this.#step) return;
    touchedStep.data[key] = this.#step;
    this.#touchedKeys.push(key);
  }

  #mark(at: Instant, cloudlet: CloudletId, record: number): void {
    this.appliedRows.add(cloudlet, record);
    this.appliedCount.data[record] = (this.appliedCount.data[record] as number) + 1;
    const key = this.keyOf.data[record] as number;
    const code = this.shadow.codeOf(cloudlet, key);
    const isAlone = code === -1 || (code >= 0 && this.overwritten.includes(record, code));
    if (isAlone && (code === -1 || this.forgetting.unproven.holesOf(cloudlet) !== "joined")) {
      this.shadow.setSingle(cloudlet, key, record);
      return;
    }
    this.#standBeside(at, cloudlet, key, record);
  }

  #standBeside(at: Instant, cloudlet: CloudletId, key: number, record: number): void {
    const siblings = this.shadow.open(cloudlet, key);
    const isForgetful = this.forgetting.mayLeave(cloudlet, record);
    const excusedBefore = siblings.excused.length;
    const holes = this.forgetting.unproven.holesOf(cloudlet);
    const gone = this.collected.of(this.originOf.data[record] as number, key);
    if (standBeside(this, siblings, record, isForgetful, holes, gone, this.#newlyExcused)) {
      for (const version of siblings.standing) this.#meet(at, cloudlet, record, version);
      siblings.standing.push(record);
    }
    if (siblings.excused.length > excusedBefore) this.forgetting.unproven.left(cloudlet, record, key);
    this.shadow.close(cloudlet, key);
  }

  // Of the versions that may stand or be gone, keeps those that the core has.
  #trimExcused(cloudlet: CloudletId, key: number): void {
    const core = this.cores[cloudlet] ?? null;
    if (core !== null) this.unreachedCount += trimExcused(this, cloudlet, key, core, this.#newlyExcused);
  }

  #meet(at: Instant, cloudlet: CloudletId, newcomer: number, resident: number): void {
    this.meetingCount += 1;
    if (!this.conflicts.add(newcomer, resident)) return;
    for (let listener = 0; listener < this.choir.met.length; listener += 1) {
      (this.choir.met[listener] as Chorus<"met">[number])(at, cloudlet, newcomer, resident);
    }
  }
}
