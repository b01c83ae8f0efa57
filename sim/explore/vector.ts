// A state of the explored world as whole numbers in a row: what every cloudlet is in (numbers of interned states, sites.ts), what
// the truth knows (truth.ts), what is left of the bounds, and behind these the messages on their way. Equal rows are equal
// states, so a row is all that is hashed, compared and kept.
//
// | part               | numbers                                                            |
// | sites              | one per cloudlet: the number of its interned state                 |
// | applied            | one per cloudlet: bit w is set when write w is applied there       |
// | past, replaced, dot| one each per write: what precedes it, what it replaces, its name   |
// | gap                | one per cloudlet: what may still come late since it went over to another plan |
// | progress, seen     | one each per session: requests answered, and whether one is open; writes it has seen |
// | answered           | one: bit w is set when write w was answered as durable             |
// | ways               | one: bit k is set when the way k is closed                         |
// | left               | one: losses, duplicates, crashes and cuts that may still happen    |
// | messages           | as many as are on their way: their numbers                         |

/** Faults that are counted, in the order in which they lie in their number; at most 255 of each. */
export const countedFaults = ["losses", "duplicates", "crashes", "cuts"] as const;

/** One of them. */
export type CountedFault = (typeof countedFaults)[number];

/** Where the parts of a state lie. */
export interface VectorLayout {
  readonly cloudlets: number;
  readonly writes: number;
  readonly sessions: number;
  readonly applied: number;
  readonly past: number;
  readonly replaced: number;
  readonly dot: number;
  readonly gap: number;
  readonly progress: number;
  readonly seen: number;
  readonly answered: number;
  readonly ways: number;
  readonly left: number;
  /** Where messages begin. */
  readonly messages: number;
}

/** The layout for so many cloudlets, writes and sessions. */
export function layoutOf(cloudlets: number, writes: number, sessions: number): VectorLayout {
  const applied = cloudlets;
  const past = applied + cloudlets;
  const replaced = past + writes;
  const dot = replaced + writes;
  const gap = dot + writes;
  const progress = gap + cloudlets;
  const seen = progress + sessions;
  const answered = seen + sessions;
  const ways = answered + 1;
  const left = ways + 1;
  const counts = { cloudlets, writes, sessions };
  return { ...counts, applied, past, replaced, dot, gap, progress, seen, answered, ways, left, messages: left + 1 };
}

/** The fingerprint of a state in two halves, which are made in one pass and in two ways: each is good to 32 bits by itself. */
export class StateHash {
  low = 0;
  high = 0;

  /** Takes the fingerprint of the first `length` numbers. */
  of(state: Int32Array, length: number): void {
    // MurmurHash3 for 32 bits (Appleby 2011) by whole words, and a multiplicative hash with a rotation of its own.
    let low = 0x2c1b3c6d;
    let high = Math.imul(length, 0x9f4a7c15);
    for (let at = 0; at < length; at += 1) {
      const number = state[at] as number;
      let word = Math.imul(number, 0xcc9e2d51);
      word = Math.imul((word << 15) | (word >>> 17), 0x1b873593);
      low ^= word;
      low = (Math.imul((low << 13) | (low >>> 19), 5) + 0xe6546b64) | 0;
      high = Math.imul(high ^ number, 0x9e3779b1);
      high = (high ^ (high >>> 15)) + 0x7f4a7c15;
    }
    this.low = mixed(low ^ length);
    this.high = mixed(Math.imul(high, 0x85ebca77));
  }
}

function mixed(hash: number): number {
  let mix = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35);
  return (mix ^ (mix >>> 16)) >>> 0;
}
