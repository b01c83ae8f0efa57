// A country's edge cloud: the central site in its largest city, regional aggregation in other large ones, and a cloudlet per city after that,
// each below the nearest centre, in the order of population. When a country's cities run out, the largest get a second cloudlet and
// so on: districts some kilometres away.
//
// Delays are the distances over fibre with a detour (distance.ts). Leaves out roads, borders and what an operator really built.

import { pick, type Rng } from "../../model/random.ts";
import { type Duration, micros } from "../../model/units.ts";
import { cityTable, countries, type City } from "./cities.ts";
import { distanceKm, fibreDelay } from "./distance.ts";
import type { DrawnFamily } from "./member.ts";

/** Between two cloudlets of one city. */
const DISTRICT_KM = 8;

/** Draws a country, and how many regional centres it has. */
export function drawGeographic(rng: Rng, cloudlets: number): DrawnFamily {
  const cities = cityTable(pick(rng, countries));
  // About as many centres as cloudlets below each, a few more or less.
  const square = Math.floor(Math.sqrt(cloudlets));
  const centres = Math.max(0, Math.min(cloudlets - 2, square + rng.intInclusive(2) - 1));
  const places: City[] = [];
  const names: string[] = [];
  for (let site = 0; site < cloudlets; site += 1) {
    const round = Math.floor(site / cities.length);
    const city = cities[site % cities.length] as City;
    places.push(city);
    names.push(round === 0 ? city.name : `${city.name}-${round + 1}`);
  }
  const uppers: number[] = [];
  const delays: Duration[] = [];
  for (const [site, city] of places.entries()) {
    if (site === 0) {
      uppers.push(-1);
      delays.push(micros(0));
      continue;
    }
    // Centres stand below the central site; all others below whichever of these is nearest.
    let upper = 0;
    if (site > centres) {
      for (let centre = 1; centre <= centres; centre += 1) {
        if (distanceKm(city, places[centre] as City) < distanceKm(city, places[upper] as City)) upper = centre;
      }
    }
    uppers.push(upper);
    const km = distanceKm(city, places[upper] as City);
    delays.push(fibreDelay(Math.max(km, DISTRICT_KM)));
  }
  return { uppers, names, delays, shortcuts: [] };
}
