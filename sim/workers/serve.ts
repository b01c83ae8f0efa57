// The inside of a worker: offers one function to the pool. Whatever the function throws reaches the pool as a failed
// job; the worker lives on. Imported by entries named `*-worker.ts`, which should load fast: no zod, yaml or commander.

import { expose } from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs";
import { parentPort, workerData } from "node:worker_threads";
import { assert } from "../../model/assert.ts";

/** What crosses the thread: one call per job. Jobs and results are plain data (structured clone). */
export interface JobService<Job, Result> {
  /** Answers once the worker has loaded. */
  ready(): true;
  run(job: Job): Result | Promise<Result>;
}

/** What the pool has given to every worker; its type is agreed between the entry and its caller. */
export function workerGiven(): unknown {
  return (workerData as { readonly given?: unknown }).given;
}

/**
 * Makes this thread a worker of a pool. Call once, from a worker's entry file.
 *
 * @param run takes the pool's jobs; their type is agreed between the entry and its caller
 */
export function serveJobs(run: (job: never) => unknown): void {
  assert(parentPort !== null, "serveJobs outside a worker thread");
  const service: JobService<never, unknown> = { ready: () => true, run };
  expose(service, nodeEndpoint(parentPort));
}
