// One worker thread as the pool sees it: started, called, given up. A comlink call never settles when its thread dies, so
// every call here races the thread's death and a time limit. Leaves out queueing and replacement (pool.ts).

import { releaseProxy, wrap, type Remote } from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs";
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import { bundled } from "./bundle.ts";
import { HEAP_IS_FULL, limitBeyond } from "./heap-watch.ts";
import type { JobService } from "./serve.ts";

/** Why a job has no result. `threw`: its own error, the worker lives; all others cost the worker too. */
export type FailureReason = "threw" | "exited" | "out-of-memory" | "timed-out";

/** What became of one job. */
export type JobOutcome<Result> =
  | { readonly kind: "done"; readonly result: Result }
  | { readonly kind: "failed"; readonly reason: FailureReason; readonly why: string };

/** A job that ended without a result. */
export type JobFailure = Extract<JobOutcome<never>, { kind: "failed" }>;

/** MiB that a worker may have. */
export interface MemoryLimits {
  /** For what has just been made; left out: what Node gives a thread. */
  readonly young?: number;
  /** For what its job keeps; left out: what Node gives a thread. */
  readonly heap?: number;
}

/** A running thread. */
export interface WorkerHandle<Job, Result> {
  /** Null once loaded; what went wrong when it could not start. */
  readonly ready: Promise<JobFailure | null>;
  /** Runs one job; a worker takes the next job only after this. After a failure other than `threw` it is dead. */
  run(job: Job, timeLimitMilliseconds: number): Promise<JobOutcome<Result>>;
  /** Ends the thread, whatever it does; once more changes nothing. */
  end(): Promise<void>;
}

// What V8 lets a function do before it is optimised: as much as it would by itself, and four times that. Runs are of some four thousand
// functions, most of which are hardly hot; to optimise them with what is known of a few runs, and again when that turns out too little,
// is half of all that a worker does in its first five hundred runs. With four times as much it is a quarter, and these take a fifth less
// time (`npm start`: 83 ms of processor time for each, then 69); two thousand runs of one kind take a twentieth more.
// Later versions of V8 count otherwise, and compile in between what is not quite hot: they are left alone.
const BUDGET = 67_584;
const BUDGET_OF_FEW = 264_000;
const hasBudget = process.versions.node.startsWith("20.");

/**
 * Starts a worker.
 *
 * @param entry a module that calls `serveJobs`: its .ts in a checkout, its .js where compiled
 * @param given plain data that the worker finds by `workerGiven`
 * @param isForMany whether it is to run some thousands of jobs
 */
export async function startWorker<Job, Result>(
  entry: URL,
  { young, heap }: MemoryLimits,
  given?: unknown,
  isForMany = false,
): Promise<WorkerHandle<Job, Result>> {
  // A worker runs thousands of functions, most of them too seldom to be optimised within a run: compiled at once without optimising, they
  // take a tenth less time than interpreted. V8 takes this for the whole process from now on, so not before it is of use: a long run in
  // one thread takes a twentieth more.
  setFlagsFromString("--always-sparkplug");
  // V8 optimises in threads of its own, beside the one that runs. With a worker on every processor those threads have none: they take turns
  // with the workers, and a worker goes on in slow code until its turn comes. Each worker optimises for itself instead: with two on two
  // processors a seventh more runs per second, and two do 1.73 times the work of one (1.6 before).
  setFlagsFromString("--no-concurrent-recompilation");
  // The same goes for taking over what has just been made and still lives: done by one thread it takes each run three hundredths less.
  setFlagsFromString("--no-parallel-scavenge");
  // A run is many short functions, none of which takes long. Twice as much of them put together as usual takes a twelfth less time once
  // that is done, which takes a worker a second more: worth it from some nine hundred runs on.
  setFlagsFromString("--max-inlined-bytecode-size-cumulative=2000");
  if (hasBudget) setFlagsFromString(`--interrupt-budget=${isForMany ? BUDGET : BUDGET_OF_FEW}`);
  // How much a worker keeps of what has just been made is said by its limits; said of the whole process, as benchmarks of one thread do, it
  // would go before them, and cost each worker some hundred MiB.
  if (young !== undefined) setFlagsFromString("--max-semi-space-size=0");
  const file = entry.pathname.endsWith(".ts") ? await bundled(entry) : entry;
  const workerData = { entry: entry.href, given, ...(heap !== undefined && { heapLimitMebibytes: heap }) };
  const worker = new Worker(file ?? new URL("./typescript.boot.mjs", import.meta.url), {
    resourceLimits: {
      ...(young !== undefined && { maxYoungGenerationSizeMb: young }),
      ...(heap !== undefined && { maxOldGenerationSizeMb: limitBeyond(heap) }),
    },
    workerData,
    execArgv: [],
  });
  // Both ends of a thread's life may be told: an error first, then the exit. The first one is the reason.
  const died = new Promise<JobFailure>((resolve) => {
    worker.on("error", (error: NodeJS.ErrnoException) => {
      const reason = error.code === "ERR_WORKER_OUT_OF_MEMORY" ? "out-of-memory" : "exited";
      resolve({ kind: "failed", reason, why: `the worker died: ${error.message}` });
    });
    worker.on("exit", (code) => {
      if (code === HEAP_IS_FULL) {
        const why = `the worker's job needed more memory than the ${heap ?? "no"} MiB that it may have`;
        resolve({ kind: "failed", reason: "out-of-memory", why });
      }
      resolve({
        kind: "failed",
        reason: "exited",
        why: `the worker exited with code ${code} in the middle of the job`,
      });
    });
  });
  const service: Remote<JobService<Job, Result>> = wrap<JobService<Job, Result>>(nodeEndpoint(worker));
  // The proxy resolves to the same type; comlink's own types lose it for a generic result.
  const call = service.run as (job: Job) => Promise<Result>;
  let isEnded = false;

  return {
    ready: Promise.race([service.ready().then(() => null, failedBy), died]),
    async run(job, timeLimitMilliseconds) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<JobFailure>((resolve) => {
        const why = `the job was still running after ${timeLimitMilliseconds} ms and was stopped with its worker`;
        timer = setTimeout(() => resolve({ kind: "failed", reason: "timed-out", why }), timeLimitMilliseconds);
      });
      const done = call(job).then((result): JobOutcome<Result> => ({ kind: "done", result }), failedBy);
      const outcome = await Promise.race([done, died, late]);
      clearTimeout(timer);
      return outcome;
    },
    async end() {
      // Whoever gives it up in the middle of a job, and whoever waited for that job, both end it.
      if (!isEnded) service[releaseProxy]();
      isEnded = true;
      await worker.terminate();
    },
  };
}

function failedBy(error: unknown): JobFailure {
  return {
    kind: "failed",
    reason: "threw",
    why: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
}
