// What a search leaves out shows nothing new: the same cores in the same states with the same truth, with each reduction alone and with
// all of them. A rule that leaves out too much is found by that. Leaves out what is exchanged (symmetry.test.ts).

import { describe, expect, test } from "vitest";
import { inputKinds, inputOf } from "./site.ts";
import { unreduced, type Reductions } from "./reduce.ts";
import { search } from "./search.ts";
import type { SpentRule } from "./spent.ts";
import { smallWorld, unbounded, type SmallWorld } from "./testing.ts";
import type { ExploredWorld } from "./world.ts";

const pair = "a: { b: }";
const row = "a: { b: { c: } }";
const two = ["a s put one/k x", "c t put one/k y"];
const one = ["a s put all/k x"];
const both = [...one, "b t put all/k y"];

/** All states of the cores with what is true of them, without messages and without what is used up; and how many states. */
function reached(world: ExploredWorld): { readonly states: number; readonly cores: ReadonlySet<string> } {
  const { layout, sites, dots } = world;
  const cores = new Set<string>();
  const names: string[] = [];
  const nameOf = (site: number): string => (names[site] ??= sites.nameOf(sites.at(site)));
  const { states, violation } = search(world, {
    ...unbounded,
    onState: (state) => {
      const core = [...state.subarray(0, layout.cloudlets)].map(nameOf);
      const truth = [...state.subarray(layout.cloudlets, layout.budget)].map((value, at) => {
        const isDot = at + layout.cloudlets >= layout.dot && at + layout.cloudlets < layout.gap && value > 0;
        return isDot ? world.telling.dot(dots.at(value)) : value;
      });
      cores.add(`${core.join(" ")} ${truth.join()}`);
    },
  });
  expect(violation).toBeNull();
  return { states, cores };
}

// Counts: with nothing left out, with each reduction in the order below, and with all.
const worlds: readonly (SmallWorld & { readonly name: string; readonly counts: readonly number[] })[] = [
  { name: "a row, a loss", tree: row, script: two, bounds: "losses: 1", counts: [4_577, 2_043, 1_096, 2_979, 361] },
  {
    name: "a row, a cut and a loss",
    tree: row,
    script: two,
    bounds: "cuts: 1, losses: 1, firings: 0",
    counts: [724, 328, 724, 576, 328],
  },
  {
    name: "a pair, a crash and a loss",
    tree: pair,
    script: both,
    bounds: "crashes: 1, losses: 1, disks: prompt",
    counts: [8_783, 3_999, 4_965, 4_767, 1_297],
  },
  {
    name: "a pair, two crashes, slow disks",
    tree: pair,
    script: one,
    bounds: "crashes: 2",
    counts: [862, 862, 720, 703, 585],
  },
  {
    name: "a pair, every kind of fault",
    tree: pair,
    script: one,
    bounds: "crashes: 1, cuts: 1, losses: 1, duplicates: 1, disks: prompt",
    counts: [1_478, 742, 1_144, 496, 256],
  },
  {
    name: "a fork, one that comes twice, free acknowledgements",
    tree: "a: { b: , c: }",
    script: ["b s put all/k x"],
    bounds: "duplicates: 1, losses: 1, acknowledgements: free",
    counts: [606, 290, 228, 461, 47],
  },
  {
    name: "a pair that begins apart, late greetings: nothing to leave out",
    tree: pair,
    script: one,
    bounds: "start: apart, greetings: free, cuts: 1, firings: 0",
    counts: [780, 780, 780, 780, 780],
  },
];
/** A few of what only one of them has. */
function difference(
  whole: ReadonlySet<string>,
  less: ReadonlySet<string>,
): { readonly missed: readonly string[]; readonly extra: readonly string[] } {
  const only = (one: ReadonlySet<string>, other: ReadonlySet<string>): readonly string[] =>
    [...one].filter((core) => !other.has(core)).slice(0, 2);
  return { missed: only(whole, less), extra: only(less, whole) };
}

const kinds: Readonly<Record<string, Reductions>> = {
  late: { ...unreduced, late: true },
  spent: { ...unreduced, spent: true },
  budgets: { ...unreduced, budgets: true },
  all: { late: true, spent: true, budgets: true, symmetry: false },
};

describe("the same cores are reached in the same states", () => {
  test.each(worlds)("$name", ({ counts, ...small }) => {
    const whole = reached(smallWorld({ ...small, reductions: unreduced }));
    const found = [whole.states];
    for (const [kind, reductions] of Object.entries(kinds)) {
      const { states, cores } = reached(smallWorld({ ...small, reductions }));
      found.push(states);
      expect({ kind, ...difference(whole.cores, cores) }).toEqual({ kind, missed: [], extra: [] });
    }
    expect(found).toEqual(counts);
  });
});

// What is wrong with each is told by its name. All of them leave out messages that say something after all.
const unsafe: readonly { readonly name: string; readonly rule: SpentRule; readonly small: SmallWorld }[] = [
  {
    name: "records that are not applied at once",
    rule: ({ sites, state }, message) => {
      const { to, recordsOf } = sites.messages.at(message);
      const outcome = sites.outcome(state[to] as number, inputOf(inputKinds.receive, message));
      return recordsOf !== 0 && outcome.events.length === 0;
    },
    small: { tree: pair, script: ["a s put one/k x", "a s put one/k y"], bounds: "firings: 0" },
  },
  {
    name: "acknowledgements of what has come out of order",
    rule: ({ sites }, message) => {
      const { message: sent } = sites.messages.at(message);
      return sent.kind === "ack" && sent.beyond.length > 0;
    },
    small: {
      tree: pair,
      script: ["a s put one/k x", "a s put one/k y", "b t put one/k z"],
      bounds: "firings: 1",
    },
  },
  {
    name: "records that a former life of their sender has sent, though they are known",
    rule: ({ sites, state }, message) => {
      const { to, recordsOf } = sites.messages.at(message);
      const outcome = sites.outcome(state[to] as number, inputOf(inputKinds.receive, message));
      return recordsOf !== 0 && outcome.next === state[to] && outcome.events.length === 0;
    },
    small: { tree: pair, script: both, bounds: "crashes: 1, disks: prompt" },
  },
];

describe("a rule that leaves out too much is found", () => {
  test.each(unsafe)("$name", ({ rule, small }) => {
    const whole = reached(smallWorld({ ...small, reductions: unreduced }));
    const less = reached(smallWorld({ ...small, reductions: kinds["all"] as Reductions, spentRule: rule }));
    expect(difference(whole.cores, less.cores).missed).not.toEqual([]);
    const right = reached(smallWorld({ ...small, reductions: kinds["all"] as Reductions }));
    expect(difference(whole.cores, right.cores)).toEqual({ missed: [], extra: [] });
  });
});

test("and so is losing by not arriving where links keep their order: what comes behind it could not pass", () => {
  const small = {
    tree: pair,
    script: ["a s put one/k x", "a s put one/k y"],
    bounds: "order: kept, losses: 1, firings: 0",
  };
  const whole = reached(smallWorld({ ...small, reductions: unreduced }));
  const less = reached(smallWorld({ ...small, reductions: { ...unreduced, late: true } }));
  expect(difference(whole.cores, less.cores).missed).not.toEqual([]);
  expect(difference(whole.cores, reached(smallWorld(small)).cores)).toEqual({ missed: [], extra: [] });
});
