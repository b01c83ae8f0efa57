// A pool of worker threads for everything parallel. Results come back in job order, whatever the number of workers, so
// that nothing printed or hashed depends on the machine. A job that kills, hangs or overfills its worker fails alone: a
// fresh worker takes its place. Leaves out retries and priorities: a deterministic job fails the same way twice.

import { availableParallelism } from "node:os";
import { startWorker, type JobOutcome, type WorkerHandle } from "./worker.ts";

/** How a pool is made. */
export interface PoolOptions {
  /** The module that calls `serveJobs`, e.g. `new URL("./simulation-worker.ts", import.meta.url)`. */
  readonly entry: URL;
  /** Threads; default: as many as the machine can really run at once. One is started when there is a job for it. */
  readonly workerCount?: number;
  /** Milliseconds one job may take; default 60 000. */
  readonly timeLimitMilliseconds?: number;
  /** Heap of one worker in MiB; default: what Node gives a thread. */
  readonly heapLimitMebibytes?: number;
  /** How many jobs there will be, where that is known: what a worker does to be fast later depends on it. */
  readonly jobCount?: number;
  /** Given to every worker when it starts (`workerGiven` of serve.ts): plain data. */
  readonly given?: unknown;
  /** When it is aborted, running jobs are given up together with their workers: they have no outcome, and no more are taken. */
  readonly signal?: AbortSignal;
}

/** A worker could not be started at all: a bug of the program, not of a job. */
export class WorkerStartError extends Error {
  override readonly name = "WorkerStartError";
}

const TIME_LIMIT_DEFAULT = 60_000;
/** Jobs of one worker from which on they are many. */
const MANY = 1_500;

/**
 * MiB of a worker for what has just been made: three times what survives before it is taken over. A run makes some 20 MB, nearly all of
 * which is dead when it ends: with half as much, copying what still lives takes a twelfth more time, with twice as much no less, and it
 * all stays in use.
 */
const YOUNG_GENERATION = 96;

/**
 * Runs all jobs, and keeps what came of them.
 *
 * @param jobs taken one by one as workers become free: a generator may make them then, and end when it has seen enough
 * @param onOutcome told in order of completion, for progress; the returned list is in job order
 * @returns one outcome per job
 * @throws WorkerStartError when a worker does not even load
 */
export async function runJobs<Job, Result>(
  jobs: Iterable<Job>,
  options: PoolOptions,
  onOutcome?: (outcome: JobOutcome<Result>, index: number, job: Job) => void,
): Promise<readonly JobOutcome<Result>[]> {
  const outcomes: JobOutcome<Result>[] = [];
  await eachJob<Job, Result>(jobs, options, (outcome, index, job) => {
    outcomes[index] = outcome;
    onOutcome?.(outcome, index, job);
  });
  return outcomes;
}

/**
 * Runs all jobs, and keeps nothing.
 *
 * A worker that is free asks for the next job right after the outcome of its last one was told, so that a generator may make a job of
 * what it was told. One that finds none ends, though others are still running.
 *
 * @param onOutcome told in order of completion
 * @throws WorkerStartError when a worker does not even load; whatever `jobs` or `onOutcome` throws
 */
export async function eachJob<Job, Result>(
  jobs: Iterable<Job>,
  options: PoolOptions,
  onOutcome: (outcome: JobOutcome<Result>, index: number, job: Job) => void,
): Promise<void> {
  const { signal, given } = options;
  const timeLimit = options.timeLimitMilliseconds ?? TIME_LIMIT_DEFAULT;
  const { heapLimitMebibytes: heap } = options;
  const limits = { young: YOUNG_GENERATION, ...(heap !== undefined && { heap }) };
  const workerCount = Math.max(1, options.workerCount ?? availableParallelism());
  const isForMany = (options.jobCount ?? 0) >= MANY * workerCount;
  const source = jobs[Symbol.iterator]();
  let taken = 0;
  let isStopping = false;
  const isAborted = (): boolean => signal?.aborted === true;

  async function work(): Promise<void> {
    let worker: WorkerHandle<Job, Result> | null = null;
    const giveUp = (): void => void worker?.end();
    signal?.addEventListener("abort", giveUp);
    try {
      while (!isStopping && !isAborted()) {
        const next = source.next();
        if (next.done === true) return;
        const job = next.value;
        const index = taken;
        taken += 1;
        if (worker === null) {
          worker = await startWorker<Job, Result>(options.entry, limits, given, isForMany);
          const flaw = await worker.ready;
          if (isAborted()) return;
          if (flaw !== null) throw new WorkerStartError(`${options.entry.href} does not start: ${flaw.why}`);
        }
        const outcome = await worker.run(job, timeLimit);
        if (isAborted()) return;
        if (outcome.kind === "failed" && outcome.reason !== "threw") {
          await worker.end();
          worker = null;
        }
        onOutcome(outcome, index, job);
      }
    } catch (error) {
      isStopping = true;
      throw error;
    } finally {
      signal?.removeEventListener("abort", giveUp);
      await worker?.end();
    }
  }

  const lanes = await Promise.allSettled(Array.from({ length: workerCount }, work));
  for (const lane of lanes) if (lane.status === "rejected") throw lane.reason;
}
