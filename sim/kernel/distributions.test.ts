// Distributions against their known means and shapes, with a fixed number of draws per sample.

import { describe, expect, test } from "vitest";
import { micros } from "../../model/units.ts";
import type { Rng } from "../../model/random.ts";
import { drawsPerSample, samplerOf } from "./distributions.ts";
import type { Distribution } from "./distributions.ts";
import { RngRoot } from "./rng.ts";

const SAMPLE_COUNT = 40_000;

const samples = (distribution: Distribution, count = SAMPLE_COUNT): Float64Array => {
  const sample = samplerOf(distribution);
  const rng = new RngRoot(`distribution ${distribution.kind}`).stream;
  return Float64Array.from({ length: count }, () => sample(rng)).sort();
};
const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: Float64Array): number => {
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) * (value - middle), 0) / values.length);
};
const at = (values: Float64Array, quantile: number): number => values[Math.floor(values.length * quantile)] as number;
const isWithin = (value: number, expected: number, percent: number): void =>
  expect(Math.abs(value - expected)).toBeLessThan((expected * percent) / 100);

const all: readonly Distribution[] = [
  { kind: "constant", value: micros(20_000) },
  { kind: "uniform", min: micros(1_000), max: micros(3_000) },
  { kind: "exponential", mean: micros(50_000) },
  { kind: "normal", mean: micros(100_000), deviation: micros(10_000) },
  { kind: "lognormal", median: micros(20_000), sigmaPercent: 50 },
  { kind: "pareto", min: micros(10_000), shapePercent: 250 },
  {
    kind: "empirical",
    observations: [
      { value: micros(5), count: 1 },
      { value: micros(7), count: 3 },
      { value: micros(100), count: 4 },
    ],
  },
];

describe("distributions", () => {
  test.each(all)("$kind: whole microseconds, never negative, a fixed number of draws", (distribution) => {
    const sample = samplerOf(distribution);
    const source = new RngRoot("draws").stream;
    let draws = 0;
    const counting: Rng = {
      ...{ intInclusive: () => 0, chance: () => false, fork: () => counting },
      double: () => {
        draws += 1;
        return source.double();
      },
    };
    for (let i = 1; i <= 500; i += 1) {
      const value = sample(counting);
      expect(Number.isSafeInteger(value) && value >= 0).toBe(true);
      expect(draws).toBe(i * drawsPerSample(distribution));
    }
  });

  test("uniform: both ends are reached, the mean is in the middle", () => {
    const values = samples({ kind: "uniform", min: micros(10), max: micros(20) });
    expect([values[0], values[values.length - 1]]).toEqual([10, 20]);
    isWithin(mean(values), 15, 1);
  });

  test("exponential: mean, and median = mean * ln 2", () => {
    const values = samples({ kind: "exponential", mean: micros(50_000) });
    isWithin(mean(values), 50_000, 2);
    isWithin(at(values, 0.5), 50_000 * Math.LN2, 3);
  });

  test("normal: mean, deviation, 84.1st percentile one deviation up; below 0 becomes 0", () => {
    const values = samples({ kind: "normal", mean: micros(100_000), deviation: micros(10_000) });
    isWithin(mean(values), 100_000, 1);
    isWithin(deviation(values), 10_000, 3);
    isWithin(at(values, 0.841_34), 110_000, 1);
    const cut = samples({ kind: "normal", mean: micros(0), deviation: micros(1_000) });
    expect(cut[0]).toBe(0);
    isWithin(cut.filter((value) => value === 0).length, SAMPLE_COUNT / 2, 3);
  });

  test("lognormal: median, and mean = median * exp(sigma^2 / 2)", () => {
    const values = samples({ kind: "lognormal", median: micros(20_000), sigmaPercent: 50 });
    isWithin(at(values, 0.5), 20_000, 2);
    isWithin(mean(values), 20_000 * Math.exp(0.125), 2);
  });

  test("pareto: least value, median = min * 2^(1/shape), mean = min * shape / (shape - 1)", () => {
    const values = samples({ kind: "pareto", min: micros(10_000), shapePercent: 250 });
    expect(values[0]).toBeGreaterThanOrEqual(10_000);
    isWithin(at(values, 0.5), 10_000 * Math.exp(Math.LN2 / 2.5), 2);
    isWithin(mean(values), (10_000 * 2.5) / 1.5, 3);
  });

  test("empirical: observed values only, as often as observed", () => {
    const values = samples(all[6] as Distribution);
    expect([...new Set(values)]).toEqual([5, 7, 100]);
    isWithin(values.filter((value) => value === 7).length, (SAMPLE_COUNT * 3) / 8, 4);
    isWithin(values.filter((value) => value === 5).length, SAMPLE_COUNT / 8, 4);
  });

  test("a tail too heavy for an instant is cut, not lost", () => {
    const values = samples({ kind: "pareto", min: micros(1_000_000), shapePercent: 1 }, 2_000);
    expect(values[values.length - 1]).toBe(2 ** 52);
  });

  test("impossible parameters throw", () => {
    expect(() => samplerOf({ kind: "uniform", min: micros(2), max: micros(1) })).toThrow("ends before");
    expect(() => samplerOf({ kind: "empirical", observations: [] })).toThrow("without observations");
    expect(() => samplerOf({ kind: "pareto", min: micros(2), shapePercent: 0 })).toThrow("tail index");
    expect(() => samplerOf({ kind: "lognormal", median: micros(2), sigmaPercent: -1 })).toThrow("negative spread");
  });
});
