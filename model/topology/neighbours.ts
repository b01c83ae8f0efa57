// Who exchanges records with whom, over which scopes, and over which links: the flows, gathered by pairs of cloudlets.
// What one sends is what the other receives, so both share one list; equal lists of scopes are one list throughout.

import type { CloudletId, ScopeId } from "../ids.ts";
import { listOf } from "../lists.ts";
import { positionIn } from "./reach.ts";
import type { Routes } from "./routes.ts";
import { shareLists } from "./sharing.ts";
import type { Arrow } from "./streams.ts";
import type { Adjacency, RouteHop } from "./topology.ts";

/** The neighbours of everyone. */
export interface Neighbours {
  /** Ascending by peer. */
  of(cloudlet: CloudletId): readonly Adjacency[];
  /** The route from one neighbour to the other, or null when they are none. */
  routeBetween(from: CloudletId, to: CloudletId): readonly RouteHop[] | null;
}

/** Gathers flows, all of them with a route, by their ends. */
export function gatherNeighbours(cloudlets: number, arrows: readonly Arrow[], routes: Routes): Neighbours {
  const down: ScopeId[][] = routes.pairs.map(() => []);
  const up: ScopeId[][] = routes.pairs.map(() => []);
  for (let position = 0; position < arrows.length; position += 1) {
    const arrow = arrows[position]!;
    const pair = routes.pairOf[position]!;
    if (arrow.direction !== "up") down[pair]!.push(arrow.scope as ScopeId);
    if (arrow.direction !== "down") up[pair]!.push(arrow.scope as ScopeId);
  }
  const shared = shareLists<readonly ScopeId[]>();
  const around: { readonly adjacency: Adjacency; readonly route: readonly RouteHop[] }[][] = Array.from(
    { length: cloudlets },
    () => [],
  );
  for (const [pair, { upper, lower, down: routeDown, up: routeUp }] of routes.pairs.entries()) {
    const downwards = shared.one(down[pair]!.sort(ascending));
    const upwards = shared.one(up[pair]!.sort(ascending));
    const fromUpper: Adjacency = { peer: lower as CloudletId, out: downwards, in: upwards };
    const fromLower: Adjacency = { peer: upper as CloudletId, out: upwards, in: downwards };
    around[upper]!.push({ adjacency: fromUpper, route: routeDown });
    around[lower]!.push({ adjacency: fromLower, route: routeUp });
  }
  const adjacencies: (readonly Adjacency[])[] = [];
  const peers: (readonly CloudletId[])[] = [];
  const routesFrom: (readonly (readonly RouteHop[])[])[] = [];
  for (const list of around) {
    list.sort((one, other) => one.adjacency.peer - other.adjacency.peer);
    adjacencies.push(listOf(list, ({ adjacency }) => adjacency));
    peers.push(listOf(list, ({ adjacency }) => adjacency.peer));
    routesFrom.push(listOf(list, ({ route }) => route));
  }
  return {
    of: (cloudlet) => adjacencies[cloudlet]!,
    routeBetween(from, to) {
      const position = positionIn(peers[from]!, to);
      return position < 0 ? null : routesFrom[from]![position]!;
    },
  };
}

function ascending(one: number, other: number): number {
  return one - other;
}
