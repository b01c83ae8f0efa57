// Targets that are closed by a standing record, in small random worlds: what was given up ends, nothing ends twice, and a target that
// comes back begins nothing that had ended; and the rules of it planted wrong.

import fc from "fast-check";
import { expect, test } from "vitest";
import { operationsEndWell } from "./operation-ends.ts";
import { type DrawnOperations, hardOperations, runDrawn, shapes } from "../sim/operations/drawn.ts";
import { closingPlants } from "../sim/operations/plants.ts";

const worlds: fc.Arbitrary<DrawnOperations> = fc.record({
  seed: fc.noBias(fc.nat()),
  shape: fc.constantFrom(...shapes),
  requests: fc.noBias(fc.integer({ min: 3, max: 60 })),
  loss: fc.constantFrom(0, 100_000),
  crashes: fc.boolean(),
  cuts: fc.boolean(),
  planes: fc.boolean(),
  closings: fc.constant(true),
  gone: fc.boolean(),
  custody: fc.constantFrom("shared" as const, "distributed" as const),
  retain: fc.constantFrom(null, null, 8),
  records: fc.constantFrom(5, 1_000),
  policy: fc.constantFrom("refuse" as const, "expire-oldest" as const),
});

operationsEndWell(
  "what was given up ends when its target is closed, once, and is begun by no target that knows of that",
  worlds,
  ["done executed", "failed closed", "expired time", "revoked issuer"],
);

test("what follows on an object that waits for word from above waits, too, where its target is out of reach for good", () => {
  const drawn = {
    seed: 1984980642,
    shape: [-1, 0],
    requests: 21,
    loss: 100_000,
    crashes: false,
    cuts: false,
    planes: false,
  } as const;
  const rest = { closings: true, gone: true, custody: "shared", retain: null, records: 5, policy: "refuse" } as const;
  expect(runDrawn({ ...drawn, ...rest }).violations).toEqual([]);
});

// Rare where worlds are drawn: a custodian has to be lost with something that it alone holds.
test("custody is lost with whoever had it in one of some hard worlds", () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const world: DrawnOperations = { ...hardOperations(seed), shape: [-1, 0, 1, 2, 0], closings: true, gone: false };
    if ((runDrawn({ ...world, custody: "distributed" }).ended.get("failed custody") ?? 0) > 0) return;
  }
  expect.fail("not met in 60 worlds");
});

test.each(closingPlants)("worlds with closed targets notice $name", ({ rules, small: { symptom, within } }) => {
  for (let seed = 1; seed <= within; seed += 1) {
    const world = { ...hardOperations(seed), closings: true, gone: seed % 2 === 0 };
    if (runDrawn(world, rules).violations.some((violation) => symptom.test(violation))) return;
  }
  expect.fail(`not noticed in ${within} worlds`);
});
