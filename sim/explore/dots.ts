// Dots of an explored world, each with a number from 1, so that sets of versions are lists of numbers.

import { dotName, type Dot } from "../../model/replication/record.ts";
import { Contents } from "./content.ts";

/** All dots that were ever named. */
export class Dots {
  /** By number; that of 0, no dot, is drawn like any. */
  readonly contents = new Contents();
  readonly #numbers = new Map<string, number>();
  readonly #dots: Dot[] = [];

  constructor() {
    this.contents.push("");
  }

  /** The number of this dot. */
  numberOf(dot: Dot): number {
    const name = dotName(dot);
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#dots.push(dot);
    this.contents.push(name);
    this.#numbers.set(name, this.#dots.length);
    return this.#dots.length;
  }

  /** The dot of this number. */
  at(number: number): Dot {
    return this.#dots[number - 1] as Dot;
  }
}
