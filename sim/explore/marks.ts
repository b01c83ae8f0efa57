// Rare situations, counted over the states of a search: one that never met a conflict has shown nothing about conflicts.

import type { ExploredMark } from "./names.ts";
import { countedFaults } from "./budget.ts";
import type { ExploredWorld } from "./world.ts";

/** In how many states each was met; those never met are not in it. */
export type MarkCounts = Map<ExploredMark, number>;

/** Counts what the state that is loaded shows. */
export function noteMarks(world: ExploredWorld, counts: MarkCounts): void {
  const { layout, bounds, state } = world;
  let [conflict, pending, unstored, reparented] = [false, false, false, false];
  const { plan } = world.siteOf(0);
  for (let cloudlet = 0; cloudlet < layout.cloudlets; cloudlet += 1) {
    const site = world.siteOf(cloudlet);
    for (let key = 0; key < site.versions.length; key += 1) conflict ||= (site.versions[key]?.length ?? 0) > 1;
    pending ||= site.isWaiting;
    unstored ||= site.unsynced.length > 0;
    reparented ||= site.plan !== plan;
  }
  if (conflict) addMark(counts, "conflict");
  if (pending) addMark(counts, "pending");
  if (unstored) addMark(counts, "unstored");
  if (world.hasFired()) addMark(counts, "fired");
  if (reparented) addMark(counts, "reparented");
  for (const fault of countedFaults) {
    if (fault !== "cuts" && world.left(fault) < bounds[fault]) addMark(counts, marksOfFaults[fault]);
  }
  if (state[layout.ways] !== 0) addMark(counts, "cut");
}

const marksOfFaults = { losses: "lost", duplicates: "duplicated", crashes: "crashed" } as const;

/** Counts one state more. */
export function addMark(counts: MarkCounts, mark: ExploredMark): void {
  counts.set(mark, (counts.get(mark) ?? 0) + 1);
}
