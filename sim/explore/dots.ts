// Dots of an explored world, each with a number from 1, so that sets of versions are lists of numbers.

import { dotName, type Dot } from "../../model/replication/record.ts";

/** All dots that were ever named. */
export class Dots {
  readonly #numbers = new Map<string, number>();
  readonly #dots: Dot[] = [];

  /** The number of this dot. */
  numberOf(dot: Dot): number {
    const name = dotName(dot);
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#dots.push(dot);
    this.#numbers.set(name, this.#dots.length);
    return this.#dots.length;
  }

  /** The dot of this number. */
  at(number: number): Dot {
    return this.#dots[number - 1] as Dot;
  }
}
