// A crew finds what one thread finds, however many they are: the same states, steps, layers and situations, the same violation by the same
// steps. And it says so when one of them dies.

import { describe, expect, test } from "vitest";
import { plantNamed } from "../plants/plants.ts";
import { readScenario } from "../scenario/read.ts";
import { searchTogether, type CrewOrder } from "./crew.ts";
import { explore, exploredWorld } from "./explore.ts";
import { unreduced } from "./reduce.ts";
import { search, type SearchResult } from "./search.ts";
import { smallScenario, unbounded, type SmallWorld } from "./testing.ts";
import { exploreTogether } from "./together.ts";
import type { ExploredWorld } from "./world.ts";

const row = "a: { b: { c: } }";
const fork = "a: { b: , c: }";

type Small = Omit<SmallWorld, "plant"> & { readonly plant?: string };

function prepared(small: Small, workers: number): { readonly world: ExploredWorld; readonly order: CrewOrder } {
  const { plant: name = null, ...rest } = small;
  const read = readScenario(smallScenario(rest), { file: "small.yaml" });
  if (read.kind === "invalid") throw new Error(read.problems.map(({ message }) => message).join("\n"));
  const { scenario, topology } = read;
  const given = small.reductions === undefined ? {} : { reductions: small.reductions };
  const rules = name === null ? null : (plantNamed(name)?.rules ?? null);
  const world = exploredWorld(scenario, topology, rules, given);
  return { world, order: { scenario, plant: name, reductions: world.reductions, workers, partMin: 16, ...unbounded } };
}

// Bytes are a matter of how many they are, and numbers of messages of what was found first; the steps are told in words.
function without({ bytes, marks, violation, ...rest }: SearchResult): unknown {
  expect(bytes).toBeGreaterThan(0);
  const shown = violation === null ? null : [violation.property, violation.says, violation.actions.length];
  return { ...rest, violation: shown, marks: [...marks].sort() };
}

async function together(small: Small, workers: number): Promise<unknown> {
  const { world, order } = prepared(small, workers);
  const outcome = await exploreTogether(world, order);
  if (outcome.kind === "died") throw new Error(outcome.why);
  return without(outcome.found);
}

const wide = { tree: fork, script: ["b s put one/k x", "c t put one/k y"], bounds: "crashes: 1, disks: prompt" };

describe("a crew finds what one thread finds", () => {
  test.each([1, 2, 8])("with %i of them", { timeout: 120_000 }, async (workers) => {
    const { world } = prepared(wide, 1);
    expect(await together(wide, workers)).toEqual(without(explore(world, unbounded)));
  });

  test.each<[string, Small]>([
    [
      "of states that are found with less used up later in their layer",
      {
        tree: row,
        script: ["a s put one/k x", "c t put one/k y"],
        bounds: "losses: 1, sometimes: [crashed]",
        reductions: { ...unreduced, budgets: true },
      },
    ],
    [
      "where nothing may be exchanged after all",
      { tree: fork, script: ["b sb put one/k x", "c sc put one/k y", "a s get one/k", "a s put all/l z"] },
    ],
    [
      "where links keep their order and what is used up takes several numbers",
      {
        tree: row,
        script: ["a s put one/k x", "c t put one/k y"],
        bounds: "order: kept, firings: 4, losses: 1, depth: 9",
      },
    ],
    ["a violation, by the same steps", { ...wide, plant: "store-drops-loser" }],
    ["a small world, which is over before they part", { tree: "a: { b: }", script: ["a s put one/k x"] }],
  ])("%s", { timeout: 120_000 }, async (_, small) => {
    const { world } = prepared(small, 1);
    const { depth } = world.bounds;
    const found = explore(world, { memory: Infinity, depth });
    const { world: other, order } = prepared(small, 2);
    const outcome = await exploreTogether(other, { ...order, depth });
    if (outcome.kind === "died") throw new Error(outcome.why);
    expect(without(outcome.found)).toEqual(without(found));
    expect(other.symmetry.refusal).toBe(world.symmetry.refusal);
  });
});

describe("a crew that does not come to the end says so", () => {
  test("when the memory of all of them together is used up", { timeout: 60_000 }, async () => {
    const { order } = prepared(wide, 2);
    const outcome = await searchTogether({ ...order, memory: 1_048_576 });
    expect(outcome).toMatchObject({ kind: "searched", result: { ended: "memory" } });
  });

  test("when one of them dies, and nobody waits for it", { timeout: 60_000 }, async () => {
    // Of millions of states: what is kept of their cores does not fit, long before the end.
    const large = {
      tree: row,
      script: ["a s put one/k x", "b t put one/k y", "c u put one/k z"],
      bounds: "crashes: 1",
    };
    const { order } = prepared(large, 2);
    const outcome = await searchTogether({ ...order, heapLimitMebibytes: 16 });
    expect(outcome).toMatchObject({ kind: "died", why: expect.stringMatching(/memory|exited/) as string });
  });

  test("and how far it is meanwhile", { timeout: 60_000 }, async () => {
    const { world, order } = prepared(wide, 2);
    const told: number[] = [];
    await searchTogether({ ...order, onProgress: ({ states }) => told.push(states) });
    const { states } = search(world, unbounded);
    expect(told.length).toBeGreaterThan(0);
    expect(told.every((count, at) => count >= (told[at - 1] ?? 0) && count <= states)).toBe(true);
  });
});
