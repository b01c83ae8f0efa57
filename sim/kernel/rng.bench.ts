// What random streams cost: draws per second, and bytes per stream, named only and drawn from. Ten thousand cloudlets
// have some tens of thousands of streams.

import type { Benchmark, Sample } from "../bench/benchmark.ts";
import { heapInUse } from "../bench/heap.ts";
import { wallclockMilliseconds } from "../cli/wallclock.ts";
import { RngRoot } from "./rng.ts";

const STREAM_COUNT = 20_000;

/** Draws per second of one stream, and bytes of heap for each of `STREAM_COUNT`, before and after its first draw. */
export const rngBenchmark: Benchmark = {
  name: "kernel.rng",
  unit: "draws/s",
  run: ({ small }) => {
    const samples: Sample[] = [];
    const draws = small ? 1_000_000 : 20_000_000;
    const { stream } = new RngRoot("bench");
    for (let repetition = 0; repetition < 3; repetition += 1) {
      const begin = wallclockMilliseconds();
      for (let i = 0; i < draws; i += 1) stream.double();
      samples.push({ variant: "double", value: (draws / (wallclockMilliseconds() - begin)) * 1_000 });
    }
    const root = new RngRoot("memory");
    const before = heapInUse();
    const streams = Array.from({ length: STREAM_COUNT }, (_, i) => root.stream.fork(`cloudlet-${i}/net`));
    const named = heapInUse();
    for (const each of streams) each.double();
    const drawn = heapInUse();
    samples.push({ variant: "named", value: (named - before) / STREAM_COUNT, unit: "bytes" });
    samples.push({ variant: "drawn", value: (drawn - before) / STREAM_COUNT, unit: "bytes" });
    return samples;
  },
};
