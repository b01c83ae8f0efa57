// Records held here, by dot. What is held of a writer is nearly always a run without gaps, of which the oldest go first, and
// a few old ones that outlive their neighbours. The run is an array in which a record lies at its distance from the first;
// what outlives it is kept apart, by sequence. Adding, finding and removing cost the same however many there are.
//
// Most writers are heard of once or twice, so a slot holds its only record itself and gets a run when a second one comes.
// A record that is kept as bytes is held by its row (shelf.ts).
//
// Holds what still waits, what the log retains, and live versions; which of these a record is, and when it is to go,
// holdings.ts knows.

import type { CausalRecord, Dot } from "./record.ts";
import type { Shelf } from "./shelf.ts";
import type { WriterTable } from "./writers.ts";

/** From the first sequence of the run on; null where nothing is held. */
type Run = (Held | null)[];
/** A record, or the row where its bytes are. */
type Held = CausalRecord | number;

/** Places of a run that may be empty before it is worth moving anything. */
const slack = 16;
/** The column of the writer's row with the first sequence of its run: the row is looked at anyway. */
const firstOfRun = 2;

/** Dot to record. Shares the replica's writer table. */
export class RecordIndex {
  /** Where rows are read; null while there are none. */
  shelf: Shelf | null = null;
  readonly #writers: WriterTable;
  // A record that is alone is held as an object.
  readonly #bySlot: (CausalRecord | Run | null)[] = [];
  // By slot: places of its run that are empty. Null while there are none anywhere, as in most replicas.
  #emptyCounts: Map<number, number> | null = null;
  // By slot, then by sequence: what lies outside the run. A slot that is named here has a run, be it an empty one.
  #apart: Map<number, Map<number, Held>> | null = null;

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
    if (!Array.isArray(held)) return held.dot.sequence === sequence ? held : null;
    const place = sequence - this.#writers.mark(slot, firstOfRun);
    if (place >= 0 && place < held.length) {
      const found = held[place] as Held | null;
      return typeof found === "number" ? (this.shelf as Shelf).read(found) : found;
    }
    if (this.#apart === null) return null;
    const found = this.#apart.get(slot)?.get(sequence) ?? null;
    return typeof found === "number" ? (this.shelf as Shelf).read(found) : found;
  }

  /** The row of what is held as bytes at this slot and sequence; -1 where nothing is. */
  rowAt(slot: number, sequence: number): number {
    const held = this.#held(slot);
    if (held === null || !Array.isArray(held)) return -1;
    const place = sequence - this.#writers.mark(slot, firstOfRun);
    const found = place >= 0 && place < held.length ? held[place] : this.#apart?.get(slot)?.get(sequence);
    return typeof found === "number" ? found : -1;
  }

  /** Is what is held of this writer a single record? It is an object always. */
  isAlone(slot: number): boolean {
    return !Array.isArray(this.#held(slot));
  }

  /** Another form of what is held at this slot and sequence: a row in place of a record, or the record again. */
  replace(slot: number, sequence: number, by: Held): void {
    const held = this.#held(slot) as Run;
    const place = sequence - this.#writers.mark(slot, firstOfRun);
    if (place >= 0 && place < held.length) held[place] = by;
    else this.#apart?.get(slot)?.set(sequence, by);
  }

  /** Adds a record under its slot; none of its dot may be held. */
  add(slot: number, record: CausalRecord): void {
    while (this.#bySlot.length <= slot) this.#bySlot.push(null);
    const held = this.#bySlot[slot] as CausalRecord | Run | null;
    if (held === null) this.#bySlot[slot] = record;
    else if (!Array.isArray(held)) {
      const [first, second] = held.dot.sequence < record.dot.sequence ? [held, record] : [record, held];
      const run: Run = [first];
      this.#bySlot[slot] = run;
      this.#writers.setMark(slot, firstOfRun, first.dot.sequence);
      this.#addTo(run, slot, second);
    } else if (record.dot.sequence - this.#writers.mark(slot, firstOfRun) === held.length) held.push(record);
    else this.#addTo(held, slot, record);
  }

  /** Removes the record at this slot and sequence, if it is held. */
  remove(slot: number, sequence: number): void {
    const held = this.#held(slot);
    if (held === null) return;
    if (!Array.isArray(held)) {
      if (held.dot.sequence === sequence) this.#bySlot[slot] = null;
      return;
    }
    const place = sequence - this.#writers.mark(slot, firstOfRun);
    if (place < 0 || place >= held.length) {
      const apart = this.#apart?.get(slot);
      this.#let(apart?.get(sequence) ?? null);
      apart?.delete(sequence);
      return;
    }
    if (held[place] === null) return;
    this.#let(held[place] as Held);
    held[place] = null;
    let emptyCount = this.#countEmpty(slot, 1);
    // When half of a run is empty its older half goes, which the removals since the last time have paid for.
    for (let run = held; run.length > slack && emptyCount * 2 > run.length;) {
      run = this.#cut(run, slot, (run.length + 1) >> 1);
      emptyCount = this.#countEmpty(slot, 0);
    }
  }

  // A row is gone when nobody finds it here any more.
  #let(held: Held | null): void {
    if (typeof held === "number") (this.shelf as Shelf).drop(held);
  }

  #addTo(run: Run, slot: number, record: CausalRecord): void {
    const place = record.dot.sequence - this.#writers.mark(slot, firstOfRun);
    const end = run.length;
    if (place === end) {
      run.push(record);
    } else if (place < 0) {
      this.#keepApart(slot, record, record.dot.sequence);
    } else if (place < end) {
      run[place] = record;
      this.#countEmpty(slot, -1);
    } else if (place - end <= end + slack) {
      for (let at = end; at < place; at += 1) run.push(null);
      this.#countEmpty(slot, place - end);
      run.push(record);
    } else {
      // A long way behind the others: the run begins anew.
      this.#cut(run, slot, end).push(record);
      this.#writers.setMark(slot, firstOfRun, record.dot.sequence);
    }
  }

  // So many places leave the front of a run; what is left there is kept apart.
  #cut(run: Run, slot: number, count: number): Run {
    for (let at = 0; at < count; at += 1) {
      const record = run[at] as Held | null;
      if (record === null) this.#countEmpty(slot, -1);
      else this.#keepApart(slot, record, this.#writers.mark(slot, firstOfRun) + at);
    }
    const rest = run.slice(count);
    this.#bySlot[slot] = rest;
    this.#writers.setMark(slot, firstOfRun, this.#writers.mark(slot, firstOfRun) + count);
    return rest;
  }

  #keepApart(slot: number, held: Held, sequence: number): void {
    this.#apart ??= new Map();
    const apart = this.#apart.get(slot);
    if (apart === undefined) this.#apart.set(slot, new Map([[sequence, held]]));
    else apart.set(sequence, held);
  }

  #countEmpty(slot: number, more: number): number {
    this.#emptyCounts ??= new Map();
    const count = (this.#emptyCounts.get(slot) ?? 0) + more;
    if (more !== 0) this.#emptyCounts.set(slot, count);
    return count;
  }

  #held(slot: number): CausalRecord | Run | null {
    return slot < this.#bySlot.length ? (this.#bySlot[slot] as CausalRecord | Run | null) : null;
  }

  /** A copy over another writer table with the same slots. */
  clone(writers: WriterTable): RecordIndex {
    const copy = new RecordIndex(writers);
    for (const held of this.#bySlot) copy.#bySlot.push(Array.isArray(held) ? held.slice() : held);
    copy.#emptyCounts = this.#emptyCounts === null ? null : new Map(this.#emptyCounts);
    if (this.#apart !== null) copy.#apart = new Map([...this.#apart].map(([slot, apart]) => [slot, new Map(apart)]));
    return copy;
  }
}
