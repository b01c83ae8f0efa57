// Which plan the process of each cloudlet goes by, as the world tells it: operations, marks and views are judged by the plan that whoever
// acts goes by then, not by the first one, nor by the last.
//
// Leaves out which records lead where under which plan (family-reach.ts).

import type { CloudletId } from "../../model/ids.ts";
import type { Topology } from "../../model/topology/topology.ts";

/** The plans of one run. */
export class PlansInForce {
  /** Everything that is the same under all plans may be asked of this one. */
  readonly first: Topology;
  readonly #of: Topology[];

  constructor(first: Topology) {
    this.first = first;
    this.#of = first.cloudlets.map(() => first);
  }

  /** The plan that a cloudlet goes by, or goes by when its process starts again. */
  of(cloudlet: CloudletId): Topology {
    return this.#of[cloudlet] as Topology;
  }

  /** A cloudlet goes by another plan from now on. */
  told(cloudlet: CloudletId, plan: Topology): void {
    this.#of[cloudlet] = plan;
  }

  /** Does everybody go by the same plan? */
  areSame(): boolean {
    return this.#of.every((plan) => plan === this.#of[0]);
  }

  /** Is a cloudlet above another, under the plan that a third goes by? */
  isAbove(upper: CloudletId, lower: CloudletId, by: CloudletId): boolean {
    return this.of(by).relation(upper, lower) === "lower";
  }
}

/** Somebody whom a watcher sees otherwise under another plan than before: what it had marked it is forgotten. */
interface Rewatched {
  readonly about: CloudletId;
  /** Below it now, at all, and right below. */
  readonly isBelow: boolean;
  readonly isAdjacent: boolean;
}

/** All of these, when that cloudlet goes from one plan to another, ascending. */
export function rewatched(watcher: CloudletId, former: Topology, plan: Topology): readonly Rewatched[] {
  return plan.cloudlets.flatMap(({ id: about, upper }) => {
    const isBelow = plan.relation(watcher, about) === "lower";
    const isAdjacent = upper === watcher;
    const wasBelow = former.relation(watcher, about) === "lower";
    const wasAdjacent = former.cloudlets[about]?.upper === watcher;
    return isBelow === wasBelow && isAdjacent === wasAdjacent ? [] : [{ about, isBelow, isAdjacent }];
  });
}
