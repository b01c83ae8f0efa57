// Distances on the earth, and how long a message takes over them. Only functions whose results are the same on every version of Node
// that is supported (sin, cos, sqrt, atan), and whole microseconds in the end.

import { type Duration, micros } from "../../model/units.ts";

/** A place, in degrees north and east. */
export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

const EARTH_RADIUS_KM = 6371;
const RADIANS = Math.PI / 180;
/** Light in glass. */
const KM_PER_MS = 200;
/** Cables follow roads: half as long again as the straight way. */
const DETOUR = 1.5;
/** Equipment at both ends, however near they are. */
const LEAST = 50;

/** The straight way over the earth in km (haversine formula). */
export function distanceKm(a: Place, b: Place): number {
  const north = Math.sin(((b.latitude - a.latitude) * RADIANS) / 2);
  const east = Math.sin(((b.longitude - a.longitude) * RADIANS) / 2);
  const half = north * north + Math.cos(a.latitude * RADIANS) * Math.cos(b.latitude * RADIANS) * east * east;
  if (half >= 1) return EARTH_RADIUS_KM * Math.PI;
  return 2 * EARTH_RADIUS_KM * Math.atan(Math.sqrt(half / (1 - half)));
}

/** How long an empty message takes over a fibre between places so many km apart. */
export function fibreDelay(km: number): Duration {
  return micros(Math.max(LEAST, Math.round(((km * DETOUR) / KM_PER_MS) * 1_000)));
}
