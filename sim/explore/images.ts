// What numbered things become by each exchange of a world (symmetry.ts): one table per exchange, filled an orbit at a time. Leaves out what
// an exchange is.

import { assert } from "../../model/assert.ts";

const countFirst = 1 << 10;

/** What things of one kind become. */
export class Images {
  readonly #products: readonly (readonly number[])[];
  // By exchange, by thing: what it becomes, plus 1; 0 where that is not known.
  readonly #tables: Int32Array[];

  /** @param products by two exchanges: which one is the first of them after the second; the exchange 0 changes nothing */
  constructor(products: readonly (readonly number[])[]) {
    this.#products = products;
    this.#tables = products.map((_, by) => new Int32Array(by === 0 ? 0 : countFirst));
  }

  /** What a thing becomes; -1 where that is not known. */
  of(by: number, thing: number): number {
    if (by === 0) return thing;
    return ((this.#tables[by] as Int32Array)[thing] ?? 0) - 1;
  }

  /**
   * Takes in an orbit: what one thing becomes by each exchange, itself first.
   *
   * @returns false when something else is known of one of them
   */
  join(members: readonly number[]): boolean {
    const products = this.#products;
    assert(members.length === products.length, "one member per exchange");
    let fits = true;
    for (let by = 1; by < products.length; by += 1) {
      const table = this.#roomFor(by, members);
      for (let at = 0; at < members.length; at += 1) {
        const thing = members[at] as number;
        const image = (members[products[by]?.[at] as number] as number) + 1;
        const known = table[thing] as number;
        if (known === 0) table[thing] = image;
        else if (known !== image) fits = false;
      }
    }
    return fits;
  }

  #roomFor(by: number, members: readonly number[]): Int32Array {
    const table = this.#tables[by] as Int32Array;
    let length = table.length;
    for (let at = 0; at < members.length; at += 1) while ((members[at] as number) >= length) length *= 2;
    if (length === table.length) return table;
    const made = new Int32Array(length);
    made.set(table);
    this.#tables[by] = made;
    return made;
  }
}
