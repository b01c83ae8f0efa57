// Fingerprints of states that have been seen: 64 bits each in two flat arrays, open addressing with linear probing. A `Set`
// of V8 ends at 2^24 entries and holds every number in an object; this holds 8 bytes per place and is limited by memory alone.
//
// Two states with one fingerprint would count as one, and what follows the second would never be looked at. Among n states that
// happens somewhere with a probability of about n^2 / 2^65: `collisionOdds`. Leaves out how a state is hashed (vector.ts).

/** Places at first: a power of two. */
const placesFirst = 1 << 16;
/** A table is never fuller than this many parts of 16: probes stay short, and a place costs 8 bytes. */
const fullest = 11;

/** A growing set of 64-bit fingerprints. */
export class FingerprintTable {
  #low = new Uint32Array(placesFirst);
  #high = new Uint32Array(placesFirst);
  #mask = placesFirst - 1;
  #size = 0;
  #limit = (placesFirst / 16) * fullest;

  /** How many are in it. */
  get size(): number {
    return this.#size;
  }

  /** What it takes, in bytes. */
  get bytes(): number {
    return (this.#mask + 1) * 8;
  }

  /** Adds a fingerprint, given as its two halves of 32 bits; false when it was there already. */
  add(low: number, high: number): boolean {
    // Zero and zero mark an empty place; that one fingerprint shares its place with another.
    const first = low >>> 0;
    const second = first === 0 && high >>> 0 === 0 ? 1 : high >>> 0;
    if (!this.#put(first, second)) return false;
    this.#size += 1;
    if (this.#size > this.#limit) this.#grow();
    return true;
  }

  #put(low: number, high: number): boolean {
    const lows = this.#low;
    const highs = this.#high;
    const mask = this.#mask;
    for (let at = low & mask; ; at = (at + 1) & mask) {
      const heldLow = lows[at] as number;
      const heldHigh = highs[at] as number;
      if (heldLow === low && heldHigh === high) return false;
      if (heldLow === 0 && heldHigh === 0) {
        lows[at] = low;
        highs[at] = high;
        return true;
      }
    }
  }

  #grow(): void {
    const [lows, highs] = [this.#low, this.#high];
    const places = lows.length * 2;
    this.#low = new Uint32Array(places);
    this.#high = new Uint32Array(places);
    this.#mask = places - 1;
    this.#limit = (places / 16) * fullest;
    for (let at = 0; at < lows.length; at += 1) {
      const [low, high] = [lows[at] as number, highs[at] as number];
      if (low !== 0 || high !== 0) this.#put(low, high);
    }
  }
}

/** The probability that any two of so many states share a fingerprint, at most. */
export function collisionOdds(states: number): number {
  return Math.min(1, (states * states) / (2 * 4_294_967_296 * 4_294_967_296));
}
