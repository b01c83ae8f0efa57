// Numbers over the runs of a sweep: one metric at a time, whatever its column is. Percentiles by nearest rank, exact: the value that so
// many of all runs do not exceed. Runs without a value do not count.

import { unreachable } from "../../model/assert.ts";
import type { Statistic } from "./plan.ts";
import type { Results } from "./results.ts";

/** The values of a column of numbers in the order of cases, those that there are. */
export async function valuesOf(results: Pick<Results, "batches" | "rowCount">, name: string): Promise<Float64Array> {
  const values = new Float64Array(results.rowCount);
  let count = 0;
  for await (const batch of results.batches([name])) {
    for (const value of batch.column(name)) if (typeof value === "number") values[count++] = value;
  }
  return values.slice(0, count);
}

/**
 * One number for many.
 *
 * @param sorted ascending
 * @returns null when there are none
 */
export function statisticOf(sorted: Float64Array, over: Statistic): number | null {
  if (sorted.length === 0) return null;
  switch (over) {
    case "min":
      return sorted[0]!;
    case "max":
      return sorted[sorted.length - 1]!;
    case "mean":
      return sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
    case "p50":
      return ranked(sorted, 50);
    case "p90":
      return ranked(sorted, 90);
    case "p95":
      return ranked(sorted, 95);
    case "p99":
      return ranked(sorted, 99);
    default:
      return unreachable(over);
  }
}

function ranked(sorted: Float64Array, percent: number): number {
  return sorted[Math.max(0, Math.ceil((percent * sorted.length) / 100) - 1)]!;
}
