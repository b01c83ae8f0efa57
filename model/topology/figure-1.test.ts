// Figure 1 of the position paper, pinned: relations, targets, shortcuts, routings, and its description in words.

import { expect, test } from "vitest";
import type { CloudletId, ScopeId } from "../ids.ts";
import { buildTopology } from "./build.ts";
import { describeTopology } from "./describe.ts";
import { figure1, type Figure1Options, type Figure1Routing } from "./figure-1.ts";
import { figure1Pairs, figure1RelationOf } from "./figure-1-pairs.ts";
import type { FlowSpec, TopologySpec } from "./spec.ts";
import type { Topology } from "./topology.ts";

const routings: readonly Figure1Routing[] = ["layered", "direct", "mixed"];

function topologyOf(spec: TopologySpec): Topology {
  const built = buildTopology(spec);
  if (built.kind === "refused") throw new Error(built.refusals.map(({ message }) => message).join("\n"));
  return built.topology;
}

function figure(options?: Figure1Options): Topology {
  return topologyOf(figure1(options));
}

function idOf(topology: Topology, name: string): CloudletId {
  const id = topology.cloudletNamed(name);
  if (id === null) throw new Error(name);
  return id;
}

const state = 0 as ScopeId;

test("Figure 1: the relations of all 66 pairs, both ways (D9, D14)", () => {
  const topology = figure();
  const opposite = { lower: "upper", horizontal: "horizontal" } as const;
  for (const [first, second] of figure1Pairs()) {
    const [a, b] = [idOf(topology, first), idOf(topology, second)];
    const expected = figure1RelationOf(first, second);
    expect(topology.relation(a, b), `${first} and ${second}`).toBe(expected);
    expect(topology.relation(b, a)).toBe(opposite[expected]);
  }
  expect(figure1Pairs()).toHaveLength(66);
});

test("Figure 1: EAL4 may target cloudlet2 and anything below, and nothing else (D15)", () => {
  const topology = figure();
  const issuer = idOf(topology, "EAL4");
  const allowed = topology.cloudlets.filter(({ id }) => topology.mayTarget(issuer, id).kind === "allowed");
  expect(allowed.map(({ name }) => name)).toEqual(["cloudlet2", "EAL5", "cloudlet3", "cloudlet4"]);
});

test.each([
  ["EAL4", "EAL2", "EAL4 cannot target EAL2: EAL2 is above it, and operations flow down only"],
  ["cloudlet3", "cloudlet4", "cloudlet3 cannot target cloudlet4: neither is above the other"],
  ["EAL4", "EAL3", "EAL4 cannot target EAL3: neither is above the other"],
  ["EAL4", "EAL4", "EAL4 cannot target itself: what runs where it is issued is a local request"],
])("Figure 1: an operation from %s for %s is refused in words (D8, D18)", (issuer, target, why) => {
  const topology = figure();
  expect(topology.mayTarget(idOf(topology, issuer), idOf(topology, target))).toEqual({ kind: "refused", why });
});

test("Figure 1: EAL2 and EAL1 are the hierarchically upper associated of EAL4 and EAL5 (D14)", () => {
  const topology = figure();
  const above = (name: string): string[] =>
    topology.ancestors(idOf(topology, name)).map((id) => topology.cloudlets[id]!.name);
  expect(above("EAL4")).toEqual(["EAL2", "EAL1"]);
  expect(above("EAL5")).toEqual(["cloudlet2", "EAL4", "EAL2", "EAL1"]);
});

test("Figure 1: no flow may join cloudlet3 and cloudlet4, though a link does (D8, D12)", () => {
  const spec = figure1();
  const flow: FlowSpec = { scope: "state", upper: "cloudlet3", lower: "cloudlet4", direction: "both" };
  const built = buildTopology({ ...spec, flows: [...spec.flows, flow] });
  expect(built.kind === "refused" && built.refusals.map(({ rule, message }) => ({ rule, message }))).toEqual([
    {
      rule: "T4",
      message:
        'flow "state:cloudlet3-cloudlet4" joins "cloudlet3" and "cloudlet4": neither is above the other, and horizontal cloudlets never replicate to each other; let the scope flow up to "EAL5" and down from there instead',
    },
  ]);
});

test.each(routings)(
  "Figure 1, %s: everything cloudlet3 writes reaches everyone, over no horizontal link (D12, N2)",
  (routing) => {
    const topology = figure({ routing });
    expect(topology.streams).toHaveLength(1);
    expect(topology.receivers(topology.streams[0]!.id)).toHaveLength(12);
    const unused = topology.links.find(({ a, b }) => topology.relation(a, b) === "horizontal")!;
    for (const { route } of topology.flows) expect(route.every(({ link }) => link !== unused.index)).toBe(true);
  },
);

test("Figure 1: what cloudlet3 reports upwards never comes to cloudlet4 (D12, N2, R3c)", () => {
  const topology = figure({ scopes: [{ name: "metrics", direction: "up" }] });
  const stream = topology.streamOf(state, idOf(topology, "cloudlet3"))!;
  const names = topology.receivers(stream).map((id) => topology.cloudlets[id]!.name);
  expect(names).toEqual(["EAL1", "EAL2", "EAL4", "cloudlet2", "EAL5", "cloudlet3"]);
});

test("Figure 1: images of EAL1 reach everyone, and what a lower cloudlet puts there goes no further up (R3b)", () => {
  const topology = figure({ scopes: [{ name: "images", direction: "down" }] });
  expect(topology.receivers(topology.streamOf(state, idOf(topology, "EAL1"))!)).toHaveLength(12);
  expect(
    topology.receivers(topology.streamOf(state, idOf(topology, "EAL5"))!).map((id) => topology.cloudlets[id]!.name),
  ).toEqual(["EAL5", "cloudlet3", "cloudlet4"]);
});

test("Figure 1: the flows that leave out layers are legal and ride on their own links (D10, D11, D13)", () => {
  const topology = figure({ routing: "mixed" });
  const skipping = topology.flows.filter(({ upper, lower }) => topology.cloudlets[lower]!.upper !== upper);
  expect(skipping.map(({ name, route }) => [name, route.length])).toEqual([
    ["state:EAL1-infrastructure-edge", 1],
    ["state:access-edge-device-edge", 1],
    ["state:EAL1-cloudlet3", 1],
    ["state:EAL1-cloudlet4", 1],
  ]);
});

test("Figure 1: the routings differ in the neighbours of cloudlet3 alone, never in its links (D13)", () => {
  const neighbours = (routing: Figure1Routing): string[] => {
    const topology = figure({ routing });
    return topology.neighbours(idOf(topology, "cloudlet3")).map(({ peer }) => topology.cloudlets[peer]!.name);
  };
  expect(neighbours("layered")).toEqual(["EAL5"]);
  expect(neighbours("direct")).toEqual(["EAL1"]);
  expect(neighbours("mixed")).toEqual(["EAL1", "EAL5"]);
  expect(figure1({ routing: "layered" }).links).toEqual(figure1({ routing: "direct" }).links);
});

test("Figure 1: a direct flow may also ride through the sites of the layers it leaves out (N11)", () => {
  const spec = figure1({ routing: "direct" });
  const via = ["EAL2", "EAL4", "cloudlet2", "EAL5"];
  const flows = spec.flows.map((flow) => (flow.lower === "cloudlet3" ? { ...flow, via } : flow));
  const topology = topologyOf({ ...spec, flows });
  const route = topology.routeBetween(idOf(topology, "cloudlet3"), idOf(topology, "EAL1"))!;
  expect(route).toHaveLength(5);
  expect(route.every(({ forward }) => !forward)).toBe(true);
  // Transit touches no core: EAL5 exchanges nothing with cloudlet3.
  expect(topology.routeBetween(idOf(topology, "cloudlet3"), idOf(topology, "EAL5"))).toBeNull();
});

test("Figure 1: association does not imply replication: control without flows is valid and moves nothing (D16)", () => {
  const topology = topologyOf({ ...figure1(), flows: [], links: [] });
  expect(topology.mayTarget(idOf(topology, "EAL1"), idOf(topology, "cloudlet4")).kind).toBe("allowed");
  expect(topology.streams).toHaveLength(12);
  for (const { id, origins } of topology.streams) expect(topology.receivers(id)).toEqual(origins);
  for (const { id } of topology.cloudlets) expect(topology.neighbours(id)).toEqual([]);
});

test("Figure 1: its description (state both ways, metrics up)", async () => {
  const text = describeTopology(figure({ scopes: [{ name: "state" }, { name: "metrics", direction: "up" }] }));
  await expect(text).toMatchFileSnapshot("./figure-1.golden.txt");
});

test("a description of few lines counts the rest", () => {
  const text = describeTopology(figure({ scopes: [{ name: "metrics", direction: "up" }] }), { linesMax: 2 });
  expect(text.split("\n").slice(0, 9)).toEqual([
    "control (12)",
    "  EAL1",
    "  |-- access-edge",
    "  and 10 more",
    "",
    "scopes (1)",
    "  scope    prefix    resolver  durability  members",
    "  metrics  metrics/  lww-hlc   disk        everyone",
    "",
  ]);
  expect(text).toContain("\n  and 13 more\n");
});

test("a description says what there is none of, and how a flow is routed and rerouted", () => {
  const text = describeTopology(
    topologyOf({
      cloudlets: [{ name: "a" }, { name: "b", upper: "a" }, { name: "c", upper: "b" }],
      scopes: [{ name: "s", prefix: "s/" }],
      flows: [{ scope: "s", upper: "a", lower: "c", direction: "down", via: ["b"], reroute: true }],
      links: [
        { a: "a", b: "b", forth: { delay: 1_500 as never }, back: { delay: 2_000 as never } },
        { a: "c", b: "b", forth: { delay: 0 as never } },
      ],
    }),
  );
  expect(text).toContain("  s:a-c  a -> c  via b, or another when it is down\n");
  expect(text).toContain("  a - b  1.5 ms forth, 2 ms back\n");
  const bare = describeTopology(topologyOf({ cloudlets: [{ name: "a" }], scopes: [], flows: [], links: [] }));
  expect(bare).toContain("flows (0)\n  none\n");
  expect(bare).toContain("  a       nobody\n");
});
