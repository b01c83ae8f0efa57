// What is taken away from a world leaves a sound world, whatever it is; moments keep their order.

import { expect, test } from "vitest";
import { pick, shuffled } from "../../model/random.ts";
import { RngRoot } from "../kernel/rng.ts";
import { generateDetachments } from "../run/generate-detachments.ts";
import { generateScenario } from "../run/generate.ts";
import { readScenario } from "../scenario/read.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { type World, worldOf } from "./attempts.ts";
import { cuts } from "./cuts.ts";
import { withoutCloudlets } from "./edits.ts";
import { materialise } from "./materialise.ts";
import { momentsOf, onGrid } from "./moments.ts";
import { merged, renamed } from "./renaming.ts";
import { simplifications } from "./simpler.ts";

const COUNT = 12;

/** Drawn worlds with their load written down, some with plans, some with travellers, some with decisions about members. */
const drawn: readonly Scenario[] = Array.from({ length: COUNT }, (_, number) => {
  const seed = `parts-${number}`;
  const given = number % 6 === 5 ? generateDetachments(seed) : generateScenario(seed, small()).scenario;
  return materialise(given, {});
});

function small() {
  return { tree: { cloudletsMax: 6 } };
}

function sound(scenario: Scenario): World {
  const world = worldOf(scenario);
  if (world === null) throw new Error(`${scenario.name} is not sound`);
  return world;
}

test(`the ${COUNT} drawn worlds have plans, travellers and decisions among them`, () => {
  expect(drawn.some(({ plans }) => plans !== undefined)).toBe(true);
  expect(drawn.some(({ travellers }) => travellers !== undefined)).toBe(true);
  expect(drawn.some(({ detachments }) => detachments !== undefined)).toBe(true);
});

test("without some of its cloudlets a world is sound, and nobody who stays is lost", () => {
  for (const [number, scenario] of drawn.entries()) {
    const rng = new RngRoot(`gone ${number}`).stream;
    const names = scenario.topology.cloudlets.map(({ name }) => name);
    const gone = new Set(shuffled(rng, names).slice(0, 1 + rng.intInclusive(names.length - 2)));
    const world = worldOf(withoutCloudlets(scenario, gone));
    // Without the root two trees may be left, and a way between them.
    if (world === null) continue;
    const left = world.scenario.topology.cloudlets.map(({ name }) => name);
    expect(left).toEqual(names.filter((name) => !gone.has(name)));
  }
});

test("without a middle what is below it goes on below what is above it, with its flows and its link", () => {
  const text = `causeway: 1
name: chain
seed: 1
topology: { tree: { top: { middle: { low: null } } } }
scopes: [{ name: s, prefix: s/ }]
flows:
  - { scope: s, upper: top, lower: middle, direction: both }
  - { scope: s, upper: middle, lower: low, direction: up }
links: { list: [{ between: [middle, low], delay: 70ms }] }
duration: 10s
script:
  - { put: s/x, value: a, at: 1s, cloudlet: low, session: a }
  - { put: s/x, value: a, at: 1s, cloudlet: middle, session: b }
faults: [{ isolate: middle, from: 1s }, { partition: [[middle, low]], from: 1s }]
`;
  const read = readScenario(text, { file: "chain.yaml" });
  if (read.kind === "invalid") throw new Error("not sound");
  expect(sound(withoutCloudlets(read.scenario, new Set(["middle"]))).text).toBe(`causeway: 1
name: chain
seed: 1
topology: { tree: { top: { low: null } } }
scopes: [{ name: s, prefix: s/ }]
flows: [{ scope: s, between: tree, direction: up }]
links: { defaults: { delay: 70ms } }
script: [{ put: s/x, value: a, at: 1s, cloudlet: low, session: a }]
faults: [{ partition: [[low]], from: 1s }]
duration: 10s
`);
  expect(sound(merged(read.scenario, "middle", "top")).scenario.script.map(({ cloudlet }) => cloudlet)).toEqual([
    "low",
    "top",
  ]);
});

test("what every cut leaves is sound or refused, and never more than there was", async () => {
  for (const [number, scenario] of drawn.entries()) {
    const rng = new RngRoot(`cut ${number}`).stream;
    const { size } = sound(scenario);
    for (const cut of cuts) {
      await cut.reduce(scenario, (smaller) => {
        const world = worldOf(smaller);
        if (world !== null) {
          expect(world.size.cloudlets, cut.kind).toBeLessThanOrEqual(size.cloudlets);
          expect(world.size.operations, cut.kind).toBeLessThanOrEqual(size.operations);
          expect(world.size.faults, cut.kind).toBeLessThanOrEqual(size.faults);
        }
        return Promise.resolve(rng.chance(600_000));
      });
    }
  }
});

test("every simplification has candidates in some drawn world, and each of them is read or refused without a throw", () => {
  const met = new Set<string>();
  for (const scenario of drawn) {
    for (const { kind, candidates } of simplifications) {
      let count = 0;
      for (const candidate of candidates(scenario)) {
        if (worldOf(candidate) !== null) met.add(kind);
        if ((count += 1) === 4) break;
      }
    }
  }
  expect(simplifications.map(({ kind }) => kind).filter((kind) => !met.has(kind))).toEqual([]);
});

test("names of cloudlets may be others, and back again", () => {
  for (const scenario of drawn) {
    const there = renamed(scenario, (name) => `${name}-other`);
    expect(renamed(there, (name) => name.replace(/-other$/, ""))).toEqual(renamed(scenario, (name) => name));
  }
});

test("on a grid moments keep their order, and what is beyond the load stays beyond it", () => {
  for (const [number, scenario] of drawn.entries()) {
    const step = pick(new RngRoot(`grid ${number}`).stream, [1_000, 1_000_000]);
    const moved = onGrid(scenario, step);
    expect(moved.script.map(({ session, op }) => [session, op])).toEqual(
      scenario.script.map(({ session, op }) => [session, op]),
    );
    expect(moved.duration).toBe(momentsOf(scenario).length * step);
    for (const [index, fault] of scenario.faults.entries()) {
      const other = moved.faults[index];
      if (other === undefined || !("until" in fault) || !("until" in other)) continue;
      if (fault.until !== null && fault.until > scenario.duration) {
        expect(other.until).toBeGreaterThan(moved.duration);
      } else if (fault.until !== null) expect(other.until).toBeGreaterThan(other.from);
    }
  }
});
