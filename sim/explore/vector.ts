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
// | budget             | a few: what is used up of the bounds (budget.ts)                   |
// | messages           | as many as are on their way: their numbers                         |

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
  /** Behind all that decides what may come: what is used up, and up to `messages`. */
  readonly budget: number;
  /** Where messages begin. */
  readonly messages: number;
}

/** The layout for so many cloudlets, writes, sessions, and numbers of what is used up. */
export function layoutOf(cloudlets: number, writes: number, sessions: number, words: number): VectorLayout {
  const applied = cloudlets;
  const past = applied + cloudlets;
  const replaced = past + writes;
  const dot = replaced + writes;
  const gap = dot + writes;
  const progress = gap + cloudlets;
  const seen = progress + sessions;
  const answered = seen + sessions;
  const ways = answered + 1;
  const budget = ways + 1;
  const counts = { cloudlets, writes, sessions };
  const messages = budget + words;
  return { ...counts, applied, past, replaced, dot, gap, progress, seen, answered, ways, budget, messages };
}

/** The fingerprint of a state in two halves, which are made in one pass and in two ways: each is good to 32 bits by itself. */
export class StateHash {
  low = 0;
  high = 0;

  /** Takes the fingerprint of the first `length` numbers, but of those in the gap: from `gap` on, before `end`. */
  of(state: Int32Array, length: number, gap = length, end = length): void {
    // MurmurHash3 for 32 bits (Appleby 2011) by whole words, and a multiplicative hash with a rotation of its own.
    let low = 0x2c1b3c6d;
    let high = Math.imul(length, 0x9f4a7c15);
    for (let at = gap === 0 ? end : 0; at < length; at = at + 1 === gap ? end : at + 1) {
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
