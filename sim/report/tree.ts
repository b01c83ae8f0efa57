// The topology as a picture: the control forest from left to right, or around a center where it has many leaves; every
// physical link as wide as what it carried, those that skip layers as bows.
//
// The layout is the plain one for trees that are read by layers: leaves at even distances in the order of the tree, whoever
// is above in the middle of what is below, each layer one step further out.

import type { CloudletId } from "../../model/ids.ts";
import type { Link, Topology } from "../../model/topology/topology.ts";
import { renderBytes, renderNumber } from "../cli/tables.ts";
import type { LinkFigures } from "../run/report.ts";
import { coordinate, element, escaped } from "./markup.ts";

/** A place in the picture, and the direction that points away from the root there. */
interface Spot {
  readonly x: number;
  readonly y: number;
  /** Radians; 0 points to the right. */
  readonly angle: number;
}

interface Layout {
  readonly spots: readonly Spot[];
  readonly box: readonly [left: number, top: number, width: number, height: number];
  /** Whether the name of a cloudlet has room. */
  readonly isNamed: (cloudlet: CloudletId) => boolean;
  readonly isRound: boolean;
}

/** What the picture is drawn from. */
export interface TreePicture {
  readonly topology: Topology;
  readonly links: readonly LinkFigures[];
  /** Names of cloudlets, and of pairs of them (joined by a line feed, both ways), that a fault names. */
  readonly troubled: ReadonlySet<string>;
  /** The element that names the picture. */
  readonly titleId: string;
  /** Names of cloudlets that have another upper than before; none under a first plan. */
  readonly moved: ReadonlySet<string>;
  /** Does its legend stand below it? */
  readonly isExplained: boolean;
  /** How hot cloudlets are, by name; nothing is heated when it is left out. */
  readonly heat?: ReadonlyMap<string, Heat>;
}

/** A cloudlet's share of the hottest one's heat, from 0 to 1, and what that means. */
export interface Heat {
  readonly share: number;
  readonly says: string;
}

const PAGE_WIDTH = 1_000;
const LEAVES_IN_ROWS_MAX = 40;
const row = { step: 190, height: 24, margin: 26 };
const ring = { step: 90, margin: 130 };
/** Round pictures with more leaves than this name only who is above somebody, and with many more only the first layers. */
const LEAVES_NAMED_MAX = 110;
const INNER_NAMED_MAX = 60;

/** The picture and its legend. */
export function renderTree({ topology, links, troubled, titleId, moved, isExplained, heat }: TreePicture): string {
  const layout = layOut(topology);
  // What a page shrinks is drawn larger.
  const unit = Math.max(1, layout.box[2] / PAGE_WIDTH);
  const figures = new Map(links.map((figure) => [`${figure.from}\n${figure.to}`, figure]));
  const most = links.reduce((largest, { bytes }) => Math.max(largest, bytes), 1);
  const name = (cloudlet: CloudletId): string => topology.cloudlets[cloudlet]?.name ?? "";
  const hasLink = new Set(topology.links.flatMap(({ a, b }) => [`${a}-${b}`, `${b}-${a}`]));
  const control = topology.cloudlets.flatMap(({ id, upper }) =>
    upper === null || hasLink.has(`${id}-${upper}`)
      ? []
      : [drawLine(layout, upper, id, "control", 1, `${name(upper)} is above ${name(id)}`)],
  );
  const drawn = topology.links.map((link) => {
    const { a, b } = link;
    const both = [`${name(a)}\n${name(b)}`, `${name(b)}\n${name(a)}`] as const;
    const [forth, back] = both.map((key) => figures.get(key));
    const bytes = (forth?.bytes ?? 0) + (back?.bytes ?? 0);
    const kind = topology.relation(a, b) === "horizontal" ? "horizontal" : bytes === 0 ? "idle" : "used";
    const trouble = both.some((key) => troubled.has(key)) ? " troubled" : "";
    const width = 1 + (6 * bytes) / (2 * most);
    return drawLine(layout, a, b, `${kind}${trouble}`, width, linkText(link, name, forth, back));
  });
  const nodes = topology.cloudlets.map(({ id, lowers, depth }) => {
    const spot = layout.spots[id] as Spot;
    const kind = `${lowers.length > 0 ? "inner" : "leaf"}${troubled.has(name(id)) ? " troubled" : ""}${moved.has(name(id)) ? " moved" : ""}`;
    const hot = heat?.get(name(id));
    const says = hot === undefined ? "" : `, ${hot.says}`;
    const title = element("title", {}, escaped(`${name(id)}, layer ${depth}, ${lowers.length} below it${says}`));
    const place = { cx: coordinate(spot.x), cy: coordinate(spot.y) };
    const label =
      layout.isNamed(id) || troubled.has(name(id)) ? drawName(layout, spot, name(id), lowers.length > 0, unit) : "";
    return element(
      "g",
      { class: `node ${kind}${hot === undefined ? "" : " heated"}`, ...heatStyle(hot) },
      title,
      element("circle", { ...place, r: coordinate((layout.isRound ? 2.7 : 5) * unit) }),
      label,
    );
  });
  // Names below the lowest cloudlets are as large as the picture is shrunk.
  const [x, y, across, down] = layout.box;
  const below = layout.isRound ? 0 : Math.max(0, 24 * unit - row.margin);
  const [left, top, width, height] = [x, y, across, down + below].map(coordinate) as [string, string, string, string];
  const picture = element(
    "svg",
    {
      viewBox: `${left} ${top} ${width} ${height}`,
      role: "img",
      "aria-labelledby": titleId,
      class: layout.isRound ? "tree round" : "tree",
      style: `max-width: ${Math.ceil(layout.box[2])}px; font-size: ${coordinate(11 * unit)}px`,
    },
    ...control,
    ...drawn,
    ...nodes,
  );
  return element("div", { class: "picture" }, picture, isExplained ? legend(topology, troubled, moved) : "");
}

function heatStyle(hot: Heat | undefined): Record<string, string> {
  return hot === undefined ? {} : { style: `--heat: ${(Math.round(hot.share * 100) / 100).toString()}` };
}

function legend(topology: Topology, troubled: ReadonlySet<string>, moved: ReadonlySet<string>): string {
  const items = [
    "dots are cloudlets, the upper ones filled",
    "lines are links, the wider the more bytes they carried",
    ...(topology.links.some(({ a, b }) => topology.relation(a, b) === "horizontal")
      ? ["dotted: between cloudlets of which neither is above the other; no flow uses them"]
      : []),
    ...(troubled.size > 0 ? ["marked: named by a fault"] : []),
    ...(moved.size > 0 ? ["ringed: with another upper than before"] : []),
  ];
  return element("p", { class: "says" }, `${escaped(items.join("; "))}. Pointing at one tells its figures.`);
}

function linkText(
  { a, b }: Link,
  name: (cloudlet: CloudletId) => string,
  forth: LinkFigures | undefined,
  back: LinkFigures | undefined,
): string {
  const way = (from: CloudletId, to: CloudletId, figure: LinkFigures | undefined): string =>
    figure === undefined
      ? `${name(from)} -> ${name(to)}`
      : `${name(from)} -> ${name(to)}: ${renderBytes(figure.bytes)} in ${renderNumber(figure.messages)} messages, ` +
        `${renderNumber(figure.dropped)} dropped`;
  return `${way(a, b, forth)}\n${way(b, a, back)}`;
}

function drawLine(
  layout: Layout,
  from: CloudletId,
  to: CloudletId,
  kind: string,
  width: number,
  title: string,
): string {
  const [start, end] = [layout.spots[from] as Spot, layout.spots[to] as Spot];
  return element(
    "path",
    { class: `link ${kind}`, d: pathBetween(layout, start, end), "stroke-width": coordinate(width) },
    element("title", {}, escaped(title)),
  );
}

// Between neighbouring layers as in any drawn tree; longer ones as a bow, so that they do not run over what lies between.
function pathBetween({ isRound }: Layout, a: Spot, b: Spot): string {
  const [x1, y1, x2, y2] = [a.x, a.y, b.x, b.y].map(coordinate) as [string, string, string, string];
  if (isRound) return `M${x1} ${y1}L${x2} ${y2}`;
  const layers = Math.abs(b.x - a.x) / row.step;
  if (layers > 0.5 && layers < 1.5) {
    const middle = coordinate((a.x + b.x) / 2);
    return `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
  }
  if (layers < 0.5) return `M${x1} ${y1}Q${coordinate(a.x + 60)} ${coordinate((a.y + b.y) / 2)} ${x2} ${y2}`;
  // High enough that the middle of the bow is clear of both ends, and of shorter bows.
  const top = Math.min(a.y, b.y) - 22 - 26 * layers;
  const [near, far] = [coordinate(a.x + (b.x - a.x) * 0.25), coordinate(a.x + (b.x - a.x) * 0.75)];
  return `M${x1} ${y1}C${near} ${coordinate(top)} ${far} ${coordinate(top)} ${x2} ${y2}`;
}

function drawName({ isRound }: Layout, { x, y, angle }: Spot, name: string, isInner: boolean, unit: number): string {
  if (isInner) {
    const place = { x: coordinate(x), y: coordinate(y + (isRound ? 14 : 18) * unit), "text-anchor": "middle" };
    return element("text", place, escaped(name));
  }
  if (!isRound) return element("text", { x: coordinate(x + 10), y: coordinate(y + 4) }, escaped(name));
  const degrees = (angle * 180) / Math.PI;
  const isLeft = Math.cos(angle) < 0;
  const turned = `translate(${coordinate(x)} ${coordinate(y)}) rotate(${coordinate(isLeft ? degrees + 180 : degrees)})`;
  const away = coordinate(8 * unit);
  const place = { transform: turned, dx: isLeft ? `-${away}` : away, dy: 4, "text-anchor": isLeft ? "end" : "start" };
  return element("text", place, escaped(name));
}

function layOut(topology: Topology): Layout {
  const { cloudlets } = topology;
  // The place of each cloudlet among the leaves: a leaf's own, or the middle of those below.
  const places = new Array<number>(cloudlets.length).fill(0);
  let leaves = 0;
  const walk = (id: CloudletId): void => {
    const lowers = cloudlets[id]?.lowers ?? [];
    if (lowers.length === 0) {
      places[id] = leaves;
      leaves += 1;
      return;
    }
    for (const lower of lowers) walk(lower);
    places[id] = ((places[lowers[0] as number] as number) + (places[lowers.at(-1) as number] as number)) / 2;
  };
  for (const { id, upper } of cloudlets) if (upper === null) walk(id);
  const depthMax = cloudlets.reduce((deepest, { depth }) => Math.max(deepest, depth), 0);
  if (leaves <= LEAVES_IN_ROWS_MAX) {
    const spots = cloudlets.map(({ id, depth }) => ({
      x: depth * row.step,
      y: (places[id] as number) * row.height * 1.4,
      angle: 0,
    }));
    const width = depthMax * row.step + 2 * row.margin + 150;
    // Room above for the bows of links that skip layers.
    const skipped = topology.links.reduce((most, { a, b }) => {
      return Math.max(most, Math.abs((cloudlets[a]?.depth ?? 0) - (cloudlets[b]?.depth ?? 0)));
    }, 1);
    const above = row.margin + (skipped > 1 ? 22 * skipped : 0);
    const height = Math.max(0, leaves - 1) * row.height * 1.4 + above + row.margin;
    return { spots, box: [-row.margin - 30, -above, width, height], isNamed: () => true, isRound: false };
  }
  const roots = cloudlets.filter(({ upper }) => upper === null).length;
  // A single root is the center; several stand around it. Outer rings are as wide as their leaves need.
  const first = roots === 1 ? 0 : 1;
  const step = Math.max(ring.step, (leaves * 9) / (2 * Math.PI * Math.max(1, depthMax + first)));
  const spots = cloudlets.map(({ id, depth }) => {
    const angle = (2 * Math.PI * (places[id] as number)) / leaves - Math.PI / 2;
    const radius = (depth + first) * step;
    return { x: radius * Math.cos(angle), y: radius * Math.sin(angle), angle };
  });
  const isEachLeafNamed = leaves <= LEAVES_NAMED_MAX;
  const margin = isEachLeafNamed ? ring.margin : ring.margin / 4;
  const [xs, ys] = [spots.map(({ x }) => x), spots.map(({ y }) => y)];
  const [left, top] = [Math.min(...xs) - margin, Math.min(...ys) - margin];
  const box = [left, top, Math.max(...xs) + margin - left, Math.max(...ys) + margin - top] as const;
  const inner = cloudlets.filter(({ lowers }) => lowers.length > 0).length;
  const isNamed = (id: CloudletId): boolean => {
    const { lowers, depth } = cloudlets[id] as (typeof cloudlets)[number];
    if (lowers.length === 0) return isEachLeafNamed;
    return inner <= INNER_NAMED_MAX || depth <= 1;
  };
  return { spots, box, isNamed, isRound: true };
}
