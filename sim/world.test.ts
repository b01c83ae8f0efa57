// The world around the real core, moment by moment: what arrives when, who is told of which cut, what a crash takes along.

import { expect, test } from "vitest";
import type { StoredEntry } from "../model/replication/log.ts";
import { createReplica } from "../model/replication/index.ts";
import { buildTopology } from "../model/topology/index.ts";
import type { LinkSpec, TopologySpec } from "../model/topology/spec.ts";
import { bytes, instant, micros, millis, seconds } from "../model/units.ts";
import type { Observer } from "./oracles/observer.ts";
import { plainScenario } from "./scenario/plain.ts";
import type { Fault, Scenario, ScriptStep } from "./scenario/scenario.ts";
import { TRACE } from "./trace/kinds.ts";
import { Trace, type TraceRow } from "./trace/trace.ts";
import { World } from "./world.ts";

const LINK_DELAY = 10_000;
const SYNC = 200;

/** A chain a - b - c, one scope both ways over each link. */
const chain: TopologySpec = {
  cloudlets: [{ name: "a" }, { name: "b", upper: "a" }, { name: "c", upper: "b" }],
  scopes: [{ name: "s", prefix: "s/" }],
  flows: [
    { scope: "s", upper: "a", lower: "b", direction: "both" },
    { scope: "s", upper: "b", lower: "c", direction: "both" },
  ],
  links: [link("a", "b"), link("b", "c")],
};

function link(a: string, b: string): LinkSpec {
  return { a, b, forth: { delay: micros(LINK_DELAY) } };
}

function put(at: number, cloudlet: string, key: string, session = `${cloudlet}-session`): ScriptStep {
  return { at: instant(at), cloudlet, session, op: { kind: "put", key: `s/${key}`, value: `${cloudlet}${at}` } };
}

interface Told {
  readonly rows: readonly TraceRow[];
  readonly world: World;
  readonly digest: string;
}

function run(
  given: Partial<Scenario> & { topology: TopologySpec },
  observer: Observer = {},
  shuffleTies = false,
): Told {
  const scenario = plainScenario({ seed: "world", ...given });
  const built = buildTopology(scenario.topology);
  if (built.kind === "refused") throw new Error(JSON.stringify(built.refusals));
  const { topology } = built;
  const trace = new Trace({ keep: "all" });
  const createCore = (self: Parameters<World["core"]>[0]) =>
    createReplica({ topology, self, clockBound: scenario.clockBound });
  const world = new World({ scenario, topology, createCore, observers: [observer], trace, shuffleTies });
  world.boot();
  world.judgeAt(instant(scenario.duration + scenario.settle));
  const end = scenario.duration + scenario.settle;
  while (world.advance() !== "nothing-left") if (world.now >= end) break;
  world.finish();
  const digest = trace.close((visit) => world.rng.forEachState(visit));
  const rows = trace.rows();
  return { rows: Array.from({ length: rows.count }, (_, index) => rows.row(index)), world, digest };
}

function of(rows: readonly TraceRow[], kind: keyof typeof TRACE, cloudlet: number): readonly TraceRow[] {
  return rows.filter((row) => row.kind === TRACE[kind] && row.cloudlet === cloudlet);
}

const keysOf = (entries: readonly StoredEntry[]): string =>
  entries.map((entry) => (entry.kind === "cut" ? "a cut" : entry.key)).join();

test("a write is visible at home after one sync, at each further cloudlet after a link and a sync more", () => {
  const { rows } = run({ topology: chain, script: [put(1_000_000, "a", "k")] });
  const times = [0, 1, 2].map((cloudlet) => of(rows, "applied", cloudlet)[0]?.at);
  const first = 1_000_000 + SYNC;
  expect(times).toEqual([first, first + LINK_DELAY + SYNC, first + 2 * (LINK_DELAY + SYNC)]);
  expect(of(rows, "replied", 0)[0]?.at).toBe(first);
});

test("a message to a neighbour two links away takes both, is charged on both and touches no core between", () => {
  const shortcut: TopologySpec = { ...chain, flows: [{ scope: "s", upper: "a", lower: "c", direction: "both" }] };
  const { rows, world } = run({ topology: shortcut, script: [put(1_000_000, "a", "k")] });
  expect(of(rows, "applied", 2)[0]?.at).toBe(1_000_000 + SYNC + 2 * LINK_DELAY + SYNC);
  expect(of(rows, "received", 1)).toEqual([]);
  const [ab, , bc] = world.ways.hops.map(({ channel }) => channel.bytes);
  expect(ab).toBeGreaterThan(0);
  expect(bc).toBe(ab);
});

test("of a cut in one direction only the end that cannot send hears", () => {
  const cut: Fault = {
    kind: "linkDown",
    a: "b",
    b: "a",
    direction: "back",
    from: instant(1_000),
    until: instant(9_000),
  };
  const heard: string[] = [];
  run(
    { topology: chain, faults: [cut] },
    { linkChanged: (at, from, to, up) => heard.push(`${at} ${from}>${to} ${up}`) },
  );
  expect(heard.filter((line) => !line.startsWith("0 "))).toEqual(["1000 0>1 false", "9000 0>1 true"]);
});

test("overlapping faults hold a link down until the last one is over, or the healing comes", () => {
  const faults: readonly Fault[] = [
    { kind: "isolate", cloudlet: "c", from: instant(1_000), until: instant(5_000) },
    { kind: "partition", groups: [["c"]], from: instant(3_000), until: instant(8_000) },
    { kind: "linkDown", a: "a", b: "b", direction: "both", from: instant(2_000), until: null },
  ];
  const heard: string[] = [];
  const observer: Observer = { linkChanged: (at, from, to, up) => heard.push(`${at} ${from}>${to} ${up}`) };
  run({ topology: chain, faults, duration: millis(20) }, observer);
  expect(heard.slice(4)).toEqual([
    "1000 1>2 false",
    "1000 2>1 false",
    "2000 0>1 false",
    "2000 1>0 false",
    "8000 1>2 true",
    "8000 2>1 true",
    "20000 0>1 true",
    "20000 1>0 true",
  ]);
});

test("a message in flight on a link that goes down is lost, and sent again when the link is back", () => {
  const fault: Fault = { kind: "isolate", cloudlet: "c", from: instant(1_015_000), until: instant(2_000_000) };
  const { rows } = run({ topology: chain, script: [put(1_000_000, "b", "k")], faults: [fault] });
  expect(of(rows, "applied", 2)[0]?.at).toBeLessThan(1_015_000);
  const earlier: Fault = { ...fault, from: instant(1_005_000) };
  const lost = run({ topology: chain, script: [put(1_000_000, "b", "k")], faults: [earlier] }).rows;
  expect(of(lost, "dropped", 1)).toHaveLength(1);
  expect(of(lost, "applied", 2)[0]?.at).toBeGreaterThan(2_000_000);
});

test("a crash loses what was not synced, ends sessions, and the process comes back with a new incarnation", () => {
  const faults: readonly Fault[] = [
    { kind: "crash", cloudlet: "b", at: instant(1_000_100), after: millis(100), disk: "keep" },
    { kind: "crash", cloudlet: "c", at: instant(3_000_000), after: millis(100), disk: "lose" },
  ];
  const script = [
    put(500_000, "b", "kept"),
    put(1_000_000, "b", "lost"),
    put(1_000_050, "b", "queued"),
    put(2_000_000, "b", "later"),
  ];
  const events: string[] = [];
  const { world } = run(
    { topology: chain, script, faults },
    {
      crashed: (at, cloudlet, unsynced) => events.push(`${at} crashed ${cloudlet} ${keysOf(unsynced)}`),
      started: (at, cloudlet, incarnation, _core, { entries }, diskLost) => {
        if (at > 0) events.push(`${at} started ${cloudlet}.${incarnation} ${keysOf(entries)} ${diskLost}`);
      },
      requested: (at, _cloudlet, session, _id, op) =>
        events.push(`${at} s${session} ${op.kind === "put" ? op.key : ""}`),
      replied: (at, _cloudlet, session) => events.push(`${at} s${session} answered`),
    },
  );
  expect(events).toEqual([
    "500000 s0 s/kept",
    "500200 s0 answered",
    "1000000 s0 s/lost",
    "1000100 crashed 1 s/lost",
    "1100100 started 1.2 s/kept false",
    "1100100 s1 s/queued",
    "1100300 s1 answered",
    "2000000 s1 s/later",
    "2000200 s1 answered",
    "3000000 crashed 2 ",
    "3100000 started 2.2  true",
  ]);
  for (const cloudlet of [0, 1, 2] as Parameters<World["core"]>[0][]) {
    expect(world.core(cloudlet)?.keys()).toEqual(["s/kept", "s/later", "s/queued"]);
  }
});

test("a flow that may reroute takes another path while its own is cut", () => {
  const detour: TopologySpec = {
    ...chain,
    flows: [{ scope: "s", upper: "a", lower: "c", direction: "both", via: ["b"], reroute: true }],
    links: [...chain.links, { a: "a", b: "c", forth: { delay: millis(50) } }],
  };
  const faults: readonly Fault[] = [
    { kind: "isolate", cloudlet: "b", from: instant(900_000), until: instant(2_000_000) },
  ];
  const script = [put(1_000_000, "a", "around"), put(3_000_000, "a", "through")];
  const { rows } = run({ topology: detour, script, faults });
  const at = of(rows, "applied", 2).map((row) => row.at);
  expect(at).toEqual([1_000_000 + SYNC + 50_000 + SYNC, 3_000_000 + SYNC + 2 * LINK_DELAY + SYNC]);
  expect(of(rows, "wayChanged", 0)).toHaveLength(1);
});

test("timers run on the cloudlet's own clock: a slow one waits longer in true time", () => {
  // A greeting that nobody answers is repeated after a second on its own clock.
  const faults: readonly Fault[] = [
    { kind: "linkDown", a: "a", b: "b", direction: "back", from: instant(0), until: null },
  ];
  const pair: TopologySpec = {
    ...chain,
    cloudlets: chain.cloudlets.slice(0, 2),
    flows: chain.flows.slice(0, 1),
    links: [link("a", "b")],
  };
  const firstRepeat = (driftPpm: number): number =>
    of(run({ topology: pair, faults, clocks: [{ cloudlet: "a", offset: -5_000_000, driftPpm }] }).rows, "fired", 0)[0]!
      .at;
  const perfect = firstRepeat(0);
  expect(perfect).toBeGreaterThanOrEqual(1_000_000);
  expect(firstRepeat(-100_000)).toBe(Math.ceil(perfect / 0.9));
});

const load: Scenario["clients"] = [
  {
    name: "load",
    at: ["a", "b", "c"],
    sessions: 2,
    loop: { kind: "open", interval: { kind: "exponential", mean: millis(50) } },
    operations: null,
    starts: instant(0),
    mix: [
      {
        kind: "put",
        weight: 1,
        keys: { prefix: "s/{self}/", count: 5, popularity: { kind: "uniform" } },
        valueSize: bytes(40),
      },
      { kind: "get", weight: 1, keys: { prefix: "s/a/", count: 5, popularity: { kind: "zipf", thetaPercent: 99 } } },
    ],
  },
];

test("the same scenario has the same digest, another seed another, and shuffled ties the same final state", () => {
  const given = { topology: chain, clients: load, duration: seconds(2) };
  const one = run(given);
  expect(run(given).digest).toBe(one.digest);
  expect(run({ ...given, seed: "other" }).digest).not.toBe(one.digest);
  const shuffled = run(given, {}, true);
  expect(shuffled.digest).not.toBe(one.digest);
  for (const cloudlet of [0, 1, 2] as Parameters<World["core"]>[0][]) {
    expect(shuffled.world.core(cloudlet)?.keys()).toEqual(one.world.core(cloudlet)?.keys());
  }
});

test("open clients ask at their rate whatever the answers do, one request at a time, and never the same value twice", () => {
  const open = new Set<number>();
  const values = new Set<string>();
  let requests = 0;
  let puts = 0;
  run(
    { topology: chain, clients: load, duration: seconds(20), diskSync: { kind: "constant", value: millis(20) } },
    {
      requested: (_at, _cloudlet, session, _id, op) => {
        expect(open.has(session)).toBe(false);
        open.add(session);
        requests += 1;
        if (op.kind !== "put") return;
        puts += 1;
        values.add(op.value);
        expect(op.value).toHaveLength(40);
      },
      replied: (_at, _cloudlet, session) => open.delete(session),
    },
  );
  expect(values.size).toBe(puts);
  // Six clients, 20 requests a second each, for 20 seconds.
  expect(requests).toBeGreaterThan(2_200);
  expect(requests).toBeLessThan(2_600);
});

test("closed clients think, ask and wait, as many times as they may", () => {
  const clients: Scenario["clients"] = [
    {
      ...load[0]!,
      loop: { kind: "closed", think: { kind: "constant", value: millis(10) } },
      operations: 7,
      starts: instant(500_000),
    },
  ];
  const asked: number[] = [];
  run({ topology: chain, clients }, { requested: (at) => asked.push(at) });
  expect(asked).toHaveLength(6 * 7);
  expect(Math.min(...asked)).toBe(510_000);
});
