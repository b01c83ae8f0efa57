// A processor that has not come to what clients asked: a run does not end before, and one that ends before is not passed.

import { expect, test } from "vitest";
import { readScenario } from "../scenario/read.ts";
import { runScenario } from "./runner.ts";

function reportOf(world: string) {
  const read = readScenario(
    `
causeway: 1
name: slow
seed: 1
topology: { tree: { a: { b: } } }
scopes: [{ name: s, prefix: s/ }]
flows: [{ scope: s, between: tree, direction: both }]
script:
  - { at: 1s, cloudlet: b, session: x, put: s/k, value: v }
cpus: [{ at: b, request: 10s }]
duration: 2s
settle: ${world === "short" ? "5s" : "30s"}
${world === "a alone" ? "core: [a]" : ""}
`,
    { file: "slow.yaml" },
  );
  if (read.kind === "invalid") throw new Error(read.problems.map(({ message }) => message).join("\n"));
  const { report } = runScenario(read.scenario);
  const written = report.metrics.find(([name]) => name === "records.written")?.[1];
  return { verdict: report.verdict, unmet: report.unmet, pending: report.pending, written };
}

const sentence = "the processor of b had not finished 1 request of its clients";

test.each([
  ["the budget is long enough", "long", { verdict: "passed", unmet: [], pending: [], written: 1 }],
  ["the budget is short", "short", { verdict: "undecided", unmet: [sentence], pending: [sentence], written: 0 }],
  ["nobody asks for that cloudlet", "a alone", { verdict: "passed", unmet: [], pending: [], written: 0 }],
])("where %s, the request counts as it should", (_when, world, expected) => {
  expect(reportOf(world)).toEqual(expected);
});
