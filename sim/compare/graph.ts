// A topology from bare edges: which two cloudlets exchange which scope, both ways, and nothing said of who is above whom.
// Flows join ancestors and descendants, so a control forest is made for the edges: in the forest of a depth-first walk every
// edge of a graph joins one. What is compared here sends along flows and never asks who controls whom.
//
// That also lets one topology hold the links of before and of after a re-parenting, which no control forest of its own could.

import { assert } from "../../model/assert.ts";
import { buildTopology } from "../../model/topology/build.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { millis } from "../../model/units.ts";

/** Two cloudlets by name. */
export type Edge = readonly [a: string, b: string];

/** Builds it; every scope has its name and a slash as its prefix and returns all versions. */
export function topologyOfEdges(scopes: readonly (readonly [scope: string, edges: readonly Edge[]])[]): Topology {
  const all = new Map(scopes.flatMap(([, edges]) => edges.map((edge) => [[...edge].sort().join(), edge] as const)));
  const neighbours = new Map<string, string[]>();
  for (const [a, b] of all.values()) {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const known = neighbours.get(from);
      if (known === undefined) neighbours.set(from, [to]);
      else known.push(to);
    }
  }
  const place = new Map<string, number>();
  const uppers = new Map<string, string>();
  const walk = (name: string): void => {
    place.set(name, place.size);
    for (const next of neighbours.get(name) ?? []) {
      if (place.has(next)) continue;
      uppers.set(next, name);
      walk(next);
    }
  };
  for (const name of neighbours.keys()) if (!place.has(name)) walk(name);
  const built = buildTopology({
    cloudlets: [...place.keys()].map((name) => {
      const upper = uppers.get(name);
      return upper === undefined ? { name } : { name, upper };
    }),
    scopes: scopes.map(([name]) => ({ name, prefix: `${name}/`, resolver: "return-them-all" })),
    flows: scopes.flatMap(([scope, edges]) =>
      edges.map(([a, b]) => {
        const isDown = (place.get(a) as number) < (place.get(b) as number);
        return { scope, upper: isDown ? a : b, lower: isDown ? b : a, direction: "both" as const };
      }),
    ),
    links: [...all.values()].map(([a, b]) => ({ a, b, forth: { delay: millis(1) } })),
  });
  assert(built.kind === "topology", "a topology made from edges is refused");
  return built.topology;
}
