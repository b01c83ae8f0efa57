// What a topology answers, against slow and obvious walks over the same words: relations, reach, neighbours, routes.

import fc from "fast-check";
import { expect } from "vitest";
import { topologySpecs } from "../../properties/arbitraries/topology.ts";
import { prop } from "../../properties/prop.ts";
import { RngRoot } from "../../sim/kernel/rng.ts";
import { generateTree } from "../../workloads/topologies/trees.ts";
import type { CloudletId, ScopeId } from "../ids.ts";
import { buildTopology } from "./build.ts";
import type { TopologySpec } from "./spec.ts";
import type { Topology } from "./topology.ts";

/** A spec beside what was built from it. */
interface Case {
  readonly spec: TopologySpec;
  readonly topology: Topology;
}

// Shapeless topologies that shrink well, and the trees of sweeps with their holes and shortcuts.
const cases: fc.Arbitrary<Case> = fc
  .oneof(
    topologySpecs(),
    fc.nat({ max: 999_999 }).map((seed) => generateTree(new RngRoot(`case ${seed}`).stream).spec),
    topologySpecs({ cloudletsMax: 70, scopesMax: 6 }),
  )
  .map((spec) => {
    const built = buildTopology(spec);
    if (built.kind === "refused") throw new Error(built.refusals.map(({ message }) => message).join("\n"));
    return { spec, topology: built.topology };
  });

function upperNames(spec: TopologySpec, name: string): string[] {
  const names: string[] = [];
  const upperOf = (of: string): string | undefined => spec.cloudlets.find((cloudlet) => cloudlet.name === of)?.upper;
  for (let upper = upperOf(name); upper !== undefined; upper = upperOf(upper)) names.push(upper);
  return names;
}

/** Names of all cloudlets that a record written at `origin` gets to, by walking over the spec's flows. */
function walk(spec: TopologySpec, scope: string, origin: string): Set<string> {
  const reached = new Set([origin]);
  for (const from of reached) {
    for (const flow of spec.flows) {
      if (flow.scope !== scope) continue;
      if (flow.upper === from && flow.direction !== "up") reached.add(flow.lower);
      if (flow.lower === from && flow.direction !== "down") reached.add(flow.upper);
    }
  }
  return reached;
}

prop(
  "relations, ancestors, descendants, depths and targets are those of a walk up the tree",
  cases,
  ({ spec, topology }) => {
    const { cloudlets } = topology;
    const above = spec.cloudlets.map(({ name }) => upperNames(spec, name));
    for (const a of cloudlets) {
      const uppers = above[a.id]!;
      expect(topology.ancestors(a.id).map((id) => cloudlets[id]!.name)).toEqual(uppers);
      expect(a.depth).toBe(uppers.length);
      const below = cloudlets.filter(({ id }) => above[id]!.includes(a.name)).map(({ id }) => id);
      expect(topology.descendants(a.id)).toEqual(below);
      expect(a.lowers).toEqual(below.filter((id) => cloudlets[id]!.upper === a.id));
      for (const b of cloudlets) {
        const expected =
          a === b ? "same" : uppers.includes(b.name) ? "upper" : below.includes(b.id) ? "lower" : "horizontal";
        if (topology.relation(a.id, b.id) !== expected) throw new Error(`${b.name} is not ${expected} to ${a.name}`);
        if ((topology.mayTarget(a.id, b.id).kind === "allowed") !== (expected === "lower")) throw new Error("target");
      }
    }
  },
);

prop(
  "a stream reaches exactly the cloudlets that a walk over the flows of its scope gets to",
  cases,
  ({ spec, topology }) => {
    for (const scope of topology.scopes) {
      const flows = spec.flows.filter((flow) => flow.scope === scope.name);
      const ends = new Set(flows.flatMap(({ upper, lower }) => [upper, lower]));
      const holders = topology.cloudlets.filter(({ name }) => flows.length === 0 || ends.has(name)).map(({ id }) => id);
      expect(scope.members).toEqual(holders);
      for (const origin of topology.cloudlets) {
        const stream = topology.streamOf(scope.id, origin.id);
        if (!holders.includes(origin.id)) {
          expect(stream).toBeNull();
          continue;
        }
        if (stream === null) throw new Error(`${origin.name} holds ${scope.name} and has no stream`);
        const reached = walk(spec, scope.name, origin.name);
        const expected = topology.cloudlets.filter(({ name }) => reached.has(name)).map(({ id }) => id);
        expect(topology.receivers(stream)).toEqual(expected);
        for (const { id } of topology.cloudlets) expect(topology.reaches(stream, id)).toBe(expected.includes(id));
        expect(topology.streams[stream]!.origins).toContain(origin.id);
      }
    }
  },
);

// The law that the delivery rule rests on: whoever waits for a dot of a stream may wait for any dot of it.
prop("all origins of one stream have the same receivers, and are among them", cases, ({ spec, topology }) => {
  const seen = new Set<string>();
  for (const { id, scope, origins } of topology.streams) {
    expect(origins.length).toBeGreaterThan(0);
    expect([...origins].sort((a, b) => a - b)).toEqual(origins);
    const texts = origins.map((origin) => {
      expect(topology.streamOf(scope, origin)).toBe(id);
      expect(seen.has(`${scope} ${origin}`)).toBe(false);
      seen.add(`${scope} ${origin}`);
      const names = walk(spec, topology.scopes[scope]!.name, topology.cloudlets[origin]!.name);
      return [...names].sort().join(" ");
    });
    expect(new Set(texts).size).toBe(1);
    for (const origin of origins) expect(topology.reaches(id, origin)).toBe(true);
  }
  // Streams are numbered by scope, then by lowest origin.
  const order = topology.streams.map(({ scope, origins }) => scope * 1_000 + origins[0]!);
  expect([...order].sort((a, b) => a - b)).toEqual(order);
});

prop("neighbours are the ends of flows, with the scopes that each sends to the other", cases, ({ spec, topology }) => {
  const nameOf = (id: number): string => topology.cloudlets[id]!.name;
  for (const { id, name } of topology.cloudlets) {
    const expected = new Map<CloudletId, { out: ScopeId[]; in: ScopeId[] }>();
    for (const scope of topology.scopes) {
      for (const flow of spec.flows) {
        if (flow.scope !== scope.name || (flow.upper !== name && flow.lower !== name)) continue;
        const peer = topology.cloudletNamed(flow.upper === name ? flow.lower : flow.upper)!;
        const entry = expected.get(peer) ?? { out: [], in: [] };
        expected.set(peer, entry);
        const sends = flow.upper === name ? "down" : "up";
        if (flow.direction === "both" || flow.direction === sends) entry.out.push(scope.id);
        if (flow.direction !== sends) entry.in.push(scope.id);
      }
    }
    const peers = [...expected.keys()].sort((a, b) => a - b);
    expect(topology.neighbours(id)).toEqual(peers.map((peer) => ({ peer, ...expected.get(peer) })));
    for (const other of topology.cloudlets) {
      const route = topology.routeBetween(id, other.id);
      if (!expected.has(other.id)) {
        expect(route).toBeNull();
        continue;
      }
      // The route is a path over links from here to there, never a horizontal one, and the way back is its reverse.
      let site: number = id;
      for (const hop of route!) {
        const { a, b } = topology.links[hop.link]!;
        expect(hop.forward ? a : b).toBe(site);
        expect(topology.relation(a, b)).not.toBe("horizontal");
        site = hop.forward ? b : a;
      }
      expect(nameOf(site)).toBe(other.name);
      const back = topology.routeBetween(other.id, id)!.toReversed();
      expect(back.map(({ link, forward }) => ({ link, forward: !forward }))).toEqual(route);
    }
  }
});

prop("flows, oriented from upper to lower, have no cycle (D7)", cases, ({ topology }) => {
  // A cloudlet that no flow enters can be taken away; without a cycle all of them go.
  let flows = topology.flows;
  for (;;) {
    const rest = flows.filter(({ upper }) => flows.some(({ lower }) => lower === upper));
    if (rest.length === flows.length) break;
    flows = rest;
  }
  expect(flows).toEqual([]);
});

prop(
  "a key belongs to the scope with the longest prefix that it begins with",
  fc.record({
    prefixes: fc.uniqueArray(
      fc.string({ unit: fc.constantFrom("a", "b", "/", "\u{ffff}"), minLength: 1, maxLength: 5 }),
      {
        maxLength: 12,
      },
    ),
    keys: fc.array(fc.string({ unit: fc.constantFrom("a", "b", "/", "\u{ffff}"), maxLength: 8 }), { minLength: 5 }),
  }),
  ({ prefixes, keys }) => {
    const built = buildTopology({
      cloudlets: [{ name: "c" }],
      scopes: prefixes.map((prefix, index) => ({ name: `s${index}`, prefix })),
      flows: [],
      links: [],
    });
    if (built.kind === "refused") throw new Error("refused");
    for (const key of keys) {
      let longest: number | null = null;
      for (const [index, prefix] of prefixes.entries()) {
        if (key.startsWith(prefix) && prefix.length > (longest === null ? 0 : prefixes[longest]!.length))
          longest = index;
      }
      expect(built.topology.scopeOf(key)).toBe(longest);
    }
  },
  { numRuns: 500 },
);
