/**
 * How many runs of a sweep are finished per second by a worker per processor, results on the disk: the runs of `swarm.small`, made into
 * scenarios where they are run. The aim is 100 on two processors.
 *
 * `""` counts from the first worker's start to the last result. A worker runs its first hundreds of runs slower, until V8 has compiled
 * what they need; `warm` leaves each worker's first half out. However many workers there are, each has as many runs.
 *
 * Beside it: how much of that many warm workers bring over one (1 is all of it), what part of the workers' time goes into writing results, how
 * long a worker takes until it is ready, and what one adds to the process's memory, and how much of that comes after half of
 * the runs. One worker alone is measured before and after all of them: machines that are shared are a tenth slower in some minutes
 * than in others, and what one minute does to either is not to be taken for the workers' doing.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import type { Benchmark, Sample } from "../bench/benchmark.ts";
import { wallclockMilliseconds } from "../cli/wallclock.ts";
import { startWorker } from "../workers/worker.ts";
import { benchmarkPlan } from "./benchmark-plan.ts";
import { conductSweep } from "./conduct.ts";
import { openFolder } from "./folder.ts";
import { manifestOf } from "./manifest.ts";
import type { SweepPlan } from "./plan.ts";
import { openResults } from "./results.ts";
import { summarise } from "./summary.ts";

/** Of each worker. */
const RUNS = 2_000;
const RUNS_SMALL = 12;
const STARTS = 5;
const MEBIBYTE = 1_048_576;

interface Measured {
  readonly rate: number;
  /** The same of the second half of the runs. */
  readonly warm: number;
  /** Part of the workers' time. */
  readonly writing: number;
  /** Bytes that the process had at most above what it had before, per worker; and how much of it came after half of the runs. */
  readonly memory: number;
  readonly growth: number;
}

async function measure(plan: SweepPlan, workerCount: number): Promise<Measured> {
  const path = mkdtempSync(join(tmpdir(), "causeway-bench-"));
  try {
    const folder = openFolder(path, manifestOf(plan, "bench", { from: 0, to: plan.caseCount }), { resume: false });
    const before = process.memoryUsage.rss();
    let most = before;
    let mostAtHalf = before;
    let ran = 0;
    let half = 0;
    const began = wallclockMilliseconds();
    const { writing, working } = await conductSweep({
      plan,
      folder,
      workerCount,
      timeLimitMilliseconds: 60_000,
      heapLimitMebibytes: 2_048,
      onCase: () => {
        most = Math.max(most, process.memoryUsage.rss());
        ran += 1;
        if (ran * 2 > plan.caseCount) return;
        mostAtHalf = most;
        half = wallclockMilliseconds();
      },
    });
    const ended = wallclockMilliseconds();
    folder.close();
    const { exitCode, troubles } = await summarise(openResults(path));
    if (exitCode !== 0) throw new Error(troubles[0]?.why ?? "a run did not pass");
    return {
      rate: (plan.caseCount * 1_000) / (ended - began),
      warm: (Math.ceil(plan.caseCount / 2) * 1_000) / (ended - half),
      writing: writing / working,
      memory: (most - before) / workerCount,
      growth: (most - mostAtHalf) / workerCount,
    };
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

async function startTimes(): Promise<readonly Sample[]> {
  const entry = new URL(`../workers/sweep-worker.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url);
  const given = { sources: [], place: { folder: "", columns: [], fingerprint: "" } };
  const samples: Sample[] = [];
  for (let start = 0; start < STARTS; start += 1) {
    const began = wallclockMilliseconds();
    const worker = await startWorker(entry, {}, given);
    await worker.ready;
    samples.push({ variant: "start", value: wallclockMilliseconds() - began, unit: "ms" });
    await worker.end();
  }
  return samples;
}

/** Runs per second, and what goes with it. */
export const sweepBenchmark: Benchmark = {
  name: "sweep.small",
  unit: "runs/s",
  async run({ small }) {
    const runs = small ? RUNS_SMALL : RUNS;
    const workers = Math.max(2, availableParallelism());
    const starts = await startTimes();
    const before = await measure(benchmarkPlan(runs), 1);
    const all = await measure(benchmarkPlan(runs * workers), workers);
    const after = await measure(benchmarkPlan(runs), 1);
    const one = { rate: (before.rate + after.rate) / 2, warm: (before.warm + after.warm) / 2 };
    return [
      { variant: "", value: all.rate },
      { variant: "warm", value: all.warm },
      { variant: "one", value: one.rate },
      { variant: "one.warm", value: one.warm },
      { variant: "efficiency", value: all.warm / (one.warm * workers), unit: "ratio" },
      { variant: "writing", value: all.writing * 100, unit: "%" },
      ...starts,
      { variant: "memory", value: all.memory / MEBIBYTE, unit: "MiB/worker" },
      { variant: "memory.second-half", value: all.growth / MEBIBYTE, unit: "MiB/worker" },
    ];
  },
};
