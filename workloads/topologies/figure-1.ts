// Trees like Figure 1 of the position paper: edge aggregation layers of unequal depth with cloudlets at their ends, an access branch of
// its own (access edge, infrastructure edge, device edge), and cloudlets that replicate past the layers between.
//
// The figure itself, with its twelve cloudlets and its routes, is workloads/figure-1.yaml.

import { pick, type Rng } from "../../model/random.ts";
import type { DrawnFamily, Shortcut } from "./member.ts";

const HALF = 500_000;
const FORTY_PERCENT = 400_000;
/** Cloudlets of the access branch. */
const BRANCH = 3;
/** In the figure four layers lie between the centre and its lowest cloudlets. */
const DEPTH_MAX = 5;
const LOWERS_MAX = 3;

/** Draws one. Small ones have no access branch. */
export function drawFigure1(rng: Rng, cloudlets: number): DrawnFamily {
  const uppers: number[] = [-1];
  const depths: number[] = [0];
  const add = (upper: number): number => {
    uppers.push(upper);
    depths.push((depths[upper] ?? 0) + 1);
    return uppers.length - 1;
  };
  const shortcuts: Shortcut[] = [];
  // The access edge branches off the centre, and the aggregation layers begin below it, as in the figure.
  let below = 0;
  if (cloudlets > BRANCH + 2) {
    below = add(0);
    const infrastructure = add(below);
    const device = add(infrastructure);
    shortcuts.push({ upper: 0, lower: infrastructure });
    if (rng.chance(HALF)) shortcuts.push({ upper: below, lower: device });
  }
  // Sites that layers may still be put below.
  let open = [below];
  const lowers = new Map<number, number>();
  while (uppers.length < cloudlets) {
    const upper = pick(rng, open);
    const site = add(upper);
    lowers.set(upper, (lowers.get(upper) ?? 0) + 1);
    if ((depths[site] ?? 0) < DEPTH_MAX) open.push(site);
    if (open.length > 1) open = open.filter((known) => (lowers.get(known) ?? 0) < LOWERS_MAX || known === below);
  }
  const hasLowers = new Set(uppers);
  for (const [lower, depth] of depths.entries()) {
    if (hasLowers.has(lower) || depth < 2 || shortcuts.some((known) => known.lower === lower)) continue;
    if (!rng.chance(FORTY_PERCENT)) continue;
    const above: number[] = [];
    for (let upper = uppers[uppers[lower] ?? 0] ?? -1; upper >= 0; upper = uppers[upper] ?? -1) above.push(upper);
    shortcuts.push({ upper: pick(rng, above), lower });
  }
  return { uppers, names: null, delays: null, shortcuts };
}
