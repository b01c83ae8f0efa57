// What is known of each writer: sets of sequence numbers that are dense but for a few gaps, so each is a number (all up
// to here) and, rarely, a short list of ranges beyond it (interval sets, as in version vectors with exceptions).
// The number lies beside the writer (writers.ts), the ranges here.

import { assert } from "../assert.ts";
import type { Covered, Range } from "./messages.ts";
import type { MarkColumn, WriterTable } from "./writers.ts";

/** One set of sequence numbers (1 to 2^31 - 1) per slot. The column's marks belong to these sets alone. */
export class SequenceSets {
  // The mark of a slot: everything from 1 up to it is in the set.
  readonly #writers: WriterTable;
  readonly #column: MarkColumn;
  // Flat [first, last, first, last, ...] ascending, disjoint, not adjacent, all beyond upTo + 1. Only where needed: null at first.
  #beyond: Map<number, number[]> | null = null;

  constructor(writers: WriterTable, column: MarkColumn) {
    this.#writers = writers;
    this.#column = column;
  }

  /** Is this sequence number in the slot's set? */
  has(slot: number, sequence: number): boolean {
    if (sequence <= this.#writers.mark(slot, this.#column)) return true;
    const beyond = this.#beyond === null ? undefined : this.#beyond.get(slot);
    if (beyond === undefined) return false;
    for (let index = 0; index < beyond.length; index += 2) {
      if (sequence < (beyond[index] as number)) return false;
      if (sequence <= (beyond[index + 1] as number)) return true;
    }
    return false;
  }

  /** Adds it; false when it was there already. */
  add(slot: number, sequence: number): boolean {
    assert(sequence >= 1 && sequence <= 0x7fff_ffff, "sequences count from 1 and stay below 2^31");
    const upTo = this.#writers.mark(slot, this.#column);
    if (sequence <= upTo) return false;
    const beyond = this.#beyond === null ? undefined : this.#beyond.get(slot);
    if (sequence === upTo + 1) {
      if (beyond !== undefined && beyond[0] === sequence + 1) {
        this.#writers.setMark(slot, this.#column, beyond[1] as number);
        beyond.splice(0, 2);
        if (beyond.length === 0) this.#beyond?.delete(slot);
      } else {
        this.#writers.setMark(slot, this.#column, sequence);
      }
      return true;
    }
    if (beyond === undefined) {
      this.#beyond ??= new Map();
      this.#beyond.set(slot, [sequence, sequence]);
      return true;
    }
    return insert(beyond, sequence);
  }

  /** Adds a whole range; returns the parts of it that are new, ascending. */
  addRange(slot: number, { first, last }: Range): Range[] {
    const added: Range[] = [];
    const upTo = this.#writers.mark(slot, this.#column);
    // Whole at once where it continues the set and nothing lies beyond: the common case for long ranges.
    if (first <= upTo + 1 && this.#beyond?.has(slot) !== true) {
      if (last <= upTo) return added;
      this.#writers.setMark(slot, this.#column, last);
      return [{ first: upTo + 1, last }];
    }
    for (let sequence = Math.max(first, upTo + 1); sequence <= last; sequence += 1) {
      if (!this.add(slot, sequence)) continue;
      const end = added.at(-1);
      if (end?.last === sequence - 1) added[added.length - 1] = { first: end.first, last: sequence };
      else added.push({ first: sequence, last: sequence });
    }
    return added;
  }

  /** Is all of this range in the slot's set? */
  hasRange(slot: number, { first, last }: Range): boolean {
    const upTo = this.#writers.mark(slot, this.#column);
    for (let sequence = Math.max(first, upTo + 1); sequence <= last; sequence += 1) {
      if (!this.has(slot, sequence)) return false;
    }
    return true;
  }

  /** The largest number of these ascending ranges that is not in the slot's set, 0 when all are. */
  lastMissing(slot: number, ranges: readonly Range[]): number {
    const upTo = this.#writers.mark(slot, this.#column);
    for (let at = ranges.length - 1; at >= 0; at -= 1) {
      const { first, last } = ranges[at] as Range;
      for (let sequence = last; sequence >= first && sequence > upTo; sequence -= 1) {
        if (!this.has(slot, sequence)) return sequence;
      }
    }
    return 0;
  }

  /** The slot's set as disjoint ascending ranges. */
  ranges(slot: number): Range[] {
    const upTo = this.#writers.mark(slot, this.#column);
    const flat = this.#beyond?.get(slot);
    if (flat === undefined) return upTo > 0 ? [{ first: 1, last: upTo }] : [];
    const beyond = rangesOf(flat);
    return upTo > 0 ? [{ first: 1, last: upTo }, ...beyond] : beyond;
  }

  /** What is in the sets of these writers. */
  covered(slots: readonly number[]): Covered[] {
    const found: Covered[] = [];
    const writers = this.#writers;
    for (const slot of slots) {
      const ranges = this.ranges(slot);
      if (ranges.length === 0) continue;
      const [stream, origin] = [writers.streamOf(slot), writers.originOf(slot)];
      found.push({ stream, origin, incarnation: writers.incarnationOf(slot), ranges });
    }
    return found;
  }

  /** A copy over a copy of the writer table. */
  clone(writers: WriterTable): SequenceSets {
    const copy = new SequenceSets(writers, this.#column);
    if (this.#beyond !== null) copy.#beyond = new Map([...this.#beyond].map(([slot, list]) => [slot, list.slice()]));
    return copy;
  }
}

/** Flat [first, last, first, last, ...] as ranges. */
export function rangesOf(flat: readonly number[]): Range[] {
  const result: Range[] = [];
  for (let index = 0; index < flat.length; index += 2) {
    result.push({ first: flat[index] as number, last: flat[index + 1] as number });
  }
  return result;
}

/** Inserts a number into flat ascending ranges, joining neighbours. False when it was there. */
export function insert(flat: number[], sequence: number): boolean {
  let index = 0;
  while (index < flat.length && (flat[index + 1] as number) < sequence - 1) index += 2;
  if (index === flat.length) {
    flat.push(sequence, sequence);
    return true;
  }
  const first = flat[index] as number;
  const last = flat[index + 1] as number;
  if (sequence >= first && sequence <= last) return false;
  if (sequence === last + 1) {
    if (index + 2 < flat.length && flat[index + 2] === sequence + 1) flat.splice(index + 1, 2);
    else flat[index + 1] = sequence;
  } else if (sequence === first - 1) {
    flat[index] = sequence;
  } else {
    flat.splice(index, 0, sequence, sequence);
  }
  return true;
}
