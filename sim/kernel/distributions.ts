// How long things take: distributions of durations, sampled in whole microseconds from a given stream. Every sample of a
// distribution draws the same number of doubles, so that the values of one sample never shift the next ones.
//
// Results of Math.log, exp, sqrt and cos are rounded to whole microseconds at once; there is no power function, which
// differs between versions of Node. Leaves out on purpose: discrete choices (zipf.ts) and fitting to data.

import { assert, unreachable } from "../../model/assert.ts";
import type { Rng } from "../../model/random.ts";
import type { Duration } from "../../model/units.ts";

/** One observed duration and how often it was seen. */
export interface Observation {
  readonly value: Duration;
  /** A whole number, at least 1. */
  readonly count: number;
}

/** A distribution of durations, as data. Every value is at least 0; a normal sample below 0 becomes 0. */
export type Distribution =
  | { readonly kind: "constant"; readonly value: Duration }
  /** Every whole microsecond from `min` to `max` equally likely. */
  | { readonly kind: "uniform"; readonly min: Duration; readonly max: Duration }
  | { readonly kind: "exponential"; readonly mean: Duration }
  | { readonly kind: "normal"; readonly mean: Duration; readonly deviation: Duration }
  /** The logarithm is normal with a standard deviation of `sigmaPercent` / 100. */
  | { readonly kind: "lognormal"; readonly median: Duration; readonly sigmaPercent: number }
  /** Pareto type I: never below `min`, tail index `shapePercent` / 100; the mean is infinite up to 100. */
  | { readonly kind: "pareto"; readonly min: Duration; readonly shapePercent: number }
  /** Values as observed, each as likely as its count says. */
  | { readonly kind: "empirical"; readonly observations: readonly Observation[] };

/** Draws durations of one distribution. */
export type Sampler = (rng: Rng) => Duration;

/** Samples are cut here: half of what an instant can hold, so that adding one to an instant stays exact. */
const DURATION_MAX = 2 ** 52;
const FULL_TURN = 2 * Math.PI;

/**
 * Turns a distribution into a function that samples it.
 *
 * @throws InvariantViolation on an empty range, no observations, or a negative spread: the reader of scenarios refuses
 *   these before
 */
export function samplerOf(distribution: Distribution): Sampler {
  switch (distribution.kind) {
    case "constant": {
      const { value } = distribution;
      return () => value;
    }
    case "uniform": {
      const { min, max } = distribution;
      assert(min <= max, "a uniform distribution ends before it begins");
      const count = max - min + 1;
      return (rng) => (min + Math.floor(rng.double() * count)) as Duration;
    }
    case "exponential": {
      const { mean } = distribution;
      return (rng) => whole(mean * -Math.log(1 - rng.double()));
    }
    case "normal": {
      const { mean, deviation } = distribution;
      return (rng) => whole(mean + deviation * standardNormal(rng));
    }
    case "lognormal": {
      const { median, sigmaPercent } = distribution;
      assert(sigmaPercent >= 0, "a negative spread");
      const sigma = sigmaPercent / 100;
      return (rng) => whole(median * Math.exp(sigma * standardNormal(rng)));
    }
    case "pareto": {
      const { min, shapePercent } = distribution;
      assert(shapePercent > 0, "a Pareto distribution without a tail index");
      const exponent = -100 / shapePercent;
      return (rng) => whole(min * Math.exp(exponent * Math.log(1 - rng.double())));
    }
    case "empirical":
      return empiricalSampler(distribution.observations);
    default:
      return unreachable(distribution);
  }
}

/** How many doubles one sample draws, whatever its value. */
export function drawsPerSample(distribution: Distribution): number {
  switch (distribution.kind) {
    case "constant":
      return 0;
    case "uniform":
    case "exponential":
    case "pareto":
    case "empirical":
      return 1;
    case "normal":
    case "lognormal":
      return 2;
    default:
      return unreachable(distribution);
  }
}

/** Box and Muller's cosine branch (Ann. Math. Statist. 29, 1958); its twin is left unused, to keep the draws fixed. */
function standardNormal(rng: Rng): number {
  const radius = Math.sqrt(-2 * Math.log(1 - rng.double()));
  return radius * Math.cos(FULL_TURN * rng.double());
}

function whole(value: number): Duration {
  if (value <= 0) return 0 as Duration;
  return (value < DURATION_MAX ? Math.round(value) : DURATION_MAX) as Duration;
}

function empiricalSampler(observations: readonly Observation[]): Sampler {
  assert(observations.length > 0, "an empirical distribution without observations");
  const values = Float64Array.from(observations, (observation) => observation.value);
  const upTo = new Float64Array(values.length);
  let total = 0;
  for (const [index, { count }] of observations.entries()) {
    assert(Number.isSafeInteger(count) && count >= 1, "an observation without a count");
    total += count;
    upTo[index] = total;
  }
  return (rng) => {
    const drawn = Math.floor(rng.double() * total);
    let low = 0;
    let high = upTo.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (drawn < (upTo[middle] as number)) high = middle;
      else low = middle + 1;
    }
    return values[low] as Duration;
  };
}
