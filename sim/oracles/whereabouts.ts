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
import type { Detachment } from "../scenario/scenario.ts";
import type { Instant } from "../../model/units.ts";
import { AbsenceTruth } from "./absence-truth.ts";
import { BitRow, BitRows } from "./bit-rows.ts";
import { createChoir, type Chorus } from "./choir.ts";
import { CollectedDeletes } from "./collected.ts";
import { Forgetting } from "./forgetting.ts";
import { GivenUpRecord } from "./given-up.ts";
import { KeyNumbers } from "./keys.ts";
import { Meetings } from "./meetings.ts";
import type { TruthListener } from "./oracle.ts";
import { PlanTruth } from "./plan-truth.ts";
import { RecordTable } from "./record-table.ts";
import type { Renumbering } from "./renumbering.ts";
import type { Depth } from "./resolution.ts";
import { ShadowStore } from "./shadow.ts";
import { standBeside, trimExcused } from "./standing.ts";
import { empty, IntColumn } from "./tables.ts";
import { enlist } from "./unbound.ts";

const NONE: readonly number[] = [];

type Applied = Chorus<"applied">[number];

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
  /** Who was detached. */
  readonly absences: AbsenceTruth;
  /** What changes of plan do. */
  readonly plans: PlanTruth;
  /** What cloudlets no longer see of happens-before. */
  readonly forgetting: Forgetting;

  /** Who listens. */
  protected readonly choir = createChoir();
  protected readonly appliedRows: BitRows;
  protected readonly receivedRows: BitRows;
  /** What each cloudlet had applied before its process restarted; empty for most. */
  protected readonly before: BitRow[];
  /** The life that each cloudlet's process is in. */
  protected readonly incarnations: Int32Array;
  /** When and where the step that is being told happens. */
  protected touchedAt = 0 as Instant;
  protected touchedCloudlet = -1;

  /** Records that have come to somebody whom they do not reach: they never become final. */
  readonly astray = new Set<number>();
  // One row: records that everybody whom they reach has applied for good (giving-up.ts); they need no bits of their own.
  readonly #final = new BitRows(1);
  // Records from this one on are not final.
  #finalBelow = 0;
  readonly #keys: KeyNumbers;
  // Keys touched in this step, and versions newly excused in it.
  readonly #touchedKeys: number[] = [];
  readonly #newlyExcused: number[] = [];
  // The step that touched each key last.
  readonly #touchedStep = new IntColumn();
  #step = 0;

  constructor(topology: Topology, detachments: readonly Detachment[] = []) {
    super(topology);
    const count = topology.cloudlets.length;
    this.topology = topology;
    this.collected = new CollectedDeletes(topology, detachments.length > 0);
    this.plans = new PlanTruth(this, this, count);
    this.#keys = new KeyNumbers(topology);
    this.keyNames = this.#keys.names;
    this.resolverOfKey = this.#keys.resolvers;
    this.shadow = new ShadowStore(count);
    this.cores = new Array<ReplicationCore | null>(count).fill(null);
    this.absences = new AbsenceTruth(topology, detachments, this.cores);
    this.incarnations = new Int32Array(count);
    this.forgetting = new Forgetting(this, count);
    this.appliedRows = new BitRows(count);
    this.receivedRows = new BitRows(count);
    this.before = new Array<BitRow>(count).fill(BitRow.none);
  }

  /** Adds a listener; they are told in the order they were added. */
  tell(listener: TruthListener): void {
    enlist(listener, this.choir);
  }

  /** How many cloudlets stand above one in the control tree. */
  readonly depthOf = (cloudlet: CloudletId): number => this.topology.ancestors(cloudlet).length;
  /** The same as a cloudlet sees it, which may live under another plan. */
  readonly depthAt = (at: number): Depth =>
    this.reach.isFamily ? (other) => this.reach.planOf(at).ancestors(other).length : this.depthOf;

  /** Is this record applied at this cloudlet now? */
  isApplied(cloudlet: number, record: number): boolean {
    return this.appliedRows.has(cloudlet, record) || this.#isFinalAt(cloudlet, record);
  }

  /** The life that a cloudlet's process is in, or was in last. */
  lifeOf(cloudlet: number): number {
    return this.incarnations[cloudlet] as number;
  }

  /** Has this record arrived at this cloudlet, or was written there, in what its process remembers? */
  isReceived(cloudlet: number, record: number): boolean {
    return this.receivedRows.has(cloudlet, record) || this.#isFinalAt(cloudlet, record);
  }

  /** Has everybody whom this record reaches applied it, for good? */
  isFinal(record: number): boolean {
    return record < this.#finalBelow && this.#final.has(0, record);
  }

  /**
   * Was this record lost here for good? It is the cloudlet's own, of an earlier life of its process, in a stream that no
   * flow brings back, and not among what its disk returned. Or it was lost with a member that was closed.
   */
  isGone(cloudlet: number, record: number): boolean {
    if (this.isReleased(cloudlet, record)) return true;
    if (this.originOf.data[record] !== cloudlet || this.isApplied(cloudlet, record)) return false;
    const { dot, moved } = this.records[record] as CausalRecord;
    const { incarnation, stream } = dot;
    // One that its session wrote after a move may wait on the disk for what that session was behind of.
    if (moved === true && this.isReceived(cloudlet, record)) return false;
    if (incarnation >= (this.incarnations[cloudlet] as number)) return false;
    return !this.reach.comesBack(stream, cloudlet as CloudletId);
  }

  /** Has this cloudlet let go what waited for this, which is lost with a member that was closed? */
  isReleased(cloudlet: number, record: number): boolean {
    if (this.absences.isIdle || this.isApplied(cloudlet, record)) return false;
    return this.absences.isLost(cloudlet, (this.records[record] as CausalRecord).dot);
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

  /** This record has come to where it has no business: what becomes of it there is still to be judged. */
  protected strayed(record: number): void {
    if (this.isFinal(record)) throw new GivenUpRecord((this.records[record] as CausalRecord).dot);
    this.astray.add(record);
  }

  /** From now on this record is final. */
  protected makeFinal(record: number): void {
    this.#final.add(0, record);
    this.#finalBelow = Math.max(this.#finalBelow, record + 1);
  }

  override renumber(to: Renumbering): void {
    // What is final is applied and received by all whom it reaches; who else has received it is still told by a bit.
    this.appliedRows.renumber(to, true, (_cloudlet, record) => !this.isFinal(record));
    this.receivedRows.renumber(to, true, (cloudlet, record) => !this.#isFinalAt(cloudlet, record));
    for (const [cloudlet, row] of this.before.entries()) {
      if (row !== BitRow.none) this.before[cloudlet] = row.renumbered(to, (record) => !this.isFinal(record));
    }
    this.shadow.renumber(to);
    this.collected.renumber(to);
    this.conflicts.renumber(to);
    this.forgetting.renumber(to);
    super.renumber(to);
    to.set(this.astray);
    this.#finalBelow = to.below(this.#finalBelow);
    this.#final.renumber(to, false, () => true);
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
    empty(this.#touchedKeys);
    empty(this.#newlyExcused);
    this.#step = (this.#step + 1) & 0x3fffffff;
  }

  /** A cloudlet applies a record: everybody is told, then it stands there. */
  protected apply(at: Instant, cloudlet: CloudletId, record: number, from: CloudletId | null): void {
    const isAgain = (this.before[cloudlet] as BitRow).has(record);
    const isLed = this.reaches(record, cloudlet);
    if (!isLed) this.strayed(record);
    const isReached = isLed || this.plans.isCarriedOver(cloudlet, record);
    const scope = this.scopeOfStream[this.streamOf.data[record] as number] as ScopeId;
    const lane = from === null ? -1 : this.reach.laneOf(scope, from, cloudlet);
    const { applied } = this.choir;
    // The first of them are the same in nearly all runs (oracles.ts). Each is called from a place of its own, which then knows whom it
    // calls: from one place for all, a call takes longer than most of them do.
    const isFull = applied.length >= 6;
    if (isFull) {
      (applied[0] as Applied)(at, cloudlet, record, from, isAgain, isReached, lane);
      (applied[1] as Applied)(at, cloudlet, record, from, isAgain, isReached, lane);
      (applied[2] as Applied)(at, cloudlet, record, from, isAgain, isReached, lane);
      (applied[3] as Applied)(at, cloudlet, record, from, isAgain, isReached, lane);
      (applied[4] as Applied)(at, cloudlet, record, from, isAgain, isReached, lane);
      (applied[5] as Applied)(at, cloudlet, record, from, isAgain, isReached, lane);
    }
    for (let index = isFull ? 6 : 0; index < applied.length; index += 1) {
      (applied[index] as Applied)(at, cloudlet, record, from, isAgain, isReached, lane);
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
    const missed = gone.length === 0 || this.absences.isIdle ? NONE : this.#missedOf(cloudlet, gone);
    if (standBeside(this, cloudlet, siblings, record, isForgetful, holes, gone, missed, this.#newlyExcused)) {
      for (const version of siblings.standing) this.#meet(at, cloudlet, record, version);
      siblings.standing.push(record);
    }
    if (siblings.excused.length > excusedBefore) {
      const isUnseenLate = !this.reach.isFamily && siblings.excused.at(-1) === record;
      this.forgetting.unproven.left(cloudlet, record, key, isUnseenLate);
    }
    this.shadow.close(cloudlet, key);
  }

  #missedOf(cloudlet: number, records: readonly number[]): readonly number[] {
    return records.filter((record) => !this.isApplied(cloudlet, record));
  }

  #isFinalAt(cloudlet: number, record: number): boolean {
    return this.isFinal(record) && this.reaches(record, cloudlet);
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
