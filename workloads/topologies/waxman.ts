// Waxman graphs: points that lie evenly in a square, each two of them joined with a chance that falls with their distance,
// beta x exp(-d / (alpha x L)), where L is how far points of the square can lie apart. Waxman, "Routing of multipoint connections" (IEEE
// Journal on Selected Areas in Communications 6(9), 1988), his first model, RG1. The larger alpha the more long links there are beside short
// ones; the larger beta the more links of all lengths. Some later texts and tools have the two names the other way round.
//
// Where beta is not said it is such that a cloudlet has four links on average. Waxman does not say what becomes of graphs in pieces: here
// they are joined, by the links that the shortest tree over all pieces needs.

import type { Rng } from "../../model/random.ts";
import { memberOfGraph } from "./from-graph.ts";
import type { DrawnFamily, FamilyParameters, SpareLink } from "./member.ts";
import { drawPoints, fibreBetween, kmBetween, type Points } from "./plane.ts";

const KM_DEFAULT = 500;
const ALPHA_DEFAULT = 0.2;
const DEGREE_DEFAULT = 4;
const MILLION = 1_000_000;

/** More cloudlets have millions of pairs, each with a chance of its own. */
export const WAXMAN_MAX = 2_000;

/** Draws one of at most `WAXMAN_MAX` cloudlets. */
export function drawWaxman(rng: Rng, cloudlets: number, parameters: FamilyParameters = {}): DrawnFamily {
  const { km = KM_DEFAULT, alpha = ALPHA_DEFAULT } = parameters;
  const points = drawPoints(rng, cloudlets, km);
  const reach = alpha * (points.side / 1_000) * Math.SQRT2;
  // Rounded at once, so that a last digit of the exponential decides nothing.
  const nearness = (a: number, b: number): number =>
    Math.round(Math.exp(-kmBetween(points, a, b) / reach) * MILLION) / MILLION;
  const beta = parameters.beta ?? betaFor(cloudlets, nearness);
  const edges: SpareLink[] = [];
  for (let a = 0; a < cloudlets; a += 1) {
    for (let b = a + 1; b < cloudlets; b += 1) {
      const chance = Math.min(MILLION, Math.round(beta * nearness(a, b) * MILLION));
      if (rng.chance(chance)) edges.push({ a, b, delay: fibreBetween(points, a, b) });
    }
  }
  return memberOfGraph(cloudlets, [...edges, ...bridges(points, edges)]);
}

function betaFor(cloudlets: number, nearness: (a: number, b: number) => number): number {
  let sum = 0;
  for (let a = 0; a < cloudlets; a += 1) for (let b = a + 1; b < cloudlets; b += 1) sum += nearness(a, b);
  return sum === 0 ? 1 : Math.min(1, (DEGREE_DEFAULT * cloudlets) / 2 / sum);
}

/** The links that join pieces: those of the shortest tree (Prim) in which edges that are there cost nothing. */
function bridges(points: Points, edges: readonly SpareLink[]): readonly SpareLink[] {
  const count = points.x.length;
  const joined = Array.from({ length: count }, (): number[] => []);
  for (const { a, b } of edges) {
    joined[a]?.push(b);
    joined[b]?.push(a);
  }
  const isIn = new Uint8Array(count);
  const far = new Float64Array(count).fill(Infinity);
  const from = new Int32Array(count).fill(-1);
  const found: SpareLink[] = [];
  for (let turn = 0; turn < count; turn += 1) {
    let next = -1;
    for (let node = 0; node < count; node += 1) {
      if (isIn[node] === 0 && (next < 0 || (far[node] as number) < (far[next] as number))) next = node;
    }
    isIn[next] = 1;
    const before = from[next] as number;
    if (turn > 0 && (far[next] as number) > 0) {
      found.push({ a: before, b: next, delay: fibreBetween(points, before, next) });
    }
    for (let node = 0; node < count; node += 1) {
      const km = kmBetween(points, next, node);
      if (isIn[node] === 1 || km >= (far[node] as number)) continue;
      far[node] = km;
      from[node] = next;
    }
    for (const node of joined[next] ?? []) {
      if (isIn[node] === 1) continue;
      far[node] = 0;
      from[node] = next;
    }
  }
  return found;
}
