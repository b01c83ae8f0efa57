/** FIFO forwarding goes wrong where it must, the core nowhere; and the table in the documents is what the command prints. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { CloudletId } from "../../model/ids.ts";
import { createReplica } from "../../model/replication/replica.ts";
import { seconds } from "../../model/units.ts";
import { RngRoot } from "../kernel/rng.ts";
import { runBag } from "./bag.ts";
import { addResults, runCompareJob, type CompareResult } from "./compare.ts";
import { surprisesOf } from "./run-compare.ts";
import { situationTable, type Situation } from "./situations.ts";
import { topologyOfEdges } from "./topologies.ts";

const SEEDS = 24;

const resultOf = (situation: Situation, isCore: boolean, first = 1, count = SEEDS): CompareResult =>
  runCompareJob({ situation: situation.name, isCore, first, count });

describe.each(situationTable)("$name", (situation) => {
  const fifo = resultOf(situation, false);
  const core = resultOf(situation, true);

  test("FIFO forwarding goes wrong as often as it must, and the core never", () => {
    expect(core).toEqual({ runs: SEEDS, violating: 0, losing: 0, example: null });
    expect(surprisesOf(situation, fifo, core)).toEqual([]);
  });

  test("the row in the documents is of these runs and others", () => {
    const row = documentedRow(situation);
    for (const [few, all] of [
      [fifo.violating, row.fifo[0]],
      [fifo.losing, row.fifo[1]],
    ] as const) {
      // The first of its 1 000 seeds are ours: what went wrong here is among what it counts, what did not is not.
      expect(few).toBeLessThanOrEqual(all);
      expect(SEEDS - few).toBeLessThanOrEqual(1_000 - all);
    }
    expect(row.core).toEqual([0, 0]);
    expect(row.reference).toEqual([situation.reference.violating, situation.reference.losing]);
  });
});

test("runs are a function of their seeds, however they are split into jobs", () => {
  const situation = situationTable.find(({ name }) => name === "shortcut-only") as Situation;
  const whole = resultOf(situation, false, 1, 12);
  expect(addResults([resultOf(situation, false, 1, 5), resultOf(situation, false, 6, 7)])).toEqual(whole);
});

test("counts that are not as they must be are told", () => {
  const [tree] = situationTable as readonly [Situation, ...Situation[]];
  const clean: CompareResult = { runs: 100, violating: 0, losing: 0, example: null };
  const most = { ...tree, reference: { violating: 925, losing: 10 } };
  expect(surprisesOf(tree, clean, clean)).toEqual([]);
  expect(surprisesOf(tree, { ...clean, violating: 1 }, clean)).toHaveLength(1);
  expect(surprisesOf(tree, clean, { ...clean, losing: 1, violating: 1 })).toHaveLength(2);
  expect(surprisesOf(most, { ...clean, violating: 74, losing: 0 }, clean)).toHaveLength(2);
  expect(surprisesOf(most, { ...clean, violating: 75, losing: 1 }, clean)).toEqual([]);
});

describe("the bag", () => {
  const bagOf = (plant: Parameters<typeof createReplica>[0]["plant"]) => {
    const topology = topologyOfEdges({
      cloudlets: [{ name: "a" }, { name: "b", upper: "a" }, { name: "c", upper: "b" }],
      scopes: [
        [
          "all",
          [
            ["a", "b"],
            ["b", "c"],
            ["a", "c"],
          ],
        ],
        [
          "some",
          [
            ["a", "b"],
            ["b", "c"],
          ],
        ],
      ],
    });
    return Array.from({ length: 20 }, (_, seed) =>
      runBag({
        topology,
        createCore: (self: CloudletId) =>
          createReplica({ topology, self, clockBound: seconds(60), ...(plant !== undefined && { plant }) }),
        rng: new RngRoot(String(seed)).stream,
        operations: 30,
        closings: [],
        adoptAt: null,
        loss: 20_000,
        writes: () => ["all/", "some/"],
        holds: () => true,
      }),
    );
  };

  test("finds nothing wrong with the core", () => {
    expect(bagOf(undefined).every(({ violations, lost }) => violations === 0 && lost === 0)).toBe(true);
  });

  test("finds causal violations of a core that applies on arrival, and says where", () => {
    const found = bagOf(() => ({ awaits: () => false })).filter(({ violations }) => violations > 0);
    expect(found.length).toBeGreaterThan(0);
    expect(found[0]?.evidence).toMatch(
      /^[abc] delivered [abc]'s write \d+ of (all|some)\/k\d before [abc]'s write \d+ of /,
    );
  });

  test("finds what a core that never resends has lost", () => {
    const found = bagOf(() => ({ resends: () => false })).filter(({ lost }) => lost > 0);
    expect(found.length).toBeGreaterThan(0);
  });
});

/** A situation's counts as docs/protocols.md has them. */
function documentedRow({
  says,
}: Situation): Readonly<Record<"fifo" | "core" | "reference", readonly [number, number]>> {
  const text = readFileSync(fileURLToPath(new URL("../../docs/protocols.md", import.meta.url)), "utf8");
  const row = text.split("\n").find((line) => line.startsWith(`| ${says} `)) ?? "";
  const [fifo, core, reference] = row
    .split("|")
    .slice(2, 5)
    .map((cell) => cell.trim().split(" / ").map(Number) as [number, number]);
  if (fifo === undefined || core === undefined || reference === undefined) throw new Error(`no row for "${says}"`);
  return { fifo, core, reference };
}
