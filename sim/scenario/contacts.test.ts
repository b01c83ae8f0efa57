// Links that are up at times alone: what becomes of contacts, what is refused, and members of families that move, run until all agree.

import { expect, test } from "vitest";
import { runScenario } from "../run/runner.ts";
import { renderProblems } from "./problem.ts";
import { readScenario } from "./read.ts";
import type { Scenario } from "./scenario.ts";
import { scenario, told } from "./testing.ts";

function read(text: string): Scenario {
  const outcome = readScenario(text, { file: "s.yaml" });
  if (outcome.kind === "invalid") throw new Error(renderProblems(outcome.problems));
  return outcome.scenario;
}

const link = (rest: string): string => `links: { list: [{ between: [edge, hub], ${rest} }] }`;

/** When it is down, in seconds: `0-2 5-`. */
function downs({ faults }: Scenario): string {
  const second = (time: number): string => String(time / 1_000_000);
  return faults
    .map((fault) => {
      if (fault.kind !== "linkDown") throw new Error(`found ${fault.kind}`);
      expect([fault.a, fault.b, fault.direction]).toEqual(["edge", "hub", "both"]);
      return `${second(fault.from)}-${fault.until === null ? "" : second(fault.until)}`;
    })
    .join(" ");
}

test.each([
  ["contacts: [{ from: 2s, until: 5s }]", "0-2 5-"],
  ["contacts: [{ from: 0s, until: 1s }, { from: 1s, until: 3s }, { from: 4s, until: 99s }]", "3-4"],
  ["contacts: [{ from: 1s, until: 2s }], repeat: 4s", "0-1 2-5 6-9"],
  ["contacts: [{ from: 0s, until: 2s }, { from: 3s, until: 4s }], repeat: 4s", "2-3 6-7"],
  ["contacts: [{ from: 20s, until: 30s }]", "0-"],
  ["contacts: []", "0-"],
])("between contacts a link is down, until the load ends: %s", (rest, expected) => {
  expect(downs(read(scenario(link(rest))))).toBe(expected);
});

const at = "s.yaml:8";

test.each([
  [
    "contacts: [{ from: 2s, until: 5s }, { from: 4s, until: 6s }]",
    `${at}:85: links.list[0].contacts[1].from: expected a time not before 5s, found 4s; list contacts in order of time, and let one end before the next begins`,
  ],
  [
    "contacts: [{ from: 2s, until: 2s }]",
    `${at}:71: links.list[0].contacts[0].until: expected a time after from (2s), found 2s; let it last a while`,
  ],
  [
    "contacts: [{ from: 2s, until: 5s }], repeat: 4s",
    `${at}:86: links.list[0].repeat: expected a time not before the end of the last contact (5s), found 4s; repeat later`,
  ],
  [
    "repeat: 4s",
    `${at}:41: links.list[0]: expected contacts, which are repeated, found none; list them, or leave it out`,
  ],
  [
    "contacts: [{ from: 0us, until: 1us }], repeat: 2us",
    `${at}:17: links.list[0]: expected at most 100000 contacts of all links before the load ends, found more; let a round take longer, or the load end earlier`,
  ],
])("a contact plan that makes no sense is refused: %s", (rest, problem) => {
  expect(told(scenario(link(rest)))).toEqual([problem]);
});

function member(family: string, ...more: string[]): string {
  return [
    "causeway: 1",
    "name: member",
    "seed: 5",
    `topology: { family: { ${family} } }`,
    "scopes: [{ name: users, prefix: users/ }]",
    "flows: [{ scope: users, between: tree, direction: both }]",
    "clients: [{ name: people, at: all, think: 500ms, mix: [{ put: users/, keys: 3 }, { get: users/, keys: 3 }] }]",
    "duration: 9s",
    "settle: 30s",
    ...more,
  ].join("\n");
}

test.each(["vehicles", "drones", "satellites"])(
  "%s meet and part while people work, and all agree in the end",
  (shape) => {
    const story = read(member(`shape: ${shape}, cloudlets: 9, round: 3s`));
    expect(story.faults.length).toBeGreaterThan(9);
    const { report } = runScenario(story);
    expect(report.unmet).toEqual([]);
    expect(new Map(report.properties).get("convergence")?.verdict).toBe("holds");
    // Whoever is not in reach waits for the next round at least once.
    const slowest = Math.max(...report.flows.map(({ p99 }) => p99));
    expect(slowest).toBeGreaterThan(500_000);
  },
);

test("a satellite is moved to the other station that it meets, over the spare link between them", () => {
  const family = "shape: satellites, cloudlets: 9, round: 3s";
  const { topology } = read(member(family));
  const uppers = new Map(topology.cloudlets.map(({ name, upper }) => [name, upper]));
  const { a: station, b: satellite } = topology.links.find(
    ({ a, b }) => uppers.get(a) === "c0" && uppers.get(b) !== a,
  )!;
  const moved = read(
    member(family, `plans: [{ at: 4s, told: 'uniform(0s, 1s)', reparent: { ${satellite}: ${station} } }]`),
  );
  // No link was made for it.
  expect(moved.topology.links).toHaveLength(topology.links.length);
  const { report } = runScenario(moved);
  expect(report.unmet).toEqual([]);
  const marks = new Map<string, number>(report.marks);
  expect(marks.get("reparented")).toBe(1);
});

test("a listed link takes its own contacts in place of the family's, and keeps these where it lists none", () => {
  const count = (rest: string) => {
    const links = `links: { list: [{ between: [c0, c1], delay: 9ms${rest} }] }`;
    const { faults } = read(member("shape: drones, cloudlets: 4, round: 3s", links));
    return faults.filter((fault) => fault.kind === "linkDown" && fault.b === "c1" && fault.a === "c0").length;
  };
  expect(count("")).toBeGreaterThan(2);
  expect(count(", contacts: [{ from: 0s, until: 99s }]")).toBe(0);
});

test.each([
  [
    "shape: gabriel, cloudlets: 4, round: 3s",
    "family: the family gabriel does not have round; leave it out, or name a family that has: vehicles, drones, satellites",
  ],
  [
    "shape: drones, cloudlets: 4, round: 0s",
    "family.round: expected a round that takes time, found 0s; write for example 60s",
  ],
  [
    "shape: satellites, cloudlets: 501",
    "family.cloudlets: expected at most 500 cloudlets of the family satellites, found 501; ask for fewer",
  ],
])("%s is refused", (family, problem) => {
  expect(told(member(family)).map((line) => line.replace(/^[^ ]* topology\./, ""))).toEqual([problem]);
});
