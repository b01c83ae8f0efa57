// Lists of rows, each row in one of them: which rows of a shelf stand in which scope, which operations that rest are for whom. A list is a
// chain over two numbers of each row, in blocks that are never moved, so that a row costs eight bytes and no object, and is taken out from
// anywhere at once.
//
// Leaves out what a row is, and in which order rows come: whoever owns them says so.

const rowBits = 10;
const rowsPerBlock = 1 << rowBits;
const width = 2;
const beforeAt = 0;
const behindAt = 1;

/** In place of a row where there is none. */
export const noRow = -1;

interface Ends {
  first: number;
  last: number;
}

/** Rows by owner; owners are small whole numbers. */
export class RowLists<Owner extends number> {
  #blocks: Int32Array[] = [];
  // By owner; null where it has none.
  readonly #lists: (Ends | null)[] = [];

  /** Those who own any, ascending. */
  owners(): readonly Owner[] {
    const owners: Owner[] = [];
    for (let owner = 0; owner < this.#lists.length; owner += 1) {
      if (this.#lists[owner] !== null) owners.push(owner as Owner);
    }
    return owners;
  }

  /** The last row of an owner; `noRow` where it has none. */
  last(owner: Owner): number {
    return this.#endsOf(owner)?.last ?? noRow;
  }

  /** The row before this one in its list; `noRow` in front of all. */
  before(row: number): number {
    return this.#get(row, beforeAt);
  }

  /** A row that is in no list is the last one of this owner from now on. */
  add(owner: Owner, row: number): void {
    this.addBehind(owner, row, this.last(owner));
  }

  /** A row that is in no list stands behind that one of this owner from now on; `noRow`: in front of all. */
  addBehind(owner: Owner, row: number, before: number): void {
    while (this.#blocks.length <= row >> rowBits) this.#blocks.push(new Int32Array(rowsPerBlock * width));
    let ends = this.#endsOf(owner);
    if (ends === null) {
      while (this.#lists.length <= owner) this.#lists.push(null);
      ends = this.#lists[owner] = { first: noRow, last: noRow };
    }
    const behind = before === noRow ? ends.first : this.#get(before, behindAt);
    this.#set(row, beforeAt, before);
    this.#set(row, behindAt, behind);
    if (before === noRow) ends.first = row;
    else this.#set(before, behindAt, row);
    if (behind === noRow) ends.last = row;
    else this.#set(behind, beforeAt, row);
  }

  /** Takes a row out of the list of its owner. */
  remove(owner: Owner, row: number): void {
    const ends = this.#lists[owner] as Ends;
    const before = this.#get(row, beforeAt);
    const behind = this.#get(row, behindAt);
    if (before === noRow) ends.first = behind;
    else this.#set(before, behindAt, behind);
    if (behind === noRow) ends.last = before;
    else this.#set(behind, beforeAt, before);
    if (ends.first === noRow) this.#lists[owner] = null;
  }

  /** The rows of an owner; the one that was handed out last may be taken out meanwhile. */
  *of(owner: Owner): Iterable<number> {
    let row = this.#endsOf(owner)?.first ?? noRow;
    while (row !== noRow) {
      const behind = this.#get(row, behindAt);
      yield row;
      row = behind;
    }
  }

  /** The rows of these owners, one owner after the other. */
  ofAll(owners: Iterable<Owner>): readonly number[] {
    const rows: number[] = [];
    for (const owner of owners) {
      for (let row = this.#endsOf(owner)?.first ?? noRow; row !== noRow; row = this.#get(row, behindAt)) rows.push(row);
    }
    return rows;
  }

  /** A copy that shares nothing mutable. */
  clone(): RowLists<Owner> {
    const copy = new RowLists<Owner>();
    copy.#blocks = this.#blocks.map((block) => block.slice());
    for (const ends of this.#lists) copy.#lists.push(ends === null ? null : { ...ends });
    return copy;
  }

  #endsOf(owner: Owner): Ends | null {
    return owner < this.#lists.length ? (this.#lists[owner] as Ends | null) : null;
  }

  #get(row: number, at: number): number {
    return (this.#blocks[row >> rowBits] as Int32Array)[(row & (rowsPerBlock - 1)) * width + at] as number;
  }

  #set(row: number, at: number, value: number): void {
    (this.#blocks[row >> rowBits] as Int32Array)[(row & (rowsPerBlock - 1)) * width + at] = value;
  }
}
