// What is exported and imported again is the same network, at every moment: the same tree, delays, bandwidths, losses and cuts.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TopologySpec } from "../../model/topology/spec.ts";
import { instant, micros } from "../../model/units.ts";
import { prop } from "../../properties/prop.ts";
import { becomeTopology } from "../../workloads/importing/become-topology.ts";
import { Fidelity } from "../../workloads/importing/fidelity.ts";
import { importText } from "../importing/import-text.ts";
import { topologyFile } from "../importing/write-topology.ts";
import { readScenario } from "../scenario/read.ts";
import type { Fault, LinkHarm } from "../scenario/scenario.ts";
import { asItIsAt } from "./as-it-is-at.ts";
import type { Exported } from "./exported.ts";
import { exportKollaps } from "./kollaps.ts";
import { overTime } from "./over-time.ts";
import { exportSimGrid } from "./simgrid.ts";

interface World {
  readonly topology: TopologySpec;
  readonly faults: readonly Fault[];
}

const exporters = { kollaps: exportKollaps, simgrid: exportSimGrid };
type Format = keyof typeof exporters;
const WITHOUT_LIMIT = 10_000_000_000;
const ALL = 1_000_000;

/** The world that a text is, when it is imported. */
function importedWorld({ text, files = [] }: Exported): World {
  const fileOf = (name: string): string | null => files.find(({ path }) => path === name)?.text ?? null;
  const outcome = importText(text, { root: "c0", fileOf });
  if (outcome.kind === "refused") throw new Error(JSON.stringify(outcome.problems));
  const file = topologyFile("again", outcome.topology, { source: "test", format: outcome.format, notes: [] });
  const read = readScenario(file, { file: "again.yaml" });
  if (read.kind === "invalid") throw new Error(JSON.stringify(read.problems));
  return read.scenario;
}

/** How two worlds differ at any moment; shares may differ by what rounding makes of them. `isLossy`: can the format say loss and jitter? */
function differences(one: World, other: World, isLossy: boolean): readonly string[] {
  const found: string[] = [];
  const say = (what: string, a: unknown, b: unknown): void => {
    if (JSON.stringify(a) !== JSON.stringify(b))
      found.push(`${what}: ${JSON.stringify(a)}, and then ${JSON.stringify(b)}`);
  };
  const tree = ({ topology }: World): readonly string[] =>
    topology.cloudlets.map(({ name, upper = "" }) => `${upper} ${name}`).sort();
  // A delay that is there from the beginning to the end is taken for the link's own, and another way may be the shorter one then.
  const isAlwaysSlower = one.faults.some(
    (fault) => fault.kind === "degrade" && fault.from === 0 && fault.until === null && fault.harm.delay > 0,
  );
  if (!isAlwaysSlower) say("tree", tree(one), tree(other));
  const ends = one.faults.flatMap((fault) => ("from" in fault ? [fault.from, fault.until ?? fault.from] : []));
  for (const time of new Set([0, ...ends])) {
    const [here, there] = [one, other].map(({ topology, faults }) => asItIsAt(topology, faults, micros(time)).topology);
    const ways = new Map(
      (there as TopologySpec).links.flatMap(({ a, b, forth, back = forth }) => [
        [`${a} ${b}`, forth],
        [`${b} ${a}`, back],
      ]),
    );
    for (const { a, b, forth, back = forth } of (here as TopologySpec).links) {
      const isCut = forth.loss === ALL && back.loss === ALL;
      for (const [key, way] of [[`${a} ${b}`, forth] as const, [`${b} ${a}`, back] as const]) {
        const again = ways.get(key);
        const where = `${key} at ${time}`;
        const [loss, lossAgain] = [way, again].map((each) => each?.loss ?? 0) as [number, number];
        say(`${where}, cut`, loss === ALL, lossAgain === ALL);
        if (isLossy && Math.abs(loss - lossAgain) > 2) say(`${where}, loss`, loss, lossAgain);
        // What a link has while it is down nobody sees.
        if (isCut) continue;
        say(`${where}, delay`, way.delay, again?.delay);
        say(`${where}, bandwidth`, way.bandwidth ?? WITHOUT_LIMIT, again?.bandwidth);
        if (isLossy) say(`${where}, jitter`, way.jitter ?? 0, again?.jitter ?? 0);
      }
    }
  }
  const away = ({ topology, faults }: World): unknown => [...overTime(topology, faults).away].sort();
  say("away", away(one), away(other));
  return found;
}

type Spoil = (text: string) => string;

function trip(
  format: Format,
  world: World,
  spoil: Spoil = (text) => text,
  spoilFile: Spoil = spoil,
): readonly string[] {
  const { text, files = [], notes } = exporters[format]("world", world.topology, world.faults);
  const spoilt = { text: spoil(text), notes, files: files.map((file) => ({ ...file, text: spoilFile(file.text) })) };
  return differences(world, importedWorld(spoilt), format === "kollaps");
}

const way = fc.record({
  jitter: fc.option(fc.integer({ min: 1, max: 5_000 })),
  bandwidth: fc.option(fc.integer({ min: 1, max: 10_000_000 }).map((kilo) => kilo * 1_000)),
  loss: fc.option(fc.integer({ min: 1, max: 500_000 })),
});
const place = fc.nat({ max: 1_000 });
const drawnWorld = fc.record({
  uppers: fc.array(place, { minLength: 1, maxLength: 7 }),
  spare: fc.array(fc.tuple(place, place), { maxLength: 3 }),
  /** Lengths of edges are powers of two, in this order: no two ways are as long as each other, and the tree is one of a kind. */
  order: fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], { minLength: 10 }),
  ways: fc.array(fc.tuple(way, fc.option(way)), { minLength: 10, maxLength: 10 }),
  faults: fc.array(
    fc.record({
      kind: fc.constantFrom("linkDown", "isolate", "partition", "degrade", "crash"),
      at: place,
      direction: fc.constantFrom("both", "forth", "back"),
      from: fc.nat({ max: 6 }),
      length: fc.option(fc.integer({ min: 1, max: 5 })),
      delay: fc.nat({ max: 9_000 }),
      worse: way,
    }),
    { maxLength: 6 },
  ),
});

function built({
  uppers,
  spare,
  order,
  ways,
  faults,
}: typeof drawnWorld extends fc.Arbitrary<infer W> ? W : never): World {
  const count = uppers.length + 1;
  const ends = [
    ...uppers.map((upper, lower) => [upper % (lower + 1), lower + 1] as const),
    ...spare.map(([a, b]) => [a % count, b % count] as const),
  ];
  const nodes = Array.from({ length: count }, (_, at) => ({ id: `c${at}`, label: `c${at}`, place: null, upper: null }));
  const edges = ends.map(([a, b], at) => {
    const [forth, back] = ways[at] as (typeof ways)[number];
    const delay = 64 * (1 << (order[at] as number));
    // The longer direction counts.
    return {
      a,
      b,
      km: null,
      forth: { ...forth, delay: micros(delay), jitter: forth.jitter === null ? null : micros(forth.jitter) },
      back:
        back === null
          ? null
          : { ...back, delay: micros(delay / 2), jitter: back.jitter === null ? null : micros(back.jitter) },
    };
  });
  const become = becomeTopology({ name: null, nodes, edges }, { root: "c0" }, new Fidelity());
  if (become.kind === "refused") throw new Error(JSON.stringify(become.problems));
  const { cloudlets, links } = become.topology;
  const topology: TopologySpec = { cloudlets, links, flows: [], scopes: [{ name: "state", prefix: "state/" }] };
  return { topology, faults: faults.map((fault) => faultOf(fault, topology)) };
}

function faultOf(
  {
    kind,
    at,
    direction,
    from,
    length,
    delay,
    worse,
  }: {
    kind: string;
    at: number;
    direction: string;
    from: number;
    length: number | null;
    delay: number;
    worse: { jitter: number | null; bandwidth: number | null; loss: number | null };
  },
  { cloudlets, links }: TopologySpec,
): Fault {
  const name = (index: number): string => (cloudlets[index % cloudlets.length] as { name: string }).name;
  const { a, b } = links[at % links.length] as { a: string; b: string };
  const start = instant(from * 500_000);
  const span = { from: start, until: length === null ? null : instant((from + length) * 500_000) };
  const ends = { a, b, direction: direction as "both" | "forth" | "back" };
  switch (kind) {
    case "linkDown":
      return { kind, ...ends, ...span };
    case "isolate":
      return { kind, cloudlet: name(at), ...span };
    case "partition":
      return {
        kind,
        groups: [cloudlets.slice(0, 1 + (at % (cloudlets.length - 1))).map((cloudlet) => cloudlet.name)],
        ...span,
      };
    case "crash":
      return { kind, cloudlet: name(at), at: start, after: micros((length ?? 1) * 500_000), disk: "keep" };
    default: {
      const harm: LinkHarm = {
        loss: worse.loss ?? 0,
        delay: micros(delay),
        jitter: micros(worse.jitter ?? 0),
        bandwidth: worse.bandwidth,
        duplication: 0,
        reordering: 0,
        reorderDelay: micros(0),
        corruption: 0,
      };
      return { kind: "degrade", ...ends, harm, ...span };
    }
  }
}

describe.each(["kollaps", "simgrid"] as const)("%s", (format) => {
  const met = new Map<string, number>();
  prop(
    "what is exported is the same network when it is imported",
    drawnWorld,
    (drawn) => {
      const world = built(drawn);
      for (const { kind } of world.faults) met.set(kind, (met.get(kind) ?? 0) + 1);
      expect(trip(format, world)).toEqual([]);
    },
    { numRuns: 50 },
  );

  test("a fault of one direction that lasts from the beginning to the end stays in that direction", () => {
    const way = { jitter: null, bandwidth: null, loss: null };
    const worse = { ...way, bandwidth: 1_000 };
    const world = built({
      uppers: [0],
      spare: [],
      order: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      ways: [[way, null]],
      faults: [{ kind: "degrade", at: 0, direction: "forth", from: 0, length: null, delay: 0, worse }],
    });
    expect(trip(format, world)).toEqual([]);
  });

  test("all kinds of faults were met", () => {
    expect([...met.keys()].sort()).toEqual(["crash", "degrade", "isolate", "linkDown", "partition"]);
  });
});

describe("a difference is noticed:", () => {
  const ways = { jitter: null, bandwidth: 8_000_000, loss: 20_000 };
  const world = built({
    uppers: [0, 0, 1],
    spare: [[2, 3]],
    order: [3, 1, 2, 9, 4, 5, 6, 7, 8, 0],
    ways: Array.from({ length: 10 }, () => [ways, { ...ways, bandwidth: 16_000_000 }]),
    faults: (["linkDown", "crash", "degrade"] as const).map((kind, at) => ({
      kind,
      at,
      direction: "both" as const,
      from: at,
      length: 2,
      delay: 10,
      worse: ways,
    })),
  });
  test.each([
    ["kollaps", "none", (text: string) => text, ""],
    ["kollaps", "a cut that is left out", (text: string) => text.replace(/.*"leave".*\n/gu, ""), "cut"],
    [
      "kollaps",
      "a cut that does not end",
      (text: string) => text.replace(/.*dest="\w+" action="join".*\n/gu, ""),
      "loss",
    ],
    [
      "kollaps",
      "a process that comes back later",
      (text: string) => text.replace(/time="1\.5" (name="\w+" action="join")/u, `time="1.75" $1`),
      "away",
    ],
    ["kollaps", "another unit", (text: string) => text.replaceAll("Mbps", "Gbps"), "bandwidth"],
    [
      "kollaps",
      "a change in one direction alone",
      (text: string) => text.replace(/.*<schedule .*latency.*\n/u, ""),
      "delay",
    ],
    ["simgrid", "none", (text: string) => text, ""],
    ["simgrid", "bits for bytes", (text: string) => text.replaceAll("bps", "Bps"), "bandwidth"],
    ["simgrid", "a profile that is left out", (text: string) => text.replace(/ state_file="\S+"/u, ""), "away"],
    [
      "simgrid",
      "another profile that is left out",
      (text: string) => text.replace(/(<link .*) state_file="\S+"/u, "$1"),
      "cut",
    ],
    ["simgrid", "a change that comes later", (text: string) => text.replace(/^1 0\.0/u, "1.25 0.0"), "delay"],
    ["simgrid", "a link that takes longer", (text: string) => text.replace(/latency="\d/u, `$&0`), "delay"],
    ["simgrid", "another tree", (text: string) => text.replace(/latency="(?:\d+)us"/u, `latency="1s"`), "tree"],
  ] as const)("%s, %s", (format, _, spoil, expected) => {
    const found = trip(format, world, spoil).join("\n");
    if (expected === "") expect(found).toBe("");
    else expect(found).toContain(expected);
  });
});
