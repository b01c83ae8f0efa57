// The checked, indexed topology: what the replication core, the simulator and the oracles ask. Built once, frozen,
// shared by every replica of a run. Building and refusing is in build.ts; relations, routes and streams have files of
// their own. Changes of the topology while it runs (re-parenting) are not part of this type.

import type { CloudletId, ScopeId, StreamId } from "../ids.ts";
import type { Duration } from "../units.ts";
import type { FlowDirection, LinkDirectionSpec } from "./spec.ts";
import type { ResolverName } from "./resolvers.ts";

/** A site; `depth` is 0 at a root. */
export interface Cloudlet {
  readonly id: CloudletId;
  readonly name: string;
  readonly upper: CloudletId | null;
  readonly depth: number;
  /** Adjacent lower cloudlets, ascending. */
  readonly lowers: readonly CloudletId[];
}

/** A named part of the key space with defaults filled in. */
export interface Scope {
  readonly id: ScopeId;
  readonly name: string;
  readonly prefix: string;
  readonly resolver: ResolverName;
  readonly durability: "disk" | "memory";
  /** How long deletes wait until they are reported on; null where they are kept for good. */
  readonly collect: Duration | null;
  /** Cloudlets that hold the scope: the ends of its flows, ascending. A scope without flows is held by everyone. */
  readonly members: readonly CloudletId[];
}

/** One step of a flow's route over one physical link; `forward` is true when it goes from the link's a to its b. */
export interface RouteHop {
  readonly link: number;
  readonly forward: boolean;
}

/** A flow with its ends as indices and its route from upper to lower. */
export interface Flow {
  readonly index: number;
  readonly name: string;
  readonly scope: ScopeId;
  readonly upper: CloudletId;
  readonly lower: CloudletId;
  readonly direction: FlowDirection;
  readonly route: readonly RouteHop[];
  readonly reroute: boolean;
}

/** A physical link with both directions filled in. */
export interface Link {
  readonly index: number;
  readonly a: CloudletId;
  readonly b: CloudletId;
  readonly forth: LinkDirectionSpec;
  readonly back: LinkDirectionSpec;
}

/**
 * The unit that dependencies are tracked by: a strongly connected component of a scope's flow graph. A two-way scope is
 * one stream as a whole; in a one-way scope every origin is a stream of its own; scopes of mixed direction fall out of
 * the same rule. All records of one stream reach exactly the same cloudlets, which is what the delivery proof needs.
 */
export interface Stream {
  readonly id: StreamId;
  readonly scope: ScopeId;
  /** Cloudlets whose records of this scope belong to this stream under every plan of the family, ascending. */
  readonly origins: readonly CloudletId[];
}

/** A cloudlet's neighbour for replication: every peer at the other end of some flow. */
export interface Adjacency {
  readonly peer: CloudletId;
  /** Scopes whose records this cloudlet sends to the peer, ascending. */
  readonly out: readonly ScopeId[];
  /** Scopes whose records the peer sends to this cloudlet, ascending. */
  readonly in: readonly ScopeId[];
}

/** How b stands to a in the control forest (D8, D14): `upper` means b is a strict ancestor of a. */
export type Relation = "same" | "upper" | "lower" | "horizontal";

/** May an operation issued at one cloudlet be targeted at another (D15, D18, D19)? */
export type TargetJudgement = { readonly kind: "allowed" } | { readonly kind: "refused"; readonly why: string };

/** The frozen topology. All lists are indexed by the ids. */
export interface Topology {
  /** Which plan of its family this is. */
  readonly plan: number;
  /**
   * All plans that replicas may be moved between while they run, this one among them. They share cloudlets, scopes, links
   * and streams, ids included; they differ in control, flows and reach.
   */
  readonly plans: readonly Topology[];
  readonly cloudlets: readonly Cloudlet[];
  readonly scopes: readonly Scope[];
  readonly flows: readonly Flow[];
  readonly links: readonly Link[];
  readonly streams: readonly Stream[];
  /** The cloudlet of that name, or null. */
  cloudletNamed(name: string): CloudletId | null;
  /** The scope of that name, or null. */
  scopeNamed(name: string): ScopeId | null;
  /** The scope that a key belongs to (longest prefix), or null when no scope covers it. */
  scopeOf(key: string): ScopeId | null;
  /** The stream that `origin` writes this scope into, or null when it does not hold the scope. */
  streamOf(scope: ScopeId, origin: CloudletId): StreamId | null;
  /** Does a record of this stream ever arrive at this cloudlet (its origins included)? Constant time, no allocation. */
  reaches(stream: StreamId, cloudlet: CloudletId): boolean;
  /** All cloudlets that the stream reaches, ascending, origins included. */
  receivers(stream: StreamId): readonly CloudletId[];
  /** May a record of this stream, once it has left, come back to who wrote it? */
  circulates(stream: StreamId): boolean;
  /** Replication neighbours, ascending by peer. */
  neighbours(cloudlet: CloudletId): readonly Adjacency[];
  /** The physical route of everything between two replication neighbours, from `from` to `to`; null when they are none. */
  routeBetween(from: CloudletId, to: CloudletId): readonly RouteHop[] | null;
  /** How b stands to a. */
  relation(a: CloudletId, b: CloudletId): Relation;
  /** Strict ancestors, nearest first. */
  ancestors(cloudlet: CloudletId): readonly CloudletId[];
  /** Strict descendants, ascending. */
  descendants(cloudlet: CloudletId): readonly CloudletId[];
  /** Whether an operation issued at `issuer` may be targeted at `target`, with the reason in words. */
  mayTarget(issuer: CloudletId, target: CloudletId): TargetJudgement;
}
