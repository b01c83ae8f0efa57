// Sessions of a script that move, plans with flows of their own, and links without a limit: what is read, and what is refused where.

import { expect, test } from "vitest";
import { runScenario } from "../run/runner.ts";
import { renderProblems } from "./problem.ts";
import { readScenario } from "./read.ts";
import type { Scenario } from "./scenario.ts";
import { scenario, told } from "./testing.ts";

function read(...lines: string[]): Scenario {
  const outcome = readScenario(scenario(...lines), { file: "s.yaml" });
  if (outcome.kind === "invalid") throw new Error(renderProblems(outcome.problems));
  return outcome.scenario;
}

test("a session of the script asks where it is, and carries its past there", () => {
  const given = read(
    "script: [{ put: users/x, value: red, at: 1s, session: anna }, { get: users/x, at: 3s, session: anna }]",
    "travellers: [{ session: anna, at: edge, travel: { moves: [{ at: 2s, to: far }] } }]",
  );
  expect(given.travellers).toMatchObject([{ session: "anna", at: "edge", travel: { policy: "carry" } }]);
  const asked: string[] = [];
  const { report } = runScenario(given, {
    observers: [
      {
        requested: (at, cloudlet, _session, _id, op) =>
          void asked.push(`${at / 1_000_000} ${given.topology.cloudlets[cloudlet]?.name} ${op.kind}`),
      },
    ],
  });
  expect(asked).toEqual(["1 edge put", "2 edge detach", "2 far attach", "3 far get"]);
  expect(report.verdict).toBe("passed");
  expect(new Map(report.metrics).get("moves")).toBe(1);
});

test("what comes up while no cloudlet is in reach waits at the session", () => {
  const given = read(
    "script: [{ put: users/x, value: red, at: 1s, session: anna }, { get: users/x, at: 3s, session: anna }]",
    "travellers: [{ session: anna, travel: { contacts: [{ with: edge, from: 0s, until: 2s }, { with: hub, from: 5s, until: 6s }] } }]",
  );
  const { report } = runScenario(given);
  expect(new Map(report.metrics).get("client.wait.max")).toBe(2_000_000);
});

const at = "s.yaml:8";

test.each([
  [
    "a session that stays without a cloudlet",
    ["script: [{ get: users/x, at: 1s, session: a }]"],
    [
      `${at}:10: script[0].cloudlet: missing: expected the name of a cloudlet, since the session "a" does not travel; add cloudlet`,
    ],
  ],
  [
    "a session that travels with a cloudlet",
    [
      "script: [{ get: users/x, at: 1s, cloudlet: hub, session: a }]",
      "travellers: [{ session: a, at: hub, travel: { moves: [{ at: 2s, to: far }] } }]",
    ],
    [`${at}:44: script[0].cloudlet: session "a" travels, so it asks wherever it is; found hub; leave cloudlet out`],
  ],
  [
    "a traveller that asks for nothing",
    [
      "script: [{ get: users/x, at: 1s, cloudlet: hub, session: anna }]",
      "travellers: [{ session: ana, at: hub, travel: { moves: [{ at: 2s, to: far }] } }]",
    ],
    [`s.yaml:9:25: travellers[0].session: expected a session of the script, found "ana"; did you mean "anna"?`],
  ],
  [
    "a traveller that begins nowhere",
    [
      "script: [{ get: users/x, at: 1s, session: a }]",
      "travellers: [{ session: a, travel: { moves: [{ at: 2s, to: far }] } }]",
    ],
    [`s.yaml:9:14: travellers[0]: expected at, or travel with contacts, found neither; say where it begins`],
  ],
  [
    "a key that is not held on the way",
    [
      "script: [{ get: users/x, at: 1s, session: a }]",
      "travellers: [{ session: a, at: hub, travel: { moves: [{ at: 2s, to: far }, { at: 3s, to: edge }] } }]",
      "causality: cloudlet",
    ],
    [
      `s.yaml:10:12: causality: expected an order of each session where clients travel (travellers), found one of each cloudlet; leave one of the two out`,
    ],
  ],
])("%s is refused", (_, lines, expected) => {
  expect(told(scenario(...lines))).toEqual(expected);
});

test("a plan may have flows of its own; without, patterns follow the forest", () => {
  const plan = (rest: string): Scenario =>
    read(`plans: [{ at: 2s, reparent: { far: edge }${rest} }]`, "links: { list: [{ between: [hub, far] }] }");
  const flowsOf = ({ plans }: Scenario): string[] =>
    (plans?.[0]?.topology.flows ?? []).map(({ upper, lower, direction }) => `${upper} ${lower} ${direction}`);
  expect(flowsOf(plan(""))).toEqual(["hub edge both", "edge far both"]);
  expect(flowsOf(plan(", flows: [{ scope: users, upper: hub, lower: far, direction: up }]"))).toEqual(["hub far up"]);
});

test("a flow of a plan that breaks a rule is refused at its place", () => {
  expect(
    told(
      scenario(
        "plans: [{ at: 2s, reparent: { far: edge }, flows: [{ scope: users, upper: far, lower: edge, direction: up }] }]",
      ),
    ),
  ).toEqual([expect.stringMatching(/^s\.yaml:8:\d+: plans\[0\]\.flows\[0\].*\(T4/)]);
});

test("none is no limit where another one would apply; anything else that is no quantity is refused", () => {
  const link = (back: string): string =>
    `links: { list: [{ between: [hub, edge], bandwidth: 64kbit, queue: 1KiB, back: ${back} }] }`;
  const [first] = read(link("{ bandwidth: none, queue: none }")).topology.links;
  expect(first?.forth).toMatchObject({ bandwidth: 64_000, queue: 1_024 });
  expect(first?.back).toEqual({ delay: 5_000 });
  expect(told(scenario(link("{ bandwidth: no }")))).toEqual([
    `s.yaml:8:92: links.list[0].back.bandwidth: expected a bandwidth such as 100Mbit, found "no"; write a plain number and a unit (units: bit, kbit, Mbit, Gbit); for no limit write none`,
  ]);
});
