// The worker that pool.test.ts needs: it does on demand what a worker may do wrong.

import { setTimeout as wait } from "node:timers/promises";
import { unreachable } from "../../model/assert.ts";
import { serveJobs } from "./serve.ts";

/** What the worker is to do. */
export type TroubleJob =
  | { readonly kind: "double"; readonly value: number; readonly afterMilliseconds: number }
  | { readonly kind: "throw" | "exit" | "hang" | "overfill" };

/** Answers twice the value, or gets into the trouble asked for. */
export async function handleTrouble(job: TroubleJob): Promise<number> {
  switch (job.kind) {
    case "double":
      await wait(job.afterMilliseconds);
      return job.value * 2;
    case "throw":
      throw new RangeError("a job of its own mind");
    case "exit":
      process.exit(7);
    case "hang":
      for (;;);
    case "overfill": {
      const kept: number[][] = [];
      for (;;) kept.push(new Array<number>(100_000).fill(1.5));
    }
    default:
      return unreachable(job);
  }
}

serveJobs(handleTrouble);
