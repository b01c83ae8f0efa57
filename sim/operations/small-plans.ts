// The topologies of small worlds of control layers: trees as lists of uppers.

import { withOperations } from "../../model/control/scopes.ts";
import { assert } from "../../model/assert.ts";
import { buildPlans } from "../../model/topology/plans.ts";
import type { CloudletId } from "../../model/ids.ts";
import { pick, type Rng } from "../../model/random.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { Duration } from "../../model/units.ts";

/**
 * Trees of the same cloudlets, one after the other; -1 for a root. There is a link along each edge of any of them.
 */
export function plansOf(trees: readonly (readonly number[])[]): readonly Topology[] {
  const name = (id: number): string => `c${id}`;
  const edges = new Set(
    trees.flatMap((uppers) =>
      uppers.flatMap((upper, id) => (upper < 0 ? [] : [`${Math.min(upper, id)} ${Math.max(upper, id)}`])),
    ),
  );
  const links = [...edges].map((edge) => {
    const [a, b] = edge.split(" ").map(Number) as [number, number];
    return { a: name(a), b: name(b), forth: { delay: 1_000 as Duration } };
  });
  const specs = trees.map((uppers) => {
    const cloudlets = uppers.map((upper, id) => ({ name: name(id), ...(upper >= 0 && { upper: name(upper) }) }));
    return { cloudlets, scopes: [], flows: [], links };
  });
  const built = buildPlans(withOperations(specs));
  assert(built.kind === "plans", "drawn trees are well formed");
  return built.plans;
}

/** Trees that follow from one another: a cloudlet with all below it gets another upper, or none, until the last of them. */
export function drawTrees(rng: Rng, first: readonly number[], count: number): readonly (readonly number[])[] {
  const trees = [first];
  while (trees.length < count) {
    const uppers = [...(trees.at(-1) as readonly number[])];
    const moved = 1 + rng.intInclusive(uppers.length - 2);
    const isBelow = (id: number): boolean => {
      for (let at = id; at >= 0; at = uppers[at] as number) if (at === moved) return true;
      return false;
    };
    const others = uppers.flatMap((_, id) => (isBelow(id) || id === uppers[moved] ? [] : [id]));
    uppers[moved] = others.length === 0 || rng.chance(250_000) ? -1 : pick(rng, others);
    trees.push(uppers);
  }
  return trees;
}

/** Neighbours of a cloudlet under any plan. */
export function peersOf(topology: Topology, id: CloudletId): readonly CloudletId[] {
  const peers = topology.plans.flatMap((plan) => plan.neighbours(id).map(({ peer }) => peer));
  return [...new Set(peers)];
}
