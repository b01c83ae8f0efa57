// Topologies from bare edges: who is above whom, and which two cloudlets exchange which scope, both ways. Several of them are
// a family of plans, between which the replicas of one run are moved.

import { assert } from "../../model/assert.ts";
import { buildPlans } from "../../model/topology/plans.ts";
import type { CloudletSpec } from "../../model/topology/spec.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { millis } from "../../model/units.ts";

/** Two cloudlets by name, the upper one first. */
export type Edge = readonly [upper: string, lower: string];

/** One plan: the control forest, and the edges of each scope. */
export interface PlanOfEdges {
  readonly cloudlets: readonly CloudletSpec[];
  readonly scopes: readonly (readonly [scope: string, edges: readonly Edge[]])[];
}

/** Builds the family and gives its first plan. Every scope has its name and a slash as its prefix and returns all versions. */
export function topologyOfEdges(...plans: readonly PlanOfEdges[]): Topology {
  const edges = plans.flatMap(({ scopes }) => scopes.flatMap(([, each]) => each));
  const pairs = new Map(edges.map((edge) => [edge.join(), edge]));
  const links = [...pairs.values()].map(([a, b]) => ({ a, b, forth: { delay: millis(1) } }));
  const built = buildPlans(
    plans.map(({ cloudlets, scopes }) => ({
      cloudlets,
      scopes: scopes.map(([name]) => ({ name, prefix: `${name}/`, resolver: "return-them-all" })),
      flows: scopes.flatMap(([scope, each]) =>
        each.map(([upper, lower]) => ({ scope, upper, lower, direction: "both" as const })),
      ),
      links,
    })),
  );
  assert(built.kind === "plans", "a topology made from edges is refused");
  return built.plans[0] as Topology;
}
