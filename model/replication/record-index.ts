// Records held here, by dot. What is held of a writer is nearly always a run without gaps, of which the oldest go first, and
// a few old ones that outlive their neighbours. The run is an array in which a record lies at its distance from the first;
// what outlives it is kept apart, by sequence. Adding, finding and removing cost the same however many there are.
//
// Most writers are heard of once or twice, so a slot holds its only record itself and gets a run when a second one comes.
// Holds what still waits, what the log retains, and live versions; which of these a record is, and when it is to go,
// holdings.ts knows.

import type { CausalRecord, Dot } from "./record.ts";
import type { WriterTable } from "./writers.ts";

/** From the first sequence of the run on; null where nothing is held. */
type Run = (CausalRecord | null)[];

/** Places of a run that may be empty before it is worth moving anything. */
const slack = 16;
/** The column of the writer's row with the first sequence of its run: the row is looked at anyway. */
const firstOfRun = 2;

/** Dot to record. Shares the replica's writer table. */
export class RecordIndex {
  readonly #writers: WriterTable;
  readonly #bySlot: (CausalRecord | Run | null)[] = [];
  // By slot: places of its run that are empty. Null while there are none anywhere, as in most replicas.
  #emptyCounts: Map<number, number> | null = null;
  // By slot, then by sequence: what lies outside the run. A slot that is named here has a run, be it an empty one.
  #apart: Map<number, Map<number, CausalRecord>> | null = null;

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
    if (place >= 0 && place < held.length) return held[place] as CausalRecord | null;
    return this.#apart === null ? null : (this.#apart.get(slot)?.get(sequence) ?? null);
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
      this.#apart?.get(slot)?.delete(sequence);
      return;
    }
    if (held[place] === null) return;
    held[place] = null;
    let emptyCount = this.#countEmpty(slot, 1);
    // When half of a run is empty its older half goes, which the removals since the last time have paid for.
    for (let run = held; run.length > slack && emptyCount * 2 > run.length;) {
      run = this.#cut(run, slot, (run.length + 1) >> 1);
      emptyCount = this.#countEmpty(slot, 0);
    }
  }

  #addTo(run: Run, slot: number, record: CausalRecord): void {
    const place = record.dot.sequence - this.#writers.mark(slot, firstOfRun);
    const end = run.length;
    if (place === end) {
      run.push(record);
    } else if (place < 0) {
      this.#keepApart(slot, record);
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
      const record = run[at] as CausalRecord | null;
      if (record === null) this.#countEmpty(slot, -1);
      else this.#keepApart(slot, record);
    }
    const rest = run.slice(count);
    this.#bySlot[slot] = rest;
    this.#writers.setMark(slot, firstOfRun, this.#writers.mark(slot, firstOfRun) + count);
    return rest;
  }

  #keepApart(slot: number, record: CausalRecord): void {
    this.#apart ??= new Map();
    const apart = this.#apart.get(slot);
    if (apart === undefined) this.#apart.set(slot, new Map([[record.dot.sequence, record]]));
    else apart.set(record.dot.sequence, record);
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
