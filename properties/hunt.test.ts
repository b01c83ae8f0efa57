// The smallest worlds that the last hunt for planted bugs has left, on the engine as it is now: each still shows its bug, and nothing
// without it. So they are a collection of short stories in which a rule of the core is needed.

import { describe, expect, test } from "vitest";
import { oracleTable } from "../sim/oracles/names.ts";
import { beyondGoal, HUNT_RUNS_MAX, runHuntJob } from "../sim/plants/hunt.ts";
import { plantNamed, plantOptions, plantTable } from "../sim/plants/plants.ts";
import { runScenario } from "../sim/run/runner.ts";
import { readScenario } from "../sim/scenario/read.ts";
import type { Scenario } from "../sim/scenario/scenario.ts";
import { writeScenario } from "../sim/scenario/write.ts";
import { lastHunt } from "./documents/hunt-section.ts";

const { bugs } = lastHunt();
const again = "to hunt again: npm run hunt";

function read(text: string): Scenario {
  const outcome = readScenario(text, { file: "smallest.yaml" });
  if (outcome.kind === "invalid") throw new Error(outcome.problems.map(({ message }) => message).join("\n"));
  return outcome.scenario;
}

test("the last hunt was for all planted bugs, saw each of them, and left at most one in ten too large", () => {
  expect(
    bugs.map(({ plant }) => plant),
    again,
  ).toEqual(plantTable.map(({ name }) => name));
  for (const { plant, runs, seen } of bugs) {
    expect(seen, plant).not.toBeNull();
    expect(runs, plant).toBeLessThanOrEqual(HUNT_RUNS_MAX);
  }
  const small = bugs.filter((bug) => beyondGoal(bug) === null);
  expect(small.length).toBeGreaterThanOrEqual(Math.max(27, Math.ceil(bugs.length * 0.9)));
});

describe.each(bugs.map(({ plant, seen }) => ({ plant, seen })))("the smallest world of $plant", ({ plant, seen }) => {
  const scenario = read(seen?.scenario ?? "");
  const verdicts = (options: Parameters<typeof runScenario>[1]): readonly string[] =>
    runScenario(scenario, options).report.properties.flatMap(([name, { verdict }]) =>
      verdict === "violated" && name === seen?.property ? [name] : [],
    );

  test("shows it, and nothing without it", () => {
    const planted = plantNamed(plant);
    if (planted === null) throw new Error(`there is no planted bug ${plant}; ${again}`);
    expect(oracleTable.map(({ name }): string => name)).toContain(seen?.property);
    expect(planted.catches).toContain(seen?.property);
    expect(verdicts(plantOptions(planted)), again).toEqual([seen?.property]);
    expect(verdicts({}), again).toEqual([]);
    const { cloudlets, operations, faults } = seen?.after ?? {};
    expect([scenario.topology.cloudlets.length, scenario.script.length, scenario.faults.length]).toEqual([
      cloudlets,
      operations,
      faults,
    ]);
    expect(writeScenario(scenario)).toBe(seen?.scenario);
  });
});

test("a hunt finds a bug and its smallest world again, and says so of one that it does not see in time", async () => {
  const found = await runHuntJob({ plant: "relays-nothing", runsMax: 20 });
  expect(beyondGoal(found)).toBeNull();
  expect(found.seen).toMatchObject({ property: "convergence", after: { cloudlets: 3, operations: 1, faults: 0 } });
  const missed = await runHuntJob({ plant: "removes-unseen", runsMax: 1 });
  expect(missed).toEqual({ plant: "removes-unseen", runs: 1, seen: null });
  expect(beyondGoal(missed)).toBe("not seen in 1 runs");
});
