// Gabriel graphs: points that lie evenly in a square, two of them joined where the disc whose diameter is the line between them holds no
// third one, on its edge neither. Gabriel and Sokal, "A new statistical approach to geographic variation analysis" (Systematic Zoology 18,
// 1969); that such graphs look like fibre networks of regions and countries: Cetinkaya and others, "On the fitness of geographical graph
// generators for modelling physical level topologies" (RNDM 2013). They are connected, since they hold the shortest tree over all points.
//
// Simplified: there are no coasts, mountains or cities, and every link is as fast as any other.

import type { Rng } from "../../model/random.ts";
import { memberOfGraph } from "./from-graph.ts";
import type { DrawnFamily, FamilyParameters } from "./member.ts";
import { drawPoints, fibreBetween, type Points } from "./plane.ts";

const KM_DEFAULT = 500;

/** Draws one. */
export function drawGabriel(rng: Rng, cloudlets: number, { km = KM_DEFAULT }: FamilyParameters = {}): DrawnFamily {
  const points = drawPoints(rng, cloudlets, km);
  const edges = gabrielEdges(points).map(([a, b]) => ({ a, b, delay: fibreBetween(points, a, b) }));
  return memberOfGraph(cloudlets, edges);
}

/** A corner of what is left, from the point that is looked at. */
interface Corner {
  readonly x: number;
  readonly y: number;
}

/**
 * The edges of a Gabriel graph, each once, the lesser point first.
 *
 * 1. Seen from point i, point k hides all that lies behind the line through k across the way from i to k: k is in the disc over i and j just
 *    when j lies on that line or behind it.
 * 2. What no point hides is a polygon around i, at first the whole square. Points are looked at in rings of cells around i; once the rings
 *    reach beyond the farthest corner of the polygon, no point further out can be joined with i.
 * 3. What hides j from i is nearer than j. So j is joined with i where none that was looked at hides it. Of coordinates in whole metres
 *    this is exact; the polygon, which is not, only says when to stop.
 */
export function gabrielEdges({ side, x, y }: Points): readonly (readonly [number, number])[] {
  const count = x.length;
  const width = Math.max(1, Math.floor(Math.sqrt(count)));
  const cell = (side + 1) / width;
  const cells = Array.from({ length: width * width }, (): number[] => []);
  const cellOf = (at: number): number => Math.min(width - 1, Math.floor(at / cell));
  for (let point = 0; point < count; point += 1) {
    cells[cellOf(x[point] as number) * width + cellOf(y[point] as number)]?.push(point);
  }
  const edges: [number, number][] = [];
  for (let i = 0; i < count; i += 1) {
    const [xi, yi] = [x[i] as number, y[i] as number];
    const [column, row] = [cellOf(xi), cellOf(yi)];
    let open: readonly Corner[] = [
      { x: -xi, y: -yi },
      { x: side - xi, y: -yi },
      { x: side - xi, y: side - yi },
      { x: -xi, y: side - yi },
    ];
    const seen: number[] = [];
    for (let ring = 0; ring <= width; ring += 1) {
      for (const number of ringOf(column, row, ring, width)) {
        for (const j of cells[number] ?? []) {
          if (j === i) continue;
          seen.push(j);
          open = before(open, (x[j] as number) - xi, (y[j] as number) - yi);
        }
      }
      const reach = ring * cell;
      // A metre more than the corners: they are rounded.
      if (open.every((corner) => Math.sqrt(corner.x * corner.x + corner.y * corner.y) + 1 < reach)) break;
    }
    for (const j of seen) {
      if (j < i) continue;
      const [xj, yj] = [(x[j] as number) - xi, (y[j] as number) - yi];
      const isHidden = seen.some((k) => {
        const [xk, yk] = [(x[k] as number) - xi, (y[k] as number) - yi];
        return k !== j && xj * xk + yj * yk >= xk * xk + yk * yk;
      });
      if (!isHidden) edges.push([i, j]);
    }
  }
  return edges.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
}

/** Cells so many steps away. */
function ringOf(column: number, row: number, ring: number, width: number): number[] {
  const found: number[] = [];
  for (let at = column - ring; at <= column + ring; at += 1) {
    if (at < 0 || at >= width) continue;
    const isSide = Math.abs(at - column) === ring;
    for (let to = row - ring; to <= row + ring; to += isSide ? 1 : Math.max(1, 2 * ring)) {
      if (to >= 0 && to < width) found.push(at * width + to);
    }
  }
  return found;
}

/** What of a polygon lies before the line through (px, py) across the way there (Sutherland and Hodgman, 1974). */
function before(corners: readonly Corner[], px: number, py: number): readonly Corner[] {
  const limit = px * px + py * py;
  const beyond = corners.map((corner) => corner.x * px + corner.y * py - limit);
  if (beyond.every((far) => far <= 0)) return corners;
  return corners.flatMap((corner, at) => {
    const next = corners[(at + 1) % corners.length] as Corner;
    const [here, there] = [beyond[at] as number, beyond[(at + 1) % corners.length] as number];
    const kept = here <= 0 ? [corner] : [];
    if (here <= 0 === there <= 0) return kept;
    const share = here / (here - there);
    return [...kept, { x: corner.x + share * (next.x - corner.x), y: corner.y + share * (next.y - corner.y) }];
  });
}
