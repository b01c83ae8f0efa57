// The whole comparison in worker threads: every situation under FIFO forwarding and under the core, over the same seeds.
// Leaves out how it is printed (cli/commands/compare.ts).

import { runJobs } from "../workers/pool.ts";
import { addResults, type CompareJob, type CompareResult } from "./compare.ts";
import { situationTable, type Situation } from "./situations.ts";

/** Seeds per job: small enough that all threads end together. */
const SEEDS_PER_JOB = 50;
const JOB_TIME_LIMIT = 300_000;
/** Below so many runs a situation that goes wrong now and then may not have done so yet. */
const RUNS_TO_SEE = 20;

/** What is to be run. */
export interface CompareOptions {
  readonly situations?: readonly Situation[];
  /** Runs per situation and protocol, with the seeds from 1. */
  readonly seeds: number;
  readonly workerCount?: number;
  readonly onProgress?: (fraction: number) => void;
}

/** One situation's row. */
export interface CompareRow {
  readonly situation: Situation;
  readonly fifo: CompareResult;
  readonly core: CompareResult;
  /** Where the counts are not as they should be, in words; empty when they are. */
  readonly surprises: readonly string[];
}

/**
 * Runs the comparison.
 *
 * @throws Error when a job has no result: a bug in this program
 */
export async function runCompare(options: CompareOptions): Promise<readonly CompareRow[]> {
  const { situations = situationTable, seeds, workerCount, onProgress } = options;
  const jobs: CompareJob[] = [];
  for (const { name: situation } of situations) {
    for (const isCore of [false, true]) {
      for (let first = 1; first <= seeds; first += SEEDS_PER_JOB) {
        jobs.push({ situation, isCore, first, count: Math.min(SEEDS_PER_JOB, seeds - first + 1) });
      }
    }
  }
  let doneCount = 0;
  const outcomes = await runJobs<CompareJob, CompareResult>(
    jobs,
    {
      entry: new URL(`../workers/compare-worker.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url),
      timeLimitMilliseconds: JOB_TIME_LIMIT,
      ...(workerCount !== undefined && { workerCount }),
    },
    () => onProgress?.((doneCount += 1) / jobs.length),
  );
  const resultOf = (situation: Situation, isCore: boolean): CompareResult =>
    addResults(
      outcomes.flatMap((outcome, at) => {
        if (outcome.kind === "failed") throw new Error(`a run of the comparison has no result: ${outcome.why}`);
        const job = jobs[at] as CompareJob;
        return job.situation === situation.name && job.isCore === isCore ? [outcome.result] : [];
      }),
    );
  return situations.map((situation) => {
    const fifo = resultOf(situation, false);
    const core = resultOf(situation, true);
    return { situation, fifo, core, surprises: surprisesOf(situation, fifo, core) };
  });
}

/** What is not as it should be: the core goes wrong at all, or FIFO forwarding not as often as the reference says. */
export function surprisesOf(
  { name, reference }: Situation,
  fifo: CompareResult,
  core: CompareResult,
): readonly string[] {
  const surprises: string[] = [];
  for (const [what, count, found] of [
    ["a causal violation", fifo.violating, reference.violating],
    ["a lost operation", fifo.losing, reference.losing],
  ] as const) {
    const expected = expectation(found);
    if (isAsExpected(expected, count, fifo.runs)) continue;
    surprises.push(`${name}: FIFO forwarding had ${what} in ${count} of ${fifo.runs} runs, expected ${expected}`);
  }
  if (core.violating > 0) surprises.push(`${name}: the core had a causal violation in ${core.violating} runs`);
  if (core.losing > 0) surprises.push(`${name}: the core lost an operation in ${core.losing} runs`);
  return surprises;
}

type Expectation = "none" | "some" | "most";

/** What is asked of a count, by what the bare model found in 1 000 runs. */
function expectation(found: number): Expectation {
  if (found === 0) return "none";
  return found >= 900 ? "most" : "some";
}

function isAsExpected(expected: Expectation, count: number, runs: number): boolean {
  switch (expected) {
    case "none":
      return count === 0;
    case "some":
      return count > 0 || runs < RUNS_TO_SEE;
    case "most":
      return count * 4 >= runs * 3 || runs < RUNS_TO_SEE;
  }
}
