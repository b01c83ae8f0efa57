/**
 * What kind of object each key is, found out while lines are read: a file says it by what it does with the key.
 *
 * Who appends to it has a list; who reads several values at once, and never appends, has siblings; all else are registers. What
 * cannot go together is a mistake of the file, told with both places. Leaves out the lists' order and everything else about them.
 */
import { keyKind } from "../history.ts";
import { jsonValue } from "../literals.ts";
import type { HistoryBuilder } from "../history-builder.ts";
import { Refusal } from "./problem.ts";

/** What a line does with a key: bits. Reads of nothing say nothing. */
export const use = {
  readsOne: 1,
  /** Reads values that may be siblings or elements. */
  readsMany: 2,
  /** Reads elements: lists are all that the format has. */
  readsList: 4,
  writes: 8,
  appends: 16,
} as const;

/** Pairs that exclude each other, and in words. */
const conflicts = [
  [use.writes, use.appends, "writes the whole value of", "appends to"],
  [use.readsOne, use.appends, "reads one value of", "appends to"],
  [use.readsOne, use.readsMany, "reads one value of", "reads several values of"],
  [use.readsOne, use.readsList, "reads one value of", "reads a list from"],
  [use.writes, use.readsList, "writes the whole value of", "reads a list from"],
] as const;

/** Uses of all keys. */
export class Kinds {
  readonly #builder: HistoryBuilder;
  /** By key: all its uses so far. */
  readonly #uses: number[] = [];
  /** By key: the line that added its last new use. */
  readonly #lines: number[] = [];

  constructor(builder: HistoryBuilder) {
    this.#builder = builder;
  }

  /** Notes a use; `line` and `column` are where it is told. */
  note(key: number, bit: number, keyName: string | number, line: number, column: number): void {
    const before = this.#uses[key] ?? 0;
    if ((before & bit) !== 0) return;
    for (const [one, other, oneWords, otherWords] of conflicts) {
      const isOne = bit === one && (before & other) !== 0;
      if (!isOne && !(bit === other && (before & one) !== 0)) continue;
      throw new Refusal(
        line,
        column,
        `key ${jsonValue(keyName)} used in one way`,
        `an operation that ${isOne ? oneWords : otherWords} it, where line ${this.#lines[key]} or one before ${isOne ? otherWords : oneWords} it`,
        "give objects of different kinds different keys",
      );
    }
    const uses = before | bit;
    this.#uses[key] = uses;
    this.#lines[key] = line;
    if ((uses & (use.appends | use.readsList)) !== 0) this.#builder.setKind(key, keyKind.list);
    else if ((uses & use.readsMany) !== 0) this.#builder.setKind(key, keyKind.siblings);
  }
}
