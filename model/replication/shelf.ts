// Records of one writer by sequence: nearly always a run without gaps, of which the oldest go first, and a few old ones that
// outlive their neighbours. The run is an array in which a record lies at its distance from the first; what outlives it is
// kept by sequence. Adding, finding and removing cost the same however many there are. Leaves out whose records they are.

import type { CausalRecord } from "./record.ts";

/** Places that may be empty before it is worth moving anything. */
const slack = 16;

/** Sequence to record. */
export class Shelf {
  // The record with sequence #first + i, or null, at place i.
  #first: number;
  #run: (CausalRecord | null)[] = [];
  #emptyCount = 0;
  // What lies outside the run; null while there is nothing.
  #apart: Map<number, CausalRecord> | null = null;

  /** A shelf whose run begins at this sequence. */
  constructor(first: number) {
    this.#first = first;
  }

  /** The record with this sequence, or null. */
  at(sequence: number): CausalRecord | null {
    const place = sequence - this.#first;
    if (place >= 0 && place < this.#run.length) return this.#run[place] as CausalRecord | null;
    return this.#apart === null ? null : (this.#apart.get(sequence) ?? null);
  }

  /** Adds a record; one of the same sequence must not be here. */
  add(record: CausalRecord): void {
    const { sequence } = record.dot;
    const place = sequence - this.#first;
    const end = this.#run.length;
    if (place === end) {
      this.#run.push(record);
    } else if (place < 0) {
      this.#keepApart(record);
    } else if (place < end) {
      this.#run[place] = record;
      this.#emptyCount -= 1;
    } else if (place - end <= end + slack) {
      for (let at = end; at < place; at += 1) this.#run.push(null);
      this.#emptyCount += place - end;
      this.#run.push(record);
    } else {
      // A long way behind the others: the run begins anew.
      this.#cut(end);
      this.#first = sequence;
      this.#run.push(record);
    }
  }

  /** Removes the record with this sequence, if it is here. */
  remove(sequence: number): void {
    const place = sequence - this.#first;
    if (place < 0 || place >= this.#run.length) {
      this.#apart?.delete(sequence);
      return;
    }
    if (this.#run[place] === null) return;
    this.#run[place] = null;
    this.#emptyCount += 1;
    // When half of the run is empty its older half goes, which the removals since the last time have paid for.
    while (this.#run.length > slack && this.#emptyCount * 2 > this.#run.length) this.#cut((this.#run.length + 1) >> 1);
  }

  /** A copy that shares nothing mutable. */
  clone(): Shelf {
    const copy = new Shelf(this.#first);
    copy.#run = this.#run.slice();
    copy.#emptyCount = this.#emptyCount;
    copy.#apart = this.#apart === null ? null : new Map(this.#apart);
    return copy;
  }

  // So many places leave the front of the run; what is left there is kept apart.
  #cut(count: number): void {
    for (let at = 0; at < count; at += 1) {
      const record = this.#run[at] as CausalRecord | null;
      if (record === null) this.#emptyCount -= 1;
      else this.#keepApart(record);
    }
    this.#run = this.#run.slice(count);
    this.#first += count;
  }

  #keepApart(record: CausalRecord): void {
    this.#apart ??= new Map();
    this.#apart.set(record.dot.sequence, record);
  }
}
