// Points on a plane, in whole metres: so that what is nearer than what is decided exactly. Leaves out places on the earth (distance.ts).

import type { Rng } from "../../model/random.ts";
import type { Duration } from "../../model/units.ts";
import { fibreDelay } from "./distance.ts";

/** So many points of a square, from its lower left corner. */
export interface Points {
  /** The square's side in metres. */
  readonly side: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Draws points that lie evenly in a square of so many km, no two on the same metre. */
export function drawPoints(rng: Rng, count: number, km: number): Points {
  const side = Math.max(1, Math.round(km * 1_000));
  const points = { side, x: new Float64Array(count), y: new Float64Array(count) };
  const taken = new Set<number>();
  for (let point = 0; point < count;) {
    const [x, y] = [rng.intInclusive(side), rng.intInclusive(side)];
    const place = x * (side + 1) + y;
    if (taken.has(place)) continue;
    taken.add(place);
    points.x[point] = x;
    points.y[point] = y;
    point += 1;
  }
  return points;
}

/** How far two of them are apart, in km. */
export function kmBetween({ x, y }: Points, one: number, other: number): number {
  const across = (x[one] as number) - (x[other] as number);
  const along = (y[one] as number) - (y[other] as number);
  return Math.sqrt(across * across + along * along) / 1_000;
}

/** How long an empty message takes over a fibre between two of them. */
export function fibreBetween(points: Points, one: number, other: number): Duration {
  return fibreDelay(kmBetween(points, one, other));
}
