// An exploration of a scenario, from its bounds to what was found: the search, the steps that lead to a violation, and situations that
// were to be met and were not. A convergence that fails is shown by a state as early as there is one: the search looks at quiet
// states alone, and once one of them does not converge, a second one looks at every state up to there.

import { assert } from "../../model/assert.ts";
import type { CloudletId } from "../../model/ids.ts";
import { protocolNamed } from "../../model/protocols/protocols.ts";
import type { ReplicationCore } from "../../model/replication/io.ts";
import { createReplica } from "../../model/replication/replica.ts";
import type { Rules } from "../../model/replication/rules.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { ExploredMark } from "./names.ts";
import { reductionsFor } from "./reduce.ts";
import { search, type SearchOptions, type SearchResult } from "./search.ts";
import { trailOf } from "./trail.ts";
import { ExploredWorld, type ExploredWorldOptions } from "./world.ts";

/** What exploring found. */
export interface ExploreResult extends SearchResult {
  /** The steps that lead to the violation, in words; empty when there is none. */
  readonly trail: readonly string[];
  /** Situations that were to be met and were not, by a search that went everywhere. */
  readonly unmet: readonly ExploredMark[];
}

/** Larger searches are not repeated for a shorter way to a state that does not converge. */
const repeatMax = 200_000;

/**
 * The world of a scenario that has bounds to explore.
 *
 * @param plant the rules of a planted bug that keeps nothing in mind
 * @param given what the search may leave out, where that is not to be all that it may
 */
export function exploredWorld(
  scenario: Scenario,
  topology: Topology,
  plant: (() => Partial<Rules>) | null = null,
  given: Pick<ExploredWorldOptions, "reductions" | "spentRule" | "believed"> = {},
): ExploredWorld {
  const { explore: bounds, protocol, clockBound } = scenario;
  assert(bounds !== undefined, "only a scenario with bounds is explored");
  const createCore = (self: CloudletId, plan: Topology): ReplicationCore => {
    const config = { topology: plan, self, clockBound };
    return plant === null ? protocolNamed(protocol).createCore(config) : createReplica({ ...config, plant });
  };
  const reductions = reductionsFor(bounds, topology, protocol);
  return new ExploredWorld({ scenario, topology, bounds, createCore, reductions, ...given });
}

/** Explores a world. */
export function explore(world: ExploredWorld, options: SearchOptions): ExploreResult {
  const found = search(world, options);
  const isLate = found.violation?.property === "convergence" && found.states <= repeatMax;
  const { violation } = isLate ? search(world, { ...options, settlesEverywhere: true }) : found;
  const trail = violation === null ? [] : trailOf(world, violation.actions);
  return { ...found, violation, trail, unmet: unmetOf(world, found) };
}

/** Situations that were to be met and were not; none where a search did not go everywhere. */
export function unmetOf({ bounds }: ExploredWorld, { ended, marks }: SearchResult): readonly ExploredMark[] {
  return ended === "all" ? bounds.sometimes.filter((mark) => !marks.has(mark)) : [];
}
