// The worker that runs what another thread runs, too: answers questions of twice/repeater.ts.

import { recite } from "../twice/reciter.ts";
import { serveJobs } from "./serve.ts";

serveJobs(recite);
