// Small topologies for tests of the oracles: one that shows every kind of scope, and drawn ones with scopes of mixed
// directions, holes and shortcuts.

import fc from "fast-check";
import type { FlowSpec, TopologySpec } from "../../model/topology/spec.ts";
import type { ResolverName } from "../../model/topology/resolvers.ts";
import { micros } from "../../model/units.ts";

const link = (a: string, b: string): TopologySpec["links"][number] => ({ a, b, forth: { delay: micros(10) } });

/** Cloudlets of `trio` by number. */
export const HUB = 0;
export const EAST = 1;
export const WEST = 2;

/**
 * A hub over two leaves. `last/`, `lamport/` and `all/` go everywhere, `memory/` too and is kept in memory; `up/` goes
 * from the leaves to the hub, `down/` from the hub to the leaves, `east/` both ways between the hub and the east only.
 */
export const trio: TopologySpec = {
  cloudlets: [{ name: "hub" }, { name: "east", upper: "hub" }, { name: "west", upper: "hub" }],
  scopes: [
    { name: "last", prefix: "last/", resolver: "lww-hlc" },
    { name: "lamport", prefix: "lamport/", resolver: "lww-lamport" },
    { name: "all", prefix: "all/", resolver: "return-them-all" },
    { name: "memory", prefix: "memory/", durability: "memory" },
    { name: "up", prefix: "up/" },
    { name: "down", prefix: "down/" },
    { name: "east", prefix: "east/" },
  ],
  flows: [
    ...["last", "lamport", "all", "memory"].flatMap((scope): FlowSpec[] => [
      { scope, upper: "hub", lower: "east", direction: "both" },
      { scope, upper: "hub", lower: "west", direction: "both" },
    ]),
    { scope: "up", upper: "hub", lower: "east", direction: "up" },
    { scope: "up", upper: "hub", lower: "west", direction: "up" },
    { scope: "down", upper: "hub", lower: "east", direction: "down" },
    { scope: "down", upper: "hub", lower: "west", direction: "down" },
    { scope: "east", upper: "hub", lower: "east", direction: "both" },
  ],
  links: [link("hub", "east"), link("hub", "west")],
};

/** What a drawn topology may have. */
export interface DrawnWorldOptions {
  /** Default: all three. */
  readonly resolvers?: readonly ResolverName[];
  /** Default: disk only. */
  readonly durabilities?: readonly ("disk" | "memory")[];
}

/** Trees of 3 to 6 cloudlets with 1 to 3 scopes `s0/` to `s2/`, each over a random set of flows of random direction. */
export function drawnWorlds(options: DrawnWorldOptions = {}): fc.Arbitrary<TopologySpec> {
  const { resolvers = ["lww-hlc", "lww-lamport", "return-them-all"], durabilities = ["disk"] } = options;
  const flow = fc.record({ lower: fc.nat(100), skipped: fc.nat(2), way: fc.nat(4) });
  const scope = fc.record({
    resolver: fc.constantFrom(...resolvers),
    durability: fc.constantFrom(...durabilities),
    flows: fc.array(flow, { minLength: 1, maxLength: 7 }),
  });
  return fc
    .record({
      uppers: fc.array(fc.nat(100), { minLength: 2, maxLength: 5 }),
      scopes: fc.array(scope, { minLength: 1, maxLength: 3 }),
    })
    .map(({ uppers, scopes }): TopologySpec => {
      const upperOf = [-1, ...uppers.map((upper, at) => upper % (at + 1))];
      const name = (at: number): string => `c${at}`;
      const flows = new Map<string, FlowSpec>();
      for (const [at, { flows: drawn }] of scopes.entries()) {
        for (const { lower: drawnLower, skipped, way } of drawn) {
          const lower = 1 + (drawnLower % uppers.length);
          let upper = upperOf[lower] as number;
          for (let left = skipped; left > 0 && upper > 0; left -= 1) upper = upperOf[upper] as number;
          const direction = way === 0 ? "up" : way === 1 ? "down" : "both";
          flows.set(`${at}/${upper}/${lower}`, { scope: `s${at}`, upper: name(upper), lower: name(lower), direction });
        }
      }
      return {
        cloudlets: upperOf.map((upper, at) => ({ name: name(at), ...(upper >= 0 && { upper: name(upper) }) })),
        scopes: scopes.map(({ resolver, durability }, at) => ({
          name: `s${at}`,
          prefix: `s${at}/`,
          resolver,
          durability,
        })),
        flows: [...flows.values()],
        links: upperOf.slice(1).map((upper, at) => link(name(upper), name(at + 1))),
      };
    });
}
