// The worker that pool.test.ts needs: it does on demand what a worker may do wrong.

import { setTimeout as wait } from "node:timers/promises";
import { makeTrouble, type Trouble } from "./make-trouble.ts";
import { serveJobs } from "./serve.ts";

/** What the worker is to do. */
export type TroubleJob =
  { readonly kind: "double"; readonly value: number; readonly afterMilliseconds: number } | { readonly kind: Trouble };

/** Answers twice the value, or gets into the trouble asked for. */
async function handleTrouble(job: TroubleJob): Promise<number> {
  if (job.kind !== "double") return makeTrouble(job.kind);
  await wait(job.afterMilliseconds);
  return job.value * 2;
}

serveJobs(handleTrouble);
