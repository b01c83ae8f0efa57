// What targets look at (model/control/agenda.ts) beside looking at all that stands open each time, and operations that rest
// (model/control/resting.ts) beside lines that are kept: in small worlds it leads to the same ends, in the same order.

import fc from "fast-check";
import { afterAll, expect } from "vitest";
import { prop } from "./prop.ts";
import { type DrawnOperations, runDrawn, shapes } from "../sim/operations/drawn.ts";
import type { OperationsResult } from "../sim/operations/small-options.ts";

const worlds: fc.Arbitrary<DrawnOperations> = fc.record({
  seed: fc.noBias(fc.nat()),
  shape: fc.constantFrom(...shapes),
  requests: fc.noBias(fc.integer({ min: 30, max: 80 })),
  loss: fc.constantFrom(0, 100_000),
  crashes: fc.boolean(),
  cuts: fc.boolean(),
  planes: fc.boolean(),
  closings: fc.boolean(),
  custody: fc.constantFrom("shared" as const, "distributed" as const),
  retain: fc.constantFrom(null, 2, 8),
  records: fc.constantFrom(2, 5, 5, 1_000),
  policy: fc.constantFrom("refuse" as const, "expire-oldest" as const, "expire-lowest" as const),
});

const worldCount = 120;
let worldsRun = 0;
const ends = new Map<string, number>();

function told(
  world: DrawnOperations,
  isPlain: boolean,
): { readonly result: OperationsResult; readonly told: string[] } {
  const told: string[] = [];
  const result = runDrawn(world, () => ({
    looksAtAll: () => isPlain,
    putsToRest: () => !isPlain,
    ends: (end) => {
      told.push(JSON.stringify(end));
      return end;
    },
  }));
  return { result, told };
}

prop(
  "looking at what may have changed, and resting, come to the same as looking at all lines and keeping them",
  worlds,
  (world) => {
    const right = told(world, true);
    expect(told(world, false)).toEqual(right);
    worldsRun += 1;
    for (const [end, count] of right.result.ended) ends.set(end, (ends.get(end) ?? 0) + count);
  },
  { numRuns: worldCount, timeout: 120_000 },
);

afterAll(() => {
  if (worldsRun < worldCount) return;
  for (const end of ["done executed", "failed unknown", "expired time", "expired after", "superseded conflict"]) {
    expect(ends.get(end) ?? 0, `operations that ended as ${end}`).toBeGreaterThan(0);
  }
});
