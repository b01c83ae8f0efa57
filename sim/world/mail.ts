// Messages as bytes, where a run asks for it: what a core sends is really encoded, links may flip bits in it, and what
// arrives is handed to the core as it is. Elsewhere messages travel as objects, which is faster and says the same as long
// as all speak one version and links damage nothing.

import type { Rng } from "../../model/random.ts";
import type { Input } from "../../model/replication/io.ts";
import type { Message } from "../../model/replication/messages.ts";
import { encode } from "../../model/replication/wire.ts";
import { assert } from "../../model/assert.ts";
import type { Bytes } from "../../model/units.ts";
import { damaged } from "../hosts/damage.ts";
import type { Flight } from "./flight.ts";

// Messages are written one behind the other into pieces of this size: memory of its own for each would take longer than writing it.
const PIECE = 65_536;
let piece = new Uint8Array(0);
let used = 0;

/** The bytes of a message, which are as many as its size said. */
export function written(message: Message, version: number, size: Bytes): Uint8Array {
  if (used + size > piece.length) {
    piece = new Uint8Array(Math.max(PIECE, size));
    used = 0;
  }
  const bytes = encode(message, version, piece.subarray(used, used + size));
  used += size;
  assert(bytes.length === size, "a message whose size is not that of its bytes");
  return bytes;
}

/**
 * Bytes handed to a core, and beside them, for observers alone, the message that a reader of all versions finds in them; null where
 * only reading tells.
 */
export type Letter = Extract<Input, { readonly kind: "receiveBytes" }> & { readonly says: Message | null };

/** The letter of a flight. What was sent is what its bytes say, unless a link has changed them or its sender could not read all. */
export function letterOf({ from, message, isDamaged }: Flight, bytes: Uint8Array): Letter {
  return { kind: "receiveBytes", from, bytes, says: isDamaged || isSealedIn(message) ? null : message };
}

function isSealedIn(message: Message): boolean {
  if (message.kind !== "records" && message.kind !== "snapshot") return false;
  const records = message.kind === "records" ? message.records : message.versions;
  for (const { kind } of records) if (kind === "sealed") return true;
  return false;
}

/** Flips bits in messages; which ones is drawn. */
export class Damage {
  readonly #fork: () => Rng;
  #rng: Rng | null = null;

  /** @param fork makes the stream that it draws from, once there is anything to draw */
  constructor(fork: () => Rng) {
    this.#fork = fork;
  }

  /** The same flight with flipped bits. */
  of(flight: Flight): Flight {
    assert(flight.bytes !== null, "only what travels as bytes can be damaged");
    this.#rng ??= this.#fork();
    const { number, from, to, message, size, sentAt, route } = flight;
    // Written out, in the order of every other flight: all have one shape.
    return { number, from, to, message, size, bytes: damaged(flight.bytes, this.#rng), isDamaged: true, sentAt, route };
  }
}
