// Which states of a world have been seen. Where what is used up of the bounds fits into one number, a state is known once it was seen
// with no more used up (reduce.ts); else its numbers are all part of it.

import { FingerprintTable } from "./fingerprint-table.ts";
import { StateHash } from "./vector.ts";
import type { ExploredWorld } from "./world.ts";

/** States that have been seen, by their fingerprints. */
export class Seen {
  readonly #world: ExploredWorld;
  readonly #table: FingerprintTable;
  readonly #hash = new StateHash();
  // Where that number is; null where it is a part like others.
  readonly #used: number | null;

  constructor(world: ExploredWorld) {
    this.#world = world;
    const { budget, messages } = world.layout;
    this.#used = world.reductions.budgets && messages - budget === 1 ? budget : null;
    this.#table = new FingerprintTable(this.#used !== null);
  }

  /** How many there are. */
  get size(): number {
    return this.#table.size;
  }

  /** What they take, in bytes. */
  get bytes(): number {
    return this.#table.bytes;
  }

  /** A number that is as good as drawn, of the state that was added last. */
  get chance(): number {
    return this.#hash.high;
  }

  /** Adds the state that the world has made; false when it is known. */
  add(): boolean {
    const { state, length, layout } = this.#world;
    const hash = this.#hash;
    if (this.#used === null) {
      hash.of(state, length);
      return this.#table.add(hash.low, hash.high);
    }
    hash.of(state, length, this.#used, layout.messages);
    return this.#table.add(hash.low, hash.high, state[this.#used]);
  }
}
