// Slots for writers. A writer is one (stream, origin, incarnation): the unit within which sequences are dense. A replica
// gives every writer it hears of a small dense number, its slot, and keeps all per-writer state in arrays by slot.
// A flat open-addressing hash, because this is looked up several times per record and a Map of strings would dominate.

import type { CloudletId, Incarnation, StreamId } from "../ids.ts";
import type { Dot } from "./record.ts";

const capacityFirst = 8;

function mix(stream: number, origin: number, incarnation: number): number {
  let hash = Math.imul(stream + 0x9e37, 0x85ebca6b) ^ Math.imul(origin + 0x79b9, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 15) ^ Math.imul(incarnation, 0x27d4eb2f), 0x165667b1);
  return hash ^ (hash >>> 13);
}

/** Dense numbers for writers, in the order they are first heard of. */
export class WriterTable {
  readonly streams: StreamId[] = [];
  readonly origins: CloudletId[] = [];
  readonly incarnations: Incarnation[] = [];
  // slot + 1, or 0 for empty; a power of two long, at most half full.
  #table = new Int32Array(capacityFirst);

  /** Number of writers known. */
  get size(): number {
    return this.streams.length;
  }

  /** The slot of this dot's writer, or -1 when it was never heard of. */
  find(dot: Dot): number {
    const mask = this.#table.length - 1;
    let at = mix(dot.stream, dot.origin, dot.incarnation) & mask;
    for (;;) {
      const slot = (this.#table[at] as number) - 1;
      if (slot < 0) return -1;
      if (
        this.origins[slot] === dot.origin &&
        this.streams[slot] === dot.stream &&
        this.incarnations[slot] === dot.incarnation
      ) {
        return slot;
      }
      at = (at + 1) & mask;
    }
  }

  /** The slot of this dot's writer, made when it is new. */
  slotOf(dot: Dot): number {
    const found = this.find(dot);
    if (found >= 0) return found;
    if ((this.size + 1) * 2 > this.#table.length) this.#grow();
    const slot = this.size;
    this.streams.push(dot.stream);
    this.origins.push(dot.origin);
    this.incarnations.push(dot.incarnation);
    this.#place(slot);
    return slot;
  }

  /** A copy that shares nothing mutable. */
  clone(): WriterTable {
    const copy = new WriterTable();
    copy.streams.push(...this.streams);
    copy.origins.push(...this.origins);
    copy.incarnations.push(...this.incarnations);
    copy.#table = this.#table.slice();
    return copy;
  }

  #grow(): void {
    this.#table = new Int32Array(this.#table.length * 2);
    for (let slot = 0; slot < this.size; slot += 1) this.#place(slot);
  }

  #place(slot: number): void {
    const mask = this.#table.length - 1;
    let at = mix(this.streams[slot] as number, this.origins[slot] as number, this.incarnations[slot] as number) & mask;
    while (this.#table[at] !== 0) at = (at + 1) & mask;
    this.#table[at] = slot + 1;
  }
}
