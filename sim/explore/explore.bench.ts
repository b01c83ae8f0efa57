/**
 * How fast a small world is explored with the real core: states seen for the first time, per second of processor time on one core, and
 * steps between states. The world: three cloudlets in a row, two writes, a crash, slow disks, one firing per timer; nothing is left out.
 */
import type { Benchmark, Sample } from "../bench/benchmark.ts";
import { workMilliseconds } from "../cli/wallclock.ts";
import { unreduced } from "./reduce.ts";
import { search } from "./search.ts";
import { smallWorld } from "./testing.ts";

export const exploreBenchmark: Benchmark = {
  name: "explore.states",
  unit: "states/s",
  run({ small }): readonly Sample[] {
    const script = ["a s put one/k x", "c t put one/k y"];
    const world = smallWorld({ tree: "a: { b: { c: } }", script, bounds: "crashes: 1", reductions: unreduced });
    const states = small ? 20_000 : 1_500_000;
    const begun = workMilliseconds();
    const found = search(world, { memory: Infinity, depth: null, states });
    const seconds = (workMilliseconds() - begun) / 1_000;
    return [
      { variant: "", value: Math.round(found.states / seconds) },
      { variant: "steps", value: Math.round(found.transitions / seconds), unit: "steps/s" },
    ];
  },
};
