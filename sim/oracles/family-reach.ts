// Which records can reach whom while plans change: one reachability per plan, and the plan that each cloudlet was told last.
// A set of cloudlets becomes one set per plan. For a family of one everything is handed through.

import type { CloudletId, ScopeId, StreamId } from "../../model/ids.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { type Lane, Reachability } from "./reachability.ts";

/** The oracles' own view of a family of plans. */
export class FamilyReach {
  /** Index of the set that each stream reaches. */
  readonly setOfStream: Int32Array;
  /** Of all plans, each once. */
  readonly lanes: readonly Lane[];
  /** Are there several plans? */
  readonly isFamily: boolean;
  readonly #topology: Topology;
  readonly #plans: readonly Reachability[];
  // The only plan; null where there are several.
  readonly #only: Reachability | null;
  readonly #planOf: Uint16Array;
  // By set: the set of each plan.
  readonly #sets: number[][] = [];
  readonly #laneByName = new Map<string, number>();

  constructor(topology: Topology) {
    this.#topology = topology;
    this.#plans = topology.plans.map((plan) => new Reachability(plan));
    const first = this.#plans[0] as Reachability;
    this.isFamily = this.#plans.length > 1;
    this.#only = this.isFamily ? null : first;
    this.#planOf = new Uint16Array(topology.cloudlets.length);
    this.setOfStream = this.isFamily ? this.#gatherSets() : first.setOfStream;
    this.lanes = this.isFamily ? this.#gatherLanes() : first.lanes;
  }

  /** The plan that a cloudlet was told last. */
  planOf(cloudlet: number): Topology {
    return this.#topology.plans[this.#planOf[cloudlet] as number] as Topology;
  }

  /** A cloudlet is told another plan. */
  adopt(cloudlet: number, plan: number): void {
    this.#planOf[cloudlet] = plan;
  }

  /** Is this cloudlet in the set, under its plan? */
  holds(set: number, cloudlet: number): boolean {
    if (this.#only !== null) return this.#only.holds(set, cloudlet);
    const plan = this.#planOf[cloudlet] as number;
    return this.#under(plan).holds((this.#sets[set] as number[])[plan] as number, cloudlet);
  }

  /** Does a record of this stream ever arrive at this cloudlet, under its plan? */
  reaches(stream: StreamId, cloudlet: CloudletId): boolean {
    return this.holds(this.setOfStream[stream] as number, cloudlet);
  }

  /** The cloudlets of a set, ascending, each under its plan. */
  membersOf(set: number): Int32Array {
    if (this.#only !== null) return this.#only.membersOf(set);
    return Int32Array.from(this.#planOf.keys()).filter((cloudlet) => this.holds(set, cloudlet));
  }

  /** Is every cloudlet of the smaller set in the larger one, under every plan? */
  covers(larger: number, smaller: number): boolean {
    if (this.#only !== null) return this.#only.covers(larger, smaller);
    const big = this.#sets[larger] as number[];
    const small = this.#sets[smaller] as number[];
    return this.#plans.every((reach, plan) => reach.covers(big[plan] as number, small[plan] as number));
  }

  /** The lane that some plan has for a scope from one cloudlet directly to another; -1 when none has. */
  laneOf(scope: ScopeId, from: CloudletId, to: CloudletId): number {
    if (this.#only !== null) return this.#only.laneOf(scope, from, to);
    return this.#laneByName.get(`${scope} ${from} ${to}`) ?? -1;
  }

  /** Does a scope go from one cloudlet directly to another under the plan of `by`, one of the two? */
  hasLane(scope: ScopeId, from: CloudletId, to: CloudletId, by: CloudletId): boolean {
    return (this.#only ?? this.#under(this.#planOf[by] as number)).laneOf(scope, from, to) >= 0;
  }

  /** Are these the two ends of some flow, under the plan of the first? */
  areNeighbours(a: CloudletId, b: CloudletId): boolean {
    return (this.#only ?? this.#under(this.#planOf[a] as number)).areNeighbours(a, b);
  }

  /** May a record of this stream come back to this cloudlet, one of its origins, from another one? */
  comesBack(stream: StreamId, cloudlet: CloudletId): boolean {
    const reach = this.#only ?? this.#under(this.#planOf[cloudlet] as number);
    const scope = this.#topology.streams[stream]?.scope;
    return reach.lanes.some((lane) => lane.to === cloudlet && lane.scope === scope && reach.reaches(stream, lane.from));
  }

  /** Everyone to whom lanes of a scope lead from any of these, themselves included, over cloudlets that `passes`. */
  reachedFrom(scope: ScopeId, sources: readonly number[], passes: (cloudlet: number) => boolean): ReadonlySet<number> {
    if (this.#only !== null) return this.#only.reachedFrom(scope, sources, passes);
    const ofScope = this.lanes.filter((lane) => lane.scope === scope);
    const found = new Set(sources);
    for (const from of found) {
      for (const lane of ofScope) {
        if (lane.from !== (from as CloudletId) || !passes(lane.to)) continue;
        // A record passes where both ends live under plans that have the lane.
        if (this.hasLane(scope, lane.from, lane.to, lane.from) && this.hasLane(scope, lane.from, lane.to, lane.to)) {
          found.add(lane.to);
        }
      }
    }
    return found;
  }

  #under(plan: number): Reachability {
    return this.#plans[plan] as Reachability;
  }

  #gatherSets(): Int32Array {
    const byName = new Map<string, number>();
    return Int32Array.from(this.#topology.streams, ({ id }) => {
      const sets = this.#plans.map((reach) => reach.setOfStream[id] as number);
      const name = sets.join();
      const known = byName.get(name);
      if (known !== undefined) return known;
      byName.set(name, this.#sets.length);
      return this.#sets.push(sets) - 1;
    });
  }

  #gatherLanes(): readonly Lane[] {
    const lanes: Lane[] = [];
    for (const lane of this.#plans.flatMap((reach) => reach.lanes)) {
      const name = `${lane.scope} ${lane.from} ${lane.to}`;
      if (this.#laneByName.has(name)) continue;
      this.#laneByName.set(name, lanes.length);
      lanes.push(lane);
    }
    return lanes;
  }
}
