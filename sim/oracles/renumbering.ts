// What becomes of record numbers when records are given up (giving-up.ts): those that are kept are numbered anew, densely and in
// their old order, so that of two still only the one with the smaller number can be in the past of the other.

/** From old numbers to new ones. */
export class Renumbering {
  /** How many records are kept. */
  readonly count: number;
  /** How many there were. */
  readonly formerCount: number;
  // By old number, and one more at the end: how many with a smaller number are kept.
  readonly #below: Int32Array;

  /** @param isKept by old number, 1 for those that are kept */
  constructor(isKept: Uint8Array) {
    this.formerCount = isKept.length;
    this.#below = new Int32Array(isKept.length + 1);
    let count = 0;
    for (let record = 0; record < isKept.length; record += 1) {
      count += isKept[record] as number;
      this.#below[record + 1] = count;
    }
    this.count = count;
  }

  /** The new number of a record, -1 when it is given up, or was no record before. */
  of(record: number): number {
    if (record < 0) return -1;
    const number = this.#below[record] as number;
    return this.#below[record + 1] === number ? -1 : number;
  }

  /** How many of the first so many records are kept: for those who remember how many there were at some time. */
  below(count: number): number {
    return this.#below[count] as number;
  }

  /** New numbers of those in a list that are kept, in its order; in place. */
  list(records: number[]): void {
    let kept = 0;
    for (const record of records) {
      const number = this.of(record);
      if (number < 0) continue;
      records[kept] = number;
      kept += 1;
    }
    records.length = kept;
  }

  /** The same for a set, in the order of its making. */
  set(records: Set<number>): void {
    const old = [...records];
    this.list(old);
    records.clear();
    for (const record of old) records.add(record);
  }
}
