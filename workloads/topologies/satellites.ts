// A ring of satellites on a low orbit, stations on the ground that they pass over, and a centre that the stations are joined with by fibre. A
// contact plan as of Fraire, De Jonckère and Burleigh, "Routing in the space internet: a contact graph routing tutorial" (Journal of Network
// and Computer Applications 174, 2021), from plain geometry of circles (Wertz and Larson, "Space mission analysis and design", chapter 5).
//
// 1. All satellites follow one another at even distances on one circle, inclined by 53 degrees, 15 times around while the earth turns
//    once beneath: so that after one turn of the earth, 86 164 s, all begins again. That is 561 km above the ground.
// 2. Stations, up to twelve and about one cloudlet in four, lie evenly in longitude and up to 50 degrees north and south. The centre stands at
//    the first one.
// 3. A station sees a satellite that stands 10 degrees above its horizon at least. This is looked at every 20 s.
// 4. A satellite is below the station that sees it longest, and has a spare link to the one after that, for plans to move it there. Neighbours
//    on the ring have spare links that are always up, where the earth is not between them.
//
// Simplified: a sphere that turns evenly, circles that do not drift, no weather, no turns of antennas; a link takes as long as light does
// at the middle of what distances there are.

import { shuffled, type Rng } from "../../model/random.ts";
import { type Duration, micros } from "../../model/units.ts";
import { distanceKm, fibreDelay, type Place } from "./distance.ts";
import type { ContactPlan, DrawnFamily, FamilyParameters, SpareLink } from "./member.ts";
import { type Meeting, roundOf, windowsOf } from "./rounds.ts";

/** More have so many passes that counting them takes long. */
export const SATELLITES_MAX = 500;

const CLOUDLETS_PER_STATION = 4;
const STATIONS_MAX = 12;
const LATITUDE_MAX = 50;
/** A turn of the earth against the stars, and how often a satellite goes round meanwhile. */
const DAY = 86_164;
const ORBITS = 15;
const STEP = 20;
const EARTH_KM = 6_371;
/** By Kepler's third law, for an orbit of DAY / ORBITS seconds. */
const ORBIT_KM = EARTH_KM + 561;
const LIGHT_KM_PER_MS = 299.792;
const RADIANS = Math.PI / 180;
const TILT = 53 * RADIANS;
/** The sine of the least height above the horizon. */
const LEAST_HEIGHT = Math.sin(10 * RADIANS);

/** A direction from the middle of the earth. */
interface Direction {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** Draws a centre, stations and satellites, at most `SATELLITES_MAX` cloudlets together. */
export function drawSatellites(rng: Rng, cloudlets: number, { round }: FamilyParameters = {}): DrawnFamily {
  const stations =
    cloudlets < 2 ? 0 : Math.min(STATIONS_MAX, Math.max(1, Math.round(cloudlets / CLOUDLETS_PER_STATION)));
  const satellites = Math.max(0, cloudlets - 1 - stations);
  const places = drawPlaces(rng, stations);
  const uppers = [-1];
  const delays: Duration[] = [micros(0)];
  for (const place of places) {
    uppers.push(0);
    delays.push(fibreDelay(distanceKm(place, places[0] as Place)));
  }
  const there = roundOf(DAY, round);
  const up = lightDelay((ORBIT_KM - EARTH_KM + farthestSeen()) / 2);
  const spares: SpareLink[] = [];
  const contacts: ContactPlan[] = [];
  const seen = Array.from({ length: DAY / STEP }, (_, step) => places.map((place) => directionOf(place, step * STEP)));
  for (let number = 0; number < satellites; number += 1) {
    const satellite = 1 + stations + number;
    const passes = passesOf(number / satellites, stations, seen);
    const longest = [...passes.keys()].sort((a, b) => lengthOf(passes[b]) - lengthOf(passes[a]) || a - b);
    uppers.push(1 + (longest[0] ?? 0));
    delays.push(up);
    for (const [rank, station] of longest.slice(0, 2).entries()) {
      const meetings = passes[station] as readonly Meeting[];
      if (rank > 0 && meetings.length === 0) continue;
      if (rank > 0) spares.push({ a: 1 + station, b: satellite, delay: up });
      contacts.push({ a: 1 + station, b: satellite, round: there, windows: windowsOf(meetings, DAY, there) });
    }
  }
  return {
    uppers,
    names: null,
    delays,
    shortcuts: [],
    spares: [...spares, ...ringOf(satellites, 1 + stations)],
    contacts,
  };
}

function drawPlaces(rng: Rng, count: number): readonly Place[] {
  const begin = rng.double() * 360;
  const latitudes = shuffled(
    rng,
    Array.from({ length: count }, (_, at) => LATITUDE_MAX * ((2 * (at + rng.double())) / count - 1)),
  );
  return latitudes.map((latitude, at) => {
    const longitude = begin + (360 * at) / count;
    return { latitude, longitude: longitude > 180 ? longitude - 360 : longitude };
  });
}

/** A station as the earth turns. */
function directionOf({ latitude, longitude }: Place, seconds: number): Direction {
  const turned = longitude * RADIANS + (2 * Math.PI * seconds) / DAY;
  const across = Math.cos(latitude * RADIANS);
  return { x: across * Math.cos(turned), y: across * Math.sin(turned), z: Math.sin(latitude * RADIANS) };
}

/** When each station sees a satellite, which is this share of the ring ahead of the first. */
function passesOf(
  ahead: number,
  stations: number,
  seen: readonly (readonly Direction[])[],
): readonly (readonly Meeting[])[] {
  const passes = Array.from({ length: stations }, (): { from: number; until: number }[] => []);
  for (const [step, directions] of seen.entries()) {
    const seconds = step * STEP;
    const turned = 2 * Math.PI * (ahead + (ORBITS * seconds) / DAY);
    const [x, y] = [Math.cos(turned), Math.sin(turned) * Math.cos(TILT)];
    const z = Math.sin(turned) * Math.sin(TILT);
    for (const [station, at] of directions.entries()) {
      if (!isAbove(x * at.x + y * at.y + z * at.z)) continue;
      const own = passes[station] as { from: number; until: number }[];
      const last = own.at(-1);
      if (last !== undefined && last.until === seconds) last.until = seconds + STEP;
      else own.push({ from: seconds, until: seconds + STEP });
    }
  }
  return passes;
}

/** Whether somebody sees a satellite high enough, by the cosine of the angle between them, as seen from the middle of the earth. */
function isAbove(cosine: number): boolean {
  const rise = ORBIT_KM * cosine - EARTH_KM;
  return rise > 0 && rise / distanceAt(cosine) >= LEAST_HEIGHT;
}

/** From the ground to a satellite. */
function distanceAt(cosine: number): number {
  return Math.sqrt(EARTH_KM * EARTH_KM + ORBIT_KM * ORBIT_KM - 2 * EARTH_KM * ORBIT_KM * cosine);
}

/** To a satellite that is just high enough. */
function farthestSeen(): number {
  const low = EARTH_KM * LEAST_HEIGHT;
  return Math.sqrt(low * low + ORBIT_KM * ORBIT_KM - EARTH_KM * EARTH_KM) - low;
}

function lengthOf(meetings: readonly Meeting[] | undefined): number {
  return (meetings ?? []).reduce((sum, { from, until }) => sum + until - from, 0);
}

function lightDelay(km: number): Duration {
  return micros(Math.round((km / LIGHT_KM_PER_MS) * 1_000));
}

/** Links between neighbours. Half of the way between them has to be above the ground. */
function ringOf(count: number, first: number): readonly SpareLink[] {
  if (count < 3 || ORBIT_KM * Math.cos(Math.PI / count) <= EARTH_KM) return [];
  const delay = lightDelay(2 * ORBIT_KM * Math.sin(Math.PI / count));
  return Array.from({ length: count }, (_, at) => ({ a: first + at, b: first + ((at + 1) % count), delay }));
}
