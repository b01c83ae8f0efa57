// How long an answer takes, and how long to wait for one: the retransmission timeout of RFC 6298, in whole microseconds. A
// clean sample ends the backoff. What is a clean sample the sender decides.

const timeoutMin = 50_000;
const timeoutFirst = 1_000_000;
/** Nobody waits longer than this for an answer. */
export const timeoutMax = 30_000_000;

/** Measured round trips of one link. */
export class RoundTrip {
  smoothed = 0;
  #deviation = 0;
  #backoff = 1;

  /** An answer took so long. True when it ends a backoff. */
  measured(sample: number): boolean {
    const endsBackoff = this.#backoff > 1;
    this.#backoff = 1;
    const taken = Math.min(sample, timeoutMax);
    if (this.smoothed === 0) {
      this.smoothed = taken;
      this.#deviation = Math.floor(taken / 2);
      return endsBackoff;
    }
    const error = taken - this.smoothed;
    this.smoothed += Math.floor(error / 8);
    this.#deviation += Math.floor((Math.abs(error) - this.#deviation) / 4);
    return endsBackoff;
  }

  /** After this long without an answer something is taken for lost. */
  get timeout(): number {
    if (this.smoothed === 0) return timeoutFirst;
    return Math.min(timeoutMax, Math.max(timeoutMin, this.smoothed + 4 * this.#deviation));
  }

  /** The timeout, longer with every time in a row that it ran out. */
  get patience(): number {
    return Math.min(this.timeout * this.#backoff, timeoutMax);
  }

  /** The timeout ran out. */
  backOff(): void {
    this.#backoff *= 2;
  }

  /** A conversation begins anew: the next wait is a plain timeout. */
  forgive(): void {
    this.#backoff = 1;
  }

  /** A copy. */
  clone(): RoundTrip {
    const copy = new RoundTrip();
    copy.smoothed = this.smoothed;
    copy.#deviation = this.#deviation;
    copy.#backoff = this.#backoff;
    return copy;
  }

  /** The state as numbers, for fingerprints. */
  state(): readonly number[] {
    return [this.smoothed, this.#deviation, this.#backoff];
  }
}
