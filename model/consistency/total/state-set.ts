/**
 * A set of rows of numbers, all of one width: the states that a search has left for good. Exact, since a search that trusts a hash
 * alone may call a history wrong that is not.
 *
 * Leaves out removing.
 */
const FIRST_ROWS = 256;

/** Open addressing over rows that lie one after the other. */
export class StateSet {
  readonly #width: number;
  #rows: Uint32Array;
  #slots = new Int32Array(FIRST_ROWS * 4).fill(-1);
  #count = 0;

  /** @param width numbers in a row */
  constructor(width: number) {
    this.#width = width;
    this.#rows = new Uint32Array(FIRST_ROWS * width);
  }

  /** Numbers kept, over all rows. */
  get size(): number {
    return this.#count * this.#width;
  }

  has(row: Uint32Array): boolean {
    return this.#slots[this.#slotOf(row)] !== -1;
  }

  /** Adds a row; one that is there already stays. */
  add(row: Uint32Array): void {
    const slot = this.#slotOf(row);
    if (this.#slots[slot] !== -1) return;
    const at = this.#count * this.#width;
    if (at + this.#width > this.#rows.length) {
      const grown = new Uint32Array(Math.max(this.#rows.length * 2, at + this.#width));
      grown.set(this.#rows);
      this.#rows = grown;
    }
    this.#rows.set(row, at);
    this.#slots[slot] = this.#count;
    this.#count += 1;
    if (this.#count * 2 > this.#slots.length) this.#grow();
  }

  /** Where the row is, or where it would go. */
  #slotOf(row: Uint32Array): number {
    const mask = this.#slots.length - 1;
    let slot = hash(row, 0, this.#width) & mask;
    for (; this.#slots[slot] !== -1; slot = (slot + 1) & mask) {
      const from = this.#slots[slot]! * this.#width;
      let at = 0;
      while (at < this.#width && this.#rows[from + at] === row[at]) at += 1;
      if (at === this.#width) break;
    }
    return slot;
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const mask = slots.length - 1;
    for (let row = 0; row < this.#count; row += 1) {
      let slot = hash(this.#rows, row * this.#width, this.#width) & mask;
      while (slots[slot] !== -1) slot = (slot + 1) & mask;
      slots[slot] = row;
    }
    this.#slots = slots;
  }
}

function hash(numbers: Uint32Array, from: number, count: number): number {
  let mixed = 0x9e3779b9;
  for (let at = from; at < from + count; at += 1) {
    mixed = Math.imul(mixed ^ numbers[at]!, 0x85ebca6b);
    mixed ^= mixed >>> 13;
  }
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
