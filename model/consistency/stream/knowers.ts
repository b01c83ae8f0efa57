/**
 * By writer, how much of it every session has in its arbitration past: the same as the clocks of the sessions say, the other way
 * round.
 *
 * Each conflict that a read decides asks who knows its winner (arbitration.ts), and mostly few do. To ask hundreds of clocks, which lie
 * far apart, takes longer than all the rest; here the answers of all sessions lie side by side. So many sessions that this would fill
 * the memory are not kept here, and their clocks are asked.
 *
 * Leaves out what a session learns, and from whom.
 */

const FIRST = 16;

/** Who knows how much of whom. */
export class Knowers {
  readonly #max: number;
  #counts = new Uint32Array(FIRST * FIRST);
  #stride = FIRST;
  #sessions = 0;

  /** @param max sessions of which it is kept */
  constructor(max: number) {
    this.#max = max;
  }

  /** Sessions of which it is kept, the first ones by number; the clocks of the others have to be asked. */
  get kept(): number {
    return this.#sessions;
  }

  /** One more session, with the next number. */
  add(): void {
    if (this.#sessions === this.#max) return;
    this.#sessions += 1;
    if (this.#sessions <= this.#stride) return;
    const before = this.#counts;
    const had = this.#stride;
    this.#stride *= 2;
    this.#counts = new Uint32Array(this.#stride * this.#stride);
    for (let writer = 0; writer < had; writer += 1)
      this.#counts.set(before.subarray(writer * had, (writer + 1) * had), writer * this.#stride);
  }

  /** A session has so many operations of a writer in its past. */
  note(writer: number, session: number, count: number): void {
    if (writer < this.#sessions && session < this.#sessions) this.#counts[writer * this.#stride + session] = count;
  }

  /** The first session that is kept, from this one on, with at least so many operations of a writer in its past; else -1. */
  next(writer: number, index: number, from: number): number {
    const row = writer * this.#stride;
    for (let session = from; session < this.#sessions; session += 1)
      if (this.#counts[row + session]! >= index) return session;
    return -1;
  }
}
