// Records held here, by dot. Most writers are heard of once or twice, so a slot holds its only record itself and gets a
// shelf when a second one comes. Holds what still waits, what the log retains, and live versions; which of these a record
// is, and when it is to go, holdings.ts knows.

import type { CausalRecord, Dot } from "./record.ts";
import { Shelf } from "./shelf.ts";
import type { WriterTable } from "./writers.ts";

/** Dot to record. Shares the replica's writer table. */
export class RecordIndex {
  readonly #writers: WriterTable;
  readonly #bySlot: (CausalRecord | Shelf | null)[] = [];

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
    const held = this.#held(slot);
    if (held === null) return null;
    if (held instanceof Shelf) return held.at(sequence);
    return held.dot.sequence === sequence ? held : null;
  }

  /** Adds a record under its slot; none of its dot may be held. */
  add(slot: number, record: CausalRecord): void {
    while (this.#bySlot.length <= slot) this.#bySlot.push(null);
    const held = this.#bySlot[slot] as CausalRecord | Shelf | null;
    if (held === null) {
      this.#bySlot[slot] = record;
    } else if (held instanceof Shelf) {
      held.add(record);
    } else {
      const shelf = new Shelf(Math.min(held.dot.sequence, record.dot.sequence));
      shelf.add(held);
      shelf.add(record);
      this.#bySlot[slot] = shelf;
    }
  }

  /** Removes the record at this slot and sequence, if it is held. */
  remove(slot: number, sequence: number): void {
    const held = this.#held(slot);
    if (held === null) return;
    if (held instanceof Shelf) held.remove(sequence);
    else if (held.dot.sequence === sequence) this.#bySlot[slot] = null;
  }

  #held(slot: number): CausalRecord | Shelf | null {
    return slot < this.#bySlot.length ? (this.#bySlot[slot] as CausalRecord | Shelf | null) : null;
  }

  /** A copy over another writer table with the same slots. */
  clone(writers: WriterTable): RecordIndex {
    const copy = new RecordIndex(writers);
    for (const held of this.#bySlot) copy.#bySlot.push(held instanceof Shelf ? held.clone() : held);
    return copy;
  }
}
