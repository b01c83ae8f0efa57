// Every case is in exactly one part, whatever has been done before, and in exactly one shard.

import { expect, test } from "vitest";
import fc from "fast-check";
import { prop } from "../../properties/prop.ts";
import { chunkSize, missingChunks, type Range, shardRange } from "./chunks.ts";

test.each([
  [1, 1, 1],
  [64, 1, 64],
  [100, 2, 50],
  [2_000, 32, 63],
  [32_000, 32, 1_000],
  [1_000_000, 1_024, 977],
  [10_000_000, 16_384, 611],
])("%i cases are kept in parts of %i: %i parts", (caseCount, size, parts) => {
  expect(chunkSize(caseCount)).toBe(size);
  expect(missingChunks({ from: 0, to: caseCount }, [], size)).toHaveLength(parts);
});

const doneRanges = fc.array(fc.nat(400), { maxLength: 12 }).map((bounds): readonly Range[] => {
  const sorted = [...new Set(bounds)].sort((a, b) => a - b);
  return sorted.flatMap((from, at) => (at % 2 === 0 ? [{ from, to: sorted[at + 1] ?? from + 1 }] : []));
});

prop(
  "what is missing is all that is not done, in order, cut at multiples of the size",
  fc.tuple(doneRanges, fc.integer({ min: 1, max: 64 })),
  ([done, size]) => {
    const whole = { from: 0, to: 402 };
    const chunks = missingChunks(whole, done, size);
    const covered = Array.from({ length: whole.to }, () => 0);
    for (const { from, to } of [...done, ...chunks]) for (let at = from; at < to; at += 1) covered[at]! += 1;
    expect(covered.every((count) => count === 1)).toBe(true);
    for (const { from, to } of chunks) expect(Math.floor(from / size)).toBe(Math.floor((to - 1) / size));
    expect(chunks.map(({ from }) => from)).toEqual(chunks.map(({ from }) => from).toSorted((a, b) => a - b));
  },
);

prop(
  "shards have all cases, each once, and begin where parts begin",
  fc.tuple(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 70 })),
  ([caseCount, of]) => {
    const size = chunkSize(caseCount);
    let at = 0;
    for (let shard = 1; shard <= of; shard += 1) {
      const { from, to } = shardRange(caseCount, shard, of);
      expect(from).toBe(at);
      expect(from % size === 0 || from === caseCount).toBe(true);
      at = to;
    }
    expect(at).toBe(caseCount);
  },
);
