/**
 * Checks many files in threads, and tells what came of each in the order in which they were named.
 *
 * A file that overfills or outlasts its thread is undecided, and the others go on. Leaves out words (render.ts).
 */
import { assert } from "../../model/assert.ts";
import { runJobs } from "../workers/pool.ts";
import type { CheckJob, FileOutcome } from "./check-file.ts";

/** A file that took more than there is. */
export interface GivenUp {
  readonly kind: "given-up";
  readonly why: string;
}

/** An hour: nobody's history, and no search that has a limit of its own, takes longer. */
const TIME_LIMIT_MILLISECONDS = 3_600_000;

/** Checks all files; `onOutcome` is told of each in input order, as soon as all before it are known. */
export async function checkMany(
  jobs: readonly CheckJob[],
  workerCount: number | null,
  onOutcome: (job: CheckJob, outcome: FileOutcome | GivenUp, done: number) => void,
): Promise<void> {
  const outcomes = new Map<number, FileOutcome | GivenUp>();
  let told = 0;
  await runJobs<CheckJob, FileOutcome>(
    jobs,
    {
      entry: new URL(`../workers/check-worker.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url),
      timeLimitMilliseconds: TIME_LIMIT_MILLISECONDS,
      ...(workerCount !== null && { workerCount }),
    },
    (outcome, index) => {
      if (outcome.kind === "failed" && outcome.reason === "threw") throw new Error(outcome.why);
      outcomes.set(index, outcome.kind === "done" ? outcome.result : { kind: "given-up", why: outcome.why });
      for (let next = outcomes.get(told); next !== undefined; next = outcomes.get(told)) {
        const job = jobs[told];
        assert(job !== undefined, "an outcome belongs to a job");
        outcomes.delete(told);
        told += 1;
        onOutcome(job, next, told);
      }
    },
  );
}
