// What changes of plan do to the truth: what a cloudlet may still apply although it no longer leads there, and what begins to
// lead there only after something that follows it was applied. Worked out from clocks when a cloudlet is told of a plan;
// costs nothing where there is one plan.

import type { CausalRecord } from "../../model/replication/record.ts";
import { type Clock, merged, ZERO_CLOCK } from "./clock.ts";
import type { RecordTable } from "./record-table.ts";
import { BitRows } from "./bit-rows.ts";

/** What the truth knows besides the table. */
export interface PlanGround {
  isApplied(cloudlet: number, record: number): boolean;
  isReceived(cloudlet: number, record: number): boolean;
  isGone(cloudlet: number, record: number): boolean;
}

/** The truth about plans. */
export class PlanTruth {
  readonly #records: RecordTable;
  readonly #ground: PlanGround;
  readonly #carriedOver: BitRows;
  readonly #gap: BitRows;
  // The records of each gap, as they were at the adoption.
  readonly #gaps: (readonly number[])[];

  constructor(records: RecordTable, ground: PlanGround, cloudlets: number) {
    this.#records = records;
    this.#ground = ground;
    this.#carriedOver = new BitRows(cloudlets);
    this.#gap = new BitRows(cloudlets);
    this.#gaps = new Array<readonly number[]>(cloudlets).fill([]);
  }

  /** A process begins with what its disk returned: that is its own, and applied in causal order. */
  started(cloudlet: number, recovered: Iterable<number>): void {
    if (!this.#records.reach.isFamily) return;
    this.#gap.take(cloudlet);
    this.#gaps[cloudlet] = [];
    this.#carriedOver.take(cloudlet);
    for (const record of recovered) this.#carriedOver.add(cloudlet, record);
  }

  /** A cloudlet is told a plan; call it before its core is. */
  adopt(cloudlet: number, plan: number): void {
    const { reach, recordCount, clocks } = this.#records;
    let past: Clock = ZERO_CLOCK;
    for (let record = 0; record < recordCount; record += 1) {
      if (this.#ground.isApplied(cloudlet, record)) past = merged(past, clocks[record] as Clock);
      else if (this.#ground.isReceived(cloudlet, record) && this.#records.reaches(record, cloudlet)) {
        this.#carriedOver.add(cloudlet, record);
      }
    }
    reach.adopt(cloudlet, plan);
    this.#gap.take(cloudlet);
    const gap: number[] = [];
    for (let record = 0; record < recordCount; record += 1) {
      if (this.#ground.isApplied(cloudlet, record) || !this.#records.isWithin(record, past)) continue;
      gap.push(record);
      this.#gap.add(cloudlet, record);
    }
    this.#gaps[cloudlet] = gap;
  }

  /**
   * Of the versions that a write should have overwritten, those that it must have: under several plans a version whose
   * stream no longer leads to its cloudlet, or any while something has still to come there, may be beyond what the core can
   * see to be in its session's past. Then what the record says counts.
   */
  surelyOverwritten(cloudlet: number, overwrites: readonly number[], { prev }: CausalRecord): readonly number[] {
    if (!this.#records.reach.isFamily || overwrites.length === 0) return overwrites;
    const named = new Set(prev.map((dot) => this.#records.numberOf(dot)));
    const isOpen = this.gap(cloudlet).length === 0;
    return overwrites.filter((version) => named.has(version) || (isOpen && this.#records.reaches(version, cloudlet)));
  }

  /** Had this come in under a plan that led it here, though the present one does not? */
  isCarriedOver(cloudlet: number, record: number): boolean {
    return this.#carriedOver.has(cloudlet, record);
  }

  /** Was this missing here at the last adoption, in the past of something applied? */
  isInGap(cloudlet: number, record: number): boolean {
    return this.#gap.has(cloudlet, record);
  }

  /** What has still to come before everything is open. */
  gap(cloudlet: number): readonly number[] {
    const { length } = this.#gaps[cloudlet] as readonly number[];
    if (length === 0) return [];
    const left = (this.#gaps[cloudlet] as readonly number[]).filter(
      (record) => !this.#ground.isApplied(cloudlet, record),
    );
    if (left.length < length) this.#gaps[cloudlet] = left;
    const lost = left.filter((record) => this.#ground.isGone(cloudlet, record));
    return left.filter(
      (record) =>
        this.#records.reaches(record, cloudlet) && !lost.some((gone) => this.#records.isAtOrBefore(record, gone)),
    );
  }
}
