// The control forest: who is whose upper layer, answered in constant time by numbering. A walk from the roots gives each
// cloudlet the number of its visit (`first`) and the last number given below it (`last`); b lies below a exactly when
// first[a] < first[b] <= last[a]. No recursion, so that a chain may be as long as it likes.

import type { CloudletId } from "../ids.ts";
import type { Relation } from "./topology.ts";

/** The numbered control forest. */
export interface Forest {
  readonly size: number;
  readonly depths: Int32Array;
  /** Adjacent lower cloudlets, ascending, by cloudlet. */
  readonly lowers: readonly (readonly CloudletId[])[];
  /** The adjacent upper, or -1 at a root. */
  readonly uppers: Int32Array;
  /** How b stands to a: "upper" means that b is a strict ancestor of a. */
  relation(a: number, b: number): Relation;
  /** Strict ancestors, nearest first. */
  ancestors(cloudlet: number): CloudletId[];
  /** Strict descendants, ascending. */
  descendants(cloudlet: number): CloudletId[];
}

const none: readonly CloudletId[] = [];

/**
 * Numbers a forest.
 *
 * @param uppers the adjacent upper of each cloudlet, -1 at roots; without cycles (rule T3), else cloudlets on a cycle
 *   and below it are never visited and horizontal to all
 */
export function numberForest(uppers: Int32Array): Forest {
  const size = uppers.length;
  const lowers: CloudletId[][] = Array.from({ length: size }, () => none as CloudletId[]);
  const stack: number[] = [];
  for (let cloudlet = 0; cloudlet < size; cloudlet += 1) {
    const upper = uppers[cloudlet]!;
    if (upper < 0) continue;
    if (lowers[upper] === none) lowers[upper] = [];
    lowers[upper]!.push(cloudlet as CloudletId);
  }
  for (let cloudlet = size - 1; cloudlet >= 0; cloudlet -= 1) if (uppers[cloudlet]! < 0) stack.push(cloudlet);

  const first = new Int32Array(size).fill(-1);
  const last = new Int32Array(size).fill(-1);
  const depths = new Int32Array(size);
  const inOrder = new Int32Array(size);
  let visits = 0;
  while (stack.length > 0) {
    const cloudlet = stack.pop()!;
    const upper = uppers[cloudlet]!;
    depths[cloudlet] = upper < 0 ? 0 : depths[upper]! + 1;
    first[cloudlet] = visits;
    inOrder[visits] = cloudlet;
    visits += 1;
    const below = lowers[cloudlet]!;
    for (let index = below.length - 1; index >= 0; index -= 1) stack.push(below[index]!);
  }
  // Backwards through the visits, everything below a cloudlet is done before the cloudlet itself.
  for (let visit = visits - 1; visit >= 0; visit -= 1) {
    const cloudlet = inOrder[visit]!;
    if (last[cloudlet]! < visit) last[cloudlet] = visit;
    const upper = uppers[cloudlet]!;
    if (upper >= 0 && last[upper]! < last[cloudlet]!) last[upper] = last[cloudlet]!;
  }

  return {
    size,
    depths,
    lowers,
    uppers,
    relation(a, b) {
      if (a === b) return "same";
      const firstOfA = first[a]!;
      const firstOfB = first[b]!;
      if (firstOfB < firstOfA) return firstOfA <= last[b]! ? "upper" : "horizontal";
      return firstOfB <= last[a]! ? "lower" : "horizontal";
    },
    ancestors(cloudlet) {
      const result: CloudletId[] = [];
      for (let upper = uppers[cloudlet]!; upper >= 0; upper = uppers[upper]!) result.push(upper as CloudletId);
      return result;
    },
    descendants(cloudlet) {
      const below = inOrder.slice(first[cloudlet]! + 1, last[cloudlet]! + 1).sort();
      return Array.from(below) as CloudletId[];
    },
  };
}
