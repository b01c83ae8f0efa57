// A text that is equal for two topologies exactly when they differ in nothing but names, the order of lists, quantities of
// links and links that no flow needs: the same control forest with the same scopes flowing the same ways. Used to count how
// many different topologies a sweep has seen. Scopes keep their order: swapping two scopes counts as a difference.

import type { TopologySpec } from "../../model/topology/spec.ts";

/**
 * The canonical text of a well-formed topology. A tree is written as the sorted texts of its subtrees (Aho, Hopcroft and
 * Ullman 1974, section 3.2), each with the flows that end there from above: scope, direction, layers up.
 */
export function fingerprintTopology(spec: TopologySpec): string {
  const { cloudlets, scopes, flows } = spec;
  const indexOf = new Map(cloudlets.map(({ name }, index) => [name, index]));
  const scopeOf = new Map(scopes.map(({ name }, index) => [name, index]));
  const uppers = cloudlets.map(({ upper }) => (upper === undefined ? -1 : (indexOf.get(upper) ?? -1)));

  const order = fromRoots(uppers);
  const depths = new Map<number, number>();
  for (const cloudlet of order) depths.set(cloudlet, (depths.get(uppers[cloudlet] ?? -1) ?? -1) + 1);
  const flowsInto: string[][] = cloudlets.map(() => []);
  for (const { scope, upper, lower, direction } of flows) {
    const end = indexOf.get(lower) ?? 0;
    const layers = (depths.get(end) ?? 0) - (depths.get(indexOf.get(upper) ?? 0) ?? 0);
    flowsInto[end]?.push(`${scopeOf.get(scope) ?? ""}${direction}${layers}`);
  }

  const subtrees: string[][] = cloudlets.map(() => []);
  const roots: string[] = [];
  for (const cloudlet of order.reverse()) {
    const text = `(${flowsInto[cloudlet]?.sort().join(",") ?? ""}${subtrees[cloudlet]?.sort().join("") ?? ""})`;
    const upper = uppers[cloudlet] ?? -1;
    (subtrees[upper] ?? roots).push(text);
  }
  const resolvers = scopes.map(({ resolver = "lww-hlc", durability = "disk" }) => `${resolver}/${durability}`);
  return `${resolvers.join(",")} ${roots.sort().join("")}`;
}

/** All cloudlets, each after its upper. */
function fromRoots(uppers: readonly number[]): number[] {
  const lowers: number[][] = uppers.map(() => []);
  const order: number[] = [];
  for (const [cloudlet, upper] of uppers.entries()) (lowers[upper] ?? order).push(cloudlet);
  for (let next = 0; next < order.length; next += 1) {
    for (const lower of lowers[order[next] ?? 0] ?? []) order.push(lower);
  }
  return order;
}
