// Of states that are one another exchanged one is visited, and all of them are there: worlds are searched with and without, states are
// told as facts with names in them, and names are exchanged in the texts. What the two searches reach must be the same then, exactly.
// An exchange that is none is found by that, and refused where the cores are asked.

import { describe, expect, test } from "vitest";
import type { Rules } from "../../model/replication/rules.ts";
import { plantNamed } from "../plants/plants.ts";
import { actionKinds, actionOf, kindOf } from "./actions.ts";
import { explore } from "./explore.ts";
import type { Exchange } from "./exchange.ts";
import { reductionsFor, unreduced, type Reductions } from "./reduce.ts";
import { search } from "./search.ts";
import { smallWorld, unbounded, type SmallWorld } from "./testing.ts";
import { trailOf } from "./trail.ts";
import type { ExploredWorld } from "./world.ts";

const pair = "a: { b: }";
const fork = "a: { b: , c: }";
const twins = ["b sb put all/k x", "c sc put all/k y"];

/** A state as facts, each of which names what it is about. */
function factsOf(world: ExploredWorld, state: Int32Array, length: number): readonly string[] {
  const { layout, program, topology, ways, dots, telling, sites } = world;
  const name = (cloudlet: number): string => topology.cloudlets[cloudlet]?.name ?? "";
  const dotsOf = (set: number): readonly string[] =>
    program.writes.flatMap(({ write }) =>
      (set & (1 << write)) === 0 ? [] : [telling.dot(dots.at(state[layout.dot + write] as number))],
    );
  const facts: string[] = [];
  for (const { id } of topology.cloudlets) {
    const { incarnation, plan, armed, unsynced, versions, isWaiting } = world.sites.at(state[id] as number);
    facts.push(`${name(id)} lives ${incarnation} by ${plan}, ${unsynced.length} unstored, waiting ${isWaiting}`);
    for (const timer of armed)
      facts.push(`${name(id)} has armed ${timer & 1} to ${name(ways.peersOf(id)[timer >> 1] as number)}`);
    for (const dot of versions.flatMap((list) => list ?? []))
      facts.push(`${name(id)} holds ${telling.dot(dots.at(dot))}`);
    for (const dot of dotsOf(state[layout.applied + id] as number)) facts.push(`${name(id)} has applied ${dot}`);
  }
  for (const { write } of program.writes) {
    const own = dotsOf(state[layout.dot + write] === 0 ? 0 : 1 << write)[0];
    for (const dot of dotsOf(state[layout.past + write] as number)) facts.push(`${own} after ${dot}`);
    for (const dot of dotsOf(state[layout.replaced + write] as number)) facts.push(`${own} instead of ${dot}`);
  }
  for (const [session, { name: own }] of program.sessions.entries()) {
    facts.push(`${own} at ${state[layout.progress + session]}`);
    for (const dot of dotsOf(state[layout.seen + session] as number)) facts.push(`${own} has seen ${dot}`);
  }
  for (const [way, [a, b]] of ways.ends.entries()) {
    if (((state[layout.ways] as number) & (1 << way)) === 0) continue;
    facts.push(`${name(a)} closed to ${name(b)}`, `${name(b)} closed to ${name(a)}`);
  }
  for (let at = layout.messages; at < length; at += 1) {
    const { from, to, message } = sites.messages.at(state[at] as number);
    facts.push(telling.message(from, to, message));
  }
  world.load(state, length);
  const list: number[] = [];
  world.actions(list);
  for (const kind of Object.values(actionKinds)) {
    const count = list.filter((action) => kindOf(action) === kind).length;
    facts.push(`${count} of ${kind}`);
  }
  return facts;
}

// Names of cloudlets and sessions, each with the name that takes its place.
type Renaming = Readonly<Record<string, string>>;

const none: Renaming = {};
const swapped: Renaming = { b: "c", c: "b", sb: "sc", sc: "sb" };

function named(facts: readonly string[], renaming: Renaming): string {
  return facts
    .map((fact) => fact.replaceAll(/\b[a-z]+\b/g, (word) => renaming[word] ?? word))
    .sort()
    .join("\n");
}

/** All states that a search reaches, each as the least of its texts by all renamings; and how many it visits. */
function reached(
  small: SmallWorld,
  renamings: readonly Renaming[],
): { readonly states: number; readonly classes: ReadonlySet<string>; readonly refusal: string | null } {
  const world = smallWorld(small);
  let classes = new Set<string>();
  let begun = world.symmetry.order;
  const { states, violation } = search(world, {
    ...unbounded,
    onState: (state, length) => {
      // It began anew, since what was to be exchanged is not alike.
      if (world.symmetry.order !== begun) [classes, begun] = [new Set(), world.symmetry.order];
      const facts = factsOf(world, state.slice(0, length), length);
      classes.add(renamings.map((renaming) => named(facts, renaming)).sort()[0] as string);
    },
  });
  expect(violation).toBeNull();
  return { states, classes, refusal: world.symmetry.refusal };
}

const usual: Reductions = { late: true, spent: true, budgets: true, symmetry: true };
const without: Reductions = { ...usual, symmetry: false };

function onlyIn(one: ReadonlySet<string>, other: ReadonlySet<string>): readonly string[] {
  return [...one].filter((text) => !other.has(text)).slice(0, 1);
}

// All orders of b, c and d, each with its session.
const ofThree = ["bcd", "bdc", "cbd", "cdb", "dbc", "dcb"].map((order): Renaming => {
  const names = ["b", "c", "d"].map((name, at): readonly [string, string] => [name, order[at] as string]);
  return Object.fromEntries<string>([...names, ...names.map(([name, other]) => [`s${name}`, `s${other}`] as const)]);
});
const ofWriters: readonly Renaming[] = [none, { s: "t", t: "s" }];

// Counts: without and with.
const worlds: readonly (SmallWorld & {
  readonly name: string;
  readonly counts: readonly number[];
  readonly renamings: readonly Renaming[];
})[] = [
  {
    name: "two leaves that write one key, a loss",
    tree: fork,
    script: twins,
    bounds: "losses: 1",
    renamings: [none, swapped],
    counts: [361, 182],
  },
  {
    name: "two leaves that write, a crash, slow disks",
    tree: fork,
    script: twins,
    bounds: "crashes: 1, firings: 0",
    renamings: [none, swapped],
    counts: [6_594, 3_302],
  },
  {
    name: "two leaves that do nothing, a cut",
    tree: fork,
    script: ["a s put one/k x", "a s put all/l y"],
    bounds: "cuts: 1",
    renamings: [none, swapped],
    counts: [2_269, 1_138],
  },
  {
    name: "two leaves that write a key of their own each and read it, one message that comes twice",
    tree: fork,
    script: ["b sb put one/k x", "b sb get one/k", "c sc put one/l y", "c sc get one/l"],
    bounds: "duplicates: 1, firings: 0",
    renamings: [none, swapped],
    counts: [105, 54],
  },
  {
    name: "two leaves whose links keep their order",
    tree: fork,
    script: twins,
    bounds: "order: kept, firings: 0",
    renamings: [none, swapped],
    counts: [30, 16],
  },
  {
    name: "two leaves that begin apart",
    tree: fork,
    script: twins,
    bounds: "start: apart, firings: 0",
    renamings: [none, swapped],
    counts: [201, 103],
  },
  {
    name: "three leaves that write",
    tree: "a: { b: , c: , d: }",
    script: [...twins, "d sd put all/k z"],
    bounds: "losses: 1, firings: 0",
    renamings: ofThree,
    counts: [5_981, 1_002],
  },
  {
    name: "two subtrees of two",
    tree: "a: { b: { d: }, c: { e: } }",
    script: ["a s put one/k x"],
    bounds: "losses: 1",
    renamings: [none, { b: "c", c: "b", d: "e", e: "d" }],
    counts: [126, 66],
  },
  {
    name: "two sessions of one cloudlet",
    tree: pair,
    script: ["a s put all/k x", "a t put all/k y"],
    bounds: "losses: 1, crashes: 1, firings: 0",
    renamings: ofWriters,
    counts: [795, 399],
  },
];

describe("the states that are reached, exchanged, are those that are reached without", () => {
  test.each(worlds)("$name", ({ counts, renamings, name, ...small }) => {
    const whole = reached({ ...small, reductions: without }, renamings);
    const less = reached({ ...small, reductions: usual }, renamings);
    expect(less.refusal).toBeNull();
    expect({ name, missed: onlyIn(whole.classes, less.classes) }).toEqual({ name, missed: [] });
    expect({ name, extra: onlyIn(less.classes, whole.classes) }).toEqual({ name, extra: [] });
    expect([whole.states, less.states]).toEqual(counts);
  });

  test("also where nothing else is left out", () => {
    const small = { tree: fork, script: twins, bounds: "losses: 1" };
    const whole = reached({ ...small, reductions: unreduced }, [none, swapped]);
    const less = reached({ ...small, reductions: { ...unreduced, symmetry: true } }, [none, swapped]);
    expect([onlyIn(whole.classes, less.classes), onlyIn(less.classes, whole.classes)]).toEqual([[], []]);
    expect([whole.states, less.states]).toEqual([4_577, 2_290]);
  });
});

const exchanged: Exchange = {
  cloudlets: [0, 2, 1],
  sessions: [1, 0],
  requests: [1, 0],
  writes: [1, 0],
  keys: [0],
  ways: [1, 0],
};
const nothing: Exchange = {
  cloudlets: [0, 1, 2],
  sessions: [0, 1],
  requests: [0, 1],
  writes: [0, 1],
  keys: [0],
  ways: [0, 1],
};

describe("an exchange that is none is found", () => {
  // b writes a value and c deletes what it has seen of it; b's first request is c's, and has another outcome.
  test.each([
    ["one puts and the other deletes", ["b sb put all/k x", "c sc delete all/k"], "losses: 1"],
    [
      "one writes what the other has in its past",
      ["b sb put all/k x", "c sc put all/k y", "c sc put all/k z"],
      "firings: 0",
    ],
  ])("by the states that are missing: %s", (_, script, bounds) => {
    const small = { tree: fork, script, bounds };
    const requests = script.length === 2 ? [1, 0] : [1, 0, 2];
    const wrong = { ...exchanged, requests, writes: requests };
    const right = { ...nothing, requests: requests.map((__, at) => at), writes: requests.map((__, at) => at) };
    const whole = reached({ ...small, reductions: without }, [none, swapped]);
    const less = reached({ ...small, reductions: usual, believed: { exchanges: [right, wrong] } }, [none, swapped]);
    expect(onlyIn(whole.classes, less.classes)).not.toEqual([]);
    // Nobody takes them for alike who looks at what they are asked.
    const asked = smallWorld(small);
    expect(asked.symmetry.order).toBe(1);
  });
});

// What the topology and the script do not show, the cores do.
describe("what turns out not to be alike is not exchanged, and the search says the same as without", () => {
  test.each([
    [
      "a tie that numbers of cloudlets decide, where it is read",
      { script: ["b sb put one/k x", "c sc put one/k y", "a s get one/k", "a s put all/l z"], bounds: "firings: 0" },
      "a reads something else when b and c are exchanged",
    ],
  ])("%s", (_, small, why) => {
    const whole = reached({ tree: fork, ...small, reductions: without }, [none]);
    const less = reached({ tree: fork, ...small, reductions: usual }, [none]);
    expect(less.refusal).toBe(why);
    expect(less.states).toBe(whole.states);
    expect([onlyIn(whole.classes, less.classes), onlyIn(less.classes, whole.classes)]).toEqual([[], []]);
  });
});

describe("what may be exchanged, by what is asked and how it is connected", () => {
  test.each([
    [fork, twins, {}, "b and c"],
    [fork, ["b sb put all/k x", "c sc put one/k y"], {}, ""],
    [fork, ["b sb put all/k x", "b sb put all/k x", "c sc put all/k y"], {}, ""],
    [fork, ["a s put all/k x"], {}, "b and c"],
    [fork, ["b sb put one/k x"], {}, ""],
    [fork, ["a s put one/k x"], { among: "a, b" }, ""],
    ["a: { b: , c: , d: }", twins, {}, "b and c"],
    ["a: { b: { c: } }", ["a s put one/k x"], {}, ""],
    [fork, ["a s put one/k x", "a t put one/l y"], {}, "b and c"],
    [pair, ["a s put one/k x", "a t put one/l y"], {}, "s and t"],
    [pair, ["a s put one/k x", "a t put one/k y", "a t get one/k"], {}, ""],
    [fork, ["a s put one/k x"], { plans: "[{ at: 500ms, reparent: { c: b } }]" }, ""],
  ])("%s, %j, %j: %s", (tree, script, more, says) => {
    expect(smallWorld({ tree, script, ...more }).symmetry.says).toBe(says);
  });
});

describe("a violation is shown by a way that can be taken, and by as few steps", () => {
  test.each([
    ["never-resends", "convergence", { bounds: "losses: 1" }],
    ["store-drops-loser", "exact-conflicts", {}],
    ["relays-nothing", "convergence", {}],
  ])("%s", (plant, property, more) => {
    const small = { tree: fork, script: twins, plant: plantNamed(plant)?.rules as () => Partial<Rules>, ...more };
    const world = smallWorld(small);
    expect(world.symmetry.order).toBe(2);
    const found = explore(world, unbounded);
    const whole = explore(smallWorld({ ...small, reductions: unreduced }), unbounded);
    expect([found.violation?.property, found.trail.length]).toEqual([property, whole.trail.length]);
    // Taken anew, where nothing is exchanged: each of its steps may be taken, and it leads there.
    const again = smallWorld({ ...small, reductions: without });
    const taken: number[] = [];
    for (const step of found.trail) {
      trailOf(again, taken);
      const list: number[] = [];
      again.actions(list);
      const lost = again.arrivals().map((message) => actionOf(actionKinds.lose, message));
      const action = [...list, ...lost].find((one) => trailOf(again, [...taken, one]).at(-1) === step);
      expect(action).toBeDefined();
      taken.push(action as number);
    }
  });
});

test("all that may be left out is, unless it is named", () => {
  const world = smallWorld({ tree: fork, script: twins });
  expect(reductionsFor(world.bounds, world.topology, "causeway").symmetry).toBe(true);
  expect(world.reductions.symmetry).toBe(true);
});
