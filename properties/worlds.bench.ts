/**
 * What drawn worlds cost: worlds run per second under every oracle, and fast-check's own part of a property's time (drawing worlds and
 * keeping track of them, without running any), which is to be below 20 %.
 */
import fc from "fast-check";
import { assert } from "../model/assert.ts";
import type { Benchmark, Sample } from "../sim/bench/benchmark.ts";
import { workMilliseconds } from "../sim/cli/wallclock.ts";
import type { Scenario } from "../sim/scenario/scenario.ts";
import { worlds } from "./arbitraries/worlds.ts";
import { holds } from "./holds.ts";

function timeOf(predicate: (world: Scenario) => void, numRuns: number, seed: number): number {
  const began = workMilliseconds();
  const details = fc.check(fc.property(worlds(), predicate), { numRuns, seed });
  assert(!details.failed, "the core holds in drawn worlds");
  return workMilliseconds() - began;
}

/** `npm run bench -- --only properties.worlds` */
export const worldsBenchmark: Benchmark = {
  name: "properties.worlds",
  unit: "worlds/s",
  run: ({ small }) => {
    const runs = small ? 60 : 1_000;
    // Compiled code is counted to nobody.
    timeOf((world) => void holds(world), 60, 1);
    const samples: Sample[] = [];
    for (let repetition = 0; repetition < (small ? 1 : 5); repetition += 1) {
      const whole = timeOf((world) => void holds(world), runs, repetition);
      const drawing = timeOf(() => undefined, runs, repetition);
      samples.push({ variant: "", value: (runs / whole) * 1_000 });
      samples.push({ variant: "overhead", value: (drawing / whole) * 100, unit: "%" });
    }
    return samples;
  },
};
