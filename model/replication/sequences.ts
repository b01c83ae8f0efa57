// What is known of each writer: sets of sequence numbers that are dense but for a few gaps, so each is a number (all up
// to here) and, rarely, a short list of ranges beyond it (interval sets, as in version vectors with exceptions).
// Indexed by slot; which writer a slot is, writers.ts knows.

import { assert } from "../assert.ts";
import type { Range } from "./messages.ts";

/** One set of sequence numbers (from 1) per slot. */
export class SequenceSets {
  // Everything from 1 up to this is in the set.
  readonly #upTo: number[] = [];
  // Flat [first, last, first, last, ...] ascending, disjoint, not adjacent, all beyond upTo + 1. Only where needed.
  readonly #beyond = new Map<number, number[]>();

  /** Is this sequence number in the slot's set? Unknown slots are empty. */
  has(slot: number, sequence: number): boolean {
    const upTo = slot < this.#upTo.length ? (this.#upTo[slot] as number) : 0;
    if (sequence <= upTo) return true;
    if (this.#beyond.size === 0) return false;
    const beyond = this.#beyond.get(slot);
    if (beyond === undefined) return false;
    for (let index = 0; index < beyond.length; index += 2) {
      if (sequence < (beyond[index] as number)) return false;
      if (sequence <= (beyond[index + 1] as number)) return true;
    }
    return false;
  }

  /** Adds it; false when it was there already. */
  add(slot: number, sequence: number): boolean {
    assert(sequence >= 1, "sequences count from 1");
    while (this.#upTo.length <= slot) this.#upTo.push(0);
    const upTo = this.#upTo[slot] as number;
    if (sequence <= upTo) return false;
    const beyond = this.#beyond.size === 0 ? undefined : this.#beyond.get(slot);
    if (sequence === upTo + 1) {
      if (beyond !== undefined && beyond[0] === sequence + 1) {
        this.#upTo[slot] = beyond[1] as number;
        beyond.splice(0, 2);
        if (beyond.length === 0) this.#beyond.delete(slot);
      } else {
        this.#upTo[slot] = sequence;
      }
      return true;
    }
    if (beyond === undefined) {
      this.#beyond.set(slot, [sequence, sequence]);
      return true;
    }
    return insert(beyond, sequence);
  }

  /** The slot's set as disjoint ascending ranges. */
  ranges(slot: number): Range[] {
    const result: Range[] = [];
    const upTo = slot < this.#upTo.length ? (this.#upTo[slot] as number) : 0;
    if (upTo > 0) result.push({ first: 1, last: upTo });
    const beyond = this.#beyond.get(slot) ?? [];
    for (let index = 0; index < beyond.length; index += 2) {
      result.push({ first: beyond[index] as number, last: beyond[index + 1] as number });
    }
    return result;
  }

  /** A copy that shares nothing mutable. */
  clone(): SequenceSets {
    const copy = new SequenceSets();
    copy.#upTo.push(...this.#upTo);
    for (const [slot, beyond] of this.#beyond) copy.#beyond.set(slot, beyond.slice());
    return copy;
  }
}

// Inserts a number into flat ascending ranges, joining neighbours. False when it was there.
function insert(flat: number[], sequence: number): boolean {
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
