// Slots for writers. A writer is one (stream, origin, incarnation): the unit within which sequences are dense. A replica
// gives every writer it hears of a small dense number, its slot. Everything that is asked per record about a writer lies in
// one row of one flat array, a single cache line, because these questions are what a delivered record mostly costs.
// What the marks in a row mean, sequences.ts and record-index.ts know.

import type { CloudletId, Incarnation, StreamId } from "../ids.ts";
import type { Dot } from "./record.ts";

const slotsFirst = 8;
/** Below so many slots a table that is full gets four times as many at once: most replicas hear of some twenty writers. */
const slotsFew = 32;
// A row: stream, origin, incarnation, then one mark per column, then unused up to a power of two.
const rowWidth = 8;
const marksFrom = 3;

/** A column of marks kept beside each writer. */
export type MarkColumn = 0 | 1 | 2;

function mix(stream: number, origin: number, incarnation: number): number {
  let hash = Math.imul(stream + 0x9e37, 0x85ebca6b) ^ Math.imul(origin + 0x79b9, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 15) ^ Math.imul(incarnation, 0x27d4eb2f), 0x165667b1);
  return hash ^ (hash >>> 13);
}

/** Dense numbers for writers, in the order they are first heard of, and marks beside each. */
export class WriterTable {
  #size = 0;
  #rows = new Int32Array(slotsFirst * rowWidth);
  // slot + 1, or 0 for empty; a power of two long, at most half full.
  #table = new Int32Array(slotsFirst * 2);
  // The one that was found last: of one writer several things are asked in a row. Of an empty row no life is 0.
  #last = 0;

  /** Number of writers known. */
  get size(): number {
    return this.#size;
  }

  /** The writer's stream. */
  streamOf(slot: number): StreamId {
    return this.#rows[slot * rowWidth] as StreamId;
  }

  /** The writer's cloudlet. */
  originOf(slot: number): CloudletId {
    return this.#rows[slot * rowWidth + 1] as CloudletId;
  }

  /** The writer's life. */
  incarnationOf(slot: number): Incarnation {
    return this.#rows[slot * rowWidth + 2] as Incarnation;
  }

  /** The slots of writers of the streams that pass, ascending. */
  where(passes: (stream: StreamId) => boolean): readonly number[] {
    const found: number[] = [];
    for (let slot = 0; slot < this.#size; slot += 1) if (passes(this.streamOf(slot))) found.push(slot);
    return found;
  }

  /** The mark in this column, 0 before it was set. */
  mark(slot: number, column: MarkColumn): number {
    return this.#rows[slot * rowWidth + marksFrom + column] as number;
  }

  /** Sets the mark in this column: a whole number from 0 to 2^31 - 1. */
  setMark(slot: number, column: MarkColumn, value: number): void {
    this.#rows[slot * rowWidth + marksFrom + column] = value;
  }

  /** The slot of this dot's writer, or -1 when it was never heard of. */
  find(dot: Dot): number {
    return this.findWriter(dot.stream, dot.origin, dot.incarnation);
  }

  /** The slot of this dot's writer, made when it is new. */
  slotOf(dot: Dot): number {
    return this.slotOfWriter(dot.stream, dot.origin, dot.incarnation);
  }

  /** The slot of this writer, or -1 when it was never heard of. */
  findWriter(stream: StreamId, origin: CloudletId, incarnation: Incarnation): number {
    const rows = this.#rows;
    const last = this.#last * rowWidth;
    if (rows[last + 1] === origin && rows[last] === stream && rows[last + 2] === incarnation) return this.#last;
    const table = this.#table;
    const mask = table.length - 1;
    let at = mix(stream, origin, incarnation) & mask;
    for (;;) {
      const slot = (table[at] as number) - 1;
      if (slot < 0) return -1;
      const row = slot * rowWidth;
      if (rows[row + 1] === origin && rows[row] === stream && rows[row + 2] === incarnation) {
        this.#last = slot;
        return slot;
      }
      at = (at + 1) & mask;
    }
  }

  /** The slot of this writer, made when it is new. */
  slotOfWriter(stream: StreamId, origin: CloudletId, incarnation: Incarnation): number {
    const found = this.findWriter(stream, origin, incarnation);
    if (found >= 0) return found;
    if ((this.#size + 1) * 2 > this.#table.length) this.#grow();
    const slot = this.#size;
    this.#size += 1;
    const row = slot * rowWidth;
    this.#rows[row] = stream;
    this.#rows[row + 1] = origin;
    this.#rows[row + 2] = incarnation;
    this.#place(slot);
    return slot;
  }

  /** A copy that shares nothing mutable. */
  clone(): WriterTable {
    const copy = new WriterTable();
    copy.#size = this.#size;
    copy.#rows = this.#rows.slice();
    copy.#table = this.#table.slice();
    return copy;
  }

  #grow(): void {
    const times = this.#size < slotsFew ? 4 : 2;
    const rows = new Int32Array(this.#rows.length * times);
    rows.set(this.#rows);
    this.#rows = rows;
    this.#table = new Int32Array(this.#table.length * times);
    for (let slot = 0; slot < this.#size; slot += 1) this.#place(slot);
  }

  #place(slot: number): void {
    const mask = this.#table.length - 1;
    let at = mix(this.streamOf(slot), this.originOf(slot), this.incarnationOf(slot)) & mask;
    while (this.#table[at] !== 0) at = (at + 1) & mask;
    this.#table[at] = slot + 1;
  }
}
