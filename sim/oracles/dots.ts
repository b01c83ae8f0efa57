// The names of all records, each given a dense number in the order they were written: one flat hash table, no strings.
// Nearly always the record that is asked for is the very object that was added, since records are shared; then one
// comparison of references answers.

import type { CausalRecord, Dot } from "../../model/replication/record.ts";
import type { Renumbering } from "./renumbering.ts";
import { IntColumn, mixed, RECORDS } from "./tables.ts";

/** Integers per dot: origin, incarnation, stream, sequence, side by side. */
const FIELDS = 4;

/** From dot to number. */
export class DotNumbers {
  /** The records, by number. */
  readonly records: CausalRecord[] = [];
  readonly #fields = new IntColumn(RECORDS * FIELDS);
  #table = new Int32Array(RECORDS * 2).fill(-1);

  /** The number of the record with this dot, -1 when there is none. */
  find(dot: Dot): number {
    return this.#table[this.#slotOf(dot)] as number;
  }

  /** The number of a record, by its dot; -1 when nobody wrote it. Quick for the object that was added. */
  numberOf(record: CausalRecord): number {
    const { dot } = record;
    const number = this.#table[hash(dot) & (this.#table.length - 1)] as number;
    if (number >= 0 && this.records[number] === record) return number;
    return this.find(dot);
  }

  /** Gives the next number to a record, whose dot must be new. */
  add(record: CausalRecord): number {
    const { dot } = record;
    const number = this.records.length;
    this.records.push(record);
    this.#fields.push(dot.origin);
    this.#fields.push(dot.incarnation);
    this.#fields.push(dot.stream);
    this.#fields.push(dot.sequence);
    if (number * 2 >= this.#table.length) this.#grow();
    else this.#table[this.#slotOf(dot)] = number;
    return number;
  }

  /** Records are given up; the others take new numbers. */
  renumber(to: Renumbering): void {
    const { records } = this;
    const kept = records.filter((_record, number) => to.of(number) >= 0);
    records.length = 0;
    this.#fields.length = 0;
    let size = 128;
    while (size < kept.length * 2) size *= 2;
    this.#table = new Int32Array(size).fill(-1);
    for (const record of kept) this.add(record);
    this.#fields.trim();
  }

  #slotOf(dot: Dot): number {
    const table = this.#table;
    const mask = table.length - 1;
    const fields = this.#fields.data;
    let slot = hash(dot) & mask;
    for (;;) {
      const number = table[slot] as number;
      if (number < 0) return slot;
      const place = number * FIELDS;
      if (
        fields[place + 3] === dot.sequence &&
        fields[place] === (dot.origin as number) &&
        fields[place + 2] === (dot.stream as number) &&
        fields[place + 1] === (dot.incarnation as number)
      ) {
        return slot;
      }
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    const table = new Int32Array(this.#table.length * 2).fill(-1);
    const mask = table.length - 1;
    for (const [number, { dot }] of this.records.entries()) {
      let slot = hash(dot) & mask;
      while ((table[slot] as number) >= 0) slot = (slot + 1) & mask;
      table[slot] = number;
    }
    this.#table = table;
  }
}

function hash({ origin, incarnation, stream, sequence }: Dot): number {
  const place = Math.imul(stream, 31) ^ incarnation;
  return mixed(Math.imul(mixed(Math.imul(origin, 0x9e3779b1) ^ sequence), 0x85ebca6b) ^ place);
}
