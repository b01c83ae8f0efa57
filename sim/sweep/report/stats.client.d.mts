// Types of stats.client.mjs, for tests that hold its statistics against plain ones.

export function ranked(sorted: Float64Array, percent: number): number;
export function medianInterval(sorted: Float64Array): [low: number, high: number] | null;
export function failureInterval(failed: number, runs: number): [least: number, most: number];
export function histogram(
  sorted: Float64Array,
  binCount: number,
): {
  readonly counts: readonly number[];
  readonly placeOf: (value: number) => number;
  readonly valueAt: (share: number) => number;
  readonly isLog: boolean;
};
