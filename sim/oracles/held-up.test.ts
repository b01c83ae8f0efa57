/** Whom the word of somebody above holds up, and whom it does not. */
import { expect, test } from "vitest";
import { runScenario } from "../run/runner.ts";
import { renderProblems } from "../scenario/problem.ts";
import { readScenario } from "../scenario/read.ts";

// A site is marked as disconnected while its plane fails, and that is taken back when the centre cannot be reached any more: it never says
// that it knows. So what it has issued waits, and what the region has issued on the same machine follows that.
const text = `
causeway: 1
name: held-up
seed: 1
topology:
  tree: { centre: { region: { site: } } }
scopes:
  - { name: inventory, prefix: inventory/, resolver: lww-hlc }
flows:
  - { scope: inventory, between: tree, direction: both }
links:
  defaults: { delay: 20ms }
operations:
  issuers:
    - { name: owner, at: all, targets: site, kinds: [vm.update], every: 2s }
  planes:
    - { at: site, plane: control, fails: [{ from: 100ms, until: 10s }] }
aliveness:
  confirmations:
    - { at: 5s, by: region, about: site, says: disconnected }
    - { at: 8s, by: region, about: site, says: clear }
faults:
  - { linkDown: [centre, region], from: 7s }
core: [region, site]
duration: 30s
settle: 1min
`;

test("what is asked for at a site passes what waits there for somebody above, and what follows that (A1)", () => {
  const read = readScenario(text, { file: "held-up.yaml" });
  if (read.kind === "invalid") throw new Error(renderProblems(read.problems));
  const { report } = runScenario(read.scenario);
  expect([report.verdict, report.operations?.open]).toEqual(["passed", []]);
  // One before its plane failed; and of those since it works again, each that was asked for at the site.
  expect(new Map(report.metrics).get("operations.done")).toBe(11);
});
