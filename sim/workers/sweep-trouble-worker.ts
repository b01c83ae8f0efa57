// The worker that the tests of sweeps need: cases whose seed says so get their worker into trouble or take their time, the others are run
// as usual.

import { setTimeout as wait } from "node:timers/promises";
import { createWork, type SweepGiven, type SweepWork, type SweepWorkResult } from "../sweep/work.ts";
import { makeTrouble, troubles } from "./make-trouble.ts";
import { serveJobs, workerGiven } from "./serve.ts";

const SLOW_MILLISECONDS = 150;

const work = await createWork(workerGiven() as SweepGiven);
serveJobs(async (job: SweepWork): Promise<SweepWorkResult> => {
  const seed = job.kind === "case" ? job.one.seed : "";
  const trouble = troubles.find((name) => name === seed);
  if (trouble !== undefined) return makeTrouble(trouble);
  if (seed === "slow") await wait(SLOW_MILLISECONDS);
  return work(job);
});
