// Messages as bytes, where a run asks for it: what a core sends is really encoded, links may flip bits in it, and what
// arrives is handed to the core as it is. Elsewhere messages travel as objects, which is faster and says the same as long
// as all speak one version and links damage nothing.

import type { Message } from "../../model/replication/messages.ts";
import { encode } from "../../model/replication/wire.ts";
import { assert } from "../../model/assert.ts";
import type { Bytes } from "../../model/units.ts";

export { damaged } from "../hosts/damage.ts";

/** The bytes of a message, which are as many as its size said. */
export function written(message: Message, version: number, size: Bytes): Uint8Array {
  const bytes = encode(message, version);
  assert(bytes.length === size, "a message whose size is not that of its bytes");
  return bytes;
}
