// What another plan changes between a replica and its neighbours. A conversation goes on untouched unless the flows between
// the two ends change, or who is reached over them: most cloudlets are told of a plan that changes nothing at their place.

import type { CloudletId, ScopeId } from "../ids.ts";
import { listOf } from "../lists.ts";
import type { Adjacency, Stream, Topology } from "../topology/topology.ts";
import { Peer } from "./peer.ts";
import type { CausalRecord } from "./record.ts";
import type { Standing } from "./standing.ts";

/** A change of plan as one cloudlet sees it. */
export interface PlanChange {
  readonly before: Topology;
  readonly after: Topology;
  readonly self: CloudletId;
}

/** Everybody who is a neighbour under some plan of the family, ascending. */
export function peersOf(topology: Topology, self: CloudletId): readonly Peer[] {
  return listOf(adjacenciesOf(topology, self), (adjacency) => new Peer(adjacency));
}

/** Those of the records a peer sent that are for this cloudlet under the plan in force; the peer may be under another one. */
export function acceptable(
  { topology, self, rules }: Standing,
  peer: Peer,
  records: readonly CausalRecord[],
): readonly CausalRecord[] {
  if (topology.plans.length === 1) return records;
  return records.filter(({ dot }) => {
    const { scope } = topology.streams[dot.stream] as Stream;
    return rules.accepts(topology.reaches(dot.stream, self) && peer.adjacency.in.includes(scope));
  });
}

/** What flows between a cloudlet and everybody who is its neighbour under some plan, ascending by peer. */
export function adjacenciesOf(topology: Topology, self: CloudletId): readonly Adjacency[] {
  if (topology.plans.length === 1) return topology.neighbours(self);
  const peers = new Set(topology.plans.flatMap((plan) => plan.neighbours(self).map(({ peer }) => peer)));
  const now = new Map(topology.neighbours(self).map((adjacency) => [adjacency.peer, adjacency]));
  return [...peers].sort((a, b) => a - b).map((peer) => now.get(peer) ?? { peer, out: [], in: [] });
}

/**
 * Another plan is in force. The neighbours, former and new ones, whose conversation is touched, each with what flows from now
 * on; null when the family has no such plan.
 */
export function goOver(
  standing: Standing,
  peers: readonly Peer[],
  plan: number,
): readonly (readonly [Peer, Adjacency])[] | null {
  const { topology: before, self } = standing;
  const after = before.plans[plan];
  if (after === undefined) return null;
  standing.topology = after;
  return after === before ? [] : changedPeers(peers, { before, after, self });
}

function changedPeers(peers: readonly Peer[], change: PlanChange): readonly (readonly [Peer, Adjacency])[] {
  const adjacencies = adjacenciesOf(change.after, change.self);
  return peers
    .map((peer, at) => [peer, adjacencies[at] as Adjacency] as const)
    .filter(([peer, adjacency]) => flowsChange(peer.adjacency, adjacency, change));
}

// Other scopes flow, or other streams of them count at one of the two ends.
function flowsChange(old: Adjacency, now: Adjacency, { before, after, self }: PlanChange): boolean {
  if (!sameScopes(old.out, now.out) || !sameScopes(old.in, now.in)) return true;
  const { peer } = now;
  for (const { id, scope } of after.streams) {
    if (now.out.includes(scope) && before.reaches(id, peer) !== after.reaches(id, peer)) return true;
    if (now.in.includes(scope) && before.reaches(id, self) !== after.reaches(id, self)) return true;
  }
  return false;
}

function sameScopes(one: readonly ScopeId[], other: readonly ScopeId[]): boolean {
  return one.length === other.length && one.every((scope, at) => scope === other[at]);
}
