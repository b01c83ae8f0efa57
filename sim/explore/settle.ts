// What comes of a quiet state once faults have ended: ways open, everybody goes over to the last plan, everything arrives, timers
// fire as often as they like. After that everything must be everywhere it leads. This is the liveness half of an exploration: a
// state in which nothing more happens inside the bounds may still wait for a timer that has fired as often as it was allowed to.

import { actionKinds, actionOf, pairOf } from "./actions.ts";
import type { Violation } from "./truth.ts";
import type { ExploredWorld } from "./world.ts";

/** Times that all timers fire before it counts as not converging: repeating slows down, and a clock moves on with every firing. */
const roundsMax = 40;

/**
 * Judges the state that is loaded, in which nothing moves any more. Leaves another state loaded.
 *
 * @returns what is wrong; null when it converges
 */
export function settles(world: ExploredWorld): Violation | null {
  // Most quiet states have converged already.
  if (world.missing().length === 0) return null;
  const take = (kind: number, about: number): Violation | null => {
    world.take(actionOf(kind, about));
    return world.violation;
  };
  const plans = world.topology.plans.length;
  for (let cloudlet = 0; cloudlet < world.layout.cloudlets; cloudlet += 1) {
    while (world.siteOf(cloudlet).plan + 1 < plans) {
      const violation = take(actionKinds.adopt, pairOf(cloudlet, world.siteOf(cloudlet).plan + 1));
      if (violation !== null) return violation;
    }
  }
  for (let way = 0; way < world.ways.ends.length; way += 1) {
    if (((world.state[world.layout.ways] as number) & (1 << way)) === 0) continue;
    const violation = take(actionKinds.heal, way);
    if (violation !== null) return violation;
  }
  for (let round = 0; round < roundsMax; round += 1) {
    world.deliverAll();
    if (world.violation !== null) return world.violation;
    if (world.missing().length === 0) return null;
    for (let cloudlet = 0; cloudlet < world.layout.cloudlets; cloudlet += 1) {
      for (const timer of world.siteOf(cloudlet).armed) {
        // One that fires may disarm another.
        if (!world.siteOf(cloudlet).armed.includes(timer)) continue;
        const violation = take(actionKinds.fire, pairOf(cloudlet, timer));
        if (violation !== null) return violation;
      }
    }
  }
  return { property: "convergence", says: `${world.missing().join(", ")}, however often timers fire` };
}
