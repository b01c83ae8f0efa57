/**
 * How long it takes to shrink planted bugs from a drawn world to the smallest one, and how many runs: the aim is under ten seconds
 * for a typical one.
 *
 * Finding the world in which a bug shows is not part of it.
 */
import type { Benchmark, Sample } from "../bench/benchmark.ts";
import { wallclockMilliseconds } from "../cli/wallclock.ts";
import { plantScenario, runPlantJob } from "../plants/matrix.ts";
import { plantNamed, plantOptions } from "../plants/plants.ts";
import { shrink } from "./shrink.ts";

const PLANTS = [
  "apply-on-arrival",
  "no-tail",
  "returns-without-deletes",
  "moves-without-past",
  "collects-while-pending",
];
const PLANT_RUNS = 60;
const BUDGET = 2_000;

async function shrinkPlant(name: string): Promise<Sample[]> {
  const plant = plantNamed(name);
  const oracle = plant?.catches[0];
  if (plant === null || oracle === undefined) throw new Error(`no planted bug ${name}`);
  const { alarms } = runPlantJob({ plant: name, first: 0, count: PLANT_RUNS, until: [oracle] });
  const seed = alarms.find((alarm) => alarm.oracle === oracle)?.seed ?? "";
  const scenario = plantScenario(Number(seed.slice(seed.lastIndexOf("-") + 1)), plant.world);
  const began = wallclockMilliseconds();
  const options = { run: plantOptions(plant), clean: {}, budget: BUDGET };
  const outcome = await shrink(scenario, { kind: "property", name: oracle }, options);
  const elapsed = wallclockMilliseconds() - began;
  if ("kind" in outcome) throw new Error(outcome.why);
  return [
    { variant: name, value: elapsed / 1_000 },
    { variant: `${name}.runs`, value: outcome.runCount, unit: "runs" },
  ];
}

/** Seconds per shrink. */
export const shrinkBenchmark: Benchmark = {
  name: "shrink.plant",
  unit: "s",
  async run({ small }) {
    const samples: Sample[] = [];
    for (const name of small ? PLANTS.slice(0, 1) : PLANTS) samples.push(...(await shrinkPlant(name)));
    return samples;
  },
};
