// Records held here, by dot. Most writers are heard of once or twice, so a slot holds its only record itself and makes a
// list when a second one comes. Holds what still waits, what the log retains, and live versions; which of these a record
// is, and when it is to go, holdings.ts knows.

import type { CausalRecord, Dot } from "./record.ts";
import type { WriterTable } from "./writers.ts";

/** Dot to record. Shares the replica's writer table. */
export class RecordIndex {
  readonly #writers: WriterTable;
  // By slot: one record, or several in ascending sequence.
  readonly #bySlot: (CausalRecord | CausalRecord[] | null)[] = [];
  // Removed and still in a list: taking one record out of a long list costs as much as the list is long, so a list is made
  // anew only when half of it is gone.
  readonly #gone = new Set<CausalRecord>();
  readonly #goneCounts = new Map<number, number>();

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
    const held = slot < this.#bySlot.length ? (this.#bySlot[slot] ?? null) : null;
    if (held === null) return null;
    if (!Array.isArray(held)) return held.dot.sequence === sequence ? held : null;
    // Without gaps a record lies at its distance from the first one; with gaps before it, further to the front.
    const place = sequence - (held[0] as CausalRecord).dot.sequence;
    if (place < 0) return null;
    if (place < held.length) {
      const record = held[place] as CausalRecord;
      if (record.dot.sequence === sequence) return this.#present(record);
    }
    return this.#present(search(held, sequence));
  }

  /** Adds a record under its slot. */
  add(slot: number, record: CausalRecord): void {
    while (this.#bySlot.length <= slot) this.#bySlot.push(null);
    const held = this.#bySlot[slot] ?? null;
    if (held === null) {
      this.#bySlot[slot] = record;
      return;
    }
    if (!Array.isArray(held)) {
      this.#bySlot[slot] = held.dot.sequence < record.dot.sequence ? [held, record] : [record, held];
      return;
    }
    // Sequences mostly arrive in order; the few that do not are moved into place, so that the list stays ascending.
    let at = held.length;
    while (at > 0 && (held[at - 1] as CausalRecord).dot.sequence > record.dot.sequence) at -= 1;
    if (at === held.length) held.push(record);
    else held.splice(at, 0, record);
  }

  /** Removes the record at this slot and sequence, if it is held. */
  remove(slot: number, sequence: number): void {
    const held = slot < this.#bySlot.length ? (this.#bySlot[slot] ?? null) : null;
    if (held === null) return;
    if (!Array.isArray(held)) {
      if (held.dot.sequence === sequence) this.#bySlot[slot] = null;
      return;
    }
    const record = search(held, sequence);
    if (record === null || this.#gone.has(record)) return;
    this.#gone.add(record);
    const goneCount = (this.#goneCounts.get(slot) ?? 0) + 1;
    this.#goneCounts.set(slot, goneCount);
    if (goneCount * 2 <= held.length) return;
    const kept = held.filter((other) => !this.#gone.has(other));
    for (const other of held) this.#gone.delete(other);
    this.#goneCounts.delete(slot);
    this.#bySlot[slot] = kept.length === 0 ? null : kept;
  }

  #present(record: CausalRecord | null): CausalRecord | null {
    return record !== null && this.#gone.size > 0 && this.#gone.has(record) ? null : record;
  }

  /** A copy over another writer table with the same slots. */
  clone(writers: WriterTable): RecordIndex {
    const copy = new RecordIndex(writers);
    for (const held of this.#bySlot) copy.#bySlot.push(Array.isArray(held) ? held.slice() : held);
    for (const record of this.#gone) copy.#gone.add(record);
    for (const [slot, count] of this.#goneCounts) copy.#goneCounts.set(slot, count);
    return copy;
  }
}

function search(records: readonly CausalRecord[], sequence: number): CausalRecord | null {
  const found = records[placeOf(records, sequence)];
  return found !== undefined && found.dot.sequence === sequence ? found : null;
}

// Where this sequence is, or would be.
function placeOf(records: readonly CausalRecord[], sequence: number): number {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((records[middle] as CausalRecord).dot.sequence < sequence) low = middle + 1;
    else high = middle;
  }
  return low;
}
