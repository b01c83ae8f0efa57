// Which concurrent pairs of records have stood side by side somewhere: each pair is told as new once, though it meets at
// every cloudlet. Kept with the later record, whose few partners lie together; pairs that met lately are remembered in a
// small table, since they go on meeting.

import type { Renumbering } from "./renumbering.ts";
import { mixed } from "./tables.ts";

/** Pairs that met lately: as many as that at first, and at most; powers of two. */
const LATELY_FIRST = 512;
const LATELY_MAX = 8_192;

/** The pairs that met. */
export class Meetings {
  /** How many pairs have met. */
  count = 0;
  readonly #partners: (number[] | undefined)[] = [];
  #lately = new Int32Array(LATELY_FIRST * 2).fill(-1);

  /** Two records meet. True when they had not met before. */
  add(one: number, other: number): boolean {
    const later = one > other ? one : other;
    const earlier = one > other ? other : one;
    if (this.count * 2 > this.#lately.length && this.#lately.length < LATELY_MAX * 2) {
      this.#lately = new Int32Array(this.#lately.length * 4).fill(-1);
    }
    const lately = this.#lately;
    const place = (mixed(Math.imul(later, 0x9e3779b1) ^ earlier) & (lately.length / 2 - 1)) * 2;
    if (lately[place] === later && lately[place + 1] === earlier) return false;
    lately[place] = later;
    lately[place + 1] = earlier;
    const partners = this.#partners[later];
    if (partners === undefined) {
      // No holes: the list stays a plain array.
      while (this.#partners.length < later) this.#partners.push(undefined);
      this.#partners[later] = [earlier];
    } else {
      for (let at = 0; at < partners.length; at += 1) if (partners[at] === earlier) return false;
      partners.push(earlier);
    }
    this.count += 1;
    return true;
  }

  /** Records are given up, and never meet again; the others take new numbers. */
  renumber(to: Renumbering): void {
    const partners = this.#partners;
    for (let later = 0; later < partners.length; later += 1) {
      const number = to.of(later);
      if (number < 0) continue;
      const earlier = partners[later];
      if (earlier !== undefined) to.list(earlier);
      partners[number] = earlier;
    }
    partners.length = to.below(partners.length);
    this.#lately.fill(-1);
  }
}
