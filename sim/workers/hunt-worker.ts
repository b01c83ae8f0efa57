// The worker of the hunt for planted bugs: runs jobs of plants/hunt.ts.

import { runHuntJob } from "../plants/hunt.ts";
import { serveJobs } from "./serve.ts";

serveJobs(runHuntJob);
