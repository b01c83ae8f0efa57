// Flat growing tables of whole numbers: columns, lists of lists, hash tables. What the oracles keep per
// record and per cloudlet lives in these, so that a delivered record allocates nothing. What is kept by record number takes
// new numbers when records are given up (`renumber`). Leaves out any other deleting; rows of bits are in bit-rows.ts.

import type { Renumbering } from "./renumbering.ts";

/** How many records nearly every run has: columns by record begin with room for them. */
export const RECORDS = 256;

const NONE = -1;
/** The entries of a map that was never set: one, absent. */
const EMPTY = new Int32Array(4).fill(NONE);

// Adding is written once per kind of column, since it happens with every record and is quick where it meets one kind of array.

function moveTo(data: Int32Array | Float64Array, length: number, to: Renumbering): void {
  for (let record = 0; record < length; record += 1) {
    const number = to.of(record);
    if (number >= 0) data[number] = data[record] as number;
  }
}

function trimmed<Data extends Int32Array | Float64Array>(data: Data, length: number): Data {
  return length * 4 < data.length ? (data.slice(0, Math.max(64, length * 2)) as Data) : data;
}

// What few come to is kept where all small objects are: memory of its own costs more than what it holds.
const FEW = 16;

/** A growing list of 32-bit integers; read it through `data`, of which only the first `length` count. */
export class IntColumn {
  data: Int32Array;
  length = 0;

  /** @param capacity how many come nearly always; above 16 that is memory of its own from the first on */
  constructor(capacity = FEW) {
    this.data = new Int32Array(capacity);
  }

  /** Adds one value at the end. */
  push(value: number): void {
    if (this.length === this.data.length) {
      const grown = new Int32Array(this.length * (this.length <= FEW ? 4 : 2));
      grown.set(this.data);
      this.data = grown;
    }
    this.data[this.length] = value;
    this.length += 1;
  }

  /** A column by record number: values of records that are given up go. */
  renumber(to: Renumbering): void {
    moveTo(this.data, this.length, to);
    this.length = to.count;
    this.trim();
  }

  /** Gives back memory that is far more than its length needs. */
  trim(): void {
    this.data = trimmed(this.data, this.length);
  }
}

/** A growing list of doubles: instants, which do not fit into 32 bits. */
export class NumberColumn {
  data: Float64Array = new Float64Array(RECORDS);
  length = 0;

  /** Adds one value at the end. */
  push(value: number): void {
    if (this.length === this.data.length) {
      const grown = new Float64Array(this.length * 2);
      grown.set(this.data);
      this.data = grown;
    }
    this.data[this.length] = value;
    this.length += 1;
  }

  /** A column by record number: values of records that are given up go. */
  renumber(to: Renumbering): void {
    moveTo(this.data, this.length, to);
    this.length = to.count;
    this.trim();
  }

  /** Gives back memory that is far more than its length needs. */
  trim(): void {
    this.data = trimmed(this.data, this.length);
  }
}

/** One list of integers per record, added in the order of record numbers and never changed: all in one array. */
export class IntLists {
  // Where each record's items begin, and after the last where they end.
  readonly #starts = new IntColumn(RECORDS);
  readonly #items = new IntColumn(RECORDS);

  constructor() {
    this.#starts.push(0);
  }

  /** Adds the list of the next record. */
  add(list: readonly number[]): void {
    for (let at = 0; at < list.length; at += 1) this.#items.push(list[at] as number);
    this.#starts.push(this.#items.length);
  }

  /** All items of all lists; a record's are those from `begin` to before `end`. Only valid until the next `add`. */
  get items(): Int32Array {
    return this.#items.data;
  }

  /** Where a record's items begin. */
  begin(record: number): number {
    return this.#starts.data[record] as number;
  }

  /** Where a record's items end. */
  end(record: number): number {
    return this.#starts.data[record + 1] as number;
  }

  /** Is this among a record's items? */
  includes(record: number, item: number): boolean {
    const items = this.#items.data;
    const end = this.end(record);
    for (let at = this.begin(record); at < end; at += 1) if (items[at] === item) return true;
    return false;
  }

  /** A record's items as a list of its own. */
  of(record: number): number[] {
    return Array.from(this.#items.data.subarray(this.begin(record), this.end(record)));
  }

  /** Lists of records, by record: what is given up goes, as a list and from lists. */
  renumber(to: Renumbering): void {
    const starts = this.#starts.data;
    const items = this.#items.data;
    let end = 0;
    let begin = 0;
    for (let record = 0; record < to.formerCount; record += 1) {
      const place = to.of(record);
      // Where the next list begins: its entry may be written over.
      const next = starts[record + 1] as number;
      for (let at = begin; at < next && place >= 0; at += 1) {
        const item = to.of(items[at] as number);
        if (item < 0) continue;
        items[end] = item;
        end += 1;
      }
      if (place >= 0) starts[place + 1] = end;
      begin = next;
    }
    this.#starts.length = to.count + 1;
    this.#items.length = end;
    this.#starts.trim();
    this.#items.trim();
  }
}

/** From a whole number >= 0 to an integer; -1 stands for absent. Costs nothing while it is empty. */
export class IntMap {
  // Key and value side by side.
  #entries: Int32Array = EMPTY;
  #mask = 0;
  #count = 0;

  /** How many keys have a value. */
  get size(): number {
    return this.#count;
  }

  /** The value of a key, -1 when there is none. */
  get(key: number): number {
    const entries = this.#entries;
    const mask = this.#mask;
    let slot = mixed(key) & mask;
    for (;;) {
      const found = entries[slot * 2];
      if (found === key) return entries[slot * 2 + 1] as number;
      if (found === NONE) return NONE;
      slot = (slot + 1) & mask;
    }
  }

  /** Sets the value of a key. */
  set(key: number, value: number): void {
    if ((this.#count + 1) * 3 > (this.#mask + 1) * 2) this.#grow();
    const entries = this.#entries;
    const mask = this.#mask;
    let slot = mixed(key) & mask;
    while (entries[slot * 2] !== key) {
      if (entries[slot * 2] === NONE) {
        entries[slot * 2] = key;
        this.#count += 1;
        break;
      }
      slot = (slot + 1) & mask;
    }
    entries[slot * 2 + 1] = value;
  }

  /** Hands over all keys with their values, in no order that means anything. */
  forEach(visit: (key: number, value: number) => void): void {
    const entries = this.#entries;
    for (let at = 0; at < entries.length; at += 2) {
      if (entries[at] !== NONE) visit(entries[at] as number, entries[at + 1] as number);
    }
  }

  #grow(): void {
    const old = this.#entries;
    const size = this.#mask < 7 ? 8 : (this.#mask + 1) * 2;
    const entries = new Int32Array(size * 2).fill(NONE);
    for (let at = 0; at < old.length; at += 2) {
      const key = old[at] as number;
      if (key === NONE) continue;
      let slot = mixed(key) & (size - 1);
      while (entries[slot * 2] !== NONE) slot = (slot + 1) & (size - 1);
      entries[slot * 2] = key;
      entries[slot * 2 + 1] = old[at + 1] as number;
    }
    this.#entries = entries;
    this.#mask = size - 1;
  }
}

// There are some dozen of these maps, and most come to more than a few pairs.
const PAIRS_FIRST = 64;

/** From a pair of whole numbers >= 0 to an integer; -1 stands for absent. */
export class PairMap {
  // First, second, value and nothing, side by side: an entry never straddles two cache lines.
  #entries: Int32Array = EMPTY;
  #mask = 0;
  #count = 0;

  /** How many pairs have a value. */
  get size(): number {
    return this.#count;
  }

  /** The value of a pair, -1 when there is none. */
  get(first: number, second: number): number {
    const entries = this.#entries;
    const mask = this.#mask;
    let slot = mixedPair(first, second) & mask;
    for (;;) {
      const found = entries[slot * 4];
      if (found === first && entries[slot * 4 + 1] === second) return entries[slot * 4 + 2] as number;
      if (found === NONE) return NONE;
      slot = (slot + 1) & mask;
    }
  }

  /** Sets the value of a pair. */
  set(first: number, second: number, value: number): void {
    if ((this.#count + 1) * 3 > (this.#mask + 1) * 2) this.#grow();
    const entries = this.#entries;
    const mask = this.#mask;
    let slot = mixedPair(first, second) & mask;
    while (entries[slot * 4] !== first || entries[slot * 4 + 1] !== second) {
      if (entries[slot * 4] === NONE) {
        entries[slot * 4] = first;
        entries[slot * 4 + 1] = second;
        this.#count += 1;
        break;
      }
      slot = (slot + 1) & mask;
    }
    entries[slot * 4 + 2] = value;
  }

  /** Hands over all pairs with their values, in no order that means anything. */
  forEach(visit: (first: number, second: number, value: number) => void): void {
    const entries = this.#entries;
    for (let at = 0; at < entries.length; at += 4) {
      const first = entries[at] as number;
      if (first !== NONE) visit(first, entries[at + 1] as number, entries[at + 2] as number);
    }
  }

  #grow(): void {
    const old = this.#entries;
    const size = Math.max(PAIRS_FIRST, (this.#mask + 1) * 2);
    const entries = new Int32Array(size * 4).fill(NONE);
    for (let at = 0; at < old.length; at += 4) {
      const first = old[at] as number;
      if (first === NONE) continue;
      const second = old[at + 1] as number;
      let slot = mixedPair(first, second) & (size - 1);
      while (entries[slot * 4] !== NONE) slot = (slot + 1) & (size - 1);
      entries[slot * 4] = first;
      entries[slot * 4 + 1] = second;
      entries[slot * 4 + 2] = old[at + 2] as number;
    }
    this.#entries = entries;
    this.#mask = size - 1;
  }
}

/** Spreads a whole number over 32 bits, for hash tables whose size is a power of two. */
export function mixed(value: number): number {
  const product = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  return product ^ (product >>> 13);
}

function mixedPair(first: number, second: number): number {
  return mixed(Math.imul(first, 0x9e3779b1) ^ second);
}

/** Empties a list in place. Setting its length would do the same by a slow path, which is felt where it is done at every step. */
export function empty(list: number[]): void {
  while (list.length > 0) list.pop();
}

/** Keeps some of a list, in place. */
export function retain(list: number[], keeps: (item: number) => boolean): void {
  let kept = 0;
  for (const item of list) {
    if (!keeps(item)) continue;
    list[kept] = item;
    kept += 1;
  }
  list.length = kept;
}
