// Planes that live on stores of several members, in simulated worlds (A2c): one member less is nothing, without the majority the plane stands
// still and its queue grows, and what was accepted is done when the majority is back.

import { expect, test } from "vitest";
import { renderProblems } from "../scenario/problem.ts";
import { readScenario } from "../scenario/read.ts";
import { runScenario } from "../run/runner.ts";
import type { OperationCount } from "../run/report.ts";

function text(planes: string): string {
  return `causeway: 1
name: inner-store
seed: 3
topology: { tree: { hub: { site: { below: null } } } }
scopes: [{ name: notes, prefix: notes/ }]
flows: [{ scope: notes, between: tree, direction: both }]
links: { defaults: { delay: 10ms } }
operations:
  issuers:
    - { name: above, at: hub, targets: site, kinds: [vm.create], every: 500ms, objects: 1000 }
    - { name: own, at: site, targets: site, kinds: [vm.start], every: 500ms, objects: 1000 }
    - { name: down, at: site, targets: below, kinds: [vm.stop], every: 500ms, objects: 1000 }
  planes: [${planes}]
faults: [{ crash: site, at: 14s, for: 1s }]
duration: 20s
settle: 30s
expectations: {}
`;
}

function countsOf(planes: string): Readonly<Record<string, Pick<OperationCount, "accepted" | "refused" | "done">>> {
  const read = readScenario(text(planes), { file: "s.yaml" });
  if (read.kind === "invalid") throw new Error(renderProblems(read.problems));
  const { report } = runScenario(read.scenario);
  expect(report.unmet).toEqual([]);
  const kinds = report.operations?.kinds ?? [];
  return Object.fromEntries(kinds.map(({ kind, accepted, refused, done }) => [kind, { accepted, refused, done }]));
}

const three = "at: site, plane: control, members: 3";

test("one member of three down is nothing", () => {
  const whole = countsOf(`{ ${three} }`);
  const lame = countsOf(`{ ${three}, fails: [{ from: 4s, until: 10s, members: [2] }] }`);
  expect(lame).toEqual(whole);
  expect(whole["vm.start"]?.refused).toBe(0);
});

test.each([
  ["two that go down together", "fails: [{ from: 4s, until: 10s, members: [1, 3] }]"],
  ["two that go down one after another", "fails: [{ from: 1s, until: 10s, members: [1] }, { from: 4s, members: [2] }]"],
  ["all of them", "fails: [{ from: 4s, until: 10s }]"],
])("with %s the cloudlet refuses its own alone, and does all else in the end", (_what, fails) => {
  const counts = countsOf(`{ ${three}, ${fails} }`);
  expect(counts["vm.start"]?.refused).toBeGreaterThan(8);
  for (const kind of ["vm.create", "vm.stop"]) expect(counts[kind]?.refused, kind).toBe(0);
  for (const [kind, { accepted, done }] of Object.entries(counts)) expect(done, kind).toBe(accepted);
});

test.each([
  [
    "a member that there is not",
    `{ ${three}, fails: [{ from: 1s, members: [1, 4] }] }`,
    "expected members of the store of site, which has 3, found 4",
  ],
  [
    "a member of a plane without a store",
    "{ at: site, plane: management, fails: [{ from: 1s, members: [2] }] }",
    "expected members of the store of site, which has 1, found 2",
  ],
  [
    "a store of a plane that is not there",
    "{ at: site, plane: control, state: none, members: 3 }",
    "a plane that is not there lives nowhere; leave out members, or state: none",
  ],
])("%s is refused with its place", (_what, planes, message) => {
  const read = readScenario(text(planes), { file: "s.yaml" });
  expect(read.kind === "invalid" ? renderProblems(read.problems) : "").toContain(message);
});
