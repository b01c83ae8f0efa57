// Which cases are kept in one file: ranges of a size that the number of cases alone decides, so that files do not depend on how many
// workers there are, and neither on a day's interruptions more than they must. Ranges are half-open: `from` is in, `to` is not.

import { assert } from "../../model/assert.ts";

/** Cases from one number on up to another. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Parts that a sweep has at most, if nothing interrupts it. */
const PARTS_MAX = 1_000;
/** A small sweep loses little when the machine stops, and a large one keeps no more parts than it must. */
const PARTS_SMALL = 64;
const SIZE_USUAL = 32;

/** How many cases a part has: a power of two; one where there are few, 32 for thousands, more only for ten thousands. */
export function chunkSize(caseCount: number): number {
  let size = 1;
  while (size < SIZE_USUAL && size * PARTS_SMALL < caseCount) size *= 2;
  while (size * PARTS_MAX < caseCount) size *= 2;
  return size;
}

/**
 * What is still to be done of a range, cut where parts begin, in the order of cases.
 *
 * @param done ranges that are done: in any order, none twice
 */
export function missingChunks(whole: Range, done: readonly Range[], size: number): readonly Range[] {
  const missing: Range[] = [];
  let at = whole.from;
  const cut = (until: number): void => {
    while (at < until) {
      const to = Math.min(until, (Math.floor(at / size) + 1) * size);
      missing.push({ from: at, to });
      at = to;
    }
  };
  for (const { from, to } of done.toSorted((a, b) => a.from - b.from)) {
    assert(from >= at && to <= whole.to, "ranges that overlap");
    cut(from);
    at = to;
  }
  cut(whole.to);
  return missing;
}

/**
 * The cases of one of several shards: whole chunks, as evenly as they go.
 *
 * @param shard from 1 to `of`
 */
export function shardRange(caseCount: number, shard: number, of: number): Range {
  assert(Number.isSafeInteger(shard) && shard >= 1 && shard <= of, "no such shard");
  const size = chunkSize(caseCount);
  const chunks = Math.ceil(caseCount / size);
  const bound = (index: number): number => Math.min(caseCount, Math.floor((chunks * index) / of) * size);
  return { from: bound(shard - 1), to: bound(shard) };
}
