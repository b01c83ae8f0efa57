// The worker of `causeway check` over many files: checks one file per job and sends back its report, without the history.

import { checkFile, type CheckJob, type FileOutcome } from "../check/check-file.ts";
import { serveJobs } from "./serve.ts";

serveJobs((job: CheckJob): FileOutcome => {
  const outcome = checkFile(job);
  return outcome.kind === "checked" ? { kind: "checked", report: outcome.report } : outcome;
});
