// Seeded random streams: the model's Rng over seedrandom's Tyche-i generator (Neves and Araujo, "Fast and small nonlinear
// pseudorandom number generators for computer simulation", PPAM 2011). One root per run, every other stream forked from
// it by name, so that a new draw in the network cannot shift what the clients do.
//
// Tyche-i, because of seedrandom's generators it is the fastest whose streams stay independent when their seeds differ in
// one character, as names do. Leaves out on purpose: distributions (distributions.ts) and seeding from the surroundings.

import seedrandom from "seedrandom";
import { assert } from "../../model/assert.ts";
import type { Rng } from "../../model/random.ts";

const UINT32_COUNT = 2 ** 32;
const PARTS_PER_MILLION = 1_000_000;

type Generator = seedrandom.StatefulPRNG<seedrandom.State.Tychei>;

/**
 * All random streams of one run.
 *
 * 1. The stream `path` is a function of (seed, path) alone: who else draws, and in which order, does not matter.
 * 2. No two streams share a path: forking the same label twice from one stream throws, since two users of equal
 *    numbers would be correlated without anybody noticing.
 * 3. A stream costs a generator (about 0.5 kB) from its first draw on, and only a name before.
 */
export class RngRoot {
  /** The root stream, whose forks are all others. */
  readonly stream: Rng;
  /** The seed as given. */
  readonly seed: string;
  readonly #streams = new Map<string, TycheiRng>();
  readonly #name = (path: string): Rng => {
    assert(!this.#streams.has(path), "a random stream forked twice under one name");
    const stream = new TycheiRng(path, this.#name);
    this.#streams.set(path, stream);
    return stream;
  };

  /** @throws RangeError on an empty seed: every run names its own */
  constructor(seed: string) {
    if (seed.length === 0) throw new RangeError("a run needs a seed, and got none");
    this.seed = seed;
    this.stream = this.#name(seed);
  }

  /** How many streams exist by name, drawn from or not. */
  get streamCount(): number {
    return this.#streams.size;
  }

  /**
   * Hands out the end state of every stream that was drawn from, one line of text each, in the order of their paths:
   * what the digest of a run closes with.
   */
  forEachState(visit: (line: string) => void): void {
    const paths = [...this.#streams.keys()].sort();
    for (const path of paths) {
      const state = (this.#streams.get(path) as TycheiRng).state();
      if (state !== null) visit(`${path} ${state.a} ${state.b} ${state.c} ${state.d}\n`);
    }
  }
}

class TycheiRng implements Rng {
  readonly #path: string;
  readonly #name: (path: string) => Rng;
  #generator: Generator | null = null;

  constructor(path: string, name: (path: string) => Rng) {
    this.#path = path;
    this.#name = name;
  }

  intInclusive(max: number): number {
    if (!(max >= 0 && max < UINT32_COUNT && Math.floor(max) === max)) throw new RangeError(`not a bound: ${max}`);
    const count = max + 1;
    // Draws beyond the last whole multiple of `count` are drawn again, or small results would be likelier.
    const limit = UINT32_COUNT - (UINT32_COUNT % count);
    for (;;) {
      const drawn = this.#uint32();
      if (drawn < limit) return drawn % count;
    }
  }

  chance(partsPerMillion: number): boolean {
    if (!(partsPerMillion >= 0 && partsPerMillion <= PARTS_PER_MILLION)) {
      throw new RangeError(`not a probability in parts per million: ${partsPerMillion}`);
    }
    // Both sides are below 2^53: exact.
    return this.#uint32() * PARTS_PER_MILLION < partsPerMillion * UINT32_COUNT;
  }

  double(): number {
    return (this.#generator ?? this.#seeded()).double();
  }

  fork(label: string): Rng {
    return this.#name(`${this.#path}/${label}`);
  }

  /** The generator's whole state; null while nothing was drawn. */
  state(): seedrandom.State.Tychei | null {
    return this.#generator === null ? null : this.#generator.state();
  }

  #uint32(): number {
    return (this.#generator ?? this.#seeded()).int32() >>> 0;
  }

  #seeded(): Generator {
    this.#generator = seedrandom.tychei(this.#path, { state: true });
    return this.#generator;
  }
}
