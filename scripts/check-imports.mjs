/**
 * Runs the import rules of .dependency-cruiser.mjs, and refuses to pass when it saw no modules.
 *
 * With a compiler it cannot use, dependency-cruiser reads nothing and reports success; so every layer has to show up.
 */
import { existsSync } from "node:fs";
import { cruise } from "dependency-cruiser";
import extractConfig from "dependency-cruiser/config-utl/extract-depcruise-config";
import extractTypeScriptConfig from "dependency-cruiser/config-utl/extract-ts-config";

const layers = ["model", "workloads", "sim", "properties"].filter((layer) => existsSync(layer));
const config = await extractConfig("./.dependency-cruiser.mjs");
const { output } = await cruise(
  layers,
  { ...config.options, ruleSet: { forbidden: config.forbidden }, validate: true },
  {},
  {
    tsConfig: extractTypeScriptConfig("tsconfig.json"),
  },
);

const sources = output.modules.map((module) => module.source);
const problems = output.summary.violations.map(({ rule, from, to, cycle }) => {
  const path = cycle === undefined ? to : cycle.map((step) => step.name).join(" -> ");
  const comment = config.forbidden.find((forbidden) => forbidden.name === rule.name)?.comment ?? "";
  return `${rule.name}: ${from} -> ${path} (${comment})`;
});
for (const layer of layers) {
  const count = sources.filter((source) => source.startsWith(`${layer}/`) && source.endsWith(".ts")).length;
  console.log(`${layer}: ${count} modules`);
  if (count === 0) problems.push(`no modules seen in ${layer}/: the rules were not checked`);
}

for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
