// The worker of the comparison of protocols: runs jobs of compare/compare.ts.

import { runCompareJob } from "../compare/compare.ts";
import { serveJobs } from "./serve.ts";

serveJobs(runCompareJob);
