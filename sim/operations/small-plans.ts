// The topologies of small worlds of control layers: trees as lists of uppers.

import { withOperations } from "../../model/control/scopes.ts";
import { assert } from "../../model/assert.ts";
import { buildPlans } from "../../model/topology/plans.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { Duration } from "../../model/units.ts";

/** A tree with a link along each of its edges; -1 for a root. */
export function topologyOf(uppers: readonly number[]): Topology {
  const name = (id: number): string => `c${id}`;
  const cloudlets = uppers.map((upper, id) => ({ name: name(id), ...(upper >= 0 && { upper: name(upper) }) }));
  const links = uppers.flatMap((upper, id) =>
    upper < 0 ? [] : [{ a: name(upper), b: name(id), forth: { delay: 1_000 as Duration } }],
  );
  const built = buildPlans(withOperations([{ cloudlets, scopes: [], flows: [], links }]));
  assert(built.kind === "plans", "a drawn tree is well formed");
  return built.plans[0] as Topology;
}
