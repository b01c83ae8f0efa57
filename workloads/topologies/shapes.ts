// Shapes of control trees: who is above whom, as bare numbers. Cloudlet 0 is the root, and every upper comes before its
// lowers. Names, flows and links are trees.ts.

import { unreachable } from "../../model/assert.ts";
import type { Rng } from "../../model/random.ts";

/** How a control tree may look. */
export type TreeShape = "chain" | "star" | "balanced" | "caterpillar" | "random-recursive" | "two-level";

/** All shapes. */
export const TREE_SHAPES: readonly TreeShape[] = [
  "chain",
  "star",
  "balanced",
  "caterpillar",
  "random-recursive",
  "two-level",
];

/** The upper of each cloudlet, -1 for the root. Takes at least 1 cloudlet. */
export function drawUppers(rng: Rng, shape: TreeShape, cloudlets: number): readonly number[] {
  const below = (upperOf: (cloudlet: number) => number): number[] =>
    Array.from({ length: cloudlets }, (_, cloudlet) => (cloudlet === 0 ? -1 : upperOf(cloudlet)));
  switch (shape) {
    case "chain":
      return below((cloudlet) => cloudlet - 1);
    case "star":
      return below(() => 0);
    case "balanced": {
      const branches = 2 + rng.intInclusive(2);
      return below((cloudlet) => Math.floor((cloudlet - 1) / branches));
    }
    case "caterpillar": {
      // A chain that every other cloudlet hangs on.
      const spine = Math.min(cloudlets, 2 + rng.intInclusive(Math.max(0, Math.floor((cloudlets * 2) / 3) - 2)));
      return below((cloudlet) => (cloudlet < spine ? cloudlet - 1 : rng.intInclusive(spine - 1)));
    }
    case "random-recursive":
      // Each new cloudlet goes below any of those that are there.
      return below((cloudlet) => rng.intInclusive(cloudlet - 1));
    case "two-level": {
      const middles = 1 + rng.intInclusive(Math.max(0, Math.floor((cloudlets - 1) / 2) - 1));
      return below((cloudlet) => (cloudlet <= middles ? 0 : 1 + ((cloudlet - 1) % middles)));
    }
    default:
      return unreachable(shape);
  }
}
