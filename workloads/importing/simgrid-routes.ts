// Routes of a SimGrid platform as edges of a map.
//
// 1. A route over one link is an edge.
// 2. A route over several links is not one where other routes of one link each lead along the same links: those are the edges then. Where no
//    such routes are, it becomes one edge, whose latency is that of its links together, and whose bandwidth is the least of theirs.
// 3. What changes with time becomes events (simgrid-over-time.ts), and edges have the best that they ever have.
// 4. What is shared is told: a link that several edges take, one whose two directions share what it has, and one that flows do not share.

import type { MapEdge, MapWay } from "./map.ts";
import { type OneWay, pairedWays } from "./one-way.ts";
import type { MapEvent } from "./schedule.ts";
import { type Course, eventsOf, wayMoments } from "./simgrid-over-time.ts";
import type { Platform, PlatformLink, PlatformRoute } from "./simgrid-parts.ts";
import type { LinkProfiles } from "./simgrid-profiles.ts";
import { bestOf } from "./worsening.ts";

/** What SimGrid's own model makes of latencies and bandwidths. */
export type SimGridLatency = "nominal" | "lv08";

const factors = { nominal: { latency: 1, bandwidth: 1 }, lv08: { latency: 13.01, bandwidth: 0.97 } } as const;
/** So many places at which a walk along links may be at once, where links lead to several. */
const PLACES_MAX = 64;

interface Directed extends PlatformRoute {
  /** Is it the way back of one that leads both ways? */
  readonly isBack: boolean;
}

type Next = ReadonlyMap<PlatformLink, ReadonlyMap<number, readonly number[]>>;

/** The edges, and what befalls them. */
export function edgesOf(
  platform: Platform,
  profiles: ReadonlyMap<PlatformLink, LinkProfiles>,
  latencies: SimGridLatency,
): { readonly edges: readonly MapEdge[]; readonly events: readonly MapEvent[] } {
  const { nodes, fidelity } = platform;
  const label = (node: number): string => nodes[node]?.id ?? "";
  const directed = platform.routes.flatMap((route): readonly Directed[] => {
    const forth = { ...route, isBack: false };
    if (!route.isSymmetrical) return [forth];
    return [forth, { ...route, from: route.to, to: route.from, links: route.links.toReversed(), isBack: true }];
  });
  const next = overOneLink(directed);
  const taken = directed.filter((route) => {
    const { from, to, links, isWritten, isBack } = route;
    // A route that leads both ways is told once.
    const count = isBack ? 0 : 1;
    if (from === to) {
      fidelity.note("dropped", "a route of a host with itself", label(from), count);
      return false;
    }
    if (!isWritten || links.length === 1) return true;
    const where = `${label(from)} to ${label(to)}`;
    if (leadsAlong(next, route)) {
      fidelity.note("dropped", "a route of several links, since routes of one link each lead along them", where, count);
      return false;
    }
    fidelity.note(
      "converted",
      "a route of several links, to one edge: latencies add up, the least bandwidth counts",
      where,
      count,
    );
    return true;
  });
  noteSharing(platform, taken);
  const factor = factors[latencies];
  const courses = new Map<MapWay, Course>();
  const ways = taken.map((route): OneWay => {
    const moments = wayMoments(route, (link) => profiles.get(link), factor);
    // What is written counts, too, where a profile changes it at once: the tree follows from that.
    const written = profiles.size === 0 ? [] : wayMoments(route, () => undefined, factor);
    const best = bestOf([...written, ...moments].map(({ way }) => way));
    courses.set(best, { best, moments });
    return { from: route.from, to: route.to, way: best, km: null };
  });
  const pairs = pairedWays(ways, nodes, fidelity);
  if (latencies === "lv08")
    fidelity.note(
      "converted",
      "a latency times 13.01 and a bandwidth times 0.97, as SimGrid's model LV08 has them",
      null,
      pairs.length,
    );
  else
    fidelity.note(
      "assumed",
      "latencies and bandwidths as they are written, where SimGrid's own model (LV08) takes 13.01 times the latency and 0.97 of the bandwidth",
    );
  return {
    edges: pairs.map(({ from, to, way, back }) => ({
      a: from,
      b: to,
      forth: way,
      back: way.delay === back.delay && way.bandwidth === back.bandwidth ? null : back,
      km: null,
    })),
    events:
      profiles.size === 0
        ? []
        : pairs.flatMap(({ from, to, way, back }) =>
            eventsOf(from, to, courses.get(way) as Course, courses.get(back) as Course),
          ),
  };
}

/** Where each link leads from each place, as a route of its own. */
function overOneLink(routes: readonly PlatformRoute[]): Next {
  const next = new Map<PlatformLink, Map<number, number[]>>();
  for (const { from, to, links } of routes) {
    const [link] = links;
    if (link === undefined || links.length > 1 || from === to) continue;
    const places = next.get(link) ?? new Map<number, number[]>();
    next.set(link, places);
    const ends = places.get(from);
    if (ends === undefined) places.set(from, [to]);
    else ends.push(to);
  }
  return next;
}

function leadsAlong(next: Next, { from, to, links }: PlatformRoute): boolean {
  let places: readonly number[] = [from];
  for (const link of links) {
    const ends = next.get(link);
    if (ends === undefined) return false;
    const reached = new Set<number>();
    for (const place of places)
      for (const end of ends.get(place) ?? []) if (reached.size < PLACES_MAX) reached.add(end);
    places = [...reached];
  }
  return places.includes(to);
}

function noteSharing({ fidelity }: Platform, routes: readonly PlatformRoute[]): void {
  // Of each link the first pair of ends that takes it, and whether there are others, and both directions.
  const uses = new Map<
    PlatformLink,
    { readonly from: number; readonly to: number; isOfMany: boolean; isOfBoth: boolean }
  >();
  for (const { from, to, links } of routes)
    for (const link of links) {
      const use = uses.get(link) ?? { from, to, isOfMany: false, isOfBoth: false };
      uses.set(link, use);
      if (use.from === to && use.to === from) use.isOfBoth = true;
      else if (use.from !== from || use.to !== to) use.isOfMany = true;
    }
  for (const [{ id, policy }, { isOfMany, isOfBoth }] of uses) {
    if (policy === "FATPIPE")
      fidelity.note("assumed", "a link that flows do not share (FATPIPE): here those of one edge share it", id);
    else if (isOfMany)
      fidelity.note("assumed", "a link that several edges share: here each has one like it to itself", id);
    else if (isOfBoth && policy === "SHARED")
      fidelity.note(
        "assumed",
        "a link whose two directions share its bandwidth (SHARED): here each has it to itself",
        id,
      );
  }
}
