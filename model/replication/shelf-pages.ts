// Bytes of many small things in a few large pages, so that a thing costs its bytes and no object. A page whose things are mostly gone is
// cleared: whoever owns what is left there moves it, and the page is given back.
//
// A place is a page and an offset in it, as one number. Leaves out what the bytes say (shelf.ts).

import { assert } from "../assert.ts";

const pageBits = 16;
/** Bytes of a page: the longest thing that has a place. */
export const pageSize = 1 << pageBits;
const none = -1;
const pagesMax = 1 << (31 - pageBits);

/** Pages of bytes. */
export class Pages {
  // Null: the number is to be used again.
  #pages: (Uint8Array | null)[] = [];
  // Bytes in each page that are in use.
  #used: number[] = [];
  // Bytes of each page that were handed out.
  #filled: number[] = [];
  #free: number[] = [];
  // The page that is being filled.
  #open = none;
  // A page that is mostly empty.
  #sparse = none;

  /** A place for so many bytes; -1 where there is no room at all. */
  place(length: number): number {
    const place = this.open(length);
    if (place >= 0) this.fill(length);
    return place;
  }

  /** A place for so many bytes, of which some may not be needed: `fill` says how many are. -1 where there is no room at all. */
  open(most: number): number {
    assert(most <= pageSize, "nothing is longer than a page");
    if (this.#open < 0 || (this.#filled[this.#open] as number) + most > pageSize) {
      const full = this.#open;
      this.#open = -1;
      if (full >= 0) this.#judge(full);
      if (this.#free.length === 0 && this.#pages.length === pagesMax) return -1;
      this.#open = this.#free.pop() ?? this.#pages.length;
      this.#pages[this.#open] = new Uint8Array(pageSize);
      this.#used[this.#open] = 0;
      this.#filled[this.#open] = 0;
    }
    return this.#open * pageSize + (this.#filled[this.#open] as number);
  }

  /** So many bytes are in use at the place that was opened last. */
  fill(length: number): void {
    this.#filled[this.#open] = (this.#filled[this.#open] as number) + length;
    this.#used[this.#open] = (this.#used[this.#open] as number) + length;
  }

  /** The page of a place. */
  pageAt(place: number): Uint8Array {
    return this.#pages[place >>> pageBits] as Uint8Array;
  }

  /** These bytes are not in use any more. */
  release(place: number, length: number): void {
    const page = place >>> pageBits;
    this.#used[page] = (this.#used[page] as number) - length;
    if (page !== this.#open) this.#judge(page);
  }

  /** The first place of a page from which all that is left should be moved; -1 where there is none. */
  takeSparse(): number {
    const page = this.#sparse;
    this.#sparse = none;
    return page === none ? none : page * pageSize;
  }

  /** Nothing is left in the page of this place. */
  giveBack(place: number): void {
    const page = place >>> pageBits;
    this.#pages[page] = null;
    this.#used[page] = 0;
    this.#free.push(page);
  }

  // A page that is sparse is seen to before the next one can be.
  #judge(page: number): void {
    const used = this.#used[page] as number;
    if (used === 0) this.giveBack(page * pageSize);
    else if (used * 2 < (this.#filled[page] as number)) this.#sparse = page;
  }

  /** The place behind all of a page that begins with this one. */
  endOf(place: number): number {
    return place + (this.#filled[place >>> pageBits] as number);
  }

  /** Bytes that are in use, and those of all pages. */
  get size(): readonly [used: number, held: number] {
    const held = this.#pages.filter((page) => page !== null).length * pageSize;
    return [this.#used.reduce((sum, used) => sum + used, 0), held];
  }

  /** A copy that shares nothing mutable. */
  clone(): Pages {
    const copy = new Pages();
    copy.#pages = this.#pages.map((page) => page?.slice() ?? null);
    copy.#used = this.#used.slice();
    copy.#filled = this.#filled.slice();
    copy.#free = this.#free.slice();
    copy.#open = this.#open;
    copy.#sparse = this.#sparse;
    return copy;
  }
}

/** Where in its page a place is. */
export function offsetOf(place: number): number {
  return place & (pageSize - 1);
}
