/**
 * An exploration visits exactly the states that a search as simple as it can be visits, and takes the same steps between them: nothing is
 * lost by looking steps up, by keeping states as rows of numbers, or by fingerprints.
 *
 * Leaves out what the twin has not: crashes, cuts, slow disks, links that keep their order.
 */
import { describe, expect, test } from "vitest";
import { unreduced } from "../sim/explore/reduce.ts";
import { search } from "../sim/explore/search.ts";
import { exploredWorld } from "../sim/explore/explore.ts";
import { smallScenario, unbounded, type SmallWorld } from "../sim/explore/testing.ts";
import { readScenario } from "../sim/scenario/read.ts";
import { countTwin } from "./explore-twin.ts";

const free = "acknowledgements: free";
const worlds: readonly (SmallWorld & { readonly name: string })[] = [
  {
    name: "two cloudlets, a timer and a loss",
    tree: "a: { b: }",
    script: ["a s put one/k x"],
    bounds: `${free}, losses: 1`,
  },
  {
    name: "two cloudlets, timers that fire twice",
    tree: "a: { b: }",
    script: ["a s put one/k x", "b t put one/k y"],
    bounds: `${free}, firings: 2`,
  },
  {
    name: "three in a row",
    tree: "a: { b: { c: } }",
    script: ["a s put one/k x", "c t put one/k y"],
    bounds: `${free}, firings: 0, losses: 1`,
  },
  {
    name: "a fork with reads and a delete",
    tree: "a: { b: , c: }",
    script: ["b s put all/k x", "b s delete all/k", "c t get all/k", "c t put all/k y"],
    bounds: `${free}, firings: 0`,
  },
];

describe("an exploration and its twin count the same", () => {
  test.each(worlds)("$name", (small) => {
    const read = readScenario(smallScenario(small), { file: "small.yaml" });
    if (read.kind === "invalid") throw new Error(read.problems.map(({ message }) => message).join("\n"));
    const { exact, ...twin } = countTwin(read.scenario, read.topology);
    const world = exploredWorld(read.scenario, read.topology, null, { reductions: unreduced });
    const { states, transitions } = search(world, unbounded);
    expect({ states, steps: transitions }).toEqual(twin);
    expect(states).toBeGreaterThan(10);
    expect(exact >= states).toBe(true);
  });
});
