/**
 * What one session has in its past, by the read at which it came into sight: one walk backwards through the causal order.
 *
 * Asked of every session in turn, so what does not depend on the session is laid out once, in causal order: there the neighbours of
 * an operation are near. Leaves out what is concluded from it.
 */
import { ABSENT, type History, INITIAL, operationKind } from "../history.ts";
import type { ReadsFrom } from "../reads-from.ts";

/** What no read of the session has in its past. */
export const NEVER = 0x7fff_ffff;

/** Instead of a place: there are several. */
const MANY = -2;

/** Finds pasts in one history. */
export class SessionPasts {
  readonly #history: History;
  readonly #reads: ReadsFrom;
  readonly #order: Uint32Array;
  readonly #replaces: boolean;
  /** By operation: its place in the order. */
  readonly placeOf: Uint32Array;
  /** By place: those of the operation before it in its session, and of the write that it read (or MANY); ABSENT for none. */
  readonly #previous: Int32Array;
  readonly #source: Int32Array;
  readonly #first: Int32Array;

  /**
   * @param order all operations in causal order
   * @param replaces whether recorded overwrites are causes, as they must have been for `order`
   */
  constructor(history: History, reads: ReadsFrom, order: Uint32Array, replaces: boolean) {
    this.#history = history;
    this.#reads = reads;
    this.#order = order;
    this.#replaces = replaces;
    const count = order.length;
    this.placeOf = new Uint32Array(count);
    for (let place = 0; place < count; place += 1) this.placeOf[order[place]!] = place;
    this.#previous = new Int32Array(count).fill(ABSENT);
    this.#source = new Int32Array(count).fill(ABSENT);
    this.#first = new Int32Array(count);
    const { sessionStart, session } = history;
    for (let place = 0; place < count; place += 1) {
      const operation = order[place]!;
      if (operation > sessionStart[session[operation]!]!) this.#previous[place] = this.placeOf[operation - 1]!;
      const sources = this.#sourcesOf(operation);
      if (sources > 0) this.#source[place] = sources > 1 ? MANY : this.#onlySourceOf(operation);
    }
  }

  /**
   * Fills `firstRead`: by operation, the number (from 0) of the first read of the session that has it in its past or is it, NEVER
   * where there is none.
   *
   * @returns the reads of the session that take part, in session order
   */
  of(session: number, firstRead: Int32Array): readonly number[] {
    const { kind, sessionStart } = this.#history;
    const first = this.#first.fill(NEVER);
    const previous = this.#previous;
    const source = this.#source;
    const reads: number[] = [];
    for (let operation = sessionStart[session]!; operation < sessionStart[session + 1]!; operation += 1) {
      if (kind[operation] !== operationKind.read || this.#reads.counts[operation] === 0) continue;
      first[this.placeOf[operation]!] = reads.length;
      reads.push(operation);
    }
    const last = reads.at(-1);
    for (let place = last === undefined ? -1 : this.placeOf[last]!; place >= 0; place -= 1) {
      const read = first[place]!;
      if (read === NEVER) continue;
      const before = previous[place]!;
      if (before !== ABSENT && first[before]! > read) first[before] = read;
      const from = source[place]!;
      if (from >= 0) {
        if (first[from]! > read) first[from] = read;
      } else if (from === MANY) this.#spread(this.#order[place]!, read);
    }
    const order = this.#order;
    for (let place = 0; place < order.length; place += 1) firstRead[order[place]!] = first[place]!;
    return reads;
  }

  #isSource(version: number): boolean {
    const writer = version === INITIAL ? ABSENT : this.#reads.writerOf[version]!;
    return writer !== ABSENT && this.#reads.counts[writer] === 1;
  }

  /** How many versions an operation read, or replaced where that counts, that somebody wrote. */
  #sourcesOf(operation: number): number {
    const { kind, listStart, listed } = this.#history;
    if (this.#reads.counts[operation] === 0) return 0;
    if (kind[operation] !== operationKind.read && !this.#replaces) return 0;
    let sources = 0;
    for (let at = listStart[operation]!; at < listStart[operation + 1]!; at += 1)
      if (this.#isSource(listed[at]!)) sources += 1;
    return sources;
  }

  #onlySourceOf(operation: number): number {
    const { listStart, listed } = this.#history;
    let at = listStart[operation]!;
    while (!this.#isSource(listed[at]!)) at += 1;
    return this.placeOf[this.#reads.writerOf[listed[at]!]!]!;
  }

  #spread(operation: number, read: number): void {
    const { listStart, listed } = this.#history;
    for (let at = listStart[operation]!; at < listStart[operation + 1]!; at += 1) {
      if (!this.#isSource(listed[at]!)) continue;
      const from = this.placeOf[this.#reads.writerOf[listed[at]!]!]!;
      if (this.#first[from]! > read) this.#first[from] = read;
    }
  }
}
