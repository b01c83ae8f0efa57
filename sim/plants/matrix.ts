// The plant x oracle matrix: which oracle catches which planted bug, and that none cries without one. Both over the same
// drawn scenarios. In two of three clocks are right and every property must hold; the third has wrong clocks, and what
// they may break (N3) is not counted there. Some bugs show only where members are detached or deletes are collected: these, and a part of the
// clean runs, are run in scenarios drawn for that.
//
// Oracles only listen, so what all of them say of one run is what each would say of it alone; the test of this file holds
// them to that. Leaves out the command line, and worker threads: a job here is one call there.

import { InvariantViolation } from "../../model/assert.ts";
import type { OracleName } from "../oracles/names.ts";
import { generateDetachments } from "../run/generate-detachments.ts";
import { generateLostDisks } from "../run/generate-lost-disks.ts";
import { generateOperations } from "../run/generate-operations.ts";
import { generateUpgrades } from "../run/generate-upgrades.ts";
import { generateWatching } from "../run/generate-watching.ts";
import { generateScenario } from "../run/generate.ts";
import { runScenario, type RunOptions } from "../run/runner.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { Plant } from "./plant.ts";
import { plantNamed, plantOptions } from "./plants.ts";

/** Runs one plant, or none, over scenarios numbered `first` to `first + count - 1`. Plain data: it may cross threads. */
export interface PlantJob {
  /** Null: no bug. */
  readonly plant: string | null;
  /** Of which kind the scenarios are where there is no bug; else the bug says it. */
  readonly world?: Plant["world"];
  readonly first: number;
  readonly count: number;
  /** Stop when all of these have cried; empty: run all. */
  readonly until: readonly OracleName[];
}

/** An oracle that cried, with where and what it said first. */
export interface Alarm {
  readonly oracle: OracleName;
  readonly seed: string;
  /** In how many of the runs. */
  readonly runCount: number;
  readonly evidence: string;
}

/** What came of a plant. */
export interface PlantResult {
  readonly plant: string | null;
  readonly runCount: number;
  /** In the order in which they first cried. */
  readonly alarms: readonly Alarm[];
  /** Runs that a broken invariant stopped before any verdict: how some bugs show themselves. */
  readonly stopped: readonly string[];
  /** How often each oracle was put to the test, in all runs together. */
  readonly checks: readonly (readonly [OracleName, number])[];
}

/** The scenario of that number; `world`: of scenarios made for some bugs. */
export function plantScenario(number: number, world?: Plant["world"]): Scenario {
  if (world === "detaching") return generateDetachments(plantSeed(number));
  if (world === "operating") return generateOperations(plantSeed(number));
  if (world === "losing") return generateLostDisks(plantSeed(number));
  if (world === "forgetting") return generateLostDisks(plantSeed(number), ["lose"], true);
  if (world === "upgrading") return generateUpgrades(plantSeed(number));
  if (world === "watching") return generateWatching(plantSeed(number));
  const perfectClocks = number % 3 !== 2;
  const collects = world === "collecting";
  return generateScenario(plantSeed(number), { perfectClocks, collects, tree: { cloudletsMax: 12 } }).scenario;
}

/** Runs one job. */
export function runPlantJob({ plant, world, first, count, until }: PlantJob): PlantResult {
  const options: RunOptions = plant === null ? {} : optionsOf(plant);
  const kind = plant === null ? world : plantNamed(plant)?.world;
  const alarms = new Map<OracleName, Alarm>();
  const stopped: string[] = [];
  const checked = new Map<OracleName, number>();
  let runCount = 0;
  for (let number = first; number < first + count; number += 1) {
    runCount += 1;
    try {
      const scenario = plantScenario(number, kind);
      const { report } = runScenario(scenario, options);
      const expected = new Set([...scenario.expectations.always, ...scenario.expectations.eventually]);
      for (const [oracle, { verdict, evidence, checks }] of report.properties) {
        checked.set(oracle, (checked.get(oracle) ?? 0) + checks);
        if (verdict !== "violated" || !expected.has(oracle)) continue;
        const alarm = alarms.get(oracle) ?? { oracle, seed: report.seed, runCount: 0, evidence: evidence[0] ?? "" };
        alarms.set(oracle, { ...alarm, runCount: alarm.runCount + 1 });
      }
    } catch (error) {
      if (!(error instanceof InvariantViolation)) throw error;
      stopped.push(`${plantSeed(number)}: ${error.message}`);
    }
    if (until.length > 0 && until.every((oracle) => alarms.has(oracle))) break;
  }
  return { plant, runCount, alarms: [...alarms.values()], stopped, checks: [...checked] };
}

function plantSeed(number: number): string {
  return `plants-${number}`;
}

function optionsOf(name: string): RunOptions {
  const plant = plantNamed(name);
  if (plant === null) throw new RangeError(`there is no planted bug ${name}`);
  return plantOptions(plant);
}
