// Which versions of the byte form a replica speaks and writes. A cloudlet that is upgraded speaks the new version first and
// writes it once all who read its records can: until then they would store and pass on what they cannot show.

import { wireVersion } from "./wire.ts";
import type { Speaks } from "./wire.ts";

/** Which versions of the byte form a replica speaks with its neighbours, and which one it writes its own records in. */
export interface WireConfig extends Speaks {
  readonly writes: number;
}

/** What a replica does that was told nothing else. */
export const firstVersionAlone: WireConfig = { least: 1, most: 1, writes: 1 };

/** Does this code know all of these versions? */
export function isKnown({ least, most, writes }: WireConfig): boolean {
  return least >= 1 && writes >= 1 && least <= most && writes <= most && most <= wireVersion;
}
