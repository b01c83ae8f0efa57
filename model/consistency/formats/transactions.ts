/**
 * Which operations of a session belong to one transaction, where lines name their transactions by numbers or texts.
 *
 * Sessions may be told mixed; inside a session the operations of a transaction must lie side by side. A name that comes again after
 * another one is a mistake of the file, and telling it from a new name costs memory: names that rise, as nearly all files have
 * them, are known to be new without looking.
 */
import type { HistoryBuilder } from "../history-builder.ts";
import { UintColumn } from "../columns.ts";

/** Puts the builder into the transaction that a line names. */
export class Transactions {
  readonly #builder: HistoryBuilder;
  /** By session: the name and the builder's number of the transaction that its last line named. */
  readonly #lastName: (number | string)[] = [];
  readonly #lastNumber: number[] = [];
  /** By session: the highest number used as a name. */
  readonly #highest: number[] = [];
  /** Every transaction in the order of its beginning: its session and its name. */
  readonly #sessions = new UintColumn();
  readonly #names: (number | string)[] = [];
  /** By session: names that have been used; null while names only rise. */
  #used: Map<number, Set<number | string>> | null = null;

  constructor(builder: HistoryBuilder) {
    this.#builder = builder;
  }

  /** The next row of this session belongs to this transaction; false when that one has ended before. */
  enter(session: number, name: number | string): boolean {
    if (this.#lastName[session] === name) {
      this.#builder.resumeTransaction(this.#lastNumber[session]!);
      return true;
    }
    if (
      this.#used !== null ||
      typeof name !== "number" ||
      name <= (this.#highest[session] ?? Number.NEGATIVE_INFINITY)
    ) {
      if (!this.#claim(session, name)) return false;
    }
    if (typeof name === "number") this.#highest[session] = name;
    this.#lastName[session] = name;
    this.#lastNumber[session] = this.#builder.beginTransaction();
    if (this.#used === null) {
      this.#sessions.push(session);
      this.#names.push(name);
    }
    return true;
  }

  /** Notes a name that is not known to be new; false when it is not. */
  #claim(session: number, name: number | string): boolean {
    if (this.#used === null) {
      this.#used = new Map();
      for (let at = 0; at < this.#sessions.length; at += 1)
        this.#namesOf(this.#sessions.data[at]!).add(this.#names[at]!);
    }
    const names = this.#namesOf(session);
    if (names.has(name)) return false;
    names.add(name);
    return true;
  }

  #namesOf(session: number): Set<number | string> {
    let names = this.#used!.get(session);
    if (names === undefined) {
      names = new Set();
      this.#used!.set(session, names);
    }
    return names;
  }
}
