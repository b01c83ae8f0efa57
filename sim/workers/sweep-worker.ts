// The worker of sweeps: runs jobs of sweep/work.ts.

import { createWork, type SweepGiven, type SweepWork } from "../sweep/work.ts";
import { serveJobs, workerGiven } from "./serve.ts";

const work = await createWork(workerGiven() as SweepGiven);
serveJobs((job: SweepWork) => work(job));
