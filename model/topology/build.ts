// From a topology as people write it to the checked, indexed one, or to all reasons why not. Order of the work: names and
// control, scopes, links, flows, routes, streams; a step whose ground is broken is left out, so that one mistake is told
// once. What each step checks is in its own file, the rules are in rules.ts.

import type { CloudletId, ScopeId } from "../ids.ts";
import { listOf } from "../lists.ts";
import { checkFlows, type FlowEnds } from "./flows.ts";
import { checkLinks, type Links } from "./links.ts";
import { quoted } from "./names.ts";
import { gatherNeighbours } from "./neighbours.ts";
import type { Forest } from "./relations.ts";
import { findRoutes, type Routes } from "./routes.ts";
import { collectRefusals, type Refusal, type Refusals } from "./rules.ts";
import { checkScopes, RESOLVER_DEFAULT, type Scopes } from "./scopes.ts";
import { checkSites, type Sites } from "./sites.ts";
import type { TopologySpec } from "./spec.ts";
import { deriveStreams, type Streams, type TooLarge } from "./streams.ts";
import { judgeTarget } from "./targets.ts";
import type { Cloudlet, Flow, Scope, Topology } from "./topology.ts";

/** A topology that keeps all rules, or every breach of every rule. */
export type Built =
  | { readonly kind: "topology"; readonly topology: Topology }
  | { readonly kind: "refused"; readonly refusals: readonly Refusal[] };

/**
 * Checks and indexes a topology. Indices follow the order of the spec's lists; the spec is not kept.
 *
 * @returns refusals in the order of the checks, never an empty list; bad input never throws
 */
export function buildTopology(spec: TopologySpec): Built {
  const refusals = collectRefusals();
  const ground = checkGround(spec, refusals);
  if (ground === null) return { kind: "refused", refusals: refusals.list };
  const streams = deriveStreams(ground.forest.size, spec.scopes.length, ground.flows);
  if (streams.kind === "tooLarge") {
    refuseTooLarge(streams, spec, refusals);
    return { kind: "refused", refusals: refusals.list };
  }
  const plans: Topology[] = [];
  const topology = assemble(ground, streams, 0, plans);
  plans.push(topology);
  Object.freeze(plans);
  return { kind: "topology", topology };
}

/** What a spec says, checked, before streams are derived. */
export interface Ground {
  readonly sites: Sites;
  readonly forest: Forest;
  readonly scopes: Scopes;
  readonly links: Links;
  readonly flows: readonly FlowEnds[];
  readonly routes: Routes;
}

/** Checks everything but the streams; null when something was refused. */
export function checkGround(spec: TopologySpec, refusals: Refusals): Ground | null {
  const sites = checkSites(spec.cloudlets, refusals);
  const scopes = checkScopes(spec.scopes, refusals);
  const links = checkLinks(spec.links, sites.names, spec.cloudlets.length, refusals);
  const flows = checkFlows(spec.flows, sites, scopes, refusals);
  const forest = sites.forest;
  if (forest === null) return null;
  const routes = findRoutes(flows, { sites, forest, links }, refusals);
  if (refusals.list.length > 0) return null;
  return { sites, forest, scopes, links, flows, routes };
}

/** Says at which scope the streams became too many. */
export function refuseTooLarge({ scope, why }: TooLarge, spec: TopologySpec, refusals: Refusals): void {
  const remedy = "use fewer scopes without flows, fewer layers, or two-way flows";
  refusals.add("T13", ["scopes", scope], `at scope ${quoted(spec.scopes[scope]?.name ?? "")} ${why}; ${remedy}`);
}

/** Puts a topology together; the caller adds it to `plans` and freezes those. */
export function assemble(
  { sites, forest, scopes, links, flows, routes }: Ground,
  streams: Streams,
  plan: number,
  plans: readonly Topology[],
): Topology {
  const cloudlets = listOf(sites.specs, ({ name }, index): Cloudlet => {
    const upper = forest.uppers[index]!;
    return {
      id: index as CloudletId,
      name,
      upper: upper < 0 ? null : (upper as CloudletId),
      depth: forest.depths[index]!,
      lowers: forest.lowers[index]!,
    };
  });
  const neighbours = gatherNeighbours(forest.size, flows, routes);
  return Object.freeze<Topology>({
    plan,
    plans,
    cloudlets,
    scopes: listOf(scopes.specs, ({ name, prefix, resolver, durability, collect }, index): Scope => ({
      id: index as ScopeId,
      name,
      prefix,
      resolver: resolver ?? RESOLVER_DEFAULT,
      durability: durability ?? "disk",
      collect: collect ?? null,
      members: streams.members[index]!,
    })),
    flows: listOf(flows, ({ index, name, scope, upper, lower, direction, spec: { reroute } }, position): Flow => ({
      index,
      name,
      scope: scope as ScopeId,
      upper: upper as CloudletId,
      lower: lower as CloudletId,
      direction,
      route: routes.pairs[routes.pairOf[position]!]!.down,
      reroute: reroute ?? false,
    })),
    links: links.list,
    streams: streams.streams,
    cloudletNamed: (name) => sites.names.find(name) as CloudletId | null,
    scopeNamed: (name) => scopes.names.find(name) as ScopeId | null,
    scopeOf: scopes.scopeOf,
    streamOf: (scope, origin) => streams.streamOf(scope, origin),
    reaches: (stream, cloudlet) => streams.reaches(stream, cloudlet),
    receivers: (stream) => streams.receivers(stream),
    circulates: (stream) => streams.circulates(stream),
    neighbours: (cloudlet) => neighbours.of(cloudlet),
    routeBetween: (from, to) => neighbours.routeBetween(from, to),
    relation: (a, b) => forest.relation(a, b),
    ancestors: (cloudlet) => forest.ancestors(cloudlet),
    descendants: (cloudlet) => forest.descendants(cloudlet),
    mayTarget: (issuer, target) => judgeTarget(cloudlets, forest.relation(issuer, target), issuer, target),
  });
}
