// Fingerprints of states that have been seen: 64 bits each in two flat arrays, open addressing with linear probing. A `Set`
// of V8 ends at 2^24 entries and holds every number in an object; this holds 8 bytes per place and is limited by memory alone.
//
// Two states with one fingerprint would count as one, and what follows the second would never be looked at. Among n states that
// happens somewhere with a probability of about n^2 / 2^65: `collisionOdds`. Leaves out how a state is hashed (state-name.ts).
//
// A fingerprint may come with what is used up of the bounds, as bits (budget.ts). Then it is known when it was there with no more
// used up, and stands once for each that was not; 4 bytes per place more. One that was there with more used up is told.

/** Places at first: a power of two. */
const placesFirst = 1 << 16;
/** A table is never fuller than this many parts of 16: probes stay short, and a place costs 8 bytes. */
const fullest = 11;

/** A growing set of 64-bit fingerprints. */
export class FingerprintTable {
  readonly #hasUsed: boolean;
  #low = new Uint32Array(placesFirst);
  #high = new Uint32Array(placesFirst);
  #used: Uint32Array;
  #mask = placesFirst - 1;
  #size = 0;
  #isGrowing = false;
  readonly #onLess: ((low: number, high: number, used: number) => void) | null;
  #limit = (placesFirst / 16) * fullest;

  /**
   * @param hasUsed fingerprints come with what is used up
   * @param onLess called with each that was there when the same one is added with less used up
   */
  constructor(hasUsed = false, onLess: ((low: number, high: number, used: number) => void) | null = null) {
    this.#hasUsed = hasUsed;
    this.#onLess = onLess;
    this.#used = new Uint32Array(hasUsed ? placesFirst : 0);
  }

  /** How many are in it. */
  get size(): number {
    return this.#size;
  }

  /** What it takes, in bytes. */
  get bytes(): number {
    return (this.#mask + 1) * (this.#hasUsed ? 12 : 8);
  }

  /** Adds a fingerprint, given as its two halves of 32 bits, and what is used up; false when it is known. */
  add(low: number, high: number, used = 0): boolean {
    // Zero and zero mark an empty place; that one fingerprint shares its place with another.
    const first = low >>> 0;
    const second = first === 0 && high >>> 0 === 0 ? 1 : high >>> 0;
    if (!this.#put(first, second, used)) return false;
    this.#size += 1;
    if (this.#size > this.#limit) this.#grow();
    return true;
  }

  /** Is this fingerprint in it, whatever is used up? */
  has(low: number, high: number): boolean {
    const first = low >>> 0;
    const second = first === 0 && high >>> 0 === 0 ? 1 : high >>> 0;
    for (let at = first & this.#mask; ; at = (at + 1) & this.#mask) {
      const [heldLow, heldHigh] = [this.#low[at] as number, this.#high[at] as number];
      if (heldLow === first && heldHigh === second) return true;
      if (heldLow === 0 && heldHigh === 0) return false;
    }
  }

  #put(low: number, high: number, used: number): boolean {
    const lows = this.#low;
    const highs = this.#high;
    const mask = this.#mask;
    for (let at = low & mask; ; at = (at + 1) & mask) {
      const heldLow = lows[at] as number;
      const heldHigh = highs[at] as number;
      if (heldLow === low && heldHigh === high) {
        if (!this.#hasUsed) return false;
        const heldUsed = this.#used[at] as number;
        if ((heldUsed & ~used) === 0) return false;
        if (!this.#isGrowing && (used & ~heldUsed) === 0) this.#onLess?.(low, high, heldUsed);
      } else if (heldLow === 0 && heldHigh === 0) {
        lows[at] = low;
        highs[at] = high;
        if (this.#hasUsed) this.#used[at] = used;
        return true;
      }
    }
  }

  #grow(): void {
    const [lows, highs, used] = [this.#low, this.#high, this.#used];
    const places = lows.length * 2;
    this.#low = new Uint32Array(places);
    this.#high = new Uint32Array(places);
    this.#used = new Uint32Array(this.#hasUsed ? places : 0);
    this.#mask = places - 1;
    this.#limit = (places / 16) * fullest;
    this.#isGrowing = true;
    // Of one fingerprint a use that has come to be among a later one's may be left behind here: it would tell nothing.
    for (let at = 0; at < lows.length; at += 1) {
      const [low, high] = [lows[at] as number, highs[at] as number];
      if (low !== 0 || high !== 0) this.#put(low, high, this.#hasUsed ? (used[at] as number) : 0);
    }
    this.#isGrowing = false;
  }
}

/** The probability that any two of so many states share a fingerprint, at most. */
export function collisionOdds(states: number): number {
  return Math.min(1, (states * states) / (2 * 4_294_967_296 * 4_294_967_296));
}
