// The replication core while its topology changes: small random worlds whose cloudlets are told of another plan at any
// moment, each at its own, judged by brute force as in replication.test.ts. And the simple ways to re-parent, planted into
// the same worlds, where they must be caught.

import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import type { Rules } from "../model/replication/rules.ts";
import { type DrawnWorld, runWorld } from "./drawn-world.ts";
import { prop } from "./prop.ts";
import type { SmallWorldResult } from "./small-world-options.ts";

const worldCount = 400;

const worlds: fc.Arbitrary<DrawnWorld> = fc.record({
  seed: fc.noBias(fc.nat()),
  cloudletsMax: fc.noBias(fc.integer({ min: 3, max: 8 })),
  operations: fc.noBias(fc.integer({ min: 30, max: 120 })),
  flows: fc.constantFrom("asDrawn" as const, "asDrawn" as const, "oneWay" as const),
  loss: fc.constantFrom(0, 100_000),
  duplication: fc.constantFrom(0, 50_000),
  crashes: fc.boolean(),
  diskLoss: fc.boolean(),
  cuts: fc.boolean(),
  skewMax: fc.constantFrom(0, 1_000_000),
  hasSlowWays: fc.boolean(),
  retain: fc.constantFrom(null, 0, 1, 4, 16),
  checkpoints: fc.boolean(),
  collects: fc.constant(false),
  detaches: fc.constant(false),
  limits: fc.boolean(),
  sets: fc.noBias(fc.integer({ min: 0, max: 3 })).map((die) => die === 0),
  plans: fc.constantFrom(2, 3, 4),
  planStyle: fc.constantFrom("faithful" as const, "wild" as const),
  causality: fc.constantFrom("session" as const, "session" as const, "cloudlet" as const),
  versions: fc.constant("one" as const),
});

const census = { worlds: 0, openings: 0, behind: 0, conflicts: 0, manyAdoptions: 0 };

function takeCensus(result: SmallWorldResult): void {
  census.worlds += 1;
  if (result.openings > 0) census.openings += 1;
  if (result.behind > 0) census.behind += 1;
  if (result.conflicts > 0) census.conflicts += 1;
  if (result.adoptions > 20) census.manyAdoptions += 1;
}

prop(
  "a small world whose plans change applies in causal order, opens streams when they cover what is applied, and gets everything everywhere",
  worlds,
  (world) => {
    const result = runWorld(world);
    expect(result.violations).toEqual([]);
    expect(result.stuck).toEqual([]);
    takeCensus(result);
  },
  { numRuns: worldCount, timeout: 120_000 },
);

afterAll(() => {
  // Unfinished when the property failed or was left out; then there is nothing to judge.
  if (census.worlds < worldCount) return;
  const { worlds: judged, ...cases } = census;
  for (const [name, count] of Object.entries(cases)) {
    expect(count, `worlds with ${name}, of ${judged}`).toBeGreaterThan(0);
  }
});

// What sets come to where plans change is rare among all that is drawn: these worlds have shown it. In the first two an insert
// took the place of another, also where only one of them led; in the third a removal replaces an insert that only it names there.
test.each([
  { seed: 1268, cloudletsMax: 8, operations: 69, crashes: true, cuts: true, causality: "cloudlet", plans: 3 },
  { seed: 1738, cloudletsMax: 6, operations: 84, crashes: false, cuts: false, causality: "session", plans: 4 },
  { seed: 1499, cloudletsMax: 5, operations: 72, crashes: false, cuts: false, causality: "cloudlet", plans: 3 },
] as const)("a set is the same where only some of its inserts lead: world $seed", (drawn) => {
  const { violations, stuck } = runWorld({
    ...drawn,
    flows: "asDrawn",
    sets: true,
    loss: 0,
    duplication: 0,
    diskLoss: false,
    skewMax: 0,
    hasSlowWays: false,
    retain: null,
    checkpoints: false,
    collects: false,
    detaches: false,
    limits: false,
    planStyle: "wild",
    versions: "one",
  });
  expect([violations, stuck]).toEqual([[], []]);
});

/** A way of changing plans that is too simple, and what it breaks. */
const simple: readonly (readonly [name: string, rules: Partial<Rules>, symptom: string])[] = [
  ["streams that open at once", { awaitsOpening: () => false }, "opening"],
  ["records taken from whoever sends them", { accepts: () => true }, "direction"],
  ["positions that outlive the plan they were counted under", { forgetsPositions: () => false }, "stuck"],
];

test.each(simple)("%s show", (_name, rules, symptom) => {
  const first = (fc.readConfigureGlobal().seed ?? 1) >>> 0;
  for (let seed = first; seed < first + 150; seed += 1) {
    const world: DrawnWorld = {
      seed,
      cloudletsMax: 8,
      operations: 80,
      flows: seed % 4 === 3 ? "oneWay" : "asDrawn",
      loss: 0,
      duplication: 0,
      crashes: false,
      diskLoss: false,
      cuts: seed % 2 === 0,
      skewMax: 0,
      hasSlowWays: true,
      retain: null,
      checkpoints: false,
      collects: false,
      detaches: false,
      limits: false,
      plans: 3,
      planStyle: "wild",
      causality: "session",
      versions: "one",
    };
    const { violations, stuck } = runWorld(world, () => rules);
    if (symptom === "stuck" && stuck.length > 0) return;
    if (violations.some((sentence) => sentence.startsWith(`${symptom}:`))) return;
  }
  expect.fail("not caught");
});
