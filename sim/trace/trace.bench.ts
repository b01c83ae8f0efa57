// How fast a trace takes rows, digest included: every event of every run pays this.

import type { Instant } from "../../model/units.ts";
import type { Benchmark, Sample } from "../bench/benchmark.ts";
import { wallclockMilliseconds } from "../cli/wallclock.ts";
import { TRACE } from "./kinds.ts";
import { Trace } from "./trace.ts";

/** Rows per second into a trace that keeps nothing. */
export const traceBenchmark: Benchmark = {
  name: "kernel.trace",
  unit: "rows/s",
  run: ({ small }) => {
    const rows = small ? 500_000 : 5_000_000;
    const samples: Sample[] = [];
    for (let repetition = 0; repetition < (small ? 3 : 5); repetition += 1) {
      const trace = new Trace();
      const begin = wallclockMilliseconds();
      for (let i = 0; i < rows; i += 1) trace.add((i * 7) as Instant, i, TRACE.sent, i & 127, 3, i, 1, 128);
      trace.close(() => undefined);
      samples.push({ variant: "", value: (rows / (wallclockMilliseconds() - begin)) * 1_000 });
    }
    return samples;
  },
};
