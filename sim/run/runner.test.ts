// Whole runs: the same seed repeats itself event by event, a planted bug fails the run it is planted in, and what a run
// reports does not depend on who watches.

import { expect, test } from "vitest";
import { transitions } from "../../model/control/transitions.ts";
import { plantTable } from "../plants/plants.ts";
import { type SweepDraws, sweepMarks } from "../oracles/names.ts";
import { generateScenario } from "./generate.ts";
import { checkDeterminism } from "./repetition.ts";
import { endScenario, runScenario, TopologyRefused } from "./runner.ts";

const seeds = ["1", "2", "3", "4", "5", "6", "7", "8"];

test.each(seeds)("a drawn scenario passes, with 50 requests, a healed partition and a conflict (seed %s)", (seed) => {
  const { report, world } = runScenario(generateScenario(seed).scenario);
  expect(report.unmet).toEqual([]);
  expect(report.verdict).toBe("passed");
  expect(report.pending).toEqual([]);
  expect(world.requestCount).toBeGreaterThanOrEqual(50);
  const marks = new Map<string, number>(report.marks);
  expect(marks.get("conflict")).toBeGreaterThan(0);
  expect(marks.get("partition-healed")).toBeGreaterThan(0);
});

test("a scenario is a function of its seed, and survives the way to a worker and into a file", () => {
  const { scenario } = generateScenario("17");
  expect(generateScenario("17").scenario).toEqual(scenario);
  expect(generateScenario("18").scenario).not.toEqual(scenario);
  const copy = JSON.parse(JSON.stringify(structuredClone(scenario))) as typeof scenario;
  expect(runScenario(copy).report.digest).toBe(runScenario(scenario).report.digest);
});

test("how a run ended is what its report says, whether it passed, failed or missed a bound", () => {
  const { scenario } = generateScenario("3");
  const bounds = [{ metric: "records.written", comparison: "<=", value: 1 }] as const;
  const bounded = { ...scenario, expectations: { ...scenario.expectations, bounds } };
  const plant = plantTable.find(({ name }) => name === "apply-on-arrival")!;
  for (const [one, options] of [
    [scenario, {}],
    [bounded, {}],
    [scenario, { plant: plant.rules }],
  ] as const) {
    const { end, world } = endScenario(one, options);
    const { report } = runScenario(one, options);
    expect(report).toMatchObject(end);
    expect(world.steps).toBe(report.steps);
    expect(report.verdict === "passed").toBe(one === scenario && !("plant" in options));
  }
});

test("two runs of one scenario agree event by event, and the comparison finds the first event that does not", () => {
  const { scenario } = generateScenario("3");
  const same = checkDeterminism(scenario);
  expect(same).toEqual({ kind: "same", digest: runScenario(scenario).report.digest });
  const plant = plantTable.find(({ name }) => name === "apply-on-arrival")!;
  const different = checkDeterminism(scenario, {}, { plant: plant.rules });
  expect(different.kind).toBe("different");
  if (different.kind === "same" || different.difference === null) throw new Error("no difference was found");
  const { left, right } = different.difference;
  expect(left).not.toEqual(right);
  expect(left?.at).toBeGreaterThan(0);
});

test("shuffled ties change the order of events and nothing that matters (8 seeds)", () => {
  for (const seed of seeds) {
    const { scenario } = generateScenario(seed);
    const straight = runScenario(scenario).report;
    const shuffled = runScenario(scenario, { shuffleTies: true }).report;
    expect(shuffled.digest).not.toBe(straight.digest);
    expect(shuffled.verdict).toBe(straight.verdict);
  }
});

test("watching only some properties changes what is judged and not what happens", () => {
  const { scenario } = generateScenario("4");
  const all = runScenario(scenario).report;
  const one = runScenario(scenario, { only: ["causal-delivery"] }).report;
  expect(one.digest).toBe(all.digest);
  expect(one.properties.map(([name]) => name)).toEqual(["causal-delivery"]);
  // What is expected and not watched is not met.
  expect(one.verdict).toBe("failed");
});

test("a bug planted in every replica fails a run, with words about who, when and which records", () => {
  const plant = plantTable.find(({ name }) => name === "apply-on-arrival")!;
  const reports = seeds.map((seed) => runScenario(generateScenario(seed).scenario, { plant: plant.rules }).report);
  const caught = reports.find(({ verdict }) => verdict === "failed");
  expect(caught?.unmet.join("\n")).toMatch(/causal-delivery was to hold always, and was violated/);
});

test("progress goes up to the end, and is not told more often than it changes", () => {
  const fractions: number[] = [];
  runScenario(generateScenario("5").scenario, { onProgress: (fraction) => fractions.push(fraction) });
  expect(fractions.every((fraction, index) => fraction >= (fractions[index - 1] ?? 0) && fraction <= 1)).toBe(true);
});

test("a topology that breaks a rule is refused with the reason", () => {
  const { scenario } = generateScenario("6");
  const broken = { ...scenario, topology: { ...scenario.topology, links: [] } };
  expect(() => runScenario(broken)).toThrow(TopologyRefused);
});

test("the marks of a sweep are known by name, those of what only some scenarios are drawn with where that is drawn", () => {
  const [usual, all] = [sweepMarks({}), sweepMarks({ detachments: true, operations: true, aliveness: true })];
  expect(usual).toContain("conflict");
  const more = (draws: SweepDraws): readonly string[] => sweepMarks(draws).filter((name) => !usual.includes(name));
  expect(more({ detachments: true })).toEqual([
    "member-detached",
    "record-held-back",
    "member-returned",
    "delete-written-anew",
  ]);
  expect(more({ operations: true })).toContain("ended-superseded");
  expect(more({ aliveness: true })).toContain("fenced-to-connected");
  expect(
    all.filter(
      (name) =>
        ![{ detachments: true }, { operations: true }, { aliveness: true }].some((one) =>
          sweepMarks(one).includes(name),
        ),
    ),
  ).toEqual(["ended-closed"]);
});

test("of the changes of marks that a sweep has to meet none is left out but what comes another way than over links", () => {
  const wanted = sweepMarks({ aliveness: true });
  const left = transitions.filter(({ from, to }) => !wanted.some((name) => name === `${from}-to-${to}`));
  expect(left.map(({ from, to }) => [from, to])).toEqual([["autonomous", "unknown"]]);
  expect(wanted.filter((name) => name.includes("-to-"))).toHaveLength(transitions.length - 1);
});
