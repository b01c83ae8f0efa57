// The path of least delay among some sites: Dijkstra's algorithm over a binary heap. Equal delays are settled by fewer
// links, then by the order of the sites, so that a route never depends on the order of links in a file.

import { type Links, otherEnd, roundTrip } from "./links.ts";
import type { Link } from "./topology.ts";

/** A site as reached by some path from the start. */
interface Reached {
  readonly delay: number;
  readonly links: number;
  readonly position: number;
}

/**
 * The links of least delay, there and back, from the last of some sites to the first, over these sites only.
 *
 * @returns links in order from the last site to the first; null when they are not connected
 */
export function leastDelay(sites: readonly number[], links: Links): Link[] | null {
  const positionOf = new Map(sites.map((site, position) => [site, position]));
  const best: (Reached | null)[] = sites.map(() => null);
  const towards: (Link | null)[] = sites.map(() => null);
  const settled = new Uint8Array(sites.length);
  const start: Reached = { delay: 0, links: 0, position: 0 };
  const heap: Reached[] = [];
  push(heap, start);
  for (let here = pop(heap); here !== null; here = pop(heap)) {
    if (settled[here.position] === 1) continue;
    settled[here.position] = 1;
    const site = sites[here.position]!;
    for (const link of links.at[site] ?? []) {
      const position = positionOf.get(otherEnd(link, site));
      if (position === undefined || settled[position] === 1) continue;
      const next: Reached = { delay: here.delay + roundTrip(link), links: here.links + 1, position };
      const known = best[position] ?? null;
      if (known !== null && compare(known, next) <= 0) continue;
      best[position] = next;
      towards[position] = link;
      push(heap, next);
    }
  }
  const route: Link[] = [];
  for (let position = sites.length - 1; position > 0;) {
    const link = towards[position] ?? null;
    if (link === null) return null;
    route.push(link);
    position = positionOf.get(otherEnd(link, sites[position]!))!;
  }
  return route;
}

function compare(one: Reached, other: Reached): number {
  return one.delay - other.delay || one.links - other.links || one.position - other.position;
}

function push(heap: Reached[], added: Reached): void {
  let index = heap.length;
  heap.push(added);
  while (index > 0) {
    const above = (index - 1) >> 1;
    if (compare(heap[above]!, added) <= 0) break;
    heap[index] = heap[above]!;
    index = above;
  }
  heap[index] = added;
}

function pop(heap: Reached[]): Reached | null {
  const least = heap[0];
  const moved = heap.pop();
  if (least === undefined || moved === undefined) return null;
  if (heap.length === 0) return least;
  let index = 0;
  for (;;) {
    let below = 2 * index + 1;
    if (below >= heap.length) break;
    if (below + 1 < heap.length && compare(heap[below + 1]!, heap[below]!) < 0) below += 1;
    if (compare(moved, heap[below]!) <= 0) break;
    heap[index] = heap[below]!;
    index = below;
  }
  heap[index] = moved;
  return least;
}
