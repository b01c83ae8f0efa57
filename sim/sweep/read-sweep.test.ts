// What a sweep file says comes out as cases, exactly; and every mistake is told with its place, what was expected, what was found and a
// remedy, before anything is run.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { faultNames } from "../faults/table.ts";
import type { FileOutcome } from "../scenario/file.ts";
import { renderProblems } from "../scenario/problem.ts";
import { readSource, scenarioSource } from "../scenario/read.ts";
import type { SweepPlan } from "./plan.ts";
import { readSweep, type SweepFiles } from "./read-sweep.ts";

const workload = (name: string, ...lines: string[]): string =>
  [
    "causeway: 1",
    `name: ${name}`,
    "topology: { tree: { hub: { shop: } } }",
    "scopes: [{ name: state, prefix: s/ }]",
    "flows: [{ scope: state, between: tree, direction: both }]",
    "clients: [{ name: people, at: all, think: 50ms, mix: [{ put: s/, keys: 4 }, { get: s/, keys: 4 }] }]",
    "duration: 1s",
    ...lines,
    "",
  ].join("\n");

const texts: Readonly<Record<string, string>> = {
  "plain.yaml": workload("plain"),
  "other.yaml": workload("other", "logs: { retain: 8 }"),
  "named.yaml": workload("named", "faults: [{ isolate: shop, from: 100ms }]"),
  "broken.yaml": workload("broken", "durations: 3s"),
  "negative.yaml": workload("negative", "expectations: { violated: [convergence] }"),
  "code.yaml": workload("code").replace("prefix: s/", "prefix: s/, resolver: { module: ./a.mjs, export: f }"),
  "sites/a.yaml": "topology: { tree: { hub: { shop: , ship: } } }\nlinks: { defaults: { delay: 40ms } }\n",
  "sites/b.yml": "topology: { tree: { root: } }\n",
  "sites/notes.txt": "nothing",
  "wrong/a.yaml": "links: {}\n",
};

const files: SweepFiles = {
  url: (path) => `file:///study/${path}`,
  text(path): FileOutcome {
    const text = texts[path];
    return text === undefined
      ? { kind: "refused", why: "there is no such file; check the path" }
      : { kind: "text", text };
  },
  list(folder) {
    const names = Object.keys(texts).flatMap((path) =>
      path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1)] : [],
    );
    return names.length === 0
      ? { kind: "refused", why: "there is no such folder; check the path" }
      : { kind: "names", names };
  },
};

function sweep(...lines: string[]): string {
  return ["sweep: 1", "name: story", ...lines, ""].join("\n");
}

function planOf(...lines: string[]): SweepPlan {
  const outcome = readSweep("study/sweep.yaml", sweep(...lines), files);
  if (outcome.kind === "invalid") throw new Error(renderProblems(outcome.problems));
  return outcome.plan;
}

function told(text: string): readonly string[] {
  const outcome = readSweep("study/sweep.yaml", text, files);
  return outcome.kind === "plan" ? [] : renderProblems(outcome.problems).trimEnd().split("\n");
}

const plain = "workloads: [{ file: plain.yaml }]";

describe("cases", () => {
  test("a grid is topologies x sizes x workloads x faults x parameters x seeds, the seeds one after the other", () => {
    const plan = planOf(
      "topologies: [{ family: [star, chain], cloudlets: [2, 3] }]",
      "workloads: [{ file: plain.yaml }, { file: other.yaml }]",
      "faults: [own, swarm]",
      "parameters: { logs.retain: [4, 100] }",
      "seeds: 2",
    );
    expect(plan.caseCount).toBe(64);
    expect(plan.columns.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      "topology text",
      "topology.cloudlets integer",
      "workload text",
      "faults text",
      "logs.retain integer",
    ]);
    const rows = Array.from({ length: 64 }, (_, index) => plan.caseAt(index).parameters.join(" "));
    expect(new Set(rows).size).toBe(32);
    expect(rows.slice(0, 6)).toEqual([
      "star 2 plain own 4",
      "star 2 plain own 4",
      "star 2 plain own 100",
      "star 2 plain own 100",
      "star 2 plain swarm 4",
      "star 2 plain swarm 4",
    ]);
    expect(rows[63]).toBe("chain 3 other swarm 100");
    expect(plan.caseAt(3).seed).toBe("1/1/1");
    expect(plan.caseAt(63).workload).toEqual({ kind: "text", source: 1 });
  });

  test("a case's settings make its scenario: the topology, its links, faults and parameters take the place of the workload's", () => {
    const plan = planOf(
      "topologies: [{ file: sites/a.yaml, links: { loss: 5% } }]",
      "workloads: [{ file: other.yaml }]",
      "faults: [{ name: storm, list: [{ linkDown: [hub, ship], from: 1ms }] }]",
      "parameters: { clockBound: 3s }",
    );
    const { settings, seed, parameters } = plan.caseAt(0);
    expect(parameters).toEqual(["sites/a.yaml", 50_000, "other", "storm", 3_000_000]);
    const read = readSource(scenarioSource("w", texts["other.yaml"] ?? ""), { settings, seed });
    if (read.kind === "invalid") throw new Error(renderProblems(read.problems));
    const { topology, faults, clockBound, logs } = read.scenario;
    expect(topology.cloudlets.map(({ name }) => name)).toEqual(["hub", "shop", "ship"]);
    expect(topology.links.map(({ forth }) => forth)).toEqual([
      { delay: 40_000, loss: 50_000 },
      { delay: 40_000, loss: 50_000 },
    ]);
    expect(faults).toMatchObject([{ kind: "linkDown", a: "hub", b: "ship" }]);
    expect({ clockBound, retain: logs.retain }).toEqual({ clockBound: 3_000_000, retain: 8 });
  });

  test("a list of seeds is the same for every point; a number of runs has a seed of its own for each", () => {
    const listed = planOf(plain, "parameters: { settle: [10s, 20s] }", "seeds: [7, east]");
    expect([0, 1, 2, 3].map((index) => listed.caseAt(index).seed)).toEqual(["7", "east", "7", "east"]);
    const counted = planOf(plain, "seed: 9", "parameters: { settle: [10s, 20s] }");
    expect([0, 1].map((index) => counted.caseAt(index).seed)).toEqual(["9/0", "9/1"]);
  });

  test("what a family does not have is nothing in its rows, and a family that knows distances takes no delay", () => {
    const plan = planOf(
      "topologies:",
      "  - { family: [star, geographic], cloudlets: 4, links: { delay: [5ms, 9ms] } }",
      "  - { file: sites/a.yaml }",
      plain,
    );
    expect(plan.caseCount).toBe(4);
    expect(Array.from({ length: 4 }, (_, index) => plan.caseAt(index).parameters.slice(0, 3))).toEqual([
      ["star", 4, 5_000],
      ["star", 4, 9_000],
      ["geographic", 4, null],
      ["sites/a.yaml", null, null],
    ]);
    const { settings, seed } = plan.caseAt(3);
    const read = readSource(scenarioSource("w", texts["plain.yaml"] ?? ""), { settings, seed });
    expect(read.kind === "scenario" && read.scenario.topology.links[0]?.forth.delay).toBe(40_000);
  });

  test("of what families take each takes its own, in columns by its name", () => {
    const plan = planOf(
      "topologies: [{ family: [star, gabriel, waxman], cloudlets: 9, km: 80, alpha: [0.1, 0.5] }]",
      plain,
    );
    expect(plan.columns.slice(0, 4).map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      "topology text",
      "topology.cloudlets integer",
      "topology.km integer",
      "topology.alpha number",
    ]);
    expect(Array.from({ length: 4 }, (_, index) => plan.caseAt(index).parameters.slice(0, 4))).toEqual([
      ["star", 9, null, null],
      ["gabriel", 9, 80, null],
      ["waxman", 9, 80, 0.1],
      ["waxman", 9, 80, 0.5],
    ]);
    expect(plan.caseAt(3).settings[0]?.data).toEqual({
      family: { cloudlets: 9, shape: "waxman", km: 80, alpha: 0.5 },
    });
  });

  test("where every fault is wanted each kind has its turn", () => {
    const plan = planOf(plain, "faults: [swarm]", "seeds: 30", "expectations: { everyFault: true }");
    const wanted = Array.from({ length: plan.caseCount }, (_, index) => plan.caseAt(index).faults).flatMap((faults) =>
      faults.kind === "swarm" ? faults.wanted : [],
    );
    expect(new Set(wanted)).toEqual(new Set(faultNames));
  });

  test("scenarios drawn whole take the family and the size of their point", () => {
    const plan = planOf("topologies: [{ family: mobile-edge, cloudlets: 12 }]", "workloads: [{ generated: {} }]");
    expect(plan.caseAt(0).workload).toEqual({
      kind: "generated",
      story: "data",
      tree: { shape: "mobile-edge", cloudletsMin: 12, cloudletsMax: 12 },
    });
  });

  test("members are detached where that is asked for, and only there have their marks to be reached", () => {
    const plan = planOf(
      "workloads: [{ generated: {} }, { generated: { detachments: true } }]",
      "expectations: { sometimes: every }",
    );
    expect([0, 1].map((index) => plan.caseAt(index).parameters)).toEqual([
      [null, "generated", "own"],
      [null, "detachments", "own"],
    ]);
    expect([0, 1].map((index) => plan.caseAt(index).workload)).toEqual([
      { kind: "generated", story: "data", tree: {} },
      { kind: "generated", story: "detachments", tree: {} },
    ]);
    expect(plan.expectations.sometimes).toContain("member-returned");
    const without = planOf("workloads: [{ generated: {} }]", "expectations: { sometimes: every }");
    expect(without.expectations.sometimes).toContain("conflict");
    expect(without.expectations.sometimes).not.toContain("member-returned");
  });

  test.each([
    ["operations: true", "operations", "operations", "ended-revoked", "fenced-to-connected"],
    ["aliveness: true", "aliveness", "aliveness", "fenced-to-connected", "ended-revoked"],
    ["operations: true, aliveness: true", "control", "either", "ended-closed", "member-returned"],
  ])("scenarios with { %s } are called %s, and bring marks to be reached", (flags, name, story, asked, unasked) => {
    const plan = planOf(`workloads: [{ generated: { ${flags} } }]`, "expectations: { sometimes: every }");
    expect(plan.caseAt(0).parameters).toEqual([null, name, "own"]);
    expect(plan.caseAt(0).workload).toEqual({ kind: "generated", story, tree: {} });
    expect(plan.expectations.sometimes).toContain(asked);
    expect(plan.expectations.sometimes).not.toContain(unasked);
  });

  test("the fingerprint is of the file and of all that it names", () => {
    const one = planOf(plain).fingerprint;
    expect(planOf(plain).fingerprint).toBe(one);
    expect(planOf(plain, "seed: 2").fingerprint).not.toBe(one);
    const changed = readSweep("study/sweep.yaml", sweep(plain), {
      ...files,
      text: () => ({ kind: "text", text: `${texts["plain.yaml"] ?? ""}# more\n` }),
    });
    expect(changed.kind === "plan" && changed.plan.fingerprint).not.toBe(one);
  });
});

const mistakes: readonly (readonly [what: string, text: string, told: readonly string[]])[] = [
  ["an empty file", "", ["study/sweep.yaml:1:1: expected a sweep, found an empty file; docs/scenario.md shows one"]],
  [
    "a scenario",
    texts["plain.yaml"] ?? "",
    [
      "study/sweep.yaml:1:1: expected a sweep, found a scenario; run it with `causeway run`, or name it under workloads of a sweep",
    ],
  ],
  [
    "a file that is not there",
    sweep("workloads: [{ file: gone.yaml }]"),
    ["study/sweep.yaml:3:21: workloads[0].file: study/gone.yaml: there is no such file; check the path"],
  ],
  [
    "a folder without topologies",
    sweep("topologies: [{ folder: nowhere }]", plain),
    ["study/sweep.yaml:3:24: topologies[0].folder: nowhere: there is no such folder; check the path"],
  ],
  [
    "a topology file without one",
    sweep("topologies: [{ folder: wrong }]", plain),
    [
      "study/wrong/a.yaml:1:1: expected a map with the section topology; name a scenario, or a file with that section of one",
    ],
  ],
  [
    "a misspelt family",
    sweep("topologies: [{ family: geografic, cloudlets: 3 }]", plain),
    [
      'study/sweep.yaml:3:24: topologies[0].family: expected a family (see `causeway list families`) or a list of them, found "geografic"',
    ],
  ],
  [
    "what no family of the entry has",
    sweep("topologies: [{ family: [star, gabriel], cloudlets: 3, beta: 0.5 }]", plain),
    [
      "study/sweep.yaml:3:55: topologies[0]: expected a family that has beta (waxman), found star, gabriel; leave it out, or name one",
    ],
  ],
  [
    "a parameter that its family refuses",
    sweep("topologies: [{ family: waxman, cloudlets: 3, alpha: 2 }]", plain),
    [
      "study/sweep.yaml:3:14: topologies[0]: topology.family.alpha: expected a number above 0, 1 at most, found 2 (workload plain, topology waxman)",
    ],
  ],
  [
    "a mistake in a workload",
    sweep("workloads: [{ file: broken.yaml }]"),
    ['study/broken.yaml:8:1: unknown key "durations"; did you mean "duration"?'],
  ],
  [
    "a workload that names a cloudlet which a topology lacks",
    sweep("topologies: [{ file: sites/b.yml }]", "workloads: [{ file: named.yaml }]"),
    [
      'study/named.yaml:8:21: faults[0].isolate: expected the name of a cloudlet, found "shop"; there are root (workload named, topology sites/b.yml)',
    ],
  ],
  [
    "a parameter that is no place of the workload",
    sweep(plain, "parameters: { clients.nobody.think: [1ms] }"),
    [
      'study/sweep.yaml:4:37: parameters["clients.nobody.think"]: expected an index from 0 to 1, or one of the names people after clients, found nobody (workload plain, topology of its own)',
    ],
  ],
  [
    "a value that a workload refuses",
    sweep(plain, "parameters: { settle: [1s, 5] }"),
    [
      "study/sweep.yaml:4:23: parameters.settle: settle: expected a duration such as 20ms, found 5; it has no unit: write 5us, 5ms, 5s (units: us, ms, s, min, h, d) (workload plain, topology of its own)",
    ],
  ],
  [
    "a parameter that has a key of its own",
    sweep(plain, "parameters: { topology.family.cloudlets: [3] }"),
    [
      'study/sweep.yaml:4:15: parameters: expected a path such as logs.retain, found "topology.family.cloudlets"; topologies, faults and seeds have keys of their own',
    ],
  ],
  [
    "a range without a step in a grid",
    sweep(plain, "parameters: { settle: { from: 1s, to: 9s } }"),
    [
      "study/sweep.yaml:1:1: choose: expected values that can be tried one by one, since every combination is wanted; found the range of settle; give it a step or a list, or choose a sample: choose: { latin: 1000 }",
    ],
  ],
  [
    "a seed that is there twice",
    sweep(plain, 'seeds: [1, a, "1"]'),
    ["study/sweep.yaml:4:15: seeds[2]: expected every seed once, found 1 as seeds[0], too; take one away"],
  ],
  [
    "an astronomically large grid",
    sweep(
      plain,
      "parameters:",
      ...["a", "b", "c", "d", "e"].map((name) => `  logs.${name}: { from: 1, to: 1000 }`),
      "seeds: 10",
    ),
    [
      "study/sweep.yaml:1:1: choose: expected at most 10000000 runs, found 1.00e+16 runs (1.00e+15 points with 10 each); choose a sample: choose: { latin: 10000 }, or leave values out",
    ],
  ],
  [
    "links beside scenarios that are drawn whole",
    sweep("topologies: [{ family: star, cloudlets: 3, links: { loss: 1% } }]", "workloads: [{ generated: {} }]"),
    [
      "study/sweep.yaml:3:14: topologies[0]: expected families alone beside generated workloads, which draw their links, found links; leave it out, or put it into a sweep without `generated`",
    ],
  ],
  [
    "scenarios of another kind than can be drawn",
    sweep("workloads: [{ generated: { detachment: true } }]"),
    ['study/sweep.yaml:3:28: workloads[0].generated: unknown key "detachment"; did you mean "detachments"?'],
  ],
  [
    "detachments beside operations",
    sweep("workloads: [{ generated: { detachments: true, operations: true } }]"),
    [
      "study/sweep.yaml:3:26: workloads[0].generated: expected detachments, or operations and aliveness, found both; write two workloads",
    ],
  ],
  [
    "the same drawn scenarios twice",
    sweep("workloads: [{ generated: {} }, { generated: { detachments: false } }]"),
    [
      'study/sweep.yaml:3:32: workloads[1]: expected workloads of different names, found "generated" twice; leave one of them out',
    ],
  ],
  [
    "a workload whose properties are to be violated, under drawn faults",
    sweep("workloads: [{ file: negative.yaml }]", "faults: [swarm]"),
    [
      "study/sweep.yaml:3:13: workloads[0]: expected a workload in which properties hold, since faults are drawn, found that convergence is to be violated in negative; leave it out, or use its own faults",
    ],
  ],
  [
    "code of a user's that is not there",
    sweep("workloads: [{ file: code.yaml }]"),
    ["study/code.yaml:4:47: scopes[0].resolver: ./a.mjs: there is no such file; check the path"],
  ],
  [
    "every fault without drawn ones",
    sweep(plain, "expectations: { everyFault: true }"),
    [
      "study/sweep.yaml:4:29: expectations.everyFault: expected faults that are drawn, since every kind is to be drawn somewhere; add swarm to faults",
    ],
  ],
  [
    "more topologies than runs",
    sweep(plain, "expectations: { topologies: { count: 3 } }"),
    [
      "study/sweep.yaml:4:38: expectations.topologies.count: expected at most 1 topologies, since there are no more runs, found 3; ask for fewer, or choose more points",
    ],
  ],
  [
    "a bound on a metric that is not there",
    sweep(plain, 'expectations: { bounds: { visibility.p98: { max: "<= 1s" } } }'),
    [
      'study/sweep.yaml:4:27: expectations.bounds: expected the name of a metric, found "visibility.p98"; did you mean "visibility.p90"?',
    ],
  ],
  [
    "two faults of one name",
    sweep(plain, "faults: [own, own]"),
    ['study/sweep.yaml:4:15: faults[1]: expected faults of different names, found "own" twice; rename one'],
  ],
];

test.each(mistakes)("%s is refused with its place and a remedy", (_, text, expected) => {
  expect(told(text)).toEqual(expected);
});

const root = fileURLToPath(new URL("../../", import.meta.url));
const shipped: SweepFiles = {
  url: (path) => `file:///${path}`,
  text: (path) => ({ kind: "text", text: readFileSync(`${root}workloads/sweeps/${path}`, "utf8") }),
  list: (folder) => ({ kind: "names", names: readdirSync(`${root}workloads/sweeps/${folder}`) }),
};

test("the sweeps in docs/scenario.md are read as they say: 24 points with 5 runs each, 200 runs, and 7", () => {
  const texts = readFileSync(`${root}docs/scenario.md`, "utf8").matchAll(/(?<=```yaml sweep\n)[^`]+/g);
  const counts = Array.from(texts, ([text]) => {
    const outcome = readSweep("sites.yaml", text, shipped);
    return outcome.kind === "plan" ? outcome.plan.caseCount : outcome.problems;
  });
  expect(counts).toEqual([120, 200, 7]);
});

test("the sweep of npm start has more cases than topologies that it asks for, of nine families and six workloads", () => {
  const outcome = readSweep("start.yaml", readFileSync(`${root}workloads/sweeps/start.yaml`, "utf8"), shipped);
  if (outcome.kind === "invalid") throw new Error(renderProblems(outcome.problems));
  const { caseCount, caseAt, columns, expectations } = outcome.plan;
  expect(expectations.topologies!.count).toBeGreaterThanOrEqual(2_000);
  expect(caseCount).toBeGreaterThan(expectations.topologies!.count);
  const valuesOf = (name: string): ReadonlySet<unknown> => {
    const at = columns.findIndex((column) => column.name === name);
    return new Set(Array.from({ length: 200 }, (_, index) => caseAt(index).parameters[at]));
  };
  expect(valuesOf("topology").size).toBe(9);
  expect([...valuesOf("workload")].sort()).toEqual([
    "control",
    "detachments",
    "fleet",
    "generated",
    "inventory",
    "tenants",
  ]);
});
