// Changes of plan in a scenario: patterns of flows follow the forest, links are those of all plans, and what makes no sense is
// refused at its place in the file.

import { expect, test } from "vitest";
import { renderProblems } from "./problem.ts";
import { formOf } from "./form-of.ts";
import { readForm, readScenario } from "./read.ts";

function read(plans: string, collect = ""): ReturnType<typeof readScenario> {
  const lines = [
    "causeway: 1",
    "name: plans",
    "seed: 1",
    "topology: { tree: { root: { left: { leaf: }, right: } } }",
    `scopes: [{ name: users, prefix: users/${collect} }, { name: "m/{cloudlet}", prefix: "m/{cloudlet}/", at: leaves }]`,
    'flows: [{ scope: users, between: tree, direction: both }, { scope: "m/{cloudlet}", between: ancestors, direction: up }]',
    "duration: 10s",
    `plans: ${plans}`,
  ];
  return readScenario(lines.join("\n"), { file: "s.yaml" });
}

function told(plans: string, collect?: string): string {
  const outcome = read(plans, collect);
  return outcome.kind === "invalid" ? renderProblems(outcome.problems).trim() : "";
}

test("flows follow the forest, links and scopes stay, and each cloudlet hears of it after a delay", () => {
  const outcome = read('[{ at: 3s, told: "uniform(0s, 500ms)", reparent: { leaf: right } }]');
  if (outcome.kind === "invalid") throw new Error(renderProblems(outcome.problems));
  const { topology, plans = [] } = outcome.scenario;
  expect(plans).toMatchObject([{ at: 3_000_000, told: { kind: "uniform", min: 0, max: 500_000 } }]);
  const after = plans[0]?.topology;
  expect(after?.links).toBe(topology.links);
  expect(after?.scopes).toBe(topology.scopes);
  const ends = (spec: typeof after): readonly string[] =>
    (spec?.flows ?? []).map(({ scope, upper, lower }) => `${scope} ${upper}-${lower}`);
  expect(ends(topology)).toContain("m/leaf left-leaf");
  expect(ends(after)).toContain("m/leaf right-leaf");
  expect(ends(after)).not.toContain("users left-leaf");
  expect(topology.links.map(({ a, b }) => `${a}-${b}`)).toEqual(["root-left", "left-leaf", "root-right", "right-leaf"]);
});

test("who is detached has no upper, comes back later, and is written as it was read", () => {
  const outcome = read("[{ at: 3s, detach: [left] }, { at: 5s, reparent: { left: right } }]");
  if (outcome.kind === "invalid") throw new Error(renderProblems(outcome.problems));
  const uppers = (outcome.scenario.plans ?? []).map(({ topology }) =>
    Object.fromEntries(topology.cloudlets.map(({ name, upper = "" }) => [name, upper])),
  );
  expect(uppers).toEqual([
    { root: "", left: "", leaf: "left", right: "root" },
    { root: "", left: "right", leaf: "left", right: "root" },
  ]);
  expect(readForm(formOf(outcome.scenario))?.scenario.plans).toEqual(outcome.scenario.plans);
});

test.each([
  [
    "nobody who moves",
    "[{ at: 1s }]",
    "s.yaml:8:9: plans[0]: expected who gets another upper (reparent), or has none from then on (detach); found neither; write one of the two",
  ],
  [
    "one who is both moved and detached",
    "[{ at: 1s, reparent: { leaf: right }, detach: [leaf] }]",
    "s.yaml:8:55: plans[0].detach[0]: expected leaf either among detach or among reparent, found it in both; remove one of the two",
  ],
  [
    "a cloudlet below its own descendant",
    "[{ at: 1s, reparent: { left: leaf } }]",
    "s.yaml:8:37: plans[0].reparent.left: control runs in a circle: left > leaf > left; give one of them an upper that " +
      "does not stand below it (T3, D7, N1)",
  ],
  [
    "somebody unknown",
    "[{ at: 1s, reparent: { leaf: rigth } }]",
    's.yaml:8:37: plans[0].reparent.leaf: expected the name of a cloudlet, found "rigth"; did you mean "right"?',
  ],
  [
    "a change after the load",
    "[{ at: 10s, reparent: { leaf: right } }]",
    "s.yaml:8:15: plans[0].at: expected a time before the load ends (duration), found 10s; make one of them fit",
  ],
  [
    "changes out of order",
    "[{ at: 2s, reparent: { leaf: right } }, { at: 1s, reparent: { leaf: left } }]",
    "s.yaml:8:54: plans[1].at: expected a time after that of the change before, found 1s; list changes in order of time",
  ],
  [
    "short logs beside it",
    "[{ at: 1s, reparent: { leaf: right } }]\nlogs: { retain: 10 }",
    "s.yaml:9:17: logs.retain: expected whole logs where the topology changes, since what opens then is worked out from " +
      "them; found retain together with plans; leave one of the two out",
  ],
  [
    "checkpoints beside it",
    "[{ at: 1s, reparent: { leaf: right } }]\nlogs: { checkpoint: 10 }",
    "s.yaml:9:21: logs.checkpoint: expected whole logs where the topology changes",
  ],
])("refused: %s", (_what, plans, expected) => {
  expect(told(plans)).toContain(expected);
});

test("deletes are not collected where the topology changes", () => {
  expect(told("[{ at: 1s, reparent: { leaf: right } }]", ", collect: 1min")).toContain(
    "s.yaml:5:50: scopes[0].collect: expected deletes that are kept where the topology changes, since who has to know of " +
      "them changes with it; found collect together with plans; leave one of the two out",
  );
});

test("a scope that would change its resolver is refused at its key", () => {
  expect(told("[{ at: 1s, reparent: { leaf: right }, scopes: [{ name: users, resolver: return-them-all }] }]")).toMatch(
    /^s\.yaml:8:\d+: plans\[0\]: .*scopes/,
  );
});
