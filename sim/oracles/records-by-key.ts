// Records by key, in the order in which they were added, and few of each: all in a handful of arrays, since there are as many keys
// as a run has ever written and an object for each would be most of what a long run keeps.

import type { Renumbering } from "./renumbering.ts";
import { IntColumn } from "./tables.ts";

const NONE = -1;

/**
 * A list of record numbers for every key. Go through one with
 * `for (let place = first(key); place >= 0; place = next(place)) at(place)`.
 */
export class RecordsByKey {
  // By key: the places of its first and its last record.
  readonly #firsts = new IntColumn();
  readonly #lasts = new IntColumn();
  // By place: a record, and the place of the next one of its key or, when the place is free, the next free place.
  readonly #records = new IntColumn();
  readonly #nexts = new IntColumn();
  #free = NONE;

  /** The place of a key's first record, -1 when it has none. */
  first(key: number): number {
    return key < this.#firsts.length ? (this.#firsts.data[key] as number) : NONE;
  }

  /** The place after this one, -1 after the last. */
  next(place: number): number {
    return this.#nexts.data[place] as number;
  }

  /** The record at a place. */
  at(place: number): number {
    return this.#records.data[place] as number;
  }

  /** Adds a record at the end of a key's list. */
  add(key: number, record: number): void {
    while (this.#firsts.length <= key) {
      this.#firsts.push(NONE);
      this.#lasts.push(NONE);
    }
    const place = this.#take(record);
    const last = this.#lasts.data[key] as number;
    if (last < 0) this.#firsts.data[key] = place;
    else this.#nexts.data[last] = place;
    this.#lasts.data[key] = place;
  }

  /** Takes those of a key away that are not to be kept. */
  keep(key: number, isKept: (record: number) => boolean): void {
    let before = NONE;
    for (let place = this.first(key), next = NONE; place >= 0; place = next) {
      next = this.next(place);
      if (isKept(this.at(place))) {
        before = place;
        continue;
      }
      if (before < 0) this.#firsts.data[key] = next;
      else this.#nexts.data[before] = next;
      if (next < 0) this.#lasts.data[key] = before;
      this.#nexts.data[place] = this.#free;
      this.#free = place;
    }
  }

  /** Records are given up, and the others take new numbers. */
  renumber(to: Renumbering): void {
    for (let key = 0; key < this.#firsts.length; key += 1) {
      this.keep(key, (record) => to.of(record) >= 0);
      for (let place = this.first(key); place >= 0; place = this.next(place)) {
        this.#records.data[place] = to.of(this.at(place));
      }
    }
  }

  #take(record: number): number {
    const place = this.#free;
    if (place < 0) {
      this.#records.push(record);
      this.#nexts.push(NONE);
      return this.#records.length - 1;
    }
    this.#free = this.next(place);
    this.#records.data[place] = record;
    this.#nexts.data[place] = NONE;
    return place;
  }
}
