// How long an edge takes, where its source does not say: from the places of its ends. Nodes without a place get one by a stated rule first.

import { type Duration, micros } from "../../model/units.ts";
import { distanceKm, fibreDelay, type Place } from "../topologies/distance.ts";
import type { Fidelity } from "./fidelity.ts";
import type { MapEdge, SourceMap } from "./map.ts";

/** Where neither lengths nor places are known: as scenarios have it where they say nothing. */
const UNKNOWN_DELAY = micros(5_000);

/** Of each edge, one way. Edges whose source says their delay keep it. */
export function edgeDelays({ nodes, edges }: SourceMap, fidelity: Fidelity): readonly Duration[] {
  const places = placed(
    nodes.map(({ place }) => place),
    edges,
    (node, what) => {
      fidelity.note("repaired", what, nodes[node]?.label ?? nodes[node]?.id ?? null);
    },
  );
  return edges.map(({ a, b, forth, km }) => {
    if (forth.delay !== null) return forth.delay;
    if (km !== null) return fibreDelay(km);
    const [from, to] = [places[a] ?? null, places[b] ?? null];
    if (from === null || to === null) {
      fidelity.note("assumed", `a delay of ${UNKNOWN_DELAY / 1_000} ms, since nothing says where its ends are`);
      return UNKNOWN_DELAY;
    }
    fidelity.note("assumed", "a delay from the distance: km x 1.5 / 200 km per ms, 50 us at least");
    return fibreDelay(distanceKm(from, to));
  });
}

// A node without a place is put amid its neighbours that have one; and so on, until no node has a neighbour with one any more.
function placed(
  given: readonly (Place | null)[],
  edges: readonly MapEdge[],
  tell: (node: number, what: string) => void,
): readonly (Place | null)[] {
  const places = given.slice();
  if (!places.includes(null) || places.every((place) => place === null)) return places;
  const neighbours = places.map((): number[] => []);
  for (const { a, b } of edges) {
    neighbours[a]?.push(b);
    neighbours[b]?.push(a);
  }
  for (;;) {
    const found: (readonly [number, Place])[] = [];
    for (const [node, place] of places.entries()) {
      if (place !== null) continue;
      const around = (neighbours[node] ?? []).flatMap((other) => places[other] ?? []);
      if (around.length > 0) found.push([node, amid(around)]);
    }
    if (found.length === 0) return places;
    for (const [node, place] of found) {
      places[node] = place;
      tell(node, "a node without a place: it is put amid its neighbours");
    }
  }
}

// The mean of directions, so that what lies on both sides of the date line comes to lie between. Opposite ones have none: the first counts.
function amid(places: readonly Place[]): Place {
  const radians = Math.PI / 180;
  let [x, y, z] = [0, 0, 0];
  for (const { latitude, longitude } of places) {
    const [north, east] = [latitude * radians, longitude * radians];
    x += Math.cos(north) * Math.cos(east);
    y += Math.cos(north) * Math.sin(east);
    z += Math.sin(north);
  }
  const flat = Math.sqrt(x * x + y * y);
  if (flat < 1e-9 && Math.abs(z) < 1e-9) return places[0] as Place;
  return { latitude: Math.atan2(z, flat) / radians, longitude: Math.atan2(y, x) / radians };
}
