// Explores a scenario with several workers, from what they find to what is shown: as `explore` does in one thread, with the same result.
//
// 1. Where cores turn out not to be alike (symmetry.ts), the workers begin anew and exchange nothing.
// 2. Where something is violated, the shortest way to it is looked for in this thread. It is there, so whatever memory that takes is
//    taken: about as much as the workers have taken together.

import { explore, unmetOf, type ExploreResult } from "./explore.ts";
import { searchTogether, type CrewOrder } from "./crew.ts";
import type { ExploredWorld } from "./world.ts";

/** What came of it. */
export type TogetherOutcome =
  | { readonly kind: "explored"; readonly found: ExploreResult }
  /** A worker died: nothing is known. */
  | { readonly kind: "died"; readonly why: string };

/** Explores the world that `order` tells of. */
export async function exploreTogether(world: ExploredWorld, order: CrewOrder): Promise<TogetherOutcome> {
  const outcome = await searchTogether(order);
  switch (outcome.kind) {
    case "searched": {
      const { result } = outcome;
      return { kind: "explored", found: { ...result, trail: [], unmet: unmetOf(world, result) } };
    }
    case "violated": {
      const { depth, onProgress } = order;
      const options = { memory: Infinity, depth, ...(onProgress !== undefined && { onProgress }) };
      return { kind: "explored", found: explore(world, options) };
    }
    case "refused":
      world.symmetry.refuse(outcome.why);
      return exploreTogether(world, { ...order, reductions: { ...order.reductions, symmetry: false } });
    case "died":
      return outcome;
  }
}
