// A topology as a picture of the size of a thumb, for pages with hundreds of them: the tree with its root on top, spare links dashed, no
// words. One path for each kind of line, places rounded to whole pixels, and what falls on what is there already left out: so that a picture
// takes some kilobytes at most.
//
// Of more cloudlets than can be told apart the outer layers are left out (`CLOUDLETS_MAX`), and the caller is told. Colours are the page's
// (`.thumb` in its style). Leaves out names and delays: draw-topology.ts has them.

import { stratify, tree } from "d3-hierarchy";
import type { CloudletSpec, TopologySpec } from "../../model/topology/spec.ts";
import { element } from "../report/markup.ts";

/** A picture, and what is in it. */
export interface Thumbnail {
  /** Markup. */
  readonly picture: string;
  /** Layers from the root on, and how many there are. */
  readonly layersDrawn: number;
  readonly layers: number;
  /** Links that do not join a cloudlet with its adjacent upper. */
  readonly spareCount: number;
}

const WIDTH = 200;
const HEIGHT = 110;
const MARGIN = 5;
/** Layers are drawn as long as no more cloudlets than this are in the picture; the first two always are. */
const CLOUDLETS_MAX = 200;
/** What all roots stand below while places are found; no cloudlet is called that. */
const ABOVE = " ";

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Draws it. Every upper is a cloudlet of the list, and none is above itself. */
export function drawThumbnail({ cloudlets, links }: Pick<TopologySpec, "cloudlets" | "links">): Thumbnail {
  const layers = layersOf(cloudlets);
  const layersDrawn = drawnOf(layers);
  const places = placed(layers.slice(0, layersDrawn).flat());
  const uppers = new Map(cloudlets.map(({ name, upper }) => [name, upper]));
  const [ofTree, spare, dots] = [new Set<string>(), new Set<string>(), new Set<string>()];
  let spareCount = 0;
  for (const { a, b } of links) {
    const isOfTree = uppers.get(a) === b || uppers.get(b) === a;
    if (!isOfTree) spareCount += 1;
    const [from, to] = [places.get(a), places.get(b)];
    if (from === undefined || to === undefined) continue;
    if (isOfTree) ofTree.add(`M${at(from)}L${at(to)}`);
    else spare.add(`M${at(from)}Q${at(bulge(from, to))} ${at(to)}`);
  }
  for (const place of places.values()) dots.add(`M${at(place)}h0`);
  const paths = [
    ["spare", spare],
    ["tree", ofTree],
    ["dots", dots],
  ] as const;
  const picture = element(
    "svg",
    { class: "thumb", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" },
    ...paths.flatMap(([kind, lines]) =>
      lines.size === 0 ? [] : [element("path", { class: kind, d: [...lines].join("") })],
    ),
  );
  return { picture, layersDrawn, layers: layers.length, spareCount };
}

/** Layer by layer, each in the order of the list. */
function layersOf(cloudlets: readonly CloudletSpec[]): readonly (readonly CloudletSpec[])[] {
  const below = new Map<string, CloudletSpec[]>();
  for (const cloudlet of cloudlets) {
    const upper = cloudlet.upper ?? ABOVE;
    const known = below.get(upper);
    if (known === undefined) below.set(upper, [cloudlet]);
    else known.push(cloudlet);
  }
  const layers: (readonly CloudletSpec[])[] = [];
  for (let layer = below.get(ABOVE) ?? []; layer.length > 0;) {
    layers.push(layer);
    layer = layer.flatMap(({ name }) => below.get(name) ?? []);
  }
  return layers;
}

function drawnOf(layers: readonly (readonly CloudletSpec[])[]): number {
  let drawn = 0;
  let count = 0;
  for (const layer of layers) {
    count += layer.length;
    if (count > CLOUDLETS_MAX && drawn >= 2) break;
    drawn += 1;
  }
  return drawn;
}

function placed(cloudlets: readonly CloudletSpec[]): ReadonlyMap<string, Point> {
  const root = stratify<CloudletSpec>()
    .id(({ name }) => name)
    .parentId(({ name, upper }) => (name === ABOVE ? "" : (upper ?? ABOVE)))([{ name: ABOVE }, ...cloudlets]);
  const nodes = tree<CloudletSpec>()
    .size([WIDTH - 2 * MARGIN, 1])(root)
    .descendants();
  const step = (HEIGHT - 2 * MARGIN) / Math.max(1, root.height - 1);
  const places = new Map<string, Point>();
  for (const { x, depth, data } of nodes) {
    if (depth === 0) continue;
    places.set(data.name, { x: Math.round(MARGIN + x), y: Math.round(MARGIN + (depth - 1) * step) });
  }
  return places;
}

// Below the line between two of one layer, beside it otherwise, so that it does not hide behind the tree.
function bulge(from: Point, to: Point): Point {
  const [x, y] = [(from.x + to.x) / 2, (from.y + to.y) / 2];
  const isLevel = Math.abs(from.y - to.y) < MARGIN;
  if (!isLevel) return { x: Math.round(x + (x < WIDTH / 2 ? -8 : 8)), y: Math.round(y) };
  const far = Math.min(16, 4 + Math.abs(from.x - to.x) / 6);
  // Under the lowest layer there is no room.
  return { x: Math.round(x), y: Math.round(y + far > HEIGHT ? y - far : y + far) };
}

function at({ x, y }: Point): string {
  return `${x} ${y}`;
}
