// Flipped bits: what a bad link does to a message, and time to what a disk holds.

import type { Rng } from "../../model/random.ts";

/** Bits that are flipped at most. */
const FLIPS_MAX = 8;

/** A copy with one to eight bits flipped, none of them twice. */
export function damaged(bytes: Uint8Array, rng: Rng): Uint8Array {
  const copy = bytes.slice();
  const flipped = new Set<number>();
  for (let left = 1 + rng.intInclusive(FLIPS_MAX - 1); left > 0; left -= 1) {
    flipped.add(rng.intInclusive(bytes.length * 8 - 1));
  }
  for (const bit of flipped) copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7));
  return copy;
}
