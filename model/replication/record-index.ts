// Records held here, by dot: an array of records per writer slot. Holds what was applied and what still waits; which of
// the two a record is, replica.ts knows.

import type { CausalRecord, Dot } from "./record.ts";
import type { WriterTable } from "./writers.ts";

/** Dot to record. Shares the replica's writer table. */
export class RecordIndex {
  readonly #writers: WriterTable;
  readonly #bySlot: CausalRecord[][] = [];

  constructor(writers: WriterTable) {
    this.#writers = writers;
  }

  /** The record of this dot, or null when it is not held here. */
  find(dot: Dot): CausalRecord | null {
    const slot = this.#writers.find(dot);
    if (slot < 0) return null;
    return this.at(slot, dot.sequence);
  }

  /** The record at this slot and sequence, or null. */
  at(slot: number, sequence: number): CausalRecord | null {
    if (slot >= this.#bySlot.length) return null;
    const records = this.#bySlot[slot] as CausalRecord[];
    if (records.length === 0) return null;
    // Without gaps a record lies at its distance from the first one; with gaps before it, further to the front.
    const place = sequence - (records[0] as CausalRecord).dot.sequence;
    if (place < 0) return null;
    if (place < records.length) {
      const record = records[place] as CausalRecord;
      if (record.dot.sequence === sequence) return record;
    }
    return search(records, sequence);
  }

  /** Adds a record under its slot. */
  add(slot: number, record: CausalRecord): void {
    while (this.#bySlot.length <= slot) this.#bySlot.push([]);
    const records = this.#bySlot[slot] as CausalRecord[];
    const sequence = record.dot.sequence;
    let at = records.length;
    // Sequences mostly arrive in order; the few that do not are moved into place, so that the list stays ascending.
    while (at > 0 && (records[at - 1] as CausalRecord).dot.sequence > sequence) at -= 1;
    if (at === records.length) records.push(record);
    else records.splice(at, 0, record);
  }

  /** A copy over another writer table with the same slots. */
  clone(writers: WriterTable): RecordIndex {
    const copy = new RecordIndex(writers);
    for (const records of this.#bySlot) copy.#bySlot.push(records.slice());
    return copy;
  }
}

function search(records: readonly CausalRecord[], sequence: number): CausalRecord | null {
  let low = 0;
  let high = records.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = (records[middle] as CausalRecord).dot.sequence;
    if (found === sequence) return records[middle] as CausalRecord;
    if (found < sequence) low = middle + 1;
    else high = middle - 1;
  }
  return null;
}
