// Plans that change while operations are queued at each layer, in small random worlds in both modes of custody: cloudlets are detached, come
// back, and get other uppers with all below them. And the rules about that planted wrong.

import fc from "fast-check";
import { expect, test } from "vitest";
import { operationsEndWell } from "./operation-ends.ts";
import { type DrawnOperations, hardOperations, runDrawn } from "../sim/operations/drawn.ts";
import { replanPlants } from "../sim/operations/plants.ts";

const worlds: fc.Arbitrary<DrawnOperations> = fc.record({
  seed: fc.noBias(fc.nat()),
  shape: fc.constantFrom([-1, 0, 1], [-1, 0, 1, 1], [-1, 0, 0, 1], [-1, 0, 1, 2, 0]),
  requests: fc.noBias(fc.integer({ min: 3, max: 60 })),
  loss: fc.constantFrom(0, 100_000),
  crashes: fc.boolean(),
  cuts: fc.boolean(),
  planes: fc.boolean(),
  closings: fc.boolean(),
  plans: fc.integer({ min: 2, max: 5 }),
  custody: fc.constantFrom("shared" as const, "distributed" as const),
  retain: fc.constant(null),
  records: fc.constantFrom(5, 1_000),
  policy: fc.constantFrom("refuse" as const, "expire-oldest" as const),
});

operationsEndWell(
  "whatever the plans do, every operation ends once, is begun once at most, and for somebody above it",
  worlds,
  ["done executed", "failed closed", "expired time", "revoked issuer"],
);

// 1. 0 hands an operation for 3 to 1, which is next on the way. A plan has 3 below 2: both take it back, and 0 hands it to 2.
// 2. The next plan has 3 below 2 below 1: 0 hands it to 1 once more, and gets the receipt that 1 has written before all that.
// 3. It took that for one of now, and had the operation lie nowhere. What 1 may have had goes past it, among the directives.
test("an old receipt is none for what goes the same way again: world 629445128", () => {
  const world: DrawnOperations = {
    seed: 629445128,
    shape: [-1, 0, 0, 1],
    requests: 42,
    loss: 100_000,
    crashes: true,
    cuts: false,
    planes: true,
    closings: false,
    plans: 3,
    custody: "distributed",
    retain: null,
    records: 5,
    policy: "refuse",
  };
  expect(runDrawn(world).violations).toEqual([]);
});

const deep: DrawnOperations = {
  seed: 0,
  shape: [-1, 0, 1, 2, 0],
  requests: 0,
  loss: 0,
  crashes: false,
  cuts: false,
  planes: false,
  closings: true,
  plans: 3,
  custody: "distributed",
  retain: null,
  records: 5,
  policy: "refuse",
};

// 1. 1 has taken an operation for 2 from 0. A plan has 2 below 4: 1 gives it back.
// 2. The next plan has 4 below 1. Whoever is lowest above both who gave it back and 2 is 1 itself, and 0 is not: nobody handed it on.
test("whoever gave an operation back and is on its way again hands it on: world 185275364", () => {
  const world: DrawnOperations = {
    ...deep,
    seed: 185275364,
    requests: 29,
    cuts: true,
    planes: true,
    policy: "expire-oldest",
  };
  expect(runDrawn(world).violations).toEqual([]);
  expect(runDrawn(world, () => ({ takesAgain: () => false })).violations).toEqual([
    "0.1.2 was accepted and has no end",
  ]);
});

// 1. 1 writes its receipt of an operation, and before its disk has that a plan has it give the operation back.
// 2. Neither replaces the other. The receipt was taken for what counts, and nobody handed the operation on.
test("who has taken custody and given it back has given it back: world 283740823", () => {
  const world: DrawnOperations = { ...deep, seed: 283740823, requests: 44, loss: 100_000, crashes: true, plans: 4 };
  expect(runDrawn(world).violations).toEqual([]);
});

test.each([
  // 1 takes an operation under one plan, and its disk has that under the next, where it is not on the way: it gave the operation back, and
  // wrote a receipt after that.
  { seed: 318227859, requests: 56, plans: 5, why: "who is not on the way takes nothing" },
  // c0 says that c3 is disconnected; c2 says that it is fenced instead. Then c2 is not above c3 any more: its word counts for nothing, but it
  // had taken the first one back, and c3 has to wait until c0 knows that.
  {
    seed: 817107641,
    requests: 34,
    plans: 5,
    crashes: true,
    policy: "expire-oldest",
    why: "what a word took back stays so",
  },
  // Two plans come at once. What was handed another way under the first tells its age; the second counted that once more.
  { seed: 624496338, requests: 46, plans: 3, planes: false, why: "what is handed on twice has aged once" },
] as const)("$why: world $seed", (drawn) => {
  expect(runDrawn({ ...deep, cuts: true, planes: true, ...drawn }).violations).toEqual([]);
});

// 1. 0 takes back what it has issued for 1. While that is on its way, a plan has 1 elsewhere: 0 writes that it is closed.
// 2. Before the disk has that, the next plans have 1 below again, and 0 writes its clearance. It followed no end, since none was stored yet.
// 3. 1 got the clearance, and began what had ended. Now a clearance waits until the ends are stored that it is to follow.
test("a clearance follows ends that were on their way to the disk: world 506711207", () => {
  const world: DrawnOperations = {
    seed: 506711207,
    shape: [-1, 0, 1],
    requests: 6,
    loss: 100_000,
    crashes: true,
    cuts: false,
    planes: false,
    closings: false,
    plans: 5,
    custody: "shared",
    retain: null,
    records: 5,
    policy: "refuse",
  };
  expect(runDrawn(world).violations).toEqual([]);
  expect(runDrawn(world, () => ({ awaitsEnds: () => false })).violations).toEqual([
    "0.1.1 began, and had ended since its target was closed, which that knew",
  ]);
});

test.each(replanPlants)("worlds with several plans notice $name", ({ rules, small: { symptom, within } }) => {
  for (let seed = 1; seed <= within; seed += 1) {
    const shape = seed % 2 === 0 ? [-1, 0, 1, 1] : [-1, 0, 1];
    const custody = seed % 3 === 0 ? ("shared" as const) : ("distributed" as const);
    const world = { ...hardOperations(seed), shape, custody, plans: 2 + (seed % 2), away: seed % 4 !== 3, records: 50 };
    if (runDrawn(world, rules).violations.some((violation) => symptom.test(violation))) return;
  }
  expect.fail(`not noticed in ${within} worlds`);
});
