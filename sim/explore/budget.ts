// What is used up of the bounds, in the last numbers of a state before its messages: how many faults of each kind there were, and
// how often each timer has fired. Counted in ones, a bit for each use: so what is used up in one state is used up in another
// one, too, exactly when its bits are among the other's.

import { assert } from "../../model/assert.ts";
import type { ExploreSetting } from "../scenario/scenario.ts";
import { exchangedTimer, type Exchange } from "./exchange.ts";
import type { Ways } from "./ways.ts";

/** Faults that are counted, in the order in which they lie there. */
export const countedFaults = ["losses", "duplicates", "crashes", "cuts"] as const;

/** One of them. */
export type CountedFault = (typeof countedFaults)[number];

/** The sign is left alone. */
const bitsMax = 31;

/** How the counts lie in their numbers. A counter is named by its place among all. */
export class BudgetLayout {
  /** How many numbers they take. */
  readonly words: number;
  readonly #word: number[] = [];
  readonly #shift: number[] = [];
  readonly #width: number[] = [];
  // By cloudlet: the counter of its first timer.
  readonly #timers: number[] = [];

  /** @param timers by cloudlet: how many timers it may have, numbered from 0 */
  constructor(timers: readonly number[], bounds: Pick<ExploreSetting, CountedFault | "firings">) {
    let [word, used] = [0, 0];
    const add = (width: number): void => {
      if (used + width > bitsMax) [word, used] = [word + 1, 0];
      this.#word.push(word);
      this.#shift.push(used);
      this.#width.push(width);
      used += width;
    };
    for (const fault of countedFaults) add(bounds[fault]);
    for (const count of timers) {
      this.#timers.push(this.#width.length);
      for (let timer = 0; timer < count; timer += 1) add(bounds.firings);
    }
    this.words = word + 1;
  }

  /** The counter of a kind of fault. */
  fault(fault: CountedFault): number {
    return countedFaults.indexOf(fault);
  }

  /** The counter of a cloudlet's timer. */
  timer(cloudlet: number, timer: number): number {
    const counter = (this.#timers[cloudlet] as number) + timer;
    assert(counter < (this.#timers[cloudlet + 1] ?? this.#width.length), "a replica has two timers per neighbour");
    return counter;
  }

  /** How often something may be used still. `from`: where the counts begin in a state. */
  left(state: Int32Array, from: number, counter: number): number {
    let bits = this.#bits(state, from, counter);
    let left = this.#width[counter] as number;
    for (; bits !== 0; bits >>>= 1) left -= 1;
    return left;
  }

  /** Uses something once; what is used up stays so. */
  use(state: Int32Array, from: number, counter: number): void {
    const bits = this.#bits(state, from, counter);
    const more = ((bits << 1) | 1) & ((1 << (this.#width[counter] as number)) - 1);
    const at = from + (this.#word[counter] as number);
    state[at] = (state[at] as number) | (more << (this.#shift[counter] as number));
  }

  /** Has any timer fired? */
  anyFired(state: Int32Array, from: number): boolean {
    for (let counter = countedFaults.length; counter < this.#width.length; counter += 1) {
      if (this.#bits(state, from, counter) !== 0) return true;
    }
    return false;
  }

  /** Which counter takes the place of which when cloudlets are exchanged. */
  placesOf(exchange: Exchange, ways: Ways): readonly number[] {
    const places = this.#width.map((_, counter) => counter);
    for (const [cloudlet, first] of this.#timers.entries()) {
      const end = this.#timers[cloudlet + 1] ?? this.#width.length;
      const to = exchange.cloudlets[cloudlet] as number;
      for (let timer = 0; first + timer < end; timer += 1) {
        places[first + timer] = this.timer(to, exchangedTimer(ways, exchange, cloudlet, timer));
      }
    }
    return places;
  }

  /** Writes the counts of a state to `made`, each as that of the counter that takes its place. */
  exchanged(state: Int32Array, from: number, places: readonly number[], made: Int32Array): void {
    made.fill(0);
    for (let counter = 0; counter < places.length; counter += 1) {
      const place = places[counter] as number;
      const word = this.#word[place] as number;
      made[word] = (made[word] as number) | (this.#bits(state, from, counter) << (this.#shift[place] as number));
    }
  }

  #bits(state: Int32Array, from: number, counter: number): number {
    const word = state[from + (this.#word[counter] as number)] as number;
    return (word >>> (this.#shift[counter] as number)) & ((1 << (this.#width[counter] as number)) - 1);
  }
}
