/**
 * A vector clock that grows with the number of sessions: by session, how many of its operations are in a past.
 *
 * Clocks are copied with every write and given back when versions are forgotten, so the arrays under them are used again. Leaves out
 * comparing whole clocks: who asks about causality asks about one operation.
 */

const EMPTY = new Uint32Array(0);
const SMALLEST = 4;

/** Arrays that clocks gave back, never more than were in use at one time. */
export class ClockMemory {
  /** By size. */
  readonly #spare = new Map<number, Uint32Array[]>();

  /** An array of this size, whatever is in it. */
  take(size: number): Uint32Array {
    return this.#spare.get(size)?.pop() ?? new Uint32Array(size);
  }

  giveBack(counts: Uint32Array): void {
    const spare = this.#spare.get(counts.length);
    if (spare === undefined) this.#spare.set(counts.length, [counts]);
    else spare.push(counts);
  }
}

/** How much of each session is in somebody's past; what was never set is 0. */
export class Clock {
  readonly #memory: ClockMemory;
  #counts: Uint32Array = EMPTY;

  constructor(memory: ClockMemory) {
    this.#memory = memory;
  }

  of(session: number): number {
    return this.#counts[session] ?? 0;
  }

  set(session: number, count: number): void {
    this.#room(session + 1);
    this.#counts[session] = count;
  }

  /** Takes in all of another past. */
  join(past: Clock): void {
    const other = past.#counts;
    this.#room(other.length);
    const own = this.#counts;
    for (let session = 0; session < other.length; session += 1) {
      if (other[session]! > own[session]!) own[session] = other[session]!;
    }
  }

  copy(): Clock {
    const copy = new Clock(this.#memory);
    const from = this.#counts;
    if (from.length === 0) return copy;
    const to = this.#memory.take(from.length);
    for (let session = 0; session < from.length; session += 1) to[session] = from[session]!;
    copy.#counts = to;
    return copy;
  }

  /** Gives its memory back: an empty past. */
  clear(): void {
    if (this.#counts.length > 0) this.#memory.giveBack(this.#counts);
    this.#counts = EMPTY;
  }

  #room(length: number): void {
    if (length <= this.#counts.length) return;
    // A power of two and no more: clocks that take in each other must not drive each other up.
    let size = SMALLEST;
    while (size < length) size *= 2;
    const grown = new Uint32Array(size);
    grown.set(this.#counts);
    this.clear();
    this.#counts = grown;
  }
}
