// The worker of the matrix of requirements: runs jobs of requirements/check.ts.

import { runCheckJob } from "../requirements/check.ts";
import { serveJobs } from "./serve.ts";

serveJobs(runCheckJob);
