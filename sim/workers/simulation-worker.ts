// The worker of swarms: runs jobs of run/sweep.ts.

import { runSweepJob } from "../run/sweep.ts";
import { serveJobs } from "./serve.ts";

serveJobs(runSweepJob);
