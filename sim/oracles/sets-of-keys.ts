// Which sets of cloudlets the records of each key reach, in the order in which they first did; and those of records that were
// given up. Everybody in such a set has applied them, so that for the comparison of stores in the end the sets say all
// (convergence.ts).

import { IntColumn } from "./tables.ts";

/** What of the truth this looks at. */
export interface SetsOfRecords {
  readonly keyOf: IntColumn;
  readonly setOf: IntColumn;
}

const NONE = -1;

/** Sets by key. */
export class SetsOfKeys {
  readonly #truth: SetsOfRecords;
  readonly #all = new SetLists();
  readonly #givenUp = new SetLists();

  constructor(truth: SetsOfRecords) {
    this.#truth = truth;
  }

  /** A record was written. */
  written(record: number): void {
    this.#add(this.#all, record);
  }

  /** This record is given up. */
  givenUp(record: number): void {
    this.#add(this.#givenUp, record);
  }

  /** The sets of all records of this key, each once. */
  of(key: number): readonly number[] {
    return this.#all.of(key);
  }

  /** The sets of those that were given up. */
  ofGivenUp(key: number): readonly number[] {
    return this.#givenUp.of(key);
  }

  #add(lists: SetLists, record: number): void {
    const { keyOf, setOf } = this.#truth;
    lists.add(keyOf.data[record] as number, setOf.data[record] as number);
  }
}

// Short lists without repetition. Nearly always a key has one set.
class SetLists {
  readonly #first = new IntColumn();
  readonly #more = new Map<number, number[]>();

  add(key: number, set: number): void {
    const first = this.#first;
    while (first.length <= key) first.push(NONE);
    if (first.data[key] === NONE) first.data[key] = set;
    if (first.data[key] === set) return;
    const more = this.#more.get(key);
    if (more === undefined) this.#more.set(key, [set]);
    else if (!more.includes(set)) more.push(set);
  }

  of(key: number): readonly number[] {
    const first = key < this.#first.length ? (this.#first.data[key] as number) : NONE;
    return first === NONE ? [] : [first, ...(this.#more.get(key) ?? [])];
  }
}
