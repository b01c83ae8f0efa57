// Buses that go round on lines, and units at the side of the road that they meet: a centre, road-side units on its fibre, and a cloudlet in
// each bus. After DieselNet, the buses of Amherst: Burgess and others, "MaxProp: routing for vehicle-based disruption-tolerant networks"
// (INFOCOM 2006), and with units that do not move Banerjee and others, "Relays, base stations, and meshes: enhancing mobile networks with
// infrastructure" (MobiCom 2008).
//
// 1. One cloudlet in five is a unit; a line has up to four of them, at even distances around a loop. Buses are spread over lines evenly.
// 2. A bus goes at 30 km/h, and begins anywhere on its line. It is in reach of a unit for 200 m before it and behind.
// 3. Each bus is below one unit of its line. To the others it has spare links, which are up when it meets them: a plan may move it there.
//
// Simplified: no stops, no lights, no night; a radio hop takes 3 ms; buses do not hear each other.

import type { Rng } from "../../model/random.ts";
import { type Duration, micros } from "../../model/units.ts";
import { fibreDelay } from "./distance.ts";
import type { ContactPlan, DrawnFamily, FamilyParameters, SpareLink } from "./member.ts";
import { roundOf, windowsOf } from "./rounds.ts";

/** The loop of a line. */
const KM_DEFAULT = 8;
const CLOUDLETS_PER_UNIT = 5;
const UNITS_PER_LINE = 4;
const KM_PER_HOUR = 30;
const REACH_KM = 0.2;
const HOP = micros(3_000);

/** Draws a centre, units, and buses. */
export function drawVehicles(
  rng: Rng,
  cloudlets: number,
  { km = KM_DEFAULT, round }: FamilyParameters = {},
): DrawnFamily {
  const units = cloudlets < 2 ? 0 : Math.max(1, Math.round(cloudlets / CLOUDLETS_PER_UNIT));
  const lines = Math.ceil(units / UNITS_PER_LINE);
  const uppers = [-1];
  const delays: Duration[] = [micros(0)];
  for (let unit = 0; unit < units; unit += 1) {
    uppers.push(0);
    delays.push(fibreDelay(0.5 + rng.double() * km));
  }
  const seconds = (km / KM_PER_HOUR) * 3_600;
  const there = roundOf(seconds, round);
  const reach = Math.min(REACH_KM / km, 0.1) * seconds;
  const spares: SpareLink[] = [];
  const contacts: ContactPlan[] = [];
  for (let bus = 1 + units; bus < cloudlets; bus += 1) {
    const line = bus % lines;
    const own: number[] = [];
    for (let unit = 1 + line; unit <= units; unit += lines) own.push(unit);
    const begin = rng.double() * seconds;
    const upper = own[rng.intInclusive(own.length - 1)] as number;
    uppers.push(upper);
    delays.push(HOP);
    for (const [place, unit] of own.entries()) {
      if (unit !== upper) spares.push({ a: unit, b: bus, delay: HOP });
      // A round more, so that none begins before the beginning.
      const at = seconds + (place / own.length) * seconds - begin + reach;
      const windows = windowsOf([{ from: at - reach, until: at + reach }], seconds, there);
      contacts.push({ a: unit, b: bus, round: there, windows });
    }
  }
  return { uppers, names: null, delays, shortcuts: [], spares, contacts };
}
