// The hunt over all planted bugs, in worker threads. Leaves out the hunt for one bug (hunt.ts).

import { runJobs } from "../workers/pool.ts";
import { type HuntJob, type HuntResult, HUNT_RUNS_MAX } from "./hunt.ts";
import type { Plant } from "./plant.ts";
import { plantTable } from "./plants.ts";

const JOB_TIME_LIMIT = 1_800_000;

/** What is hunted. */
export interface HuntOptions {
  readonly plants?: readonly Plant[];
  readonly workerCount?: number;
  readonly onProgress?: (fraction: number) => void;
}

/**
 * Hunts them, in the order of the table.
 *
 * @throws Error when a job has no result: a bug in this program
 */
export async function runHunt({
  plants = plantTable,
  workerCount,
  onProgress,
}: HuntOptions): Promise<readonly HuntResult[]> {
  const jobs = plants.map(({ name }): HuntJob => ({ plant: name, runsMax: HUNT_RUNS_MAX }));
  let doneCount = 0;
  const outcomes = await runJobs<HuntJob, HuntResult>(
    jobs,
    {
      entry: new URL(`../workers/hunt-worker.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url),
      timeLimitMilliseconds: JOB_TIME_LIMIT,
      ...(workerCount !== undefined && { workerCount }),
    },
    () => onProgress?.((doneCount += 1) / jobs.length),
  );
  return outcomes.map((outcome) => {
    if (outcome.kind === "failed") throw new Error(`a hunt has no result: ${outcome.why}`);
    return outcome.result;
  });
}
