// Community networks, which people build house by house: a few nodes on hills and towers that see each other far away, and a majority of
// houses behind them. Vega and others, "A technological overview of the guifi.net community network" (Computer Networks 93, 2015), and "Topology
// patterns of a community network: Guifi.net" (WiMob 2012): a meshed core and leaves behind it, core nodes with very many leaves beside
// others with few, few gateways to the rest of the world, and long ways from houses to them.
//
// 1. One node in six is of the core. Core nodes lie evenly in a square and are meshed as a Gabriel graph: who sees nobody between sees far.
// 2. One core node in eight has a fibre to the gateway that is the root.
// 3. Each house joins a core node, the likelier the more houses that has already (preferential attachment). One in five does not see it, and
//    joins a house there that does, or that is behind another one itself: so ways grow long.
//
// A hop over radio takes 1 to 3 ms. Simplified: links lose nothing and have no limit, and nobody pays attention to hills.

import { pick, type Rng } from "../../model/random.ts";
import { micros } from "../../model/units.ts";
import { memberOfGraph } from "./from-graph.ts";
import { gabrielEdges } from "./gabriel.ts";
import type { DrawnFamily, FamilyParameters, SpareLink } from "./member.ts";
import { drawPoints, fibreBetween } from "./plane.ts";

const KM_DEFAULT = 30;
const NODES_PER_CORE = 6;
const CORE_PER_GATEWAY = 8;
/** Of houses, in parts per million. */
const BEHIND_A_HOUSE = 200_000;
/** Microseconds of a hop over radio: so much at least, and up to so much more. */
const HOP = 1_000;
const HOP_MORE = 2_000;

/** Draws one. */
export function drawCommunity(rng: Rng, cloudlets: number, { km = KM_DEFAULT }: FamilyParameters = {}): DrawnFamily {
  const core = Math.max(1, Math.round(cloudlets / NODES_PER_CORE));
  const points = drawPoints(rng, core, km);
  const hop = () => micros(HOP + rng.intInclusive(HOP_MORE));
  const edges: SpareLink[] = gabrielEdges(points).map(([a, b]) => ({ a, b, delay: hop() }));
  // The first points are as random as any.
  const gateways = Math.ceil(core / CORE_PER_GATEWAY);
  for (let gateway = 1; gateway < gateways; gateway += 1) {
    const delay = fibreBetween(points, 0, gateway);
    const at = edges.findIndex(({ a, b }) => a === 0 && b === gateway);
    if (at < 0) edges.push({ a: 0, b: gateway, delay });
    else edges[at] = { a: 0, b: gateway, delay };
  }
  /** A core node for each house behind it, and once more: whoever is drawn from these is the likelier the more it has. */
  const tickets = Array.from({ length: core }, (_, node) => node);
  const houses = Array.from({ length: core }, (): number[] => []);
  for (let house = core; house < cloudlets; house += 1) {
    const node = pick(rng, tickets);
    const there = houses[node] as number[];
    const isBehind = rng.chance(BEHIND_A_HOUSE) && there.length > 0;
    edges.push({ a: isBehind ? pick(rng, there) : node, b: house, delay: hop() });
    there.push(house);
    tickets.push(node);
  }
  return memberOfGraph(cloudlets, edges, 0);
}
