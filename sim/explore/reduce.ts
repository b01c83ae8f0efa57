// What a search may leave out because it would show nothing new. Each of these is proved in docs/exploration.md, and none is ever
// needed: a search without any says the same, of more states.

import type { Topology } from "../../model/topology/topology.ts";
import type { ExploreSetting } from "../scenario/scenario.ts";

/** What is left out. */
export interface Reductions {
  /** A message that is lost is one that never arrives: losing it makes no state of its own. */
  readonly late: boolean;
  /** A message that tells its receiver nothing, now and for ever, is taken from its way at once. */
  readonly spent: boolean;
  /** A state is not visited where the same one was with no more used up of the bounds. */
  readonly budgets: boolean;
  /** Of states that differ in nothing but which of some equal subtrees or sessions is which, one is visited. */
  readonly symmetry: boolean;
}

/** Nothing is left out. */
export const unreduced: Reductions = { late: false, spent: false, budgets: false, symmetry: false };

/** All that may be left out of this world. */
export function reductionsFor(bounds: ExploreSetting, topology: Topology, protocol: string): Reductions {
  return {
    // Where links keep their order nothing passes a message that does not arrive.
    late: bounds.order === "any",
    // What is known of the core's repeated messages is known of this core, under one plan (docs/exploration.md).
    spent: protocol === "causeway" && topology.plans.length === 1 && bounds.order === "any",
    budgets: true,
    symmetry: true,
  };
}
