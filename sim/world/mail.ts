// Messages as bytes, where a run asks for it: what a core sends is really encoded, links may flip bits in it, and what
// arrives is handed to the core as it is. Elsewhere messages travel as objects, which is faster and says the same as long
// as all speak one version and links damage nothing.

import type { Message } from "../../model/replication/messages.ts";
import { encode } from "../../model/replication/wire.ts";
import type { Rng } from "../../model/random.ts";
import { assert } from "../../model/assert.ts";
import type { Bytes } from "../../model/units.ts";

/** Bits that a damaged message has flipped at most. */
const FLIPS_MAX = 8;

/** The bytes of a message, which are as many as its size said. */
export function written(message: Message, version: number, size: Bytes): Uint8Array {
  const bytes = encode(message, version);
  assert(bytes.length === size, "a message whose size is not that of its bytes");
  return bytes;
}

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
