// The worker that tries users' resolvers: it loads a module and holds its function to the laws. What never comes to an end is
// stopped together with this thread.

import { workMilliseconds } from "../cli/wallclock.ts";
import { tryResolver, type Trial } from "../resolvers/trial.ts";
import { serveJobs } from "./serve.ts";

serveJobs((trial: Trial) => tryResolver(trial, workMilliseconds));
