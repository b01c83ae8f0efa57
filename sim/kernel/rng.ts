// Seeded random streams: the model's Rng over the generator Tyche-i (Neves and Araujo, "Fast and small nonlinear pseudorandom
// number generators for computer simulation", PPAM 2011), seeded by text as the package seedrandom 3.0.5 seeds it, whose numbers
// these are. One root per run, every other stream forked from it by name, so that a new draw in the network cannot shift what the
// clients do.
//
// Tyche-i, because of the generators measured it is the fastest whose streams stay independent when their seeds differ in
// one character, as names do. Leaves out on purpose: distributions (distributions.ts) and seeding from the surroundings.

import { assert } from "../../model/assert.ts";
import type { Rng } from "../../model/random.ts";

const UINT32_COUNT = 2 ** 32;
const PARTS_PER_MILLION = 1_000_000;

/** What a generator begins with before its name is mixed in, and how many numbers it then leaves out. */
const C_INITIAL = 2_654_435_769 | 0;
const D_INITIAL = 1_367_130_551;
const LEFT_OUT = 20;

/**
 * All random streams of one run.
 *
 * 1. The stream `path` is a function of (seed, path) alone: who else draws, and in which order, does not matter.
 * 2. No two streams share a path: forking the same label twice from one stream throws, since two users of equal
 *    numbers would be correlated without anybody noticing.
 * 3. A stream costs its seeding from its first draw on, and only a name before.
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
      if (state !== null) visit(`${path} ${state}\n`);
    }
  }
}

class TycheiRng implements Rng {
  readonly #path: string;
  readonly #name: (path: string) => Rng;
  #isSeeded = false;
  // The generator's state: four integers of 32 bits, with their signs.
  #a = 0;
  #b = 0;
  #c = C_INITIAL;
  #d = D_INITIAL;

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
    for (;;) {
      const top = this.#next() >>> 11;
      const bottom = (this.#next() >>> 0) / UINT32_COUNT;
      const drawn = (top + bottom) / 2 ** 21;
      if (drawn !== 0) return drawn;
    }
  }

  fork(label: string): Rng {
    return this.#name(`${this.#path}/${label}`);
  }

  /** The generator's whole state, as text; null while nothing was drawn. */
  state(): string | null {
    return this.#isSeeded ? `${this.#a} ${this.#b} ${this.#c} ${this.#d}` : null;
  }

  #uint32(): number {
    return this.#next() >>> 0;
  }

  #next(): number {
    if (!this.#isSeeded) this.#seed();
    return this.#step();
  }

  // Each character goes in before a step; the numbers of these steps, and of some more, are nobody's.
  #seed(): void {
    this.#isSeeded = true;
    const path = this.#path;
    for (let at = 0; at < path.length; at += 1) {
      this.#b ^= path.charCodeAt(at);
      this.#step();
    }
    for (let more = 0; more < LEFT_OUT; more += 1) this.#step();
  }

  #step(): number {
    let b = this.#b;
    let c = this.#c;
    let d = this.#d;
    let a = this.#a;
    b = (b << 25) ^ (b >>> 7) ^ c;
    c = (c - d) | 0;
    d = (d << 24) ^ (d >>> 8) ^ a;
    a = (a - b) | 0;
    b = (b << 20) ^ (b >>> 12) ^ c;
    c = (c - d) | 0;
    d = (d << 16) ^ (c >>> 16) ^ a;
    a = (a - b) | 0;
    this.#b = b;
    this.#c = c;
    this.#d = d;
    this.#a = a;
    return a;
  }
}
