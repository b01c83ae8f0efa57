// Explorations of small worlds: how many states there are, what is met, and that planted bugs are shown by as few steps as there are.

import { describe, expect, test } from "vitest";
import { plantNamed } from "../plants/plants.ts";
import { estimate } from "./estimate.ts";
import { explore, type ExploreResult } from "./explore.ts";
import type { ExploredProperty } from "./names.ts";
import { unreduced } from "./reduce.ts";
import { smallWorld, unbounded, type SmallWorld } from "./testing.ts";

const pair = "a: { b: }";
const row = "a: { b: { c: } }";
const fork = "a: { b: , c: }";
const two = ["a s put one/k x", "c t put one/k y"];
const siblings = ["b s put all/k x", "c t put all/k y"];

const counted: readonly (SmallWorld & { readonly name: string; readonly counts: readonly number[] })[] = [
  // By hand: nothing yet, asked, arrived.
  { name: "a write and its arrival", tree: pair, script: ["a s put one/k x"], bounds: "firings: 0", counts: [3, 2, 1] },
  // And lost instead: no state of its own, but one more that is quiet, since the write on its way may be lost.
  {
    name: "a write that may be lost",
    tree: pair,
    script: ["a s put one/k x"],
    bounds: "firings: 0, losses: 1",
    counts: [3, 2, 2],
  },
  // And the acknowledgement's arrival.
  {
    name: "a write and its acknowledgement",
    tree: pair,
    script: ["a s put one/k x"],
    bounds: "firings: 0, acknowledgements: free",
    counts: [4, 3, 1],
  },
  // And before each of the two, its disk.
  {
    name: "a write, its acknowledgement and two disks",
    tree: pair,
    script: ["a s put one/k x"],
    bounds: "firings: 0, acknowledgements: free, disks: slow",
    counts: [6, 5, 1],
  },
  { name: "three in a row, a loss", tree: row, script: two, bounds: "losses: 1", counts: [361, 10, 272] },
  { name: "three in a row, a cut", tree: row, script: two, bounds: "cuts: 1", counts: [4_065, 12, 996] },
  {
    name: "three in a row, a crash and a loss",
    tree: row,
    script: two,
    bounds: "crashes: 1, losses: 1, firings: 0",
    counts: [6_594, 15, 1_824],
  },
  {
    name: "three in a row, a crash and timers",
    tree: row,
    script: two,
    bounds: "crashes: 1, disks: prompt",
    counts: [24_052, 14, 3_546],
  },
  // Half as many as without exchanging the leaves, and half of those in which they are in the same state.
  { name: "a fork, a loss", tree: fork, script: siblings, bounds: "losses: 1", counts: [182, 10, 136] },
  {
    name: "a fork, one that comes twice",
    tree: fork,
    script: siblings,
    bounds: "duplicates: 1, acknowledgements: free",
    counts: [3_530, 14, 24],
  },
  {
    name: "a fork whose links keep their order",
    tree: fork,
    script: siblings,
    bounds: "order: kept, acknowledgements: free",
    counts: [5_680, 20, 24],
  },
  {
    name: "a fork that begins apart",
    tree: fork,
    script: siblings,
    bounds: "start: apart, firings: 0",
    counts: [103, 8, 20],
  },
  // Each cloudlet goes over at its own time, with records and greetings on their way.
  {
    name: "a leaf that gets another upper",
    tree: "r: { a: { x: }, b: }",
    script: ["r s put one/k x", "x t put one/l y"],
    plans: "[{ at: 500ms, reparent: { x: b } }]",
    bounds: "firings: 0, sometimes: [reparented]",
    counts: [15_618, 15, 453],
  },
  {
    name: "a layer that is put above another",
    tree: "r: { a: , b: }",
    script: ["r s put one/k x", "b t put one/l y"],
    plans: "[{ at: 500ms, reparent: { b: a } }]",
    bounds: "firings: 0, sometimes: [reparented]",
    counts: [3_188, 12, 234],
  },
];

describe("as many states can be reached as could, nothing is wrong in any, and all of them converge", () => {
  test.each(counted)("$name", ({ counts, ...small }) => {
    const found = explore(smallWorld(small), unbounded);
    expect(found.trail).toEqual([]);
    expect([found.ended, found.states, found.depth, found.quiet]).toEqual(["all", ...counts]);
    expect(found.unmet).toEqual([]);
    expect(found.layers.reduce((sum, layer) => sum + layer, 0)).toBe(found.states);
  });
});

// What a bug breaks, and by how many steps it is shown.
const caught: readonly (Omit<SmallWorld, "plant"> & {
  readonly plant: string;
  readonly property: ExploredProperty;
  readonly steps: number;
})[] = [
  {
    plant: "apply-on-arrival",
    property: "causal-delivery",
    steps: 3,
    tree: row,
    script: ["a s put one/k x", "a s put all/l y"],
  },
  {
    plant: "forgets-own-writes",
    property: "causal-delivery",
    steps: 3,
    tree: row,
    script: ["a s put one/k x", "a s put all/l y"],
  },
  // x, a record that nobody below b receives, and y: who forgets what lies behind that record shows y without x.
  {
    plant: "nearest-as-cops",
    property: "causal-delivery",
    steps: 7,
    tree: row,
    among: "a, b",
    script: ["a s put all/x 1", "a s put one/k 2", "a s put all/y 3"],
    bounds: "firings: 0",
  },
  {
    plant: "waits-for-unreachable",
    property: "convergence",
    steps: 2,
    tree: row,
    among: "a, b",
    script: ["a s put one/k 2", "a s put all/y 3"],
    bounds: "firings: 0",
  },
  {
    plant: "replaces-nothing",
    property: "exact-conflicts",
    steps: 2,
    tree: row,
    script: ["a s put one/k x", "a s put one/k y"],
  },
  {
    plant: "store-drops-loser",
    property: "exact-conflicts",
    steps: 3,
    tree: pair,
    script: ["a s put all/k x", "b t put all/k y"],
  },
  {
    plant: "resolves-all-but-one",
    property: "exact-conflicts",
    steps: 4,
    tree: pair,
    script: ["a s put one/k x", "b t put one/k y", "b t put one/k z"],
  },
  {
    plant: "resolver-picks-first",
    property: "reads-resolve",
    steps: 4,
    tree: pair,
    script: ["a s put one/k x", "b t put one/k y", "b t get one/k"],
  },
  {
    plant: "answers-before-stored",
    property: "durability",
    steps: 1,
    tree: pair,
    script: ["a s put one/k x"],
    bounds: "disks: slow",
  },
  { plant: "waits-for-neighbour", property: "local-wait", steps: 1, tree: pair, script: ["a s put one/k x"] },
  { plant: "relays-nothing", property: "convergence", steps: 1, tree: row, script: ["a s put one/k x"] },
  {
    plant: "never-resends",
    property: "convergence",
    steps: 2,
    tree: pair,
    script: ["a s put one/k x"],
    bounds: "losses: 1",
  },
  // It is sent over the first connection, lost with that, and believed to have come over the second.
  {
    plant: "trusts-old-positions",
    property: "convergence",
    steps: 3,
    tree: pair,
    script: ["a s put one/k x"],
    bounds: "start: apart, cuts: 1",
  },
];

describe("a planted bug is shown by the fewest steps, whether anything is left out or not", () => {
  test.each(caught)("$plant: $property after $steps", ({ plant: name, property, steps, ...small }) => {
    const plant = plantNamed(name)?.rules;
    if (plant === undefined) throw new Error(`there is no ${name}`);
    for (const given of [{}, { reductions: unreduced }]) {
      const found = explore(smallWorld({ ...small, ...given, plant }), unbounded);
      expect([found.violation?.property, found.trail.length]).toEqual([property, steps]);
    }
    expect(explore(smallWorld(small), unbounded).violation).toBeNull();
  });
});

test("another protocol is explored as well, and FIFO forwarding shows an effect before its cause over a shortcut", () => {
  const small = { tree: row, among: "a, c", script: ["a s put all/x 1", "a s put one/y 2"], bounds: "losses: 1" };
  const found = explore(smallWorld({ ...small, protocol: "fifo" }), unbounded);
  expect([found.violation?.property, found.trail.length]).toEqual(["causal-delivery", 3]);
  expect(explore(smallWorld(small), unbounded).violation).toBeNull();
});

describe("the steps of a violation are told", () => {
  const plant = plantNamed("never-resends")?.rules;
  const told = (script: readonly string[], bounds: string): ExploreResult =>
    explore(smallWorld({ tree: pair, script, bounds, ...(plant !== undefined && { plant }) }), unbounded);

  test("with what came of each", () => {
    const { trail, violation } = told(["a s put one/k x"], "losses: 1");
    expect(trail).toEqual([
      "a: s asks put one/k = x; a applies a.1/one#1, s is answered",
      "a->b records of epoch 1 in (0, 1]: a.1/one#1 is lost",
    ]);
    expect(violation?.says).toBe("a.1/one#1 is not applied at b, however often timers fire");
  });
});

describe("a search that ends early says how", () => {
  const small = { tree: row, script: two, bounds: "losses: 1" };

  test("at the depth that it was given", () => {
    const found = explore(smallWorld(small), { memory: Infinity, depth: 3 });
    expect([found.ended, found.depth]).toEqual(["depth", 3]);
    expect(found.states).toBe(found.layers.reduce((sum, layer) => sum + layer, 0));
  });

  test("when the memory is used up", () => {
    expect(explore(smallWorld(counted[7] as SmallWorld), { memory: 1, depth: null }).ended).toBe("memory");
  });

  test("and situations count as missed only when there is nothing more to search", () => {
    const asked = { ...small, bounds: "losses: 1, sometimes: [crashed, lost]" };
    expect(explore(smallWorld(asked), unbounded).unmet).toEqual(["crashed"]);
    expect(explore(smallWorld(asked), { memory: Infinity, depth: 2 }).unmet).toEqual([]);
  });
});

describe("an estimate", () => {
  test("is exact where the search is small", () => {
    expect(estimate(smallWorld({ tree: row, script: two, bounds: "losses: 1" }), null)).toMatchObject({
      states: 361,
      depth: 10,
      isExact: true,
    });
  });

  test("is between half and three times what there is where it is not", () => {
    const names = [
      "three in a row, a cut",
      "three in a row, a crash and a loss",
      "three in a row, a crash and timers",
      "a fork, one that comes twice",
      "a fork whose links keep their order",
    ];
    for (const { name, counts, ...small } of counted.filter((world) => names.includes(world.name))) {
      const states = counts[0] as number;
      const guess = estimate(smallWorld(small), null, Math.round(states / 3));
      expect(guess.isExact).toBe(false);
      const times = guess.states / states;
      expect({ name, times, isNear: times > 0.5 && times < 3 }).toMatchObject({ isNear: true });
    }
  });
});
