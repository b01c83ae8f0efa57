// Chance as an interface. Nothing in the model draws; generators of topologies and workloads are handed one of these.
// The simulator implements it over a seeded generator; an explorer may implement it by enumeration.

/** A source of chance. Every method draws from this stream only; a fork is independent of its parent. */
export interface Rng {
  /** A whole number, 0 <= n <= max, every value equally likely. Throws unless 0 <= max < 2^32 is whole. */
  intInclusive(max: number): number;
  /** True with a probability of `partsPerMillion` / 1 000 000. 0 is never, 1 000 000 always; always draws once. */
  chance(partsPerMillion: number): boolean;
  /** A number 0 <= x < 1 with at least 53 bits; for continuous distributions whose result is rounded at once. */
  double(): number;
  /** An independent stream named by this stream's name and `label`. Does not advance this one. */
  fork(label: string): Rng;
}

/** One element, all equally likely. Throws on an empty list. */
export function pick<T>(rng: Rng, items: readonly T[]): T {
  if (items.length === 0) throw new RangeError("cannot pick from nothing");
  return items[rng.intInclusive(items.length - 1)] as T;
}

/** A new list with the same elements in a random order (Fisher-Yates). */
export function shuffled<T>(rng: Rng, items: readonly T[]): T[] {
  const result = items.slice();
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = rng.intInclusive(last);
    const moved = result[last] as T;
    result[last] = result[other] as T;
    result[other] = moved;
  }
  return result;
}
