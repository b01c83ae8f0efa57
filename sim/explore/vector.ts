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
