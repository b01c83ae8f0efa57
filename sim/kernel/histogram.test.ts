// The histogram against sorted samples, and merging against recording everything in one.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { prop } from "../../properties/prop.ts";
import { BUCKETS_PER_OCTAVE, Histogram, bucketMax, bucketOf, rankOf } from "./histogram.ts";

/** Values of all magnitudes, ends of buckets among them. */
const value = fc.oneof(
  fc.nat(300),
  fc.maxSafeNat(),
  fc
    .tuple(fc.nat(52), fc.integer({ min: -1, max: 1 }))
    .map(([bits, off]) => Math.max(0, Number(1n << BigInt(bits)) + off)),
);

const recorded = (values: readonly number[]): Histogram => {
  const histogram = new Histogram();
  for (const one of values) histogram.record(one);
  return histogram;
};

describe("histogram", () => {
  prop(
    "percentiles are those of a sorted list, raised to the end of their bucket",
    fc.tuple(fc.array(value, { minLength: 1, maxLength: 200 }), fc.array(fc.nat(100_000), { maxLength: 10 })),
    ([values, thousandths]) => {
      const histogram = recorded(values);
      const sorted = values.toSorted((left, right) => left - right);
      const max = sorted[sorted.length - 1] as number;
      for (const percent of [0, 50, 90, 99, 99.9, 100, ...thousandths.map((each) => each / 1_000)]) {
        const rank = rankOf(percent, sorted.length);
        const exact = sorted[rank - 1] as number;
        const expected = rank === 1 ? exact : Math.min(bucketMax(bucketOf(exact)), max);
        expect(histogram.percentile(percent)).toBe(expected);
        expect(expected - exact).toBeLessThanOrEqual(exact / BUCKETS_PER_OCTAVE);
      }
      expect([histogram.min, histogram.max, histogram.count]).toEqual([sorted[0], max, values.length]);
      expect(histogram.sum).toBe(Number(values.reduce((sum, each) => sum + BigInt(each), 0n)));
      expect(histogram.sum).toBe(Number(values.reduce((sum, each) => sum + BigInt(each), 0n)));
    },
  );

  prop(
    "merging is the same as recording all into one, and survives plain data",
    fc.tuple(fc.array(value), fc.array(value)),
    ([left, right]) => {
      const merged = recorded(left);
      merged.merge(Histogram.from(structuredClone(recorded(right).data())));
      expect(merged.data()).toEqual(recorded([...left, ...right]).data());
      expect(merged.count).toBe(left.length + right.length);
    },
  );

  prop("a value lies in its bucket and in no other", value, (one) => {
    const bucket = bucketOf(one);
    expect(bucketMax(bucket)).toBeGreaterThanOrEqual(one);
    if (bucket > 0) expect(bucketMax(bucket - 1)).toBeLessThan(one);
  });

  test("nearest rank: the smallest for 0, the largest for 100, no rounding trouble at 7 of 100", () => {
    expect([0, 7, 50, 99, 100].map((percent) => rankOf(percent, 100))).toEqual([1, 7, 50, 99, 100]);
    expect([50, 99.9].map((percent) => rankOf(percent, 1))).toEqual([1, 1]);
    expect(rankOf(50, 3)).toBe(2);
  });

  test("nothing recorded has no percentile; values below 0 and fractions throw", () => {
    const histogram = new Histogram();
    expect([histogram.percentile(50), histogram.min, histogram.max, histogram.mean, histogram.data()]).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
    expect(() => histogram.record(-1)).toThrow("not a value");
    expect(() => histogram.record(0.5)).toThrow("not a value");
    expect(() => histogram.percentile(101)).toThrow("not a percentile");
  });

  test("weights count as repetitions; mean and sum are exact", () => {
    const histogram = new Histogram();
    histogram.record(1_000_000, 3);
    histogram.record(0);
    expect([histogram.count, histogram.sum, histogram.mean, histogram.percentile(25)]).toEqual([
      4, 3_000_000, 750_000, 0,
    ]);
  });
});
