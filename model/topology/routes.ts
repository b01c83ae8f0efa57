// Which physical links everything between two ends rides on (N11, rules T10 and T11). In this order: the sites of `via`
// where given; else the direct link; else the path of least delay, there and back, over links among the sites that lie
// between the ends in the control tree. Links between horizontal sites are never used (D8). One route per pair of ends:
// whatever two neighbours say to each other shares a fate, so that they are up or down for all scopes at once.

import type { FlowEnds } from "./flows.ts";
import { leastDelay } from "./least-delay.ts";
import { type Links, otherEnd } from "./links.ts";
import { quoted } from "./names.ts";
import type { Forest } from "./relations.ts";
import type { Refusals, SpecPath } from "./rules.ts";
import type { Sites } from "./sites.ts";
import type { Link, RouteHop } from "./topology.ts";

/** Steps of all routes together beyond which a topology is refused (T13). */
export const ROUTE_STEPS_MAX = 1_000_000;

/** Two ends of flows and the route between them. */
export interface Pair {
  readonly upper: number;
  readonly lower: number;
  /** From upper to lower. */
  readonly down: readonly RouteHop[];
  /** The same links from lower to upper. */
  readonly up: readonly RouteHop[];
}

/** The routes of some flows. */
export interface Routes {
  readonly pairs: readonly Pair[];
  /** The pair of each flow, by position in the list of flows; -1 where the flow was refused. */
  readonly pairOf: Int32Array;
}

/** What a search for a route needs to know. */
interface Ground {
  readonly sites: Sites;
  readonly forest: Forest;
  readonly links: Links;
}

/** Finds the route of every flow; refuses flows without one (T10) or with another than their ends already have (T11). */
export function findRoutes(flows: readonly FlowEnds[], ground: Ground, refusals: Refusals): Routes {
  const pairs: Pair[] = [];
  const pairOf = new Int32Array(flows.length).fill(-1);
  const known = new Map<number, { readonly flow: FlowEnds; readonly route: readonly Link[]; readonly pair: number }>();
  let steps = 0;
  for (let position = 0; position < flows.length; position += 1) {
    const flow = flows[position]!;
    const key = flow.upper * ground.forest.size + flow.lower;
    const first = known.get(key);
    if (first !== undefined && first.flow.spec.via === undefined && flow.spec.via === undefined) {
      pairOf[position] = first.pair;
      checkReroute(first.flow, flow, refusals);
      continue;
    }
    const route =
      flow.spec.via === undefined ? routeByDefault(flow, ground, refusals) : routeVia(flow, ground, refusals);
    if (route === null) continue;
    if (first !== undefined) {
      pairOf[position] = first.pair;
      if (sameLinks(first.route, route)) checkReroute(first.flow, flow, refusals);
      else refuseOtherRoute(first.flow, flow, refusals);
      continue;
    }
    steps += route.length;
    if (steps > ROUTE_STEPS_MAX) {
      const remedy = "link the ends of flows directly, or let flows join adjacent layers";
      refusals.add(
        "T13",
        ["flows", flow.index],
        `the routes of all flows have more than ${ROUTE_STEPS_MAX} steps; ${remedy}`,
      );
      break;
    }
    known.set(key, { flow, route, pair: pairs.length });
    pairOf[position] = pairs.length;
    pairs.push({ upper: flow.upper, lower: flow.lower, ...bothWays(flow.upper, route, ground.links) });
  }
  return { pairs, pairOf };
}

function bothWays(upper: number, route: readonly Link[], links: Links): Pick<Pair, "down" | "up"> {
  const down: RouteHop[] = [];
  const up: RouteHop[] = [];
  let site = upper;
  for (const link of route) {
    const next = otherEnd(link, site);
    down.push(links.hop(link, site));
    up.push(links.hop(link, next));
    site = next;
  }
  return { down, up: up.reverse() };
}

function routeVia(flow: FlowEnds, { sites, forest, links }: Ground, refusals: Refusals): Link[] | null {
  const path: SpecPath = ["flows", flow.index, "via"];
  const label = `flow ${quoted(flow.name)}`;
  const visited = [flow.upper];
  for (const [index, name] of (flow.spec.via ?? []).entries()) {
    const site = sites.names.find(name);
    if (site !== null) visited.push(site);
    else {
      refusals.add("T10", [...path, index], `${label} goes via nowhere: ${sites.names.unknown(name)}`);
      return null;
    }
  }
  visited.push(flow.lower);
  if (new Set(visited).size < visited.length) {
    refusals.add(
      "T10",
      path,
      `${label} visits a site twice; name each site between its ends once, from upper to lower`,
    );
    return null;
  }
  const route: Link[] = [];
  for (let index = 1; index < visited.length; index += 1) {
    const from = visited[index - 1]!;
    const to = visited[index]!;
    const step = `${quoted(sites.specs[from]?.name ?? "")} to ${quoted(sites.specs[to]?.name ?? "")}`;
    const link = links.between(from, to);
    if (link === null) {
      refusals.add("T10", path, `${label} goes from ${step}, where no link is; add the link, or name other sites`);
      return null;
    }
    if (forest.relation(from, to) === "horizontal") {
      const reason = "neither is above the other, and links between horizontal sites are never used";
      refusals.add(
        "T10",
        path,
        `${label} goes from ${step}: ${reason}; name sites on the way through a common upper layer`,
      );
      return null;
    }
    route.push(link);
  }
  return route;
}

function routeByDefault(flow: FlowEnds, { forest, links }: Ground, refusals: Refusals): Link[] | null {
  const direct = links.between(flow.upper, flow.lower);
  if (direct !== null) return [direct];
  const sites = [flow.lower];
  for (let site = flow.lower; site !== flow.upper;) {
    site = forest.uppers[site]!;
    sites.push(site);
  }
  const route = leastDelay(sites, links);
  if (route === null) {
    const ends = `${quoted(flow.spec.upper)} and ${quoted(flow.spec.lower)}`;
    const reason = `no link joins ${ends}, and no links lead there along the control tree`;
    refusals.add(
      "T10",
      ["flows", flow.index],
      `flow ${quoted(flow.name)} has no route: ${reason}; add a link, or name the sites on the way with via`,
    );
  }
  return route;
}

function sameLinks(one: readonly Link[], other: readonly Link[]): boolean {
  return one.length === other.length && one.every((link, index) => link === other[index]);
}

function refuseOtherRoute(first: FlowEnds, flow: FlowEnds, refusals: Refusals): void {
  const both = `flows ${quoted(first.name)} and ${quoted(flow.name)} join the same ends over different routes`;
  refusals.add("T11", ["flows", flow.index, "via"], `${both}; write the same via in both`);
}

function checkReroute(first: FlowEnds, flow: FlowEnds, refusals: Refusals): void {
  if ((first.spec.reroute ?? false) === (flow.spec.reroute ?? false)) return;
  const both = `flows ${quoted(first.name)} and ${quoted(flow.name)} join the same ends, and only one of them may be rerouted`;
  refusals.add("T11", ["flows", flow.index, "reroute"], `${both}; write the same reroute in both`);
}
