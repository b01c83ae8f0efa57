// The control layer in small random worlds, judged by what planes were really told; and each of its rules planted wrong, which
// must be noticed in these worlds.

import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { prop } from "./prop.ts";
import { type DrawnOperations, hardOperations, runDrawn, shapes } from "../sim/operations/drawn.ts";
import { controlPlants } from "../sim/operations/plants.ts";

const worlds: fc.Arbitrary<DrawnOperations> = fc.record({
  seed: fc.noBias(fc.nat()),
  shape: fc.constantFrom(...shapes),
  requests: fc.noBias(fc.integer({ min: 3, max: 60 })),
  loss: fc.constantFrom(0, 100_000),
  crashes: fc.boolean(),
  cuts: fc.boolean(),
  planes: fc.boolean(),
  custody: fc.constantFrom("shared" as const, "distributed" as const),
  retain: fc.constantFrom(null, null, 2, 8),
  records: fc.constantFrom(2, 5, 1_000),
  policy: fc.constantFrom("refuse" as const, "expire-oldest" as const, "expire-lowest" as const),
});

const worldCount = 400;
const ends = new Map<string, number>();
const refused = new Set<string>();
const census = { worlds: 0, inquiries: 0, installed: 0, byUpper: 0 };

prop(
  "every operation ends exactly once, is carried out at most once, below its issuer, after what it comes after, within caps",
  worlds,
  (world) => {
    const result = runDrawn(world);
    expect(result.violations).toEqual([]);
    census.worlds += 1;
    for (const [end, count] of result.ended) ends.set(end, (ends.get(end) ?? 0) + count);
    for (const code of result.refused) refused.add(code);
    if (result.inquiries > 0) census.inquiries += 1;
    if (result.installed > 0) census.installed += 1;
    if (result.byUpper > 0) census.byUpper += 1;
  },
  { numRuns: worldCount, timeout: 120_000 },
);

afterAll(() => {
  if (census.worlds < worldCount) return;
  const all = ["done executed", "failed executed", "failed unknown", "expired time", "expired cap", "expired after"];
  for (const end of [...all, "superseded conflict", "revoked issuer", "failed after", "revoked after"]) {
    expect(ends.get(end) ?? 0, `operations that ended as ${end}`).toBeGreaterThan(0);
  }
  for (const code of ["notBelow", "notForActor", "queueFull", "noPlane", "planeFailed", "afterEnded", "notOpen"]) {
    expect([...refused], code).toContain(code);
  }
  for (const [name, count] of Object.entries(census)) {
    expect(count, `worlds with ${name}`).toBeGreaterThan(worldCount / 20);
  }
});

const shownBySmall = controlPlants.flatMap(({ name, rules, small }) =>
  small === undefined ? [] : [{ name, rules, ...small }],
);

test.each(shownBySmall)("hard worlds notice $name", ({ rules, symptom, within }) => {
  for (let seed = 1; seed <= within; seed += 1) {
    const world = { ...hardOperations(seed), alone: seed % 5 === 0 };
    if (runDrawn(world, rules).violations.some((violation) => symptom.test(violation))) return;
  }
  expect.fail(`not noticed in ${within} worlds`);
});

test("hard worlds find nothing wrong where no rule is", () => {
  for (let seed = 1; seed <= 100; seed += 1) {
    expect(runDrawn({ ...hardOperations(seed), alone: seed % 5 === 0 }).violations).toEqual([]);
  }
});
