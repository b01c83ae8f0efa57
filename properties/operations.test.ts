// The control layer in small random worlds, judged by what planes were really told; and each of its rules planted wrong, which
// must be noticed in these worlds.

import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import type { ControlRules } from "../model/control/rules.ts";
import { RngRoot } from "../sim/kernel/rng.ts";
import { prop } from "./prop.ts";
import { runOperationsWorld, type OperationsResult } from "./operations-world.ts";

/** A world as a few numbers, so that a failing one can shrink. */
interface Drawn {
  readonly seed: number;
  readonly shape: readonly number[];
  readonly requests: number;
  readonly loss: number;
  readonly crashes: boolean;
  readonly cuts: boolean;
  readonly planes: boolean;
  readonly retain: number | null;
  readonly records: number;
  readonly policy: "refuse" | "expire-oldest" | "expire-lowest";
}

const shapes: readonly (readonly number[])[] = [
  [-1, 0],
  [-1, 0, 1],
  [-1, 0, 0],
  [-1, 0, 1, 1],
  [-1, 0, 1, 2, 0],
];

const worlds: fc.Arbitrary<Drawn> = fc.record({
  seed: fc.noBias(fc.nat()),
  shape: fc.constantFrom(...shapes),
  requests: fc.noBias(fc.integer({ min: 3, max: 60 })),
  loss: fc.constantFrom(0, 100_000),
  crashes: fc.boolean(),
  cuts: fc.boolean(),
  planes: fc.boolean(),
  retain: fc.constantFrom(null, null, 2, 8),
  records: fc.constantFrom(2, 5, 1_000),
  policy: fc.constantFrom("refuse" as const, "expire-oldest" as const, "expire-lowest" as const),
});

function run({ seed, shape, records, policy, ...drawn }: Drawn, plant?: () => Partial<ControlRules>): OperationsResult {
  const rng = new RngRoot(String(seed)).stream;
  const options = { ...drawn, rng, uppers: shape, caps: { records, policy } };
  return runOperationsWorld(plant === undefined ? options : { ...options, plant });
}

const worldCount = 400;
const ends = new Map<string, number>();
const refused = new Set<string>();
const census = { worlds: 0, inquiries: 0, installed: 0, byUpper: 0 };

prop(
  "every operation ends exactly once, is carried out at most once, below its issuer, after what it comes after, within caps",
  worlds,
  (world) => {
    const result = run(world);
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

/** A wrong rule, what it breaks, and in how many worlds at most that shows. */
interface Wrong {
  readonly rule: keyof ControlRules;
  readonly plant: () => Partial<ControlRules>;
  readonly symptom: RegExp;
  readonly within: number;
}

const wrongRules: readonly Wrong[] = [
  { rule: "heedsAuthority", plant: () => ({ heedsAuthority: () => false }), symptom: /a tenant's/, within: 40 },
  {
    rule: "storesIntent",
    plant: () => ({ storesIntent: () => false }),
    symptom: /handed to a plane twice/,
    within: 200,
  },
  {
    rule: "asksAfterRestart",
    plant: () => ({ asksAfterRestart: () => false }),
    symptom: /handed to a plane twice/,
    within: 200,
  },
  {
    rule: "awaitsAfter",
    plant: () => ({ awaitsAfter: () => false }),
    symptom: /began before .* was done/,
    within: 100,
  },
  {
    rule: "cascades",
    plant: () => ({ cascades: () => false }),
    symptom: /carried out though|began before/,
    within: 100,
  },
  { rule: "doneBeatsEnd", plant: () => ({ doneBeatsEnd: () => false }), symptom: /and had begun/, within: 400 },
  {
    rule: "tellsProvisional",
    plant: () => ({ tellsProvisional: () => true }),
    symptom: /and had begun|ended twice|has no end/,
    within: 400,
  },
  { rule: "beginsLate", plant: () => ({ beginsLate: () => true }), symptom: /when its time was over/, within: 100 },
  { rule: "keepsCaps", plant: () => ({ keepsCaps: () => false }), symptom: /keeps \d+ operations/, within: 100 },
];

test.each(wrongRules)("worlds notice when $rule is wrong", ({ plant, symptom, within }) => {
  for (let seed = 1; seed <= within; seed += 1) {
    const world: Drawn = {
      seed,
      shape: shapes[seed % shapes.length] as readonly number[],
      requests: 40,
      loss: 100_000,
      crashes: true,
      cuts: true,
      planes: seed % 2 === 0,
      retain: null,
      records: seed % 3 === 0 ? 2 : 50,
      policy: "refuse",
    };
    if (run(world, plant).violations.some((violation) => symptom.test(violation))) return;
  }
  expect.fail(`not noticed in ${within} worlds`);
});
