/**
 * Times as doubles without a loss: times of a file that no double holds exactly, such as nanoseconds since 1970, are counted from the
 * first one.
 *
 * Leaves out units, and files without times.
 */

const SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** What `Clock.of` needs; for messages. */
export const CLOCK_RANGE = "times that differ by less than 2^53 from the first one";

/** The clock of one file. */
export class Clock {
  /** What all times are counted from; null before the first time. */
  #base: bigint | null = null;

  /** What times are counted from; null where they are as the file has them. */
  get base(): bigint | null {
    return this.#base === 0n ? null : this.#base;
  }

  /** A time as a double; null where it is too far from the first one. Integers of any size come as their digits. */
  of(told: number | string): number | null {
    if (typeof told === "number" && Math.abs(told) <= Number.MAX_SAFE_INTEGER) {
      this.#base ??= 0n;
      if (this.#base === 0n) return told;
      if (!Number.isInteger(told)) return null;
    }
    const exact = BigInt(told);
    this.#base ??= exact;
    const difference = exact - this.#base;
    return difference > SAFE || difference < -SAFE ? null : Number(difference);
  }
}
