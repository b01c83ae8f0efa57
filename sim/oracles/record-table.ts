// All that the ground truth keeps by record, in columns: who wrote it, where, when, what its past is. Records are numbered
// in the order they are written, so that of two only the one with the smaller number can be in the past of the other. Those
// that can no longer matter may be given up, and the others are numbered anew then (giving-up.ts).

import { eachDot } from "../../model/replication/cut.ts";
import type { Covered } from "../../model/replication/messages.ts";
import type { CausalRecord, Dot } from "../../model/replication/record.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { BitRows } from "./bit-rows.ts";
import { advanced, type Clock, writesOf } from "./clock.ts";
import { DotNumbers } from "./dots.ts";
import { FamilyReach } from "./family-reach.ts";
import { type GivenUp, GivenUpRecord } from "./given-up.ts";
import type { Renumbering } from "./renumbering.ts";
import type { SessionTruth } from "./session-truth.ts";
import { IntColumn, IntLists, NumberColumn, RECORDS } from "./tables.ts";

/** Records by number. */
export class RecordTable {
  readonly reach: FamilyReach;
  /** Index of each stream's scope. */
  readonly scopeOfStream: Int32Array;

  readonly records: readonly CausalRecord[];
  readonly clocks: Clock[] = [];
  readonly keyOf = new IntColumn(RECORDS);
  readonly originOf = new IntColumn(RECORDS);
  readonly streamOf = new IntColumn(RECORDS);
  /** Index of the set of cloudlets that the record reaches, for `reach`. */
  readonly setOf = new IntColumn(RECORDS);
  readonly sessionOf = new IntColumn(RECORDS);
  /** Its place among its session's writes, from 1. */
  readonly ordinalOf = new IntColumn(RECORDS);
  readonly requestedAt = new NumberColumn();
  /** When it was answered; infinity while it is not. */
  readonly endedAt = new NumberColumn();
  /** The nearest past (session-truth.ts). */
  readonly nearest = new IntLists();
  /** What it overwrote. */
  readonly overwritten = new IntLists();
  /** Those that a replica wrote by itself (unasked.ts). */
  readonly unasked = new Set<number>();
  /** Cloudlets where it is applied now. */
  readonly appliedCount = new IntColumn(RECORDS);

  /** One row: records of which something that they overwrote was given up. */
  readonly cutShort = new BitRows(1);
  /** How many records were given up. */
  givenUpCount = 0;
  /** Their names; null while there are none. */
  protected givenUp: GivenUp | null = null;

  readonly #dots = new DotNumbers();

  constructor(topology: Topology) {
    this.reach = new FamilyReach(topology);
    this.scopeOfStream = Int32Array.from(topology.streams, (stream) => stream.scope);
    this.records = this.#dots.records;
  }

  /** How many records are kept: all that were written and were not given up. */
  get recordCount(): number {
    return this.records.length;
  }

  /**
   * The number of the record with this dot, -1 when nobody wrote it.
   *
   * @throws GivenUpRecord when it was written and given up
   */
  numberOf(dot: Dot): number {
    const number = this.#dots.find(dot);
    if (number < 0 && this.givenUp?.has(dot) === true) throw new GivenUpRecord(dot);
    return number;
  }

  /** The same for a record, by its dot; quick for the object that was written. */
  numberOfRecord(record: CausalRecord): number {
    const number = this.#dots.numberOf(record);
    if (number < 0 && this.givenUp?.has(record.dot) === true) throw new GivenUpRecord(record.dot);
    return number;
  }

  /** The number of a record that is kept, by its dot; -1 for one that nobody wrote and for one that was given up. */
  numberIfKept(record: CausalRecord): number {
    return this.#dots.numberOf(record);
  }

  /** The same by the dot alone. */
  dotNumberIfKept(dot: Dot): number {
    return this.#dots.find(dot);
  }

  /** Was the record with this dot written and given up? Ask only for what is not kept. */
  isGivenUp(dot: Dot): boolean {
    return this.givenUp?.has(dot) === true;
  }

  /** The numbers of all these records, ascending; `unwritten` is told of those that nobody wrote. */
  numbersOf(covered: readonly Covered[], unwritten: (dot: Dot) => void): number[] {
    const numbers: number[] = [];
    eachDot(covered, (dot) => {
      const number = this.numberOf(dot);
      if (number >= 0) numbers.push(number);
      else unwritten(dot);
    });
    return numbers.sort((a, b) => a - b);
  }

  /** Is x the same as y or in its past? Exact. */
  isAtOrBefore(x: number, y: number): boolean {
    return writesOf(this.clocks[y] as Clock, this.sessionOf.data[x] as number) >= (this.ordinalOf.data[x] as number);
  }

  /** Is x in this past? */
  isWithin(x: number, clock: Clock): boolean {
    return writesOf(clock, this.sessionOf.data[x] as number) >= (this.ordinalOf.data[x] as number);
  }

  /** Does this record ever arrive at this cloudlet? */
  reaches(record: number, cloudlet: number): boolean {
    return this.reach.holds(this.setOf.data[record] as number, cloudlet);
  }

  /** Records are given up; the others take new numbers. */
  renumber(to: Renumbering): void {
    this.givenUpCount += to.formerCount - to.count;
    for (let record = 0; record < to.formerCount; record += 1) {
      if (to.of(record) < 0) continue;
      for (let at = this.overwritten.begin(record); at < this.overwritten.end(record); at += 1) {
        if (to.of(this.overwritten.items[at] as number) < 0) this.cutShort.add(0, record);
      }
    }
    this.cutShort.renumber(to, false, () => true);
    for (const column of [
      this.keyOf,
      this.originOf,
      this.streamOf,
      this.setOf,
      this.sessionOf,
      this.ordinalOf,
      this.requestedAt,
      this.endedAt,
      this.appliedCount,
      this.nearest,
      this.overwritten,
    ]) {
      column.renumber(to);
    }
    for (let record = 0; record < to.formerCount; record += 1) {
      const number = to.of(record);
      if (number >= 0) this.clocks[number] = this.clocks[record] as Clock;
    }
    this.clocks.length = to.count;
    this.#dots.renumber(to);
  }

  /** Adds a write of a session, whose past has what it overwrites already; the session then follows it. */
  add(record: CausalRecord, key: number, session: SessionTruth, at: number, overwrites: readonly number[]): number {
    const { dot } = record;
    const number = this.#dots.add(record);
    const set = this.reach.setOfStream[dot.stream] as number;
    this.keyOf.push(key);
    this.originOf.push(dot.origin);
    this.streamOf.push(dot.stream);
    this.setOf.push(set);
    this.sessionOf.push(session.index);
    session.writes += 1;
    this.ordinalOf.push(session.writes);
    this.requestedAt.push(at);
    this.endedAt.push(Infinity);
    this.nearest.add(session.context);
    this.overwritten.add(overwrites);
    this.appliedCount.push(0);
    session.clock = advanced(session.clock, session.index, session.writes);
    this.clocks.push(session.clock);
    // It stands for all of the session's past that reaches nobody whom it does not reach.
    const rest = session.context.filter((other) => !this.reach.covers(set, this.setOf.data[other] as number));
    rest.push(number);
    session.context = rest;
    return number;
  }
}
