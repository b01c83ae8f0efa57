// Scenarios for sweeps with operations and marks: what each promises is kept on trees of nine families, alone and under faults of all
// kinds; over many nearly every interesting case is met (`npm start` asks for all); and a sweep whose core never does what a case is about fails and names it.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { familyNames } from "../../workloads/topologies/index.ts";
import { faultNames } from "../faults/table.ts";
import { sweepMarks } from "../oracles/names.ts";
import { plantNamed, plantOptions } from "../plants/plants.ts";
import { CaseMaker } from "../sweep/case.ts";
import { runCase } from "../sweep/row.ts";
import { summarise } from "../sweep/summary.ts";
import { nothingExpected, resultsOf, smallPlan } from "../sweep/testing.ts";
import { underFaults } from "../swarm/under-faults.ts";
import { generateControl, type ControlStory } from "./generate-control.ts";
import type { RunOptions } from "./run.ts";
import { runScenario } from "./runner.ts";

/** Those of `npm start`: of later ones drawn scenarios take no more than a tree. */
const families = familyNames.slice(0, 9);

function treeOf(number: number) {
  const cloudlets = 3 + (number % 9);
  const shape = families[number % families.length]!;
  return { shape, cloudletsMin: cloudlets, cloudletsMax: cloudlets };
}

test.each([
  ["operations", 0],
  ["operations", 2],
  ["aliveness", 0],
  ["aliveness", 2],
] as const)("each keeps its promises (%s, %i kinds of faults on top)", { timeout: 60_000 }, (story, kinds) => {
  for (let number = 0; number < 4; number += 1) {
    const scenario = generateControl(`control-${number}`, story, treeOf(number));
    expect(generateControl(`control-${number}`, story, treeOf(number))).toEqual(scenario);
    const wanted = Array.from({ length: kinds }, (_, more) => faultNames[(number * kinds + more) % faultNames.length]!);
    const { report, world } = runScenario(kinds === 0 ? scenario : underFaults(scenario, wanted).scenario);
    const { seed } = report;
    expect({ seed, unmet: report.unmet }).toEqual({ seed, unmet: [] });
    expect(world.requestCount).toBeGreaterThanOrEqual(50);
    const marks = new Map(report.marks);
    for (const mark of ["conflict", "partition-healed"] as const) expect(marks.get(mark)).toBeGreaterThan(0);
    const properties = new Map(report.properties);
    expect(properties.get(story === "operations" ? "operation-ends" : "mark-rules")?.verdict).toBe("holds");
  }
});

/** A sweep over operations alone, or over marks alone; what it was to meet and has not. */
async function unmetOf(story: ControlStory, caseCount: number, options: RunOptions = {}): Promise<readonly string[]> {
  const wanted = sweepMarks({ operations: story === "operations", aliveness: story === "aliveness" });
  const usual = new Set(sweepMarks({}));
  const expectations = { ...nothingExpected, sometimes: wanted.filter((name) => !usual.has(name)) };
  const differing = (index: number) =>
    ({
      workload: { kind: "generated", story, tree: treeOf(index) },
      settings: [],
      faults: { kind: "swarm", wanted: [] },
    }) as const;
  const plan = smallPlan({ caseCount, expectations, differing });
  const rows = Array.from({ length: caseCount }, (_, index) =>
    runCase(new CaseMaker(plan.sources), plan.caseAt(index), options),
  );
  const place = mkdtempSync(join(tmpdir(), "causeway-control-"));
  try {
    return (await summarise(resultsOf(plan, rows, place))).unmet;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

const RUNS = 24;

test.each([
  ["keeps-all", ["refused-at-cap", "given-up-on-its-way"]],
  ["never-cascades", ["ended-after"]],
] as const)(
  "a sweep whose core %s fails for want of what is met without it",
  { timeout: 60_000 },
  async (plant, missed) => {
    const unmet = await unmetOf("operations", 12, plantOptions(plantNamed(plant)!));
    for (const name of missed) expect(unmet).toContain(`${name} was to be reached somewhere, and never was`);
  },
);

test(`most of what there is to meet is met in ${RUNS} runs`, { timeout: 60_000 }, async () => {
  for (const story of ["operations", "aliveness"] as const) {
    const unmet = await unmetOf(story, RUNS);
    const rest = unmet.filter((why) => !/^(lowest-made-room|\w+-to-\w+) was to be reached/.test(why));
    expect(rest).toEqual([]);
    expect(unmet.length).toBeLessThan(12);
  }
});
