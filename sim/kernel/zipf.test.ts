// Key choosers against the frequencies they promise.

import { describe, expect, test } from "vitest";
import { RngRoot } from "./rng.ts";
import { uniformChooser, weightedChooser, zipfChooser } from "./zipf.ts";
import type { Chooser } from "./zipf.ts";

const counts = (chooser: Chooser, draws: number): Float64Array => {
  const rng = new RngRoot("chooser").stream;
  const seen = new Float64Array(chooser.count);
  for (let i = 0; i < draws; i += 1) {
    const chosen = chooser.choose(rng);
    seen[chosen] = (seen[chosen] as number) + 1;
  }
  return seen;
};

/** Pearson's statistic, as a standard score: far above 0 when the counts do not follow the weights. */
const misfit = (seen: Float64Array, weights: readonly number[], draws: number): number => {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let statistic = 0;
  for (const [index, weight] of weights.entries()) {
    const expected = (draws * weight) / total;
    const error = (seen[index] as number) - expected;
    statistic += (error * error) / expected;
  }
  const freedom = weights.length - 1;
  return (statistic - freedom) / Math.sqrt(2 * freedom);
};

describe("choosers", () => {
  test.each([0, 50, 99, 150])(
    "Zipf with theta %i / 100 follows 1 / rank^theta (100 keys, 200 000 draws)",
    (percent) => {
      const weights = (theta: number): number[] =>
        Array.from({ length: 100 }, (_, index) => Math.exp(-theta * Math.log(index + 1)));
      const seen = counts(zipfChooser(100, percent), 200_000);
      expect(Math.abs(misfit(seen, weights(percent / 100), 200_000))).toBeLessThan(4);
      // The test can fail: a slightly different skew does not fit.
      expect(misfit(seen, weights(percent / 100 + 0.1), 200_000)).toBeGreaterThan(20);
    },
  );

  test("uniform: every key equally often (50 keys, 100 000 draws)", () => {
    const seen = counts(uniformChooser(50), 100_000);
    expect(Math.abs(misfit(seen, new Array<number>(50).fill(1), 100_000))).toBeLessThan(4);
  });

  test("weights: followed exactly in proportion, zero is never chosen", () => {
    const weights = [0, 7, 1, 0, 2, 0];
    const seen = counts(weightedChooser(weights), 50_000);
    expect([seen[0], seen[3], seen[5]]).toEqual([0, 0, 0]);
    expect(
      Math.abs(
        misfit(
          seen.filter((_, index) => (weights[index] as number) > 0),
          [7, 1, 2],
          50_000,
        ),
      ),
    ).toBeLessThan(4);
  });

  test("one key is always chosen; a million keys are built and all ranks reachable", () => {
    expect(counts(zipfChooser(1), 10)).toEqual(Float64Array.of(10));
    const chooser = zipfChooser(1_000_000);
    const rng = new RngRoot("wide").stream;
    let far = 0;
    for (let i = 0; i < 20_000; i += 1) if (chooser.choose(rng) >= 500_000) far += 1;
    expect(far).toBeGreaterThan(400);
  });

  test("each choice draws one double", () => {
    const rng = new RngRoot("one").stream;
    const twin = new RngRoot("one").stream;
    const chooser = zipfChooser(10);
    for (let i = 0; i < 100; i += 1) {
      chooser.choose(rng);
      twin.double();
    }
    expect(rng.double()).toBe(twin.double());
  });

  test("nothing to choose from throws", () => {
    expect(() => uniformChooser(0)).toThrow("among nothing");
    expect(() => zipfChooser(0)).toThrow("among nothing");
    expect(() => weightedChooser([0, 0])).toThrow("without a sum");
    expect(() => weightedChooser([1, -1])).toThrow("no whole number");
  });
});
