/** What a scenario says comes out exactly: names expanded, units whole, defaults filled in, later entries winning. */
import { describe, expect, test } from "vitest";
import { renderProblems } from "./problem.ts";
import { readScenario } from "./read.ts";
import type { Scenario } from "./scenario.ts";

function read(...lines: string[]): Scenario {
  const text = ["causeway: 1", "name: story", "seed: 1", "duration: 10s", ...lines, ""].join("\n");
  const outcome = readScenario(text, { file: "s.yaml" });
  if (outcome.kind === "invalid") throw new Error(renderProblems(outcome.problems));
  return outcome.scenario;
}

const forest = "topology: { tree: { hub: { mid: { edge: null } }, island: null } }";
const scopes =
  'scopes: [{ name: users, prefix: users/ }, { name: "m-{cloudlet}", prefix: "m/{cloudlet}/", at: leaves }]';

describe("topology", () => {
  test("nested names and the list give the same, in the order of the file", () => {
    const cloudlets = [
      { name: "hub" },
      { name: "mid", upper: "hub" },
      { name: "edge", upper: "mid" },
      { name: "island" },
    ];
    expect(read(forest).topology.cloudlets).toEqual(cloudlets);
    expect(read(`topology: { cloudlets: ${JSON.stringify(cloudlets)} }`).topology.cloudlets).toEqual(cloudlets);
  });

  test.each([1, 2, 10, 100])("a family has as many cloudlets as asked for (%d)", (count) => {
    for (const shape of ["chain", "star", "balanced", "caterpillar", "random-recursive", "two-level"]) {
      const { cloudlets } = read(`topology: { family: { cloudlets: ${count}, shape: ${shape} } }`).topology;
      expect(cloudlets).toHaveLength(count);
      expect(cloudlets.filter(({ upper }) => upper === undefined)).toEqual([{ name: "c0" }]);
    }
  });

  test("a family that joins sites past layers brings links for them, and flows between shortcuts run there", () => {
    const { topology } = read(
      "topology: { family: { cloudlets: 14, shape: figure-1 } }",
      "scopes: [{ name: users, prefix: users/ }]",
      "flows:",
      "  - { scope: users, between: tree, direction: both }",
      "  - { scope: users, between: shortcuts, direction: down }",
    );
    const past = topology.flows.filter(({ direction }) => direction === "down");
    expect(past.length).toBeGreaterThan(0);
    expect(topology.flows).toHaveLength(13 + past.length);
    for (const { upper, lower } of past) {
      expect(topology.cloudlets.some((known) => known.name === lower && known.upper === upper)).toBe(false);
      expect(topology.links.filter(({ a, b }) => a === upper && b === lower)).toHaveLength(1);
    }
  });

  test("what a family knows of distances wins over the delay of all links, and a listed link over both", () => {
    const places = "topology: { family: { cloudlets: 12, shape: geographic } }";
    const free = read(places).topology;
    expect(read(places, "links: { defaults: { delay: 7s } }").topology).toEqual(free);
    expect(new Set(free.links.map(({ forth }) => forth.delay)).size).toBeGreaterThan(5);
    const { a, b } = free.links[3]!;
    const { links } = read(places, `links: { list: [{ between: [${a}, ${b}], delay: 7s }] }`).topology;
    expect(links[3]?.forth.delay).toBe(7_000_000);
    expect(links.toSpliced(3, 1)).toEqual(free.links.toSpliced(3, 1));
  });

  test("a {cloudlet} scope exists once per cloudlet, and its flows with it", () => {
    const { topology } = read(
      forest,
      scopes,
      "flows:",
      "  - { scope: users, between: tree, direction: both }",
      '  - { scope: "m-{cloudlet}", between: ancestors, direction: up }',
    );
    expect(topology.scopes).toEqual([
      { name: "users", prefix: "users/" },
      { name: "m-edge", prefix: "m/edge/" },
      { name: "m-island", prefix: "m/island/" },
    ]);
    expect(topology.flows).toEqual([
      { scope: "users", upper: "hub", lower: "mid", direction: "both" },
      { scope: "users", upper: "mid", lower: "edge", direction: "both" },
      { scope: "m-edge", upper: "mid", lower: "edge", direction: "up" },
      { scope: "m-edge", upper: "hub", lower: "mid", direction: "up" },
    ]);
  });

  test("flows join named cloudlets with their nearest named ancestor, or two ends as told", () => {
    const { topology } = read(
      forest,
      'scopes: [{ name: users, prefix: users/ }, { name: "m-{cloudlet}", prefix: "m/{cloudlet}/", at: edge }]',
      "flows:",
      "  - { scope: users, among: [hub, edge, island], direction: down, reroute: true }",
      '  - { scope: "m-{cloudlet}", upper: hub, lower: "{cloudlet}", direction: up, reroute: true, name: "x-{cloudlet}", via: [mid] }',
    );
    expect(topology.flows).toEqual([
      { scope: "users", upper: "hub", lower: "edge", direction: "down", reroute: true },
      { scope: "m-edge", upper: "hub", lower: "edge", direction: "up", reroute: true, name: "x-edge", via: ["mid"] },
    ]);
  });

  test("a link has its own properties, else the defaults; the way back differs where it says so", () => {
    const { links } = read(
      forest,
      "links:",
      "  defaults: { delay: 10ms, loss: 1% }",
      "  list:",
      "    - { between: [hub, mid], delay: 20ms, bandwidth: 64kbit, back: { loss: 20%, queue: 1KiB } }",
      "    - { between: [edge, hub], jitter: 1ms, duplication: 1%, reordering: 2%, reorderDelay: 3ms }",
    ).topology;
    expect(links).toEqual([
      {
        a: "hub",
        b: "mid",
        forth: { delay: 20_000, loss: 10_000, bandwidth: 64_000 },
        back: { delay: 20_000, loss: 200_000, bandwidth: 64_000, queue: 1_024 },
      },
      { a: "mid", b: "edge", forth: { delay: 10_000, loss: 10_000 } },
      {
        a: "edge",
        b: "hub",
        forth: {
          delay: 10_000,
          loss: 10_000,
          jitter: 1_000,
          duplication: 10_000,
          reordering: 20_000,
          reorderDelay: 3_000,
        },
      },
    ]);
    expect(read(forest).topology.links.map(({ forth }) => forth)).toEqual([{ delay: 5_000 }, { delay: 5_000 }]);
    expect(read(forest, "links: { along: none }").topology.links).toEqual([]);
  });
});

describe("load", () => {
  const flows = "flows: [{ scope: users, between: tree, direction: both }]";
  const users = "scopes: [{ name: users, prefix: users/ }]";

  test("clients, with and without what may be left out", () => {
    const { clients } = read(
      forest,
      users,
      flows,
      "clients:",
      "  - { name: a, at: [edge, hub], think: 1s, mix: [{ get: 'users/{cloudlet}/' }] }",
      "  - name: b",
      "    at: hub",
      "    sessions: 3",
      "    every: exponential(2ms)",
      "    operations: 7",
      "    starts: 5s",
      "    mix:",
      "      - { put: users/, weight: 2, keys: 9, popularity: zipf(0.99), size: 1KiB }",
      "      - { put: users/, ttl: 250ms }",
      "      - { delete: users/, popularity: zipf(1) }",
      "      - { scan: users/ }",
    );
    const one = { count: 1, popularity: { kind: "uniform" } };
    expect(clients).toEqual([
      {
        name: "a",
        at: ["edge", "hub"],
        sessions: 1,
        loop: { kind: "closed", think: { kind: "constant", value: 1_000_000 } },
        operations: null,
        starts: 0,
        mix: [{ kind: "get", weight: 1, keys: { ...one, prefix: "users/{self}/" } }],
      },
      {
        name: "b",
        at: ["hub"],
        sessions: 3,
        loop: { kind: "open", interval: { kind: "exponential", mean: 2_000 } },
        operations: 7,
        starts: 5_000_000,
        mix: [
          {
            kind: "put",
            weight: 2,
            keys: { prefix: "users/", count: 9, popularity: { kind: "zipf", thetaPercent: 99 } },
            valueSize: 1_024,
          },
          { kind: "put", weight: 1, keys: { ...one, prefix: "users/" }, valueSize: 128, ttl: 250_000 },
          {
            kind: "delete",
            weight: 1,
            keys: { prefix: "users/", count: 1, popularity: { kind: "zipf", thetaPercent: 100 } },
          },
          { kind: "scan", weight: 1, prefix: "users/", limit: 100 },
        ],
      },
    ]);
  });

  test("the script comes in the order of its times, and in that of the file at one time", () => {
    const { script } = read(
      forest,
      users,
      flows,
      "script:",
      "  - { get: users/a, at: 2s, cloudlet: hub, session: s }",
      "  - { put: users/a, value: '', replaceAll: true, at: 1s, cloudlet: edge, session: t }",
      "  - { delete: users/a, at: 1s, cloudlet: hub, session: s }",
      "  - { scan: users/, limit: 3, at: 0s, cloudlet: hub, session: s }",
      "  - { put: users/b, value: v, ttl: 90s, at: 3s, cloudlet: hub, session: s }",
    );
    expect(script).toEqual([
      { at: 0, cloudlet: "hub", session: "s", op: { kind: "scan", prefix: "users/", limit: 3 } },
      {
        at: 1_000_000,
        cloudlet: "edge",
        session: "t",
        op: { kind: "put", key: "users/a", value: "", replaceAll: true },
      },
      { at: 1_000_000, cloudlet: "hub", session: "s", op: { kind: "delete", key: "users/a" } },
      { at: 2_000_000, cloudlet: "hub", session: "s", op: { kind: "get", key: "users/a" } },
      {
        at: 3_000_000,
        cloudlet: "hub",
        session: "s",
        op: { kind: "put", key: "users/b", value: "v", ttl: 90_000_000 },
      },
    ]);
  });
});

describe("trouble", () => {
  test("clocks and disks: later entries win, cloudlets in the order of the topology", () => {
    const { clocks, disks, diskSync } = read(
      forest,
      "clocks: [{ at: leaves, offset: -80ms, drift: 40ppm }, { at: hub, drift: -1% }, { at: edge, offset: 1s }]",
      "disks: [{ at: all, sync: 1ms }, { at: roots, sync: 'uniform(1ms, 2ms)' }]",
    );
    expect(clocks).toEqual([
      { cloudlet: "hub", offset: 0, driftPpm: -10_000 },
      { cloudlet: "edge", offset: 1_000_000, driftPpm: 0 },
      { cloudlet: "island", offset: -80_000, driftPpm: 40 },
    ]);
    const slow = { kind: "uniform", min: 1_000, max: 2_000 };
    const fast = { kind: "constant", value: 1_000 };
    expect(disks).toEqual([
      { cloudlet: "hub", sync: slow },
      { cloudlet: "mid", sync: fast },
      { cloudlet: "edge", sync: fast },
      { cloudlet: "island", sync: slow },
    ]);
    expect(diskSync).toEqual({ kind: "constant", value: 200 });
  });

  test("faults of all kinds", () => {
    const { faults } = read(
      forest,
      "faults:",
      "  - { linkDown: [hub, mid], from: 1s, until: 2s }",
      "  - { linkDown: [edge, mid], direction: back, from: 1s }",
      "  - { partition: [[hub], [mid, edge]], from: 3s, until: 4s }",
      "  - { isolate: mid, from: 5s }",
      "  - { crash: edge, at: 6s, for: 1500ms }",
      "  - { crash: edge, at: 8s, for: 1s, disk: lose }",
      "  - { crash: edge, at: 9s, for: 1s, disk: torn }",
      "  - { lyingFsync: edge, from: 1s }",
      "  - { restoreBackup: edge, of: 1s, at: 2s, for: 10ms }",
      "  - { cloneDisk: edge, to: mid, at: 2s, for: 10ms }",
      "  - { clockStep: hub, at: 7s, by: -1h }",
    );
    expect(faults).toEqual([
      { kind: "linkDown", a: "hub", b: "mid", direction: "both", from: 1_000_000, until: 2_000_000 },
      { kind: "linkDown", a: "edge", b: "mid", direction: "back", from: 1_000_000, until: null },
      { kind: "partition", groups: [["hub"], ["mid", "edge"]], from: 3_000_000, until: 4_000_000 },
      { kind: "isolate", cloudlet: "mid", from: 5_000_000, until: null },
      { kind: "crash", cloudlet: "edge", at: 6_000_000, after: 1_500_000, disk: "keep" },
      { kind: "crash", cloudlet: "edge", at: 8_000_000, after: 1_000_000, disk: "lose" },
      { kind: "crash", cloudlet: "edge", at: 9_000_000, after: 1_000_000, disk: "torn" },
      { kind: "lyingFsync", cloudlet: "edge", from: 1_000_000, until: null },
      { kind: "restoreBackup", cloudlet: "edge", of: 1_000_000, at: 2_000_000, after: 10_000 },
      { kind: "cloneDisk", source: "edge", cloudlet: "mid", at: 2_000_000, after: 10_000 },
      { kind: "clockStep", cloudlet: "hub", at: 7_000_000, by: -3_600_000_000 },
    ]);
  });
});

describe("the byte form", () => {
  test("nothing said: objects, and version 1 everywhere; asked for: bytes", () => {
    expect(read(forest).wire).toEqual({ encodes: false, versions: [] });
    expect(read(forest, "wire: { encode: true }").wire).toEqual({ encodes: true, versions: [] });
  });

  test("versions that differ, links that corrupt and upgrades need bytes", () => {
    expect(read(forest, "wire: { versions: [{ at: mid, version: 2, writes: 1 }] }").wire).toEqual({
      encodes: true,
      versions: [{ cloudlet: "mid", least: 1, most: 2, writes: 1 }],
    });
    expect(read(forest, "links: { defaults: { corruption: 1% } }").wire.encodes).toBe(true);
    expect(read(forest, "faults: [{ crash: mid, at: 1s, for: 1s, version: 2 }]").wire.encodes).toBe(true);
  });
});

describe("expectations", () => {
  test("without any, every safety property but real time holds always, and convergence at the end", () => {
    const { expectations } = read(forest);
    expect(expectations).toMatchObject({ eventually: ["convergence"], sometimes: [], violated: [], bounds: [] });
    expect(expectations.always).toHaveLength(16);
    expect(expectations.always).toContain("causal-delivery");
    for (const name of ["rtc", "rtc-arb", "convergence"]) expect(expectations.always).not.toContain(name);
  });

  test("what is to be violated is not expected to hold", () => {
    const { expectations } = read(forest, "expectations: { violated: [convergence, causal-delivery] }");
    expect(expectations.eventually).toEqual([]);
    expect(expectations.always).not.toContain("causal-delivery");
  });

  test("bounds in the unit of their metric", () => {
    const bounds = '{ visibility.p99: "<= 2s", bytes.sent: "< 1MiB", conflicts: "== 3", rtc.inversion: ">=0s" }';
    expect(read(forest, `expectations: { bounds: ${bounds} }`).expectations.bounds).toEqual([
      { metric: "visibility.p99", comparison: "<=", value: 2_000_000 },
      { metric: "bytes.sent", comparison: "<", value: 1_048_576 },
      { metric: "conflicts", comparison: "==", value: 3 },
      { metric: "rtc.inversion", comparison: ">=", value: 0 },
    ]);
  });

  test("budgets and their defaults", () => {
    expect(read(forest)).toMatchObject({ duration: 10_000_000, settle: 30_000_000, clockBound: 60_000_000 });
    expect(read(forest, "settle: 1h", "clockBound: 0s")).toMatchObject({ settle: 3_600_000_000, clockBound: 0 });
  });
});

test.each([
  [1, 1],
  [4, 2],
  [30, 1],
])(
  "a group of %i cloudlets with %i clients at each makes about as many requests as are asked for",
  (cloudlets, sessions) => {
    const { clients } = read(
      `topology: { family: { cloudlets: ${cloudlets}, shape: star } }`,
      "scopes: [{ name: users, prefix: users/ }]",
      `clients: [{ name: all, at: all, sessions: ${sessions}, requests: 500, starts: 2s, mix: [{ get: users/ }] }]`,
    );
    const loop = clients[0]!.loop;
    if (loop.kind !== "closed" || loop.think.kind !== "uniform") throw new Error("another loop");
    const mean = (loop.think.min + loop.think.max) / 2;
    expect(Math.abs((8_000_000 * cloudlets * sessions) / mean - 500)).toBeLessThan(1);
  },
);
