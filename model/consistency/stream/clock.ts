/**
 * A vector clock that grows with the number of sessions: by session, how many of its operations are in a past.
 *
 * Leaves out comparing whole clocks: who asks about causality asks about one operation.
 */

const EMPTY = new Uint32Array(0);

/** How much of each session is in somebody's past; what was never set is 0. */
export class Clock {
  #counts: Uint32Array = EMPTY;

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
    const copy = new Clock();
    copy.#counts = this.#counts.slice();
    return copy;
  }

  /** Gives its memory back. */
  clear(): void {
    this.#counts = EMPTY;
  }

  #room(length: number): void {
    if (length <= this.#counts.length) return;
    // A power of two and no more: clocks that take in each other must not drive each other up.
    let size = 4;
    while (size < length) size *= 2;
    const grown = new Uint32Array(size);
    grown.set(this.#counts);
    this.#counts = grown;
  }
}
