import { readFileSync } from "node:fs";
import { runScenario } from "../sim/run/runner.ts";
import { readScenario } from "../sim/scenario/read.ts";
import { generateWatching } from "../sim/run/generate-watching.ts";
import { generateOperations } from "../sim/run/generate-operations.ts";
for (const f of ["marks","operations","replan-with-queues","no-local-plane"]) {
  const o = readScenario(readFileSync(`workloads/${f}.yaml`,"utf8"),{file:f,seed:"7"});
  if (o.kind!=="scenario") throw new Error("no");
  console.log(f, runScenario(o.scenario).report.digest);
}
for (let n=0;n<8;n++) console.log(runScenario(generateWatching(`x${n}`)).report.digest, runScenario(generateOperations(`x${n}`)).report.digest);
