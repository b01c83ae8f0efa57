// A drawn tree as those need it who draw a whole scenario on it: names, and who is above whom. Leaves out scopes, flows and links, which
// each of them draws for its own story.

import type { Rng } from "../../model/random.ts";
import { drawFamily, type TreeOptions } from "../../workloads/topologies/index.ts";

/** A tree: every cloudlet but the first has an upper that comes before it. */
export interface NamedTree {
  readonly names: readonly string[];
  /** By the name of the lower. */
  readonly uppers: ReadonlyMap<string, string>;
  /** Of the link to its upper, in microseconds, where the family says so. */
  readonly delays: ReadonlyMap<string, number | undefined>;
}

/** Draws a tree of this family with so many cloudlets. */
export function drawNamedTree(rng: Rng, shape: TreeOptions["shape"], count: number): NamedTree {
  const drawn = drawFamily(rng, shape ?? "random-recursive", count);
  const names = drawn.uppers.map((_, cloudlet) => drawn.names?.[cloudlet] ?? `c${cloudlet}`);
  return {
    names,
    uppers: new Map(
      drawn.uppers.flatMap((upper, cloudlet) =>
        upper < 0 ? [] : [[names[cloudlet], names[upper]] as [string, string]],
      ),
    ),
    delays: new Map(names.map((name, cloudlet) => [name, drawn.delays?.[cloudlet]])),
  };
}
