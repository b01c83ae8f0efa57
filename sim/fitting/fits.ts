// Distributions fitted to a sample, with how far each is off: the greatest difference between the share of the sample at or below a value and
// the share that the distribution has there (Kolmogorov and Smirnov).
//
// 1. Parameters are rounded to what a scenario can say, and the error is that of what it says then.
// 2. Exponential, lognormal, Pareto, normal and uniform by maximum likelihood; uniform by its first two moments, too, which one value far out
//    does not spoil; the constant is the median.
// 3. A fit is called good where it is off by no more than a tenth, or by no more than what chance does to a sample of this size in one case of
//    twenty. Parameters that were fitted to the sample itself make it look a little better than it is.

import type { Duration } from "../../model/units.ts";
import { micros } from "../../model/units.ts";
import type { Distribution } from "../kernel/distributions.ts";
import { shareUpTo } from "./shape.ts";

/** A fitted distribution. */
export interface Fit {
  /** As people call it, with how it was fitted where there is a choice. */
  readonly name: string;
  readonly distribution: Exclude<Distribution, { readonly kind: "empirical" }>;
  /** A share from 0 to 1. */
  readonly off: number;
}

/** Fewer values say nothing of a shape. */
export const SAMPLE_MIN = 10;
const GOOD_MAX = 0.1;
/** Of Kolmogorov's distribution: exceeded by chance in one case of twenty. */
const BY_CHANCE = 1.36;
/** What a scenario can say of a lognormal's and a Pareto's second value, in percent. */
const SIGMA_MAX = 400;
const SHAPE_MIN = 10;
const SHAPE_MAX = 9_999;

/** All fits of a sample, the best first. `sorted`: whole microseconds from 0 up, in order, at least `SAMPLE_MIN`. */
export function fitsOf(sorted: readonly number[]): readonly Fit[] {
  const found = [constant(sorted), ...uniforms(sorted), ...curves(sorted)];
  return found
    .map(([name, distribution]): Fit => ({ name, distribution, off: distanceOf(sorted, distribution) }))
    .sort((one, other) => one.off - other.off);
}

/** How far a fit of so many values may be off and still be called good. */
export function goodUpTo(count: number): number {
  return Math.max(GOOD_MAX, BY_CHANCE / Math.sqrt(count));
}

/** The greatest difference between the two shares at or below any whole number of microseconds. */
export function distanceOf(sorted: readonly number[], distribution: Distribution): number {
  let most = 0;
  const count = sorted.length;
  for (let at = 0; at < count;) {
    const value = sorted[at] as number;
    let next = at + 1;
    while (next < count && sorted[next] === value) next += 1;
    // Between two values the sample's share stays and the other one grows: the greatest differences are at the ends.
    const before = Math.abs(at / count - shareUpTo(distribution, value - 1));
    const here = Math.abs(next / count - shareUpTo(distribution, value));
    most = Math.max(most, before, here);
    at = next;
  }
  return most;
}

/** So many values of the sample that are as far apart in it as in a distribution that has these alone: the sample in short. */
export function shortened(sorted: readonly number[], most: number): readonly Duration[] {
  const count = Math.min(most, sorted.length);
  return Array.from({ length: count }, (_, at) => {
    const value = sorted[Math.floor(((at + 0.5) * sorted.length) / count)] as number;
    return micros(rounded(value));
  });
}

/** The value at or below which such a share of the sample is. */
export function sampleQuantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number;
}

type Named = readonly [string, Fit["distribution"]];

/** The two ways to fit what lies evenly between two ends. */
function uniforms(sorted: readonly number[]): readonly Named[] {
  const { mean, deviation } = momentsOf(sorted);
  const half = Math.sqrt(3) * deviation;
  const ends = [sorted[0] as number, sorted.at(-1) as number];
  const fit = (min: number, max: number): Fit["distribution"] => ({
    kind: "uniform",
    min: micros(rounded(Math.max(0, min))),
    max: micros(rounded(max)),
  });
  return [
    ["uniform, by its ends", fit(ends[0] as number, ends[1] as number)],
    ["uniform, by its moments", fit(mean - half, mean + half)],
  ];
}

function constant(sorted: readonly number[]): Named {
  return ["constant", { kind: "constant", value: micros(rounded(sampleQuantile(sorted, 0.5))) }];
}

function curves(sorted: readonly number[]): readonly Named[] {
  const { mean, deviation } = momentsOf(sorted);
  const found: Named[] = [
    ["exponential", { kind: "exponential", mean: micros(rounded(mean)) }],
    ["normal", { kind: "normal", mean: micros(rounded(mean)), deviation: micros(rounded(deviation)) }],
  ];
  const [least = 0] = sorted;
  // Neither has values of 0.
  if (least === 0) return found;
  const logs = momentsOf(sorted.map(Math.log));
  const sigmaPercent = Math.round(logs.deviation * 100);
  if (sigmaPercent <= SIGMA_MAX) {
    found.push(["lognormal", { kind: "lognormal", median: micros(rounded(Math.exp(logs.mean))), sigmaPercent }]);
  }
  const spread = logs.mean - Math.log(least);
  const shapePercent = spread === 0 ? SHAPE_MAX : Math.min(SHAPE_MAX, Math.round(100 / spread));
  if (shapePercent >= SHAPE_MIN) found.push(["Pareto", { kind: "pareto", min: micros(rounded(least)), shapePercent }]);
  return found;
}

/** The mean and the standard deviation of these values alone, the second from a mean that is known first. */
function momentsOf(values: readonly number[]): { readonly mean: number; readonly deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return { mean, deviation: Math.sqrt(squares / values.length) };
}

/** To three digits, whole: what a person would write. */
export function rounded(value: number): number {
  let unit = 1;
  while (value / unit >= 1_000) unit *= 10;
  return Math.round(value / unit) * unit;
}
