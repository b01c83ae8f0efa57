// Which states of a world have been seen. Where what is used up of the bounds fits into one number, a state is known once it was seen
// with no more used up (reduce.ts); else its numbers are all part of it.
//
// Of two that were found by equally many steps the one with more used up may have come first. It has lapsed then, and is not visited:
// what is visited does not hang on the order in which states of one layer are found.

import { mixed } from "./content.ts";
import { FingerprintTable } from "./fingerprint-table.ts";
import type { ExploredWorld } from "./world.ts";

/** States that have been seen, by their fingerprints. */
export class Seen {
  readonly #world: ExploredWorld;
  readonly #table: FingerprintTable;
  // What has lapsed since the last layer was over: fingerprints with what is used up mixed into them.
  #lapsed: FingerprintTable | null = null;

  constructor(world: ExploredWorld) {
    this.#world = world;
    this.#table = new FingerprintTable(world.isUsedBeside, (low, high, used) => {
      this.#lapsed ??= new FingerprintTable();
      this.#lapsed.add(...withUsed(low, high, used));
    });
  }

  /** What they take, in bytes. */
  get bytes(): number {
    return this.#table.bytes;
  }

  /** A number that is as good as drawn, of the state that was added last. */
  get chance(): number {
    return this.#world.names.high;
  }

  /** Adds the state that the world has made; false when it is known. */
  add(): boolean {
    const { state, length, names } = this.#world;
    names.name(state, length);
    return this.#table.add(names.low, names.high, names.used);
  }

  /** A layer is over: tells of its states which have lapsed; null where none has. */
  endLayer(): ((state: Int32Array, length: number) => boolean) | null {
    const lapsed = this.#lapsed;
    if (lapsed === null) return null;
    this.#lapsed = null;
    const { names } = this.#world;
    return (state, length) => {
      names.name(state, length);
      return lapsed.has(...withUsed(names.low, names.high, names.used));
    };
  }
}

/** A name with what is used up mixed into it. */
export function withUsed(low: number, high: number, used: number): [number, number] {
  return [(low + mixed(used)) >>> 0, (high ^ mixed(used + 0x9e3779b1)) >>> 0];
}
