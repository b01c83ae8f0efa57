// A scenario with drawn faults is what its text says with the drawn sections as settings, whether it is read in whole or only the
// sections that were drawn are.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readOtherwise, readSource, type ScenarioSource, scenarioSource } from "../scenario/read.ts";
import { swarmSettings } from "./apply-swarm.ts";
import { readSwarm } from "./read-swarm.ts";

const SEEDS = ["a", "b", "c", "d", "e", "f"];

const drawn = `
causeway: 1
name: drawn
draw:
  links.defaults.loss: { from: 1%, to: 4% }
  faults.0.from: { from: 1s, to: 2s }
topology: { family: { cloudlets: 6 } }
scopes: [{ name: state, prefix: state/ }]
flows: [{ scope: state, between: tree, direction: both }]
links: { defaults: { loss: 1% } }
clients: [{ name: people, at: all, think: 100ms, mix: [{ put: state/ }, { get: state/ }] }]
faults: [{ isolate: c1, from: 1s, until: 3s }]
duration: 4s
`;

function workload(name: string): ScenarioSource {
  const file = new URL(`../../workloads/${name}.yaml`, import.meta.url);
  return scenarioSource(name, readFileSync(file, "utf8"));
}

/** The text with what a seed draws for it: as readSwarm has it, and as it is read in whole. */
function bothWays(source: ScenarioSource, seed: string) {
  const outcome = readSwarm(source, seed);
  if (outcome.kind === "invalid") throw new Error(outcome.problems.map(({ message }) => message).join("\n"));
  const whole = readSource(source, { seed, settings: swarmSettings(outcome.sections, "--swarm") });
  if (whole.kind === "invalid") throw new Error(whole.problems.map(({ message }) => message).join("\n"));
  return { outcome, whole };
}

test.each(["figure-1", "long-absence"])(
  "drawn sections alone are read to what the whole text is read to: %s",
  (name) => {
    for (const seed of SEEDS) {
      const { outcome, whole } = bothWays(workload(name), seed);
      expect(outcome.read.basis).not.toBeNull();
      expect(outcome.read.scenario).toEqual(whole.scenario);
      expect(JSON.stringify(outcome.read.scenario)).toBe(JSON.stringify(whole.scenario));
      expect(outcome.read.drawn).toEqual(whole.drawn);
    }
  },
);

test("a text that draws values is read in whole, since its faults may hold some of them", () => {
  for (const seed of SEEDS) {
    const { outcome, whole } = bothWays(scenarioSource("drawn", drawn), seed);
    expect(outcome.read.basis).toBeNull();
    expect(outcome.read.scenario).toEqual(whole.scenario);
    expect(outcome.read.drawn).toEqual(whole.drawn);
  }
});

test("other sections that are refused are left to the whole reading, which says why", () => {
  const source = workload("figure-1");
  const read = readSource(source, { seed: "1" });
  if (read.kind === "invalid") throw new Error("figure-1 is a scenario");
  const sections = { faults: [], quirks: [], core: "all", expectations: {} };
  expect(readOtherwise(read, sections)).not.toBeNull();
  expect(readOtherwise(read, { ...sections, core: ["nobody"] })).toBeNull();
  const [site = ""] = read.scenario.topology.cloudlets.map(({ name }) => name);
  const isolate = { isolate: site, from: "1s", until: "2s" };
  expect(readOtherwise(read, { ...sections, faults: [isolate] })).not.toBeNull();
  for (const fault of [
    { ...isolate, isolate: "nobody" },
    { ...isolate, until: "late" },
    { ...isolate, crash: site },
    { from: "1s" },
    "isolate",
  ]) {
    expect(readOtherwise(read, { ...sections, faults: [isolate, fault] })).toBeNull();
  }
  expect(readOtherwise(read, { ...sections, expectations: { always: ["happiness"] } })).toBeNull();
});
