// What a state is called: 64 bits that say what its parts say (content.ts), whichever numbers those have. Messages on their way are a bag
// where links may reorder, so their contents are added up; so are the cloudlets' states, since each of those says whose it is.

import { assert } from "../../model/assert.ts";
import { cloudletsMax } from "./actions.ts";
import type { BudgetLayout } from "./budget.ts";
import { mixed } from "./content.ts";
import type { Dots } from "./dots.ts";
import { exchangedSet, type Exchange } from "./exchange.ts";
import type { Sites } from "./sites.ts";
import type { Symmetry } from "./symmetry.ts";
import type { VectorLayout } from "./vector.ts";
import type { Ways } from "./ways.ts";

/** A running hash of words at their places, in two halves that are each good to 32 bits by themselves. */
export class StateHash {
  #low = 0;
  #high = 0;

  get low(): number {
    return this.#low >>> 0;
  }

  get high(): number {
    return this.#high >>> 0;
  }

  begin(): void {
    this.#low = 0;
    this.#high = 0;
  }

  /** Takes in a word at a place, by its two halves, which are one and the same where it has no more than 32 bits. */
  add(at: number, low: number, high: number): void {
    this.#low = (this.#low + mixed(low ^ Math.imul(at + 1, 0x9e3779b1))) | 0;
    this.#high = (this.#high + mixed(Math.imul(high, 0xcc9e2d51) + Math.imul(at + 1, 0x7feb352d))) | 0;
  }

  /** Takes in a content, wherever it lies. */
  addContent(low: number, high: number): void {
    this.#low = (this.#low + low) | 0;
    this.#high = (this.#high + high) | 0;
  }
}

/** What of a world names its states. */
export interface StateNamesOf {
  readonly layout: VectorLayout;
  readonly sites: Sites;
  readonly dots: Dots;
  readonly ways: Ways;
  readonly budget: BudgetLayout;
  readonly symmetry: Symmetry;
  readonly isOrdered: boolean;
  /** What is used up is no part of the name, but told beside it (seen.ts). */
  readonly isUsedBeside: boolean;
}

/** Names states. Of states that are one another exchanged (symmetry.ts) all have the least of their names. */
export class StateNames {
  low = 0;
  high = 0;
  /** What is used up, as that name counts it; 0 where it is part of the name. */
  used = 0;
  readonly #of: StateNamesOf;
  readonly #hash = new StateHash();
  readonly #words: Int32Array;
  // By exchange: which counter of the bounds takes the place of which.
  readonly #counters: readonly (readonly number[])[];

  constructor(of: StateNamesOf) {
    this.#of = of;
    this.#words = new Int32Array(of.budget.words);
    this.#counters = of.symmetry.exchanges.map((exchange) => of.budget.placesOf(exchange, of.ways));
  }

  /** Names a state. */
  name(state: Int32Array, length: number): void {
    this.#take(0, state, length);
    const hash = this.#hash;
    [this.low, this.high, this.used] = [hash.low, hash.high, this.#usedBy(0, state)];
    const { order } = this.#of.symmetry;
    for (let by = 1; by < order; by += 1) {
      this.#take(by, state, length);
      const { low, high } = hash;
      if (low > this.low || (low === this.low && high > this.high)) continue;
      const used = this.#usedBy(by, state);
      if (low === this.low && high === this.high && used >= this.used) continue;
      [this.low, this.high, this.used] = [low, high, used];
    }
  }

  /** Is the state what every exchange makes of it? */
  isAlone(state: Int32Array, length: number): boolean {
    this.#take(0, state, length);
    const { low, high } = this.#hash;
    const { order } = this.#of.symmetry;
    for (let by = 1; by < order; by += 1) {
      this.#take(by, state, length);
      if (this.#hash.low !== low || this.#hash.high !== high) return false;
    }
    return true;
  }

  #usedBy(by: number, state: Int32Array): number {
    const { isUsedBeside, layout, budget } = this.#of;
    if (!isUsedBeside) return 0;
    if (by === 0 || state[layout.budget] === 0) return state[layout.budget] as number;
    budget.exchanged(state, layout.budget, this.#counters[by] as readonly number[], this.#words);
    return this.#words[0] as number;
  }

  // The hash of what an exchange makes of a state.
  #take(by: number, state: Int32Array, length: number): void {
    const { layout, sites, symmetry } = this.#of;
    const hash = this.#hash;
    const exchange = symmetry.exchanges[by] as Exchange;
    hash.begin();
    const { low, high } = sites.contents;
    for (let cloudlet = 0; cloudlet < layout.cloudlets; cloudlet += 1) {
      const site = symmetry.sites.of(by, state[cloudlet] as number);
      assert(site >= 0, "what a cloudlet becomes is known of each that was found");
      hash.addContent(low[site] as number, high[site] as number);
      const place = exchange.cloudlets[cloudlet] as number;
      this.#addSet(exchange, layout.applied + place, state[layout.applied + cloudlet] as number);
      this.#addSet(exchange, layout.gap + place, state[layout.gap + cloudlet] as number);
    }
    this.#addWrites(by, exchange, state);
    for (let session = 0; session < layout.sessions; session += 1) {
      const place = exchange.sessions[session] as number;
      const progress = state[layout.progress + session] as number;
      if (progress !== 0) hash.add(layout.progress + place, progress, progress);
      this.#addSet(exchange, layout.seen + place, state[layout.seen + session] as number);
    }
    this.#addSet(exchange, layout.answered, state[layout.answered] as number);
    const ways = state[layout.ways] as number;
    const closed = ways === 0 ? 0 : exchangedSet(ways, exchange.ways);
    if (closed !== 0) hash.add(layout.ways, closed, closed);
    if (!this.#of.isUsedBeside) this.#addUsed(by, state);
    this.#addMessages(by, state, length);
  }

  #addWrites(by: number, exchange: Exchange, state: Int32Array): void {
    const { layout, dots, symmetry } = this.#of;
    for (let write = 0; write < layout.writes; write += 1) {
      const dot = symmetry.dots.of(by, state[layout.dot + write] as number);
      assert(dot >= 0, "what a dot becomes is known of each that was found");
      if (dot === 0) continue;
      const place = exchange.writes[write] as number;
      this.#hash.add(layout.dot + place, dots.contents.low[dot] as number, dots.contents.high[dot] as number);
      this.#addSet(exchange, layout.past + place, state[layout.past + write] as number);
      this.#addSet(exchange, layout.replaced + place, state[layout.replaced + write] as number);
    }
  }

  #addSet(exchange: Exchange, at: number, set: number): void {
    if (set === 0) return;
    const made = exchange === this.#of.symmetry.exchanges[0] ? set : exchangedSet(set, exchange.writes);
    this.#hash.add(at, made, made);
  }

  #addUsed(by: number, state: Int32Array): void {
    const { layout, budget } = this.#of;
    const words = this.#words;
    budget.exchanged(state, layout.budget, this.#counters[by] as readonly number[], words);
    for (let at = 0; at < words.length; at += 1) {
      const word = words[at] as number;
      if (word !== 0) this.#hash.add(layout.budget + at, word, word);
    }
  }

  #addMessages(by: number, state: Int32Array, length: number): void {
    const { layout, sites, symmetry, isOrdered } = this.#of;
    const { low, high } = sites.messages.contents;
    let [direction, place] = [-1, 0];
    for (let at = layout.messages; at < length; at += 1) {
      const number = state[at] as number;
      const message = symmetry.messages.of(by, number);
      assert(message >= 0, "what a message becomes is known of each that was sent");
      if (!isOrdered) {
        this.#hash.addContent(low[message] as number, high[message] as number);
        continue;
      }
      const { from, to } = sites.messages.at(number);
      place = from * cloudletsMax + to === direction ? place + 1 : 0;
      direction = from * cloudletsMax + to;
      const salt = Math.imul(place, 0x9e3779b1);
      this.#hash.addContent(mixed((low[message] as number) ^ salt), mixed((high[message] as number) + salt));
    }
  }
}
