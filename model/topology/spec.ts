// A topology as people write it: names instead of indices, nothing derived. `buildTopology` (topology.ts) turns it into
// the checked, indexed form that the replication core uses, or refuses it in words.

import type { Bytes, Duration } from "../units.ts";
import type { ResolverName } from "./resolvers.ts";

/** Which way records of a flow travel: `up` reports to the upper end, `down` sends directives to the lower, `both`. */
export type FlowDirection = "up" | "down" | "both";

/** A site. `upper` names its adjacent upper layer in the control forest; absent for a root. */
export interface CloudletSpec {
  readonly name: string;
  readonly upper?: string;
}

/** A named part of the key space: all keys that begin with `prefix` (the longest prefix wins). */
export interface ScopeSpec {
  readonly name: string;
  readonly prefix: string;
  /** Default "lww-hlc". */
  readonly resolver?: ResolverName;
  /** `disk` (default): answered, acknowledged and relayed only once stored. `memory`: at once, a crash may lose it. */
  readonly durability?: "disk" | "memory";
  /**
   * How long deletes wait at each cloudlet until it reports on them, so that they can be collected; absent: they are kept for
   * good. Takes effect in scopes that are one two-way stream.
   */
  readonly collect?: Duration;
  /**
   * Whoever holds it under one plan may write it under all of them: for itself, and for others once flows of it end there again.
   * Default false: who has left a scope may not write it.
   */
  readonly outlivesPlans?: boolean;
}

/** One named way for state between an ancestor and a descendant, adjacent or not. */
export interface FlowSpec {
  /** Default: "<scope>:<upper>-<lower>". */
  readonly name?: string;
  readonly scope: string;
  readonly upper: string;
  readonly lower: string;
  readonly direction: FlowDirection;
  /** Names of the sites between the ends over which the flow is routed, in order from upper to lower. */
  readonly via?: readonly string[];
  /** True: when its path is down another path may be taken. Default false: the path down is the flow down. */
  readonly reroute?: boolean;
}

/** The physical properties of one direction of a link. Absent: no limit, no loss. */
export interface LinkDirectionSpec {
  /** Latency of an empty message: the least delay, whole microseconds. */
  readonly delay: Duration;
  /** Added to the delay, drawn evenly from 0 to this. */
  readonly jitter?: Duration;
  /** Bits per second, whole; absent: no limit. */
  readonly bandwidth?: number;
  /** Bytes that may wait for a busy link; more are dropped. Absent: no limit. */
  readonly queue?: Bytes;
  /** Parts per million. */
  readonly loss?: number;
  /** Parts per million of messages that arrive twice. */
  readonly duplication?: number;
  /** Parts per million of messages that are held back by `reorderDelay` and may be overtaken. */
  readonly reordering?: number;
  readonly reorderDelay?: Duration;
  /** Parts per million of messages that arrive with flipped bits. */
  readonly corruption?: number;
}

/** A physical link between two sites. `forth` is a to b; `back` defaults to the same properties. */
export interface LinkSpec {
  readonly a: string;
  readonly b: string;
  readonly forth: LinkDirectionSpec;
  readonly back?: LinkDirectionSpec;
}

/** All of it. Order is meaning: indices follow the order of these lists. */
export interface TopologySpec {
  readonly cloudlets: readonly CloudletSpec[];
  readonly scopes: readonly ScopeSpec[];
  readonly flows: readonly FlowSpec[];
  /** May be empty only where there are no flows. */
  readonly links: readonly LinkSpec[];
}
