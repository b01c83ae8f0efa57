// That random trees are well-formed, repeatable, different from each other, and show the hard cases.

import fc from "fast-check";
import { expect, test } from "vitest";
import type { Rng } from "../../model/random.ts";
import { buildTopology } from "../../model/topology/index.ts";
import type { TopologySpec } from "../../model/topology/spec.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { prop } from "../../properties/prop.ts";
import { RngRoot } from "../../sim/kernel/rng.ts";
import { fingerprintTopology } from "./fingerprint.ts";
import { drawUppers, TREE_SHAPES } from "./shapes.ts";
import { generateTree } from "./trees.ts";

const seeds = fc.string({ minLength: 1, maxLength: 12 });

function rngOf(seed: string): Rng {
  return new RngRoot(seed).stream;
}

function built(spec: TopologySpec): Topology {
  const result = buildTopology(spec);
  if (result.kind === "refused") throw new Error(result.refusals.map(({ message }) => message).join("\n"));
  return result.topology;
}

prop(
  "a generated tree builds, has 3 to 32 cloudlets, and its first scope is one stream that reaches everyone",
  seeds,
  (seed) => {
    const { spec } = generateTree(rngOf(seed));
    const topology = built(spec);
    expect(topology.cloudlets.length).toBeGreaterThanOrEqual(3);
    expect(topology.cloudlets.length).toBeLessThanOrEqual(32);
    const first = topology.streams.filter(({ scope }) => scope === 0);
    expect(first).toHaveLength(1);
    expect(topology.receivers(first[0]!.id)).toHaveLength(topology.cloudlets.length);
    for (const { members } of topology.scopes) expect(members.length).toBeGreaterThanOrEqual(2);
  },
  { numRuns: 500 },
);

prop("the same seed gives the same tree", seeds, (seed) => {
  expect(generateTree(rngOf(seed))).toEqual(generateTree(rngOf(seed)));
});

test("sizes and shapes stay as asked: 2 to 5 cloudlets, chains only, one scope, no loss", () => {
  for (let seed = 0; seed < 50; seed += 1) {
    const options = { cloudletsMin: 2, cloudletsMax: 5, shape: "chain", scopesMax: 1, lossMax: 0 } as const;
    const { spec, shape } = generateTree(rngOf(`chain ${seed}`), options);
    const topology = built(spec);
    expect(shape).toBe("chain");
    expect(topology.cloudlets.length).toBeLessThanOrEqual(5);
    expect(Math.max(...topology.cloudlets.map(({ depth }) => depth))).toBe(topology.cloudlets.length - 1);
    expect(spec.scopes).toHaveLength(1);
    expect(spec.links.every(({ forth, back }) => forth.loss === undefined && back?.loss === undefined)).toBe(true);
  }
});

test("400 trees are nearly all different and show every hard case", () => {
  const seen = { holes: 0, shortcuts: 0, mixed: 0, up: 0, down: 0, horizontalLinks: 0, routesOfManyLinks: 0 };
  const shapes = new Map<string, number>();
  const sizes = new Set<number>();
  const fingerprints = new Set<string>();
  for (let seed = 0; seed < 400; seed += 1) {
    const { spec, shape, fingerprint } = generateTree(rngOf(`sample ${seed}`));
    const topology = built(spec);
    fingerprints.add(fingerprint);
    shapes.set(shape, (shapes.get(shape) ?? 0) + 1);
    sizes.add(spec.cloudlets.length);
    const depthOf = (id: number): number => topology.cloudlets[id]!.depth;
    if (topology.scopes.some(({ members }) => members.length < spec.cloudlets.length)) seen.holes += 1;
    if (topology.flows.some(({ upper, lower }) => depthOf(lower) - depthOf(upper) > 1)) seen.shortcuts += 1;
    if (topology.flows.some(({ route }) => route.length > 1)) seen.routesOfManyLinks += 1;
    if (topology.links.some(({ a, b }) => topology.relation(a, b) === "horizontal")) seen.horizontalLinks += 1;
    for (const { id } of topology.scopes) {
      const directions = new Set(topology.flows.filter(({ scope }) => scope === id).map(({ direction }) => direction));
      if (directions.size > 1) seen.mixed += 1;
      else if (directions.has("up")) seen.up += 1;
      else if (directions.has("down")) seen.down += 1;
    }
  }
  expect(fingerprints.size).toBeGreaterThan(380);
  expect(sizes.size).toBe(30);
  expect([...shapes.keys()].sort()).toEqual([...TREE_SHAPES].sort());
  for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThan(40);
});

test.each(TREE_SHAPES)("a %s has one root and every upper comes before its lowers (1 to 40 cloudlets)", (shape) => {
  for (let cloudlets = 1; cloudlets <= 40; cloudlets += 1) {
    const uppers = drawUppers(rngOf(`${shape} ${cloudlets}`), shape, cloudlets);
    expect(uppers).toHaveLength(cloudlets);
    expect(uppers.every((upper, cloudlet) => (cloudlet === 0 ? upper === -1 : upper >= 0 && upper < cloudlet))).toBe(
      true,
    );
  }
});

test("the fingerprint of a topology ignores names and orders and sees control, directions and ends of flows", () => {
  const spec: TopologySpec = {
    cloudlets: [{ name: "a" }, { name: "b", upper: "a" }, { name: "c", upper: "a" }, { name: "d", upper: "c" }],
    scopes: [{ name: "s", prefix: "s/" }],
    flows: [
      { scope: "s", upper: "a", lower: "b", direction: "up" },
      { scope: "s", upper: "a", lower: "d", direction: "both" },
    ],
    links: [],
  };
  const renamed: TopologySpec = {
    cloudlets: [{ name: "D", upper: "C" }, { name: "C", upper: "A" }, { name: "B", upper: "A" }, { name: "A" }],
    scopes: [{ name: "S", prefix: "t/" }],
    flows: [
      { scope: "S", upper: "A", lower: "D", direction: "both" },
      { scope: "S", upper: "A", lower: "B", direction: "up" },
    ],
    links: [],
  };
  const first = fingerprintTopology(spec);
  expect(first).toBe("lww-hlc/disk (((0both2))(0up1))");
  expect(fingerprintTopology(renamed)).toBe(first);
  const turned = { ...spec, flows: [{ ...spec.flows[0]!, direction: "down" as const }, spec.flows[1]!] };
  expect(fingerprintTopology(turned)).not.toBe(first);
  const nearer = { ...spec, flows: [spec.flows[0]!, { ...spec.flows[1]!, upper: "c" }] };
  expect(fingerprintTopology(nearer)).not.toBe(first);
  const flat = { ...spec, cloudlets: [...spec.cloudlets.slice(0, 3), { name: "d", upper: "b" }] };
  expect(fingerprintTopology(flat)).not.toBe(first);
});
