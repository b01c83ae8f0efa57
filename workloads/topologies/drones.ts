// Drones that fly out from a base to sites without a network, and come back: a data mule's round. A drone is a cloudlet of its own, between
// the base and its sites: what it has taken up at a site it gives to the base when it is back, and the other way round. After Shah and others,
// "Data MULEs: modeling a three-tier architecture for sparse sensor networks" (SNPA 2003): access points, mules, sensors.
//
// 1. The base stands in the middle of a square, sites lie in it evenly. One cloudlet in five is a drone. Sites are shared out by the
//    direction in which they lie, so that each drone has those of one side.
// 2. A round: 5 minutes at the base, then at 15 m/s from site to site in the order of their directions, 1 minute at each, and back.
// 3. A link is up while the drone is there, and 20 s before and after: 300 m on the way. Drones set out one after another.
//
// Simplified: no wind, no empty batteries, no hills; a radio hop takes 2 ms; drones do not hear each other.

import type { Rng } from "../../model/random.ts";
import { type Duration, micros } from "../../model/units.ts";
import type { ContactPlan, DrawnFamily, FamilyParameters } from "./member.ts";
import { drawPoints, type Points } from "./plane.ts";
import { roundOf, windowsOf } from "./rounds.ts";

const KM_DEFAULT = 10;
const CLOUDLETS_PER_DRONE = 5;
const METRES_PER_SECOND = 15;
const AT_BASE = 300;
const AT_SITE = 60;
/** Seconds before and after. */
const IN_REACH = 20;
const HOP = micros(2_000);

/** Draws a base, its drones and their sites. */
export function drawDrones(
  rng: Rng,
  cloudlets: number,
  { km = KM_DEFAULT, round }: FamilyParameters = {},
): DrawnFamily {
  const drones = cloudlets < 2 ? 0 : Math.max(1, Math.round(cloudlets / CLOUDLETS_PER_DRONE));
  const sites = Math.max(0, cloudlets - 1 - drones);
  const points = drawPoints(rng, sites, km);
  const order = byDirection(points);
  const uppers = [-1];
  const contacts: ContactPlan[] = [];
  for (let drone = 0; drone < drones; drone += 1) uppers.push(0);
  for (let drone = 0; drone < drones; drone += 1) {
    const begin = Math.floor((drone * sites) / drones);
    const own = order.slice(begin, Math.floor(((drone + 1) * sites) / drones));
    const { stays, seconds } = tour(points, own);
    // One after another: the first sets out at once.
    const late = AT_BASE - (drone * seconds) / drones;
    const there = roundOf(seconds, round);
    const plan = (to: number, from: number, until: number): void => {
      const meeting = { from: from - late + seconds, until: until - late + seconds };
      contacts.push({ a: to, b: 1 + drone, round: there, windows: windowsOf([meeting], seconds, there) });
    };
    plan(0, -IN_REACH, AT_BASE + IN_REACH);
    for (const [at, from] of stays.entries()) {
      uppers.push(1 + drone);
      plan(1 + drones + begin + at, from - IN_REACH, from + AT_SITE + IN_REACH);
    }
  }
  return {
    uppers,
    names: null,
    delays: uppers.map((upper): Duration => (upper < 0 ? micros(0) : HOP)),
    shortcuts: [],
    contacts,
  };
}

/** When it comes to each site, and how long all takes, in seconds. Without sites it flies out to the edge of the square and back. */
function tour(
  { side, x, y }: Points,
  own: readonly number[],
): { readonly stays: readonly number[]; readonly seconds: number } {
  let at = { x: side / 2, y: side / 2 };
  const base = at;
  let seconds = AT_BASE;
  const fly = (to: { readonly x: number; readonly y: number }): void => {
    const [across, along] = [to.x - at.x, to.y - at.y];
    seconds += Math.round(Math.sqrt(across * across + along * along) / METRES_PER_SECOND);
    at = to;
  };
  const stays = own.map((site) => {
    fly({ x: x[site] as number, y: y[site] as number });
    const begin = seconds;
    seconds += AT_SITE;
    return begin;
  });
  if (own.length === 0) fly({ x: side, y: side / 2 });
  fly(base);
  // Far enough from the base that links are down for a while, however near the sites are.
  return { stays, seconds: Math.max(seconds, AT_BASE + 3 * IN_REACH) };
}

/** Points by the direction from the middle in which they lie, counter-clockwise from the east; in one direction the nearer first. */
function byDirection({ side, x, y }: Points): readonly number[] {
  // Doubled, so that the middle is a whole number.
  const east = (point: number): number => 2 * (x[point] as number) - side;
  const north = (point: number): number => 2 * (y[point] as number) - side;
  const half = (point: number): number => (north(point) > 0 || (north(point) === 0 && east(point) >= 0) ? 0 : 1);
  const far = (point: number): number => east(point) * east(point) + north(point) * north(point);
  return [...x.keys()].sort((a, b) => {
    const turn = east(b) * north(a) - east(a) * north(b);
    return half(a) - half(b) || turn || far(a) - far(b) || a - b;
  });
}
