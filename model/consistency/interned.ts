/**
 * Names by number, numbers by name: for keys, sessions and whatever else a file names. Leaves out values, of which there may be as many
 * as operations (version-table.ts).
 */
import type { Names } from "./history.ts";
import { plain } from "./literals.ts";

/** Names by number, numbers by name. */
export class Interned implements Names {
  readonly #numbers = new Map<string | number, number>();
  readonly #names: (string | number)[] = [];

  get count(): number {
    return this.#names.length;
  }

  /** The number of a name; a new one for a new name. */
  numberOf(name: string | number): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.#names.length);
    this.#names.push(name);
    return this.#names.length - 1;
  }

  of(number: number): string {
    return String(plain(this.#names[number]!));
  }

  raw(number: number): string | number {
    return this.#names[number]!;
  }

  /** Some of the names, numbered anew in their order. */
  those(isWanted: (number: number) => boolean): Names {
    const wanted = this.#names.filter((_, number) => isWanted(number));
    return { count: wanted.length, of: (number) => String(plain(wanted[number]!)), raw: (number) => wanted[number]! };
  }
}
