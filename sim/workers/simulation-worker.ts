// The worker of sweeps: runs jobs of run/sweep.ts. What it imports decides how fast a worker starts, so nothing that
// reads scenario files or command lines is among it.

import { runSweepJob } from "../run/sweep.ts";
import { serveJobs } from "./serve.ts";

serveJobs(runSweepJob);
