// One-way convergence (D24, Q8): what everybody holds in the end does not depend on whether acknowledgements and greetings
// ever travelled. They save bytes, and nothing else.

import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { prop } from "./prop.ts";
import { runRadioWorld, type RadioWorld, type WayBack } from "./radio-world.ts";

const worldCount = 300;

const worlds: fc.Arbitrary<RadioWorld> = fc.record({
  seed: fc.noBias(fc.nat()),
  cloudletsMax: fc.noBias(fc.integer({ min: 3, max: 7 })),
  rounds: fc.noBias(fc.integer({ min: 1, max: 4 })),
  requests: fc.noBias(fc.integer({ min: 5, max: 40 })),
  loss: fc.constantFrom(0, 100_000, 300_000),
  duplication: fc.constantFrom(0, 50_000),
  crashes: fc.boolean(),
  cuts: fc.boolean(),
  retain: fc.constantFrom(null, null, 0, 1, 4, 16),
});

// What makes a world worth judging.
const census = { worlds: 0, records: 0, installed: 0, lostDisks: 0 };
const redundant = { open: 0, none: 0 };

prop(
  "with a way back and without one everybody ends up with the same",
  fc.tuple(worlds, fc.constantFrom<WayBack>("closed", "deaf")),
  ([world, wayBack]) => {
    const answered = runRadioWorld(world, "open");
    const unanswered = runRadioWorld(world, wayBack);
    expect(answered.stuck).toEqual([]);
    expect(unanswered.stuck).toEqual([]);
    expect(unanswered.states).toEqual(answered.states);
    census.worlds += 1;
    if (answered.records > 0) census.records += 1;
    if (unanswered.installed > 0) census.installed += 1;
    if (unanswered.lostDisks > 0) census.lostDisks += 1;
    redundant.open += answered.redundant;
    redundant.none += unanswered.redundant;
  },
  { numRuns: worldCount, timeout: 180_000 },
);

afterAll(() => {
  // Unfinished when the property failed or was left out; then there is nothing to judge.
  if (census.worlds < worldCount) return;
  expect(census.records, "worlds in which something was written").toBeGreaterThan(worldCount * 0.9);
  expect(census.installed, "worlds in which cuts were installed").toBeGreaterThan(worldCount / 10);
  expect(census.lostDisks, "worlds in which a disk was lost").toBeGreaterThan(worldCount / 20);
  expect(redundant.none, "redundant bytes without acknowledgements").toBeGreaterThan(2 * redundant.open);
});

test("a sender that falls silent after its first round leaves some without what others have", () => {
  const first = (fc.readConfigureGlobal().seed ?? 1) >>> 0;
  for (let index = 0; index < 40; index += 1) {
    const world: RadioWorld = {
      seed: first + index,
      cloudletsMax: 6,
      rounds: 2,
      requests: 12,
      loss: 500_000,
      duplication: 0,
      crashes: false,
      cuts: false,
      retain: index % 2 === 0 ? null : 4,
    };
    const plant = () => ({ repeatsForEver: () => false });
    const answered = runRadioWorld(world, "open", plant);
    // So many losses in a row that it believed itself unheard.
    if (answered.stuck.length > 0) continue;
    const unanswered = runRadioWorld(world, "closed", plant);
    if (unanswered.states.join("\n") !== answered.states.join("\n")) return;
  }
  expect.fail("it was not caught");
});
