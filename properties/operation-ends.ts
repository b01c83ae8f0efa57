// The property of small worlds of operations: nothing is wrong with any of them, and each end that is asked for is met. Told apart by what the worlds
// are drawn from.

import type fc from "fast-check";
import { afterAll, expect } from "vitest";
import { type DrawnOperations, runDrawn } from "../sim/operations/drawn.ts";
import { prop } from "./prop.ts";

const worldCount = 150;

/**
 * Declares it.
 *
 * @param wanted ends that some of these worlds must meet, as `kind reason`
 */
export function operationsEndWell(
  name: string,
  worlds: fc.Arbitrary<DrawnOperations>,
  wanted: readonly string[],
): void {
  const ends = new Map<string, number>();
  let count = 0;
  prop(
    name,
    worlds,
    (world) => {
      const result = runDrawn(world);
      expect(result.violations).toEqual([]);
      count += 1;
      for (const [end, times] of result.ended) ends.set(end, (ends.get(end) ?? 0) + times);
    },
    { numRuns: worldCount, timeout: 120_000 },
  );
  afterAll(() => {
    // Unfinished when the property failed or was left out; then there is nothing to judge.
    if (count < worldCount) return;
    for (const end of wanted) expect(ends.get(end) ?? 0, `operations that ended as ${end}`).toBeGreaterThan(0);
  });
}
