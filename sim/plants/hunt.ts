// The hunt: for each planted bug, how many small drawn runs it takes until an oracle that was made for it sees it, and how small the
// world is that still shows it. Plain data in and out: a job is one bug, and may cross threads.
//
// Leaves out the threads (run-hunt.ts) and how it is printed (hunt-table.ts).

import type { OracleName } from "../oracles/names.ts";
import { shrink } from "../shrink/shrink.ts";
import { sizeOf, type WorldSize } from "../shrink/size.ts";
import { type Target, targetsOf } from "../shrink/target.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { plantScenario } from "./matrix.ts";
import type { Plant } from "./plant.ts";
import { plantNamed, plantOptions } from "./plants.ts";

/** Runs after which a bug that no oracle of its own has seen counts as missed. */
export const HUNT_RUNS_MAX = 2_000;
/** Runs that shrinking may take. */
export const HUNT_BUDGET = 2_000;

/** The bug to hunt, and in how many runs. */
export interface HuntJob {
  readonly plant: string;
  readonly runsMax: number;
}

/** What a person counts of a world. */
export type HuntSize = Pick<WorldSize, "cloudlets" | "operations" | "faults" | "turns">;

/** What came of the hunt for one bug. */
export interface HuntResult {
  readonly plant: string;
  /** Runs until it was seen, that one included; all where it was not. */
  readonly runs: number;
  /** Null where it was not seen. */
  readonly seen: null | {
    readonly property: OracleName;
    readonly before: HuntSize;
    readonly after: HuntSize;
    readonly shrinkRuns: number;
    readonly ending: string;
    /** The smallest world as a scenario file. */
    readonly scenario: string;
  };
}

/** What the smallest world is to be, at most. */
export const HUNT_GOAL = { cloudlets: 4, operations: 6, faults: 3 } as const;

/** Why the smallest world of a bug is not small enough, in words; null where it is. */
export function beyondGoal({ seen, runs }: HuntResult): string | null {
  if (seen === null) return `not seen in ${runs} runs`;
  const over = (["cloudlets", "operations", "faults"] as const).filter((what) => seen.after[what] > HUNT_GOAL[what]);
  if (over.length === 0) return null;
  const sizes = over.map((what) => `${seen.after[what]} ${what}`).join(", ");
  return seen.ending === "smallest" ? `${sizes}, and none of them can go` : `${sizes}; the search was ended early`;
}

/** Runs one job. */
export async function runHuntJob({ plant: name, runsMax }: HuntJob): Promise<HuntResult> {
  const plant = plantNamed(name);
  if (plant === null) throw new RangeError(`there is no planted bug ${name}`);
  const run = plantOptions(plant);
  for (let number = 0; number < runsMax; number += 1) {
    const scenario = plantScenario(number, plant.world);
    const property = propertyOf(plant, targetsOf(scenario, run));
    if (property === null) continue;
    return { plant: name, runs: number + 1, seen: await smallestOf(scenario, property, plant) };
  }
  return { plant: name, runs: runsMax, seen: null };
}

/** The first of its own oracles that sees it. */
function propertyOf({ catches }: Plant, targets: readonly Target[]): OracleName | null {
  const seen = new Set(targets.map((target) => (target.kind === "property" ? target.name : "")));
  return catches.find((name) => seen.has(name)) ?? null;
}

async function smallestOf(scenario: Scenario, property: OracleName, plant: Plant): Promise<HuntResult["seen"]> {
  const options = { run: plantOptions(plant), clean: {}, budget: HUNT_BUDGET };
  const outcome = await shrink(scenario, { kind: "property", name: property }, options);
  if ("kind" in outcome) throw new Error(`${plant.name}: ${outcome.why}`);
  const { materialised, smallest, runCount, ending } = outcome;
  return {
    property,
    before: counted(materialised.size),
    after: counted(sizeOf(smallest.scenario)),
    shrinkRuns: runCount,
    ending,
    scenario: smallest.text,
  };
}

function counted({ cloudlets, operations, faults, turns }: WorldSize): HuntSize {
  return { cloudlets, operations, faults, turns };
}
