// Rows of bits, a row per cloudlet and a bit per record: who has applied, received or promised what.
//
// When records are given up, few of those that are kept need bits any more, and they are old (giving-up.ts). So rows then begin
// anew behind them, and their bits are kept apart, by number: else a thousand rows would be as long as all records are many.

import type { Renumbering } from "./renumbering.ts";

const NO_WORDS = new Uint32Array(0);

/** One row that was taken. */
export class BitRow {
  /** Without any bit. */
  static readonly none = new BitRow(NO_WORDS, 0, undefined);

  readonly #words: Uint32Array;
  // The first bit in the words; what is before is kept apart.
  readonly #base: number;
  readonly #apart: ReadonlySet<number> | undefined;

  constructor(words: Uint32Array, base: number, apart: ReadonlySet<number> | undefined) {
    this.#words = words;
    this.#base = base;
    this.#apart = apart;
  }

  /** Is the bit set? */
  has(bit: number): boolean {
    if (bit < this.#base) return this.#apart?.has(bit) === true;
    const word = this.#words[(bit - this.#base) >>> 5];
    return word !== undefined && ((word >>> (bit & 31)) & 1) === 1;
  }

  /** Hands over all bits, ascending. */
  forEach(visit: (bit: number) => void): void {
    for (const bit of [...(this.#apart ?? [])].sort((a, b) => a - b)) visit(bit);
    for (let index = 0; index < this.#words.length; index += 1) {
      const word = this.#words[index] as number;
      for (let bit = 0; word !== 0 && bit < 32; bit += 1) {
        if (((word >>> bit) & 1) === 1) visit(this.#base + index * 32 + bit);
      }
    }
  }

  /** The same row after bits have taken new numbers, as far as they are kept and `isNeeded`. */
  renumbered(to: Renumbering, isNeeded: (bit: number) => boolean): BitRow {
    const kept = new Set<number>();
    this.forEach((bit) => {
      const number = to.of(bit);
      if (number >= 0 && isNeeded(bit)) kept.add(number);
    });
    return kept.size === 0 ? BitRow.none : new BitRow(NO_WORDS, to.count, kept);
  }
}

/** One growing row of bits per cloudlet, a bit per record. A cloudlet that holds nothing costs a reference. */
export class BitRows {
  readonly #rows: Uint32Array[];
  // The first bit in the rows, a multiple of 32; what is before is kept apart.
  #base = 0;
  #apart: (Set<number> | undefined)[] = [];

  constructor(rows: number) {
    this.#rows = new Array<Uint32Array>(rows).fill(NO_WORDS);
  }

  /** Is the bit set? */
  has(row: number, bit: number): boolean {
    const place = bit - this.#base;
    if (place < 0) return this.#apart[row]?.has(bit) === true;
    const word = (this.#rows[row] as Uint32Array)[place >>> 5];
    return word !== undefined && ((word >>> (bit & 31)) & 1) === 1;
  }

  /** Sets a bit. */
  add(row: number, bit: number): void {
    const place = bit - this.#base;
    if (place < 0) {
      (this.#apart[row] ??= new Set()).add(bit);
      return;
    }
    let words = this.#rows[row] as Uint32Array;
    const index = place >>> 5;
    if (index >= words.length) {
      const grown = new Uint32Array(Math.max(4, index + 1 + (index >>> 1)));
      grown.set(words);
      this.#rows[row] = grown;
      words = grown;
    }
    words[index] = (words[index] as number) | (1 << (bit & 31));
  }

  /** Clears a row and hands out what it was. */
  take(row: number): BitRow {
    const taken = new BitRow(this.#rows[row] as Uint32Array, this.#base, this.#apart[row]);
    this.#rows[row] = NO_WORDS;
    this.#apart[row] = undefined;
    return taken;
  }

  /**
   * Bits of the records that are kept take new numbers, where `isNeeded`; all others are cleared.
   *
   * @param isFew true when bits before the next record will be few: they are kept apart then
   */
  renumber(to: Renumbering, isFew: boolean, isNeeded: (row: number, bit: number) => boolean): void {
    const taken = this.#rows.map((_words, row) => this.take(row));
    this.#base = isFew ? to.count - (to.count % 32) : 0;
    this.#apart = [];
    for (const [row, bits] of taken.entries()) {
      bits.forEach((bit) => {
        const number = to.of(bit);
        if (number >= 0 && isNeeded(row, bit)) this.add(row, number);
      });
    }
  }
}
