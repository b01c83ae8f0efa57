// A scenario with drawn faults is what its text says with the drawn sections as settings, whether it is read in whole or only the
// sections that were drawn are.

import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Topology } from "../../model/topology/topology.ts";
import { readSource, type ScenarioSource, scenarioSource, type Setting } from "../scenario/read.ts";
import { readOtherwise } from "../scenario/read-otherwise.ts";
import { swarmSettings } from "./apply-swarm.ts";
import { readSwarm } from "./read-swarm.ts";
import { smallWorld, smallWorldText } from "./small-worlds.ts";

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

const folder = new URL("../../workloads/", import.meta.url);

function workload(name: string): ScenarioSource {
  return scenarioSource(name, readFileSync(new URL(name, folder), "utf8"));
}

/** The text with what a seed draws for it: as readSwarm has it, and as it is read in whole; null where no swarm may be drawn for it. */
function bothWays(source: ScenarioSource, seed: string, settings: readonly Setting[] = []) {
  const outcome = readSwarm(source, seed, { settings });
  if (outcome.kind === "invalid") return null;
  const whole = readSource(source, { seed, settings: [...settings, ...swarmSettings(outcome.sections, "--swarm")] });
  if (whole.kind === "invalid") throw new Error(whole.problems.map(({ message }) => message).join("\n"));
  return { outcome, whole };
}

/** Is it the same, and written the same? */
function expectSame({ outcome: { read }, whole }: NonNullable<ReturnType<typeof bothWays>>): void {
  expect(read.scenario).toEqual(whole.scenario);
  expect(JSON.stringify(read.scenario)).toBe(JSON.stringify(whole.scenario));
  expect(read.drawn).toEqual(whole.drawn);
}

test("drawn sections alone are read to what the whole text is read to, and again and again: every workload", () => {
  let otherwise = 0;
  let built = 0;
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".yaml"))) {
    const source = workload(name);
    const topologies = new Set<Topology>();
    for (const seed of SEEDS.slice(0, 3)) {
      const both = bothWays(source, seed);
      if (both === null) break;
      expectSame(both);
      const { basis, topology } = both.outcome.read;
      if (basis !== null) otherwise += 1;
      topologies.add(topology);
      if (topologies.size > 1 || seed === SEEDS[0]) continue;
      // Built for the seed before.
      built += 1;
      const fresh = readSwarm(workload(name), seed);
      expect(fresh.kind === "swarm" && fresh.read.scenario).toEqual(both.whole.scenario);
    }
  }
  expect(otherwise).toBeGreaterThan(45);
  expect(built).toBeGreaterThan(20);
});

test("the same of small worlds whose topology and load are settings, read one after another from one source", () => {
  const source = scenarioSource("small", smallWorldText(smallWorld(0)));
  for (let run = 0; run < 100; run += 1) {
    const { topology, think } = smallWorld(run);
    const settings = [
      { label: "topology", path: "topology", data: topology },
      { label: "think", path: "clients[0].think", data: think },
    ];
    const both = bothWays(source, `run/${run}`, settings);
    if (both === null) throw new Error("a small world is a scenario");
    expectSame(both);
    const alone = readSwarm(scenarioSource("small", smallWorldText(smallWorld(run))), `run/${run}`);
    expect(alone.kind === "swarm" && alone.read.scenario).toEqual(both.whole.scenario);
  }
  // Settings have changed nothing of the text.
  const fresh = readSource(scenarioSource("small", smallWorldText(smallWorld(0))), { seed: "1" });
  expect(fresh.kind).toBe("scenario");
  expect(readSource(source, { seed: "1" })).toMatchObject({ scenario: fresh.kind === "scenario" && fresh.scenario });
});

test.each([
  ["one fault in part", { path: "faults[0].until", data: "3500ms" }, [3_500_000]],
  ["all of them", { path: "faults", data: [{ isolate: "c2", from: "1s", until: "2s" }] }, [2_000_000]],
  ["one more", { path: "faults[1]", data: { isolate: "c2", from: "1s", until: "2s" } }, [3_000_000, 2_000_000]],
])("what a setting makes of the text's own faults stays beside the drawn ones: %s", (_, setting, ends) => {
  const text = drawn.replace(/draw:\n.*\n.*\n/, "");
  for (const form of [text, drawn]) {
    const both = bothWays(scenarioSource("set", form), "s", [{ label: "--set", ...setting }]);
    if (both === null) throw new Error("it is a scenario");
    expectSame(both);
    const { faults } = both.outcome.read.scenario;
    expect(faults.length).toBeGreaterThan(ends.length);
    expect(faults.slice(0, ends.length).map((fault) => "until" in fault && fault.until)).toEqual(ends);
  }
});

test.each([
  ["topology", { tree: { hub: { shop: null, stall: null } } }],
  ["scopes[0].resolver", "lww-lamport"],
  ["flows[0].direction", "up"],
  ["links.defaults.loss", "7%"],
])("a topology that was built before is not taken for another one: %s", (path, data) => {
  const text = drawn
    .replace(/draw:\n.*\n.*\n/, "")
    .replace("family: { cloudlets: 6 }", "tree: { hub: { shop: null } }");
  const source = scenarioSource("known", text.replaceAll("c1", "shop"));
  const read = (from: ScenarioSource, settings: readonly Setting[]) => {
    const outcome = readSource(from, { seed: "1", settings });
    if (outcome.kind === "invalid") throw new Error(outcome.problems.map(({ message }) => message).join("\n"));
    return outcome;
  };
  const [before, again] = [read(source, []), read(source, [])];
  expect(again.topology).toBe(before.topology);
  const set = [{ label: "--set", path, data }];
  const otherwise = read(source, set);
  expect(otherwise.scenario).toEqual(read(scenarioSource("known", source.text), set).scenario);
  expect(otherwise.scenario.topology).not.toEqual(before.scenario.topology);
  expect(otherwise.topology).not.toBe(before.topology);
});

test("a text that draws values is read in whole, since its faults may hold some of them", () => {
  for (const seed of SEEDS) {
    const both = bothWays(scenarioSource("drawn", drawn), seed);
    if (both === null) throw new Error("it is a scenario");
    expect(both.outcome.read.basis).toBeNull();
    expectSame(both);
  }
});

test("what a cloudlet has of its own, and can have once at a time, is not drawn for it", () => {
  const own = `
causeway: 1
name: own
topology: { tree: { a: { b: , c: } } }
scopes: [{ name: state, prefix: state/ }]
flows: [{ scope: state, between: tree, direction: both }]
clients: [{ name: people, at: all, think: 100ms, mix: [{ put: state/ }, { get: state/ }] }]
faults:
  - { pause: a, from: 1s, until: 9s }
  - { pause: b, from: 1s, until: 9s }
  - { slowDisk: a, sync: 9ms, from: 1s, until: 9s }
  - { slowDisk: b, sync: 9ms, from: 1s, until: 9s }
  - { clockDrift: b, by: 100ppm, from: 1s, until: 9s }
duration: 10s
`;
  const source = scenarioSource("own", own);
  const met = new Set<string>();
  for (let seed = 0; seed < 40; seed += 1) {
    const outcome = readSwarm(source, `own/${seed}`);
    if (outcome.kind === "invalid") throw new Error(outcome.problems.map(({ message }) => message).join("\n"));
    for (const fault of outcome.swarm.faults) {
      if ("pause" in fault) met.add(`pause ${fault.pause}`);
      if ("slowDisk" in fault) met.add(`slowDisk ${fault.slowDisk}`);
      if ("clockDrift" in fault && fault.clockDrift === "b") met.add("clockDrift b");
    }
  }
  expect([...met].sort()).toEqual(["pause c", "slowDisk c"]);
});

test("other sections that are refused are left to the whole reading, which says why", () => {
  const source = workload("figure-1.yaml");
  const read = readSource(source, { seed: "1" });
  if (read.kind === "invalid") throw new Error("figure-1 is a scenario");
  const sections = { faults: [], quirks: [], core: ["EAL1"], expectations: { always: [], eventually: [] } };
  expect(readOtherwise(read, sections)).not.toBeNull();
  expect(readOtherwise(read, { ...sections, core: ["nobody"] })).toBeNull();
  const [site = ""] = read.scenario.topology.cloudlets.map(({ name }) => name);
  const isolate = { isolate: site, from: "1s", until: "2s" };
  expect(readOtherwise(read, { ...sections, faults: [isolate] })).not.toBeNull();
  for (const fault of [
    { ...isolate, isolate: "nobody" },
    { ...isolate, until: "1s" },
    { ...isolate, from: "10d" },
  ]) {
    expect(readOtherwise(read, { ...sections, faults: [isolate, fault] })).toBeNull();
  }
  expect(readOtherwise(read, { ...sections, expectations: { always: ["queue-caps"], eventually: [] } })).toBeNull();
});
