// Which of n things: weighted choice in constant time by an alias table (Walker 1974; built as in Vose 1991), and the two
// popularities of keys, uniform and Zipf. Leaves out on purpose: popularities that move during a run.

import { assert } from "../../model/assert.ts";
import type { Rng } from "../../model/random.ts";

/** Draws one of `count` indices; one double per draw. */
export interface Chooser {
  readonly count: number;
  /** 0 to `count` - 1. */
  choose(rng: Rng): number;
}

/** The usual skew of key popularity (YCSB's default), in hundredths. */
export const ZIPF_THETA_PERCENT_DEFAULT = 99;

/** Weights are rounded to multiples of 1 / this, so that no last digit of Math.exp reaches a run. */
const WEIGHT_SCALE = 2 ** 40;

/** Every index equally likely. `count` is at least 1. */
export function uniformChooser(count: number): Chooser {
  assert(Number.isSafeInteger(count) && count >= 1, "a choice among nothing");
  return { count, choose: (rng) => Math.floor(rng.double() * count) };
}

/**
 * Index k with a weight of 1 / (k + 1)^theta: index 0 is the most popular one.
 *
 * @param count at least 1
 * @param thetaPercent hundredths of theta, 0 or more; 0 is uniform
 */
export function zipfChooser(count: number, thetaPercent: number = ZIPF_THETA_PERCENT_DEFAULT): Chooser {
  assert(Number.isSafeInteger(count) && count >= 1, "a choice among nothing");
  assert(thetaPercent >= 0, "a negative skew");
  const theta = thetaPercent / 100;
  const weights = new Float64Array(count);
  for (let index = 0; index < count; index += 1) {
    weights[index] = Math.round(WEIGHT_SCALE * Math.exp(-theta * Math.log(index + 1)));
  }
  return weightedChooser(weights);
}

/**
 * Each index as likely as its weight says.
 *
 * @param weights whole numbers, none negative, not all zero, with a sum below 2^53
 */
export function weightedChooser(weights: ArrayLike<number>): Chooser {
  const count = weights.length;
  let total = 0;
  for (let index = 0; index < count; index += 1) {
    const weight = weights[index] as number;
    assert(weight >= 0 && Math.floor(weight) === weight, "a weight that is no whole number");
    total += weight;
  }
  assert(total > 0 && total <= Number.MAX_SAFE_INTEGER, "weights without a sum");

  // Every index gets a column of height `total`. What a light index leaves free there is filled by a heavy one, its
  // alias: a draw picks a column, then a height in it.
  const heights = new Float64Array(count);
  const aliases = new Int32Array(count);
  const light: number[] = [];
  const heavy: number[] = [];
  for (let index = 0; index < count; index += 1) {
    heights[index] = ((weights[index] as number) / total) * count;
    aliases[index] = index;
    ((heights[index] as number) < 1 ? light : heavy).push(index);
  }
  while (light.length > 0 && heavy.length > 0) {
    const low = light.pop() as number;
    const high = heavy[heavy.length - 1] as number;
    aliases[low] = high;
    const left = (heights[high] as number) - (1 - (heights[low] as number));
    heights[high] = left;
    if (left < 1) {
      heavy.pop();
      light.push(high);
    }
  }
  // What is left over is full but for rounding; only an index without weight must still never be chosen.
  const heaviest = heaviestOf(weights);
  for (const index of heavy) heights[index] = 1;
  for (const index of light) {
    if ((weights[index] as number) > 0) heights[index] = 1;
    else aliases[index] = heaviest;
  }

  return {
    count,
    choose(rng) {
      const drawn = rng.double() * count;
      const column = Math.floor(drawn);
      return drawn - column < (heights[column] as number) ? column : (aliases[column] as number);
    },
  };
}

function heaviestOf(weights: ArrayLike<number>): number {
  let heaviest = 0;
  for (let index = 1; index < weights.length; index += 1) {
    if ((weights[index] as number) > (weights[heaviest] as number)) heaviest = index;
  }
  return heaviest;
}
