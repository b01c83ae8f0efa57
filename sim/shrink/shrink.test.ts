// Shrinking planted bugs: what is left shows the same property violated, is the same every time, is sound, and loses the violation
// with any one thing more.

import { describe, expect, test } from "vitest";
import { plantScenario, runPlantJob } from "../plants/matrix.ts";
import { plantNamed, plantOptions } from "../plants/plants.ts";
import { readScenario } from "../scenario/read.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { scenario as story } from "../scenario/testing.ts";
import { type Attempts, worldOf } from "./attempts.ts";
import { withoutCloudlets, withTopologies } from "./edits.ts";
import { shrink, type Shrunk, type ShrinkOptions } from "./shrink.ts";
import { sight, type Target, targetsOf } from "./target.ts";

const PLANT_RUNS = 60;

interface Found {
  readonly scenario: Scenario;
  readonly target: Target;
  readonly options: ShrinkOptions;
}

/** The first drawn scenario in which the bug is caught by the oracle that it was made for. */
function caught(name: string): Found {
  const plant = plantNamed(name);
  const oracle = plant?.catches[0];
  if (plant === null || oracle === undefined) throw new Error(`no planted bug ${name}`);
  const { alarms } = runPlantJob({ plant: name, first: 0, count: PLANT_RUNS, until: [oracle] });
  const seed = alarms.find((alarm) => alarm.oracle === oracle)?.seed ?? "";
  const number = Number(seed.slice(seed.lastIndexOf("-") + 1));
  return {
    scenario: plantScenario(number, plant.world),
    target: { kind: "property", name: oracle },
    options: { run: plantOptions(plant), clean: {}, budget: 2_000 },
  };
}

async function shrunk({ scenario, target, options }: Found, more: Partial<ShrinkOptions> = {}): Promise<Shrunk> {
  const outcome = await shrink(scenario, target, { ...options, ...more });
  if ("kind" in outcome) throw new Error(outcome.why);
  return outcome;
}

/** Every world with one thing less: a cloudlet, an operation, a fault, a plan, a decision, a flow, a clock, a processor. */
function oneLess(world: Scenario): Scenario[] {
  const less = <Item>(list: readonly Item[], without: (left: readonly Item[]) => Scenario): Scenario[] =>
    list.map((gone) => without(list.filter((one) => one !== gone)));
  const { topology, plans = [], detachments = [] } = world;
  return [
    ...topology.cloudlets.map(({ name }) => withoutCloudlets(world, new Set([name]))),
    ...less(world.script, (script) => ({ ...world, script })),
    ...less(world.faults, (faults) => ({ ...world, faults })),
    ...less(plans, (left) => ({ ...world, plans: left })),
    ...less(detachments, (left) => ({ ...world, detachments: left })),
    ...topology.flows.map((gone) =>
      withTopologies(world, (spec) => ({
        ...spec,
        flows: spec.flows.filter(
          ({ scope, upper, lower }) => scope !== gone.scope || upper !== gone.upper || lower !== gone.lower,
        ),
      })),
    ),
    ...less(world.clocks, (clocks) => ({ ...world, clocks })),
    ...less(world.cpus, (cpus) => ({ ...world, cpus })),
  ];
}

describe.each(["apply-on-arrival", "never-resends", "moves-without-past", "lets-in-the-detached", "opens-at-once"])(
  "%s",
  (name) => {
    const found = caught(name);
    let once: Promise<Shrunk> | null = null;
    const result = (): Promise<Shrunk> => (once ??= shrunk(found));

    test("shrinks to a sound scenario of few parts that shows the same property, and not without the bug", async () => {
      const { smallest, materialised, ending } = await result();
      expect(ending).toBe("smallest");
      expect(smallest.size.cloudlets).toBeLessThanOrEqual(4);
      expect(smallest.size.operations).toBeLessThanOrEqual(6);
      expect(smallest.size.faults).toBeLessThanOrEqual(3);
      expect(smallest.text.length).toBeLessThan(materialised.text.length / 4);
      const read = readScenario(smallest.text, { file: "smallest.yaml" });
      if (read.kind === "invalid") throw new Error(read.problems.map(({ message }) => message).join("\n"));
      const { run } = found.options;
      expect(read.scenario).toEqual(smallest.scenario);
      expect(targetsOf(read.scenario, run)).toEqual([found.target]);
      expect(targetsOf(read.scenario, {})).toEqual([]);
    });

    test("what is left loses the violation with any one thing more", async () => {
      const { smallest } = await result();
      const shown = oneLess(smallest.scenario).flatMap((scenario) => {
        const world = worldOf(scenario);
        if (world === null || world.text === smallest.text) return [];
        const isShown = sight(world.scenario, found.target, found.options.run) !== null;
        return isShown && sight(world.scenario, found.target, {}) === null ? [world.text] : [];
      });
      expect(shown).toEqual([]);
    });
  },
);

test("the same world shrinks to the same text with the same number of runs", async () => {
  const found = caught("no-tail");
  const [one, other] = [await shrunk(found), await shrunk(found)];
  expect(other.smallest.text).toBe(one.smallest.text);
  expect(other.runCount).toBe(one.runCount);
});

test("a budget that is used up ends it with the smallest world so far", async () => {
  const found = caught("forgets-reads");
  const { smallest, ending, runCount } = await shrunk(found, { budget: 20 });
  expect({ ending, runCount }).toEqual({ ending: "budget", runCount: 20 });
  expect(sight(smallest.scenario, found.target, found.options.run)).not.toBeNull();
});

test("an interruption ends it with the smallest world so far", async () => {
  const found = caught("forgets-reads");
  const sizes: number[] = [];
  const pause = (attempts: Attempts) => {
    sizes.push(attempts.best.size.operations);
    return Promise.resolve(attempts.runCount < 30 ? null : ("interrupted" as const));
  };
  const { smallest, ending } = await shrunk(found, { pause });
  expect(ending).toBe("interrupted");
  expect(smallest.size.operations).toBe(sizes.at(-1));
  expect(smallest.size.operations).toBeLessThan(sizes[0] ?? 0);
  expect(sight(smallest.scenario, found.target, found.options.run)).not.toBeNull();
});

test("a run in which nothing goes wrong has no targets, and a scenario that does not show one is not shrunk", async () => {
  const found = caught("forgets-reads");
  expect(targetsOf(found.scenario, {})).toEqual([]);
  const outcome = await shrink(found.scenario, found.target, { run: {}, clean: null, budget: 10 });
  expect(outcome).toMatchObject({ kind: "not-seen" });
});

test("a bound that is not kept stays not kept", async () => {
  const text = story(
    "clients: [{ name: g, at: all, think: 200ms, mix: [{ put: users/ }, { get: users/ }] }]",
    "links: { defaults: { delay: 900ms } }",
    'expectations: { bounds: { "visibility.max": "<= 800ms" } }',
  );
  const read = readScenario(text, { file: "s.yaml" });
  if (read.kind === "invalid") throw new Error(read.problems.map(({ message }) => message).join("\n"));
  const [target] = targetsOf(read.scenario, {});
  if (target === undefined) throw new Error("the bound is kept");
  expect(target.kind).toBe("bound");
  const outcome = await shrink(read.scenario, target, { run: {}, clean: null, budget: 500 });
  expect(outcome).toMatchObject({ ending: "smallest", smallest: { size: { cloudlets: 2, operations: 1 } } });
});

test("a world that shows the target without the bug, too, is turned down where the first did not", async () => {
  // A clock that is wrong breaks real time whatever the core does; the bug breaks it with right clocks.
  const found = caught("lww-by-lamport");
  const { smallest, isThereAnyway } = await shrunk(found);
  expect(isThereAnyway).toBe(false);
  expect(sight(smallest.scenario, found.target, {})).toBeNull();
});
