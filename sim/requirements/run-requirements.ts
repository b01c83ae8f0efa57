// Runs the checks of rows of the catalogue, and what must turn them, in worker threads.
//
// Leaves out the jobs (check.ts) and what becomes of a row (matrix.ts).

import type { Requirement } from "../../model/requirements/index.ts";
import { runJobs } from "../workers/pool.ts";
import type { CheckJob, Finding } from "./check.ts";
import { checkJobs, joined, judgeRow, type MatrixRow, turnJobs } from "./matrix.ts";

const JOB_TIME_LIMIT = 300_000;

/** What is to be run. */
export interface RequirementsOptions {
  readonly rows: readonly Requirement[];
  /** Run the checks. */
  readonly run: boolean;
  /** Run what must turn each row. */
  readonly turn: boolean;
  readonly workerCount?: number;
  readonly onProgress?: (fraction: number) => void;
}

/**
 * The matrix of these rows.
 *
 * @throws Error when a job has no result: a bug in this program
 */
export async function runRequirements(options: RequirementsOptions): Promise<readonly MatrixRow[]> {
  const { rows, run, turn, workerCount, onProgress } = options;
  const checks = run ? checkJobs(rows) : [];
  const turns = turn ? turnJobs(rows) : [];
  const jobs = [...checks, ...turns];
  let doneCount = 0;
  const outcomes = await runJobs<CheckJob, readonly Finding[]>(
    jobs,
    {
      entry: new URL(
        `../workers/requirements-worker.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`,
        import.meta.url,
      ),
      timeLimitMilliseconds: JOB_TIME_LIMIT,
      ...(workerCount !== undefined && { workerCount }),
    },
    () => onProgress?.((doneCount += 1) / jobs.length),
  );
  const found = outcomes.map((outcome) => {
    if (outcome.kind === "failed") throw new Error(`a check has no result: ${outcome.why}`);
    return outcome.result;
  });
  const findings = {
    checks: joined(found.slice(0, checks.length).flat()),
    turns: new Map(
      turns.flatMap((job, index) =>
        job.kind === "turn" ? (found[checks.length + index] ?? []).map((one) => [JSON.stringify(job.turn), one]) : [],
      ),
    ),
  };
  return rows.map((row) => judgeRow(row, findings));
}
