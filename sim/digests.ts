// Prints one line per drawn scenario, `scenario digest`: what scripts/check-nodes.mjs compares between versions of Node.

import { generatedScenario } from "./run/generate.ts";
import { runScenario } from "./run/runner.ts";

const SCENARIO_COUNT = 50;

for (let index = 0; index < SCENARIO_COUNT; index += 1) {
  const { report } = runScenario(generatedScenario(`nodes-${index}`));
  process.stdout.write(`${report.scenario} ${report.digest}\n`);
}
