// Queues and tables in small random worlds, judged by brute force: whatever comes in whatever order, over ways that lose and double,
// through crashes, snapshots and changes of the topology, a read gives the merge of all that is applied there. And what
// a removal that takes too much, or a resolver that takes sides, does to them, which must be noticed.

import fc from "fast-check";
import { expect, test } from "vitest";
import { Cluster } from "../model/testing/cluster.ts";
import { parseCommand } from "../model/testing/transcript.ts";
import { type DrawnWorld, runWorld } from "./drawn-world.ts";
import { prop } from "./prop.ts";

const worlds: fc.Arbitrary<DrawnWorld> = fc.record({
  seed: fc.noBias(fc.nat()),
  holds: fc.constantFrom("queue" as const, "table" as const),
  cloudletsMax: fc.noBias(fc.integer({ min: 3, max: 7 })),
  operations: fc.noBias(fc.integer({ min: 20, max: 100 })),
  flows: fc.constantFrom("asDrawn" as const, "asDrawn" as const, "oneWay" as const),
  loss: fc.constantFrom(0, 100_000),
  duplication: fc.constantFrom(0, 50_000),
  crashes: fc.boolean(),
  diskLoss: fc.boolean(),
  cuts: fc.boolean(),
  skewMax: fc.constantFrom(0, 1_000_000),
  hasSlowWays: fc.boolean(),
  retain: fc.constantFrom(null, 0, 4),
  checkpoints: fc.boolean(),
  moves: fc.boolean(),
  causality: fc.constantFrom("session" as const, "cloudlet" as const),
  collects: fc.constant(false),
  detaches: fc.constant(false),
  limits: fc.constant(false),
  plans: fc.constantFrom(1, 1, 2, 3),
  planStyle: fc.constantFrom("faithful" as const, "wild" as const),
  versions: fc.constantFrom("one" as const, "mixed" as const),
});

prop(
  "a read of a queue or a table is the merge of all that is applied there",
  worlds,
  (world) => {
    const { violations, stuck } = runWorld({ ...world, versions: world.plans > 1 ? "one" : world.versions });
    expect(violations).toEqual([]);
    expect(stuck).toEqual([]);
  },
  { numRuns: 150, timeout: 60_000 },
);

test.each(["queue", "table"] as const)(
  "a removal that takes what its cloudlet had not got is noticed in a %s",
  (holds) => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const world: DrawnWorld = {
        seed,
        holds,
        cloudletsMax: 6,
        operations: 80,
        flows: "asDrawn",
        loss: 0,
        duplication: 0,
        crashes: false,
        diskLoss: false,
        cuts: true,
        skewMax: 0,
        hasSlowWays: true,
        retain: null,
        checkpoints: false,
        causality: "session",
        collects: false,
        detaches: false,
        limits: false,
        plans: 1,
        planStyle: "faithful",
        versions: "one",
      };
      if (runWorld(world, () => ({ removesUnseen: true })).violations.some((one) => one.startsWith("merge"))) return;
    }
    expect.fail("not noticed");
  },
);

test("what is no row and no cell is refused in a table, and a queue takes no inserts", () => {
  const cluster = new Cluster();
  const say = (line: string, input: readonly string[] = []): string =>
    cluster.handle({ ...parseCommand(line), input }).trim();
  say("topology", ["cloudlet a", "scope rows resolver=table", "scope jobs resolver=queue"]);
  expect(say("request a s remove rows/x r1/c1")).toBe(
    'a to s: refused (badElement): "r1/c1" is no row\'s name; a table is rid of whole rows',
  );
  expect(say("request a s insert rows/x r1/c1")).toBe(
    'a to s: refused (badElement): "r1/c1" is no row and no cell; write row/column=value',
  );
  expect(say("request a s insert jobs/x e")).toBe(
    "a to s: refused (wrongRequest): insert is no request of a queue scope; write one with append or remove",
  );
});
