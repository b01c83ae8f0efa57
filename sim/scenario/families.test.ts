// Topologies of families as scenarios ask for them: what they take and what they refuse, their spare links, and a run of each until all
// agree.

import { expect, test } from "vitest";
import { runScenario } from "../run/runner.ts";
import { renderProblems } from "./problem.ts";
import { readScenario } from "./read.ts";
import { told } from "./testing.ts";

function text(family: string, ...more: string[]): string {
  return [
    "causeway: 1",
    "name: member",
    "seed: 5",
    `topology: { family: { ${family} } }`,
    ...more,
    "scopes: [{ name: users, prefix: users/ }]",
    "flows: [{ scope: users, between: tree, direction: both }]",
    "clients: [{ name: people, at: all, think: 300ms, mix: [{ put: users/, keys: 3 }, { get: users/, keys: 3 }] }]",
    "duration: 2s",
    "settle: 30s",
  ].join("\n");
}

function read(family: string, ...more: string[]) {
  const outcome = readScenario(text(family, ...more), { file: "s.yaml" });
  if (outcome.kind === "invalid") throw new Error(renderProblems(outcome.problems));
  return outcome.scenario;
}

test.each(["gabriel", "waxman", "community"])("a %s network has spare links, and all agree in the end", (shape) => {
  const scenario = read(`shape: ${shape}, cloudlets: 36, km: 200`, "links: { defaults: { loss: 1% } }");
  expect(scenario.topology.links.length).toBeGreaterThan(36);
  expect(scenario.topology.links.every(({ forth }) => forth.loss === 10_000)).toBe(true);
  const { report, world } = runScenario(scenario);
  expect(report.unmet).toEqual([]);
  expect(new Map(report.properties).get("convergence")?.verdict).toBe("holds");
  expect(world.requestCount).toBeGreaterThan(50);
});

test("a listed link takes the place of a spare one; without links along the tree there is none", () => {
  const { a, b } = read("shape: gabriel, cloudlets: 9").topology.links.at(-1)!;
  const { links } = read(
    "shape: gabriel, cloudlets: 9",
    `links: { list: [{ between: [${b}, ${a}], delay: 9ms }] }`,
  ).topology;
  expect(links.filter((link) => [link.a, link.b].includes(a) && [link.a, link.b].includes(b))).toMatchObject([
    { forth: { delay: 9_000 } },
  ]);
});

test("the larger the square the longer its links", () => {
  const delays = (km: number) =>
    read(`shape: gabriel, cloudlets: 20, km: ${km}`).topology.links.map(({ forth }) => forth.delay);
  expect(Math.max(...delays(1_000))).toBeGreaterThan(5 * Math.max(...delays(100)));
});

const at = "s.yaml:4";

test.each([
  [
    "shape: star, cloudlets: 4, km: 9",
    `${at}:50: topology.family: the family star does not have km; leave it out, or name a family that has: gabriel, waxman, community, vehicles, drones`,
  ],
  [
    "cloudlets: 4, beta: 0.5",
    `${at}:37: topology.family: plain shapes do not have beta; leave it out, or name a family that has: waxman`,
  ],
  [
    "shape: waxman, cloudlets: 4, alpha: 0",
    `${at}:59: topology.family.alpha: expected a number above 0, 1 at most, found 0`,
  ],
  [
    "shape: gabriel, cloudlets: 4, km: 0.5",
    `${at}:57: topology.family.km: expected a whole number from 1 to 10000, found 0.5`,
  ],
  [
    "shape: waxman, cloudlets: 2001",
    `${at}:49: topology.family.cloudlets: expected at most 2000 cloudlets of the family waxman, found 2001; ask for fewer`,
  ],
])("%s is refused", (family, problem) => {
  expect(told(text(family))).toEqual([problem]);
});
