// The hold model, the usual measure of an event queue: take the earliest event, put it back at a later instant drawn from
// an exponential distribution, with so many events pending all the time. Beside it the same in C++ on
// std::priority_queue, so that the speed can be told as a ratio on the same machine.

import type { Instant } from "../../model/units.ts";
import { micros } from "../../model/units.ts";
import type { Benchmark, BenchmarkOptions, Sample } from "../bench/benchmark.ts";
import { runTwin } from "../bench/twin.ts";
import { wallclockMilliseconds } from "../cli/wallclock.ts";
import { samplerOf } from "./distributions.ts";
import { EventQueue } from "./queue.ts";
import { RngRoot } from "./rng.ts";

const INCREMENT_COUNT = 2 ** 16;
const twinSource = new URL("./hold.twin.cpp", import.meta.url);

/** Holds per second, one number per repetition. */
function measure(pending: number, holds: number, repetitions: number): number[] {
  const sample = samplerOf({ kind: "exponential", mean: micros(1_000_000) });
  const rng = new RngRoot("hold").stream;
  const increments = Float64Array.from({ length: INCREMENT_COUNT }, () => sample(rng));
  const queue = new EventQueue();
  for (let i = 0; i < pending; i += 1) queue.push(increments[i % INCREMENT_COUNT] as Instant, 1, i, 0, 0, null);
  const rates: number[] = [];
  for (let repetition = -1; repetition < repetitions; repetition += 1) {
    const begin = wallclockMilliseconds();
    for (let i = 0; i < holds; i += 1) {
      queue.pop();
      queue.push((queue.at + (increments[i & (INCREMENT_COUNT - 1)] as number)) as Instant, 1, queue.a, 0, 0, null);
    }
    // The first repetition warms up.
    if (repetition >= 0) rates.push((holds / (wallclockMilliseconds() - begin)) * 1_000);
  }
  return rates;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return ((sorted[(sorted.length - 1) >> 1] as number) + (sorted[sorted.length >> 1] as number)) / 2;
}

function run(pending: number, { small, note }: BenchmarkOptions): readonly Sample[] {
  const holds = small ? 200_000 : 2_000_000;
  const repetitions = small ? 3 : 7;
  const rates = measure(pending, holds, repetitions);
  const samples: Sample[] = rates.map((value) => ({ variant: "", value }));
  const twin = runTwin(twinSource, [pending, holds, repetitions].map(String));
  if (twin.kind === "absent") {
    note(`no ratio to C++: ${twin.why}`);
    return samples;
  }
  samples.push({ variant: "ratio", value: median(rates) / median(twin.values), unit: "ratio" });
  return samples;
}

const holdOf = (name: string, pending: number): Benchmark => ({
  name,
  unit: "holds/s",
  run: (options) => run(pending, options),
});

/** The event queue with 1 000, 10 000 and 100 000 events pending; `.ratio` is the speed over C++'s. */
export const holdBenchmarks: readonly Benchmark[] = [
  holdOf("kernel.hold.1k", 1_000),
  holdOf("kernel.hold.10k", 10_000),
  holdOf("kernel.hold.100k", 100_000),
];
