/**
 * How many swarm runs are finished per second by a worker per processor: trees of 2 to 32 cloudlets of every shape, about 200
 * requests, faults of all kinds, a drawn core healed in the end, and every oracle. The aim is 100 on two processors.
 *
 * Counted is everything between the text of a scenario and a verdict: reading, drawing, threads that start and warm up, running, judging.
 * `warm` is the same of the second half of the runs, when V8 has compiled what they need.
 */
import type { Benchmark } from "../bench/benchmark.ts";
import { wallclockMilliseconds } from "../cli/wallclock.ts";
import { summariseSweep } from "../run/sweep-summary.ts";
import type { Setting } from "../scenario/read.ts";
import type { SweepJob, SweepResult } from "../run/sweep.ts";
import { runJobs } from "../workers/pool.ts";
import { smallWorld, smallWorldText } from "./small-worlds.ts";

const RUNS = 4_000;
const RUNS_SMALL = 24;

function* drawn(count: number): Iterable<SweepJob> {
  const text = smallWorldText(smallWorld(0));
  for (let run = 0; run < count; run += 1) {
    const { topology, think } = smallWorld(run);
    const settings = [setting("topology", topology), setting("clients[0].think", think)];
    yield { kind: "swarm", file: "swarm-small", text, swarm: `bench/${run}`, options: { settings }, resolvers: [] };
  }
}

function setting(path: string, data: unknown): Setting {
  return { label: path, path, data };
}

/** Runs per second. */
export const swarmBenchmark: Benchmark = {
  name: "swarm.small",
  unit: "runs/s",
  async run({ small }) {
    const count = small ? RUNS_SMALL : RUNS;
    const entry = new URL(
      `../workers/simulation-worker.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`,
      import.meta.url,
    );
    const began = wallclockMilliseconds();
    let ended = 0;
    let half = began;
    const outcomes = await runJobs<SweepJob, SweepResult>(drawn(count), { entry, jobCount: count }, () => {
      ended += 1;
      if (ended * 2 === count) half = wallclockMilliseconds();
    });
    const now = wallclockMilliseconds();
    const sweep = summariseSweep(outcomes, []);
    if (sweep.passedCount < count) throw new Error(sweep.troubles[0]?.why.join("\n") ?? "a run did not pass");
    return [
      { variant: "", value: (count * 1_000) / (now - began) },
      { variant: "warm", value: (count * 500) / (now - half) },
      { variant: "requests", value: sweep.requests / count, unit: "requests/run" },
      { variant: "steps", value: sweep.steps / count, unit: "steps/run" },
    ];
  },
};
