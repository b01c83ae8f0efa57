// The names of all records, each given a dense number in the order they were written: one flat hash table, no strings.

import type { Dot } from "../../model/replication/record.ts";
import { IntColumn, mixed } from "./tables.ts";

/** From dot to number. */
export class DotNumbers {
  readonly #origin = new IntColumn();
  readonly #incarnation = new IntColumn();
  readonly #stream = new IntColumn();
  readonly #sequence = new IntColumn();
  #table = new Int32Array(128).fill(-1);

  /** How many dots have a number. */
  get count(): number {
    return this.#origin.length;
  }

  /** The number of a dot, -1 when it has none. */
  find(dot: Dot): number {
    return this.#table[this.#slotOf(dot)] as number;
  }

  /** Gives the next number to a dot, which must be new. */
  add(dot: Dot): number {
    const number = this.count;
    this.#origin.push(dot.origin);
    this.#incarnation.push(dot.incarnation);
    this.#stream.push(dot.stream);
    this.#sequence.push(dot.sequence);
    if (number * 2 >= this.#table.length) this.#grow();
    else this.#table[this.#slotOf(dot)] = number;
    return number;
  }

  #slotOf(dot: Dot): number {
    const table = this.#table;
    const mask = table.length - 1;
    const { origin, incarnation, stream, sequence } = dot;
    let slot = hash(origin, incarnation, stream, sequence) & mask;
    for (;;) {
      const number = table[slot] as number;
      if (
        number < 0 ||
        (this.#sequence.data[number] === sequence &&
          this.#origin.data[number] === (origin as number) &&
          this.#stream.data[number] === (stream as number) &&
          this.#incarnation.data[number] === (incarnation as number))
      ) {
        return slot;
      }
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    const table = new Int32Array(this.#table.length * 2).fill(-1);
    const mask = table.length - 1;
    for (let number = 0; number < this.count; number += 1) {
      let slot =
        hash(
          this.#origin.data[number] as number,
          this.#incarnation.data[number] as number,
          this.#stream.data[number] as number,
          this.#sequence.data[number] as number,
        ) & mask;
      while ((table[slot] as number) >= 0) slot = (slot + 1) & mask;
      table[slot] = number;
    }
    this.#table = table;
  }
}

function hash(origin: number, incarnation: number, stream: number, sequence: number): number {
  return mixed(
    Math.imul(mixed(Math.imul(origin, 0x9e3779b1) ^ sequence), 0x85ebca6b) ^ Math.imul(stream, 31) ^ incarnation,
  );
}
