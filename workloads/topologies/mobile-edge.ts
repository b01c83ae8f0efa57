// Mobile networks with computing at their edge: a core, central offices below it, below each hubs, and on every hub up to 40 cell sites.
// Levels, and 30 to 40 cell sites per hub: Counterpoint Research, "5G MEC: Deployment Options and Challenges for Mobile Operators" (2020).
// Networks with several hundred cell sites have hubs with hundreds of leaves where `cloudlets` asks for more than hubs of 40 take.
//
// Delays are distances over fibre with a detour (distance.ts): a cell site lies 1 to 20 km from its hub, a hub 10 to 80 km from its
// central office, and that 50 to 500 km from the core.

import type { Rng } from "../../model/random.ts";
import type { Duration } from "../../model/units.ts";
import { micros } from "../../model/units.ts";
import { fibreDelay } from "./distance.ts";
import type { DrawnFamily } from "./member.ts";

const SITES_PER_HUB = 40;
const HUBS_PER_OFFICE = 8;
/** From here on the radio network has central offices between its core and its hubs. */
const OFFICES_FROM = 60;
/** Hubs of a network at most: a larger one has more cell sites on each. */
const HUBS_MAX = 16;

/** Draws one. */
export function drawMobileEdge(rng: Rng, cloudlets: number): DrawnFamily {
  const uppers: number[] = [-1];
  const delays: Duration[] = [micros(0)];
  const add = (upper: number, least: number, most: number): number => {
    uppers.push(upper);
    delays.push(fibreDelay(least + rng.double() * (most - least)));
    return uppers.length - 1;
  };
  const few = cloudlets < 4 ? 1 : 1 + rng.intInclusive(Math.max(0, Math.floor(cloudlets / 8)));
  const hubCount = Math.min(
    HUBS_MAX,
    Math.max(1, Math.min(few, Math.ceil(cloudlets / 2)), Math.ceil(cloudlets / SITES_PER_HUB)),
  );
  const offices: number[] = [];
  if (cloudlets >= OFFICES_FROM) {
    const officeCount = Math.max(1, Math.ceil(hubCount / HUBS_PER_OFFICE));
    for (let office = 0; office < officeCount; office += 1) offices.push(add(0, 50, 500));
  }
  const hubs: number[] = [];
  for (let hub = 0; hub < hubCount && uppers.length < cloudlets; hub += 1) {
    const office = offices[hub % Math.max(1, offices.length)];
    hubs.push(office === undefined ? add(0, 20, 300) : add(office, 10, 80));
  }
  // Hubs in a city have more cell sites than those outside.
  const weights = hubs.map(() => 1 + rng.intInclusive(4));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  while (uppers.length < cloudlets) {
    let ticket = rng.intInclusive(Math.max(0, total - 1));
    let hub = 0;
    while (hub < hubs.length - 1 && ticket >= (weights[hub] ?? 0)) {
      ticket -= weights[hub] ?? 0;
      hub += 1;
    }
    add(hubs[hub] ?? 0, 1, 20);
  }
  return { uppers, names: null, delays, shortcuts: [] };
}
