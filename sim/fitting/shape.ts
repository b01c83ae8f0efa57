// How likely values are under a distribution of durations: the share at or below a value, as samples of it come (kernel/distributions.ts): in
// whole microseconds, never below 0.
//
// Written here since it is a line for each distribution, and the well-kept libraries of statistics either know too little of them
// (simple-statistics: a table of the normal with two decimals) or take powers, which differ between versions of Node (jStat).

import { unreachable } from "../../model/assert.ts";
import type { Distribution } from "../kernel/distributions.ts";

/** The share of values at or below this whole number of microseconds. */
export function shareUpTo(distribution: Distribution, value: number): number {
  if (value < 0) return 0;
  switch (distribution.kind) {
    case "constant":
      return value >= distribution.value ? 1 : 0;
    case "uniform": {
      const { min, max } = distribution;
      return between((value - min + 1) / (max - min + 1));
    }
    case "empirical": {
      const total = distribution.observations.reduce((sum, { count }) => sum + count, 0);
      const up = distribution.observations.reduce((sum, one) => sum + (one.value <= value ? one.count : 0), 0);
      return up / total;
    }
    // Samples of the others are rounded to whole microseconds.
    case "exponential":
      return distribution.mean === 0 ? 1 : 1 - Math.exp(-(value + 0.5) / distribution.mean);
    case "normal": {
      const { mean, deviation } = distribution;
      return deviation === 0 ? Number(value >= mean) : standardNormal((value + 0.5 - mean) / deviation);
    }
    case "lognormal": {
      const { median, sigmaPercent } = distribution;
      if (sigmaPercent === 0 || median === 0) return Number(value >= median);
      return standardNormal(Math.log((value + 0.5) / median) / (sigmaPercent / 100));
    }
    case "pareto": {
      const { min, shapePercent } = distribution;
      const over = (value + 0.5) / min;
      return over <= 1 ? 0 : 1 - Math.exp((-shapePercent / 100) * Math.log(over));
    }
    default:
      return unreachable(distribution);
  }
}

/** The least whole number of microseconds that such a share of all values is at or below; `share` below 1. */
export function quantileOf(distribution: Distribution, share: number): number {
  let most = 1;
  while (shareUpTo(distribution, most) < share && most < QUANTILE_MAX) most *= 2;
  let least = 0;
  while (least < most) {
    const middle = Math.floor((least + most) / 2);
    if (shareUpTo(distribution, middle) >= share) most = middle;
    else least = middle + 1;
  }
  return least;
}

/** Longer than any run. */
const QUANTILE_MAX = 2 ** 52;

/** The share of a standard normal at or below `z`, to 1.5e-7 (Abramowitz and Stegun 7.1.26). */
export function standardNormal(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.327_591_1 * x);
  const series =
    t * (0.254_829_592 + t * (-0.284_496_736 + t * (1.421_413_741 + t * (-1.453_152_027 + t * 1.061_405_429))));
  const upper = (series * Math.exp(-x * x)) / 2;
  return z > 0 ? 1 - upper : upper;
}

function between(share: number): number {
  return Math.min(1, Math.max(0, share));
}
