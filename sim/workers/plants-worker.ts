// The worker of the plant x oracle matrix: runs jobs of plants/matrix.ts.

import { runPlantJob } from "../plants/matrix.ts";
import { serveJobs } from "./serve.ts";

serveJobs(runPlantJob);
