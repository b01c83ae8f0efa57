/**
 * A topology as SVG: the control tree from left to right, a column for each layer, links of the tree as lines, and spare links as dashed arcs.
 * Delays stand beside their links as long as there is room, names as long as they can be read.
 *
 * Pure text with its own style, in the reader's choice of light or dark, that needs nothing beside it. Every name is escaped. Leaves out flows
 * and scopes: `causeway topology FILE` tells them.
 */
import { stratify, tree } from "d3-hierarchy";
import type { Topology } from "../../model/topology/topology.ts";
import { renderMicros } from "../cli/tables.ts";
import { coordinate, element, escaped } from "../report/markup.ts";

/** Pixels from one cloudlet to the next; with more cloudlets less. */
const ROW = 24;
/** The same where delays stand between. */
const ROW_OF_LABELS = 34;
const ROW_LEAST = 7;
/** Pixels of height that rows are drawn closer together for. */
const HEIGHT_WISHED = 4_000;
/** Below this there is no room for a name at each cloudlet: those with others below them keep theirs. */
const ROW_OF_NAMES = 12;
const LABELS_MAX = 60;
const CHAR = 6.6;
const NAME_MAX = 28;
const GAP = 90;
const MARGIN = 24;
const HEAD = 64;
/** What all roots stand below while places are found; no cloudlet is called that. */
const ABOVE = " ";

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Draws it, under this title. */
export function drawTopology(topology: Topology, title: string): string {
  const { cloudlets, links } = topology;
  const shown = cloudlets.map(({ name }) => (name.length > NAME_MAX ? `${name.slice(0, NAME_MAX - 1)}…` : name));
  const column = GAP + Math.max(...shown.map((name) => name.length)) * CHAR;
  const hasLabels = links.length <= LABELS_MAX;
  const row = Math.max(ROW_LEAST, Math.min(hasLabels ? ROW_OF_LABELS : ROW, HEIGHT_WISHED / cloudlets.length));
  const { points, width, height } = placed(topology, row, column);
  const isLower = (a: number, b: number): boolean => cloudlets[a]?.upper === b || cloudlets[b]?.upper === a;
  const drawn = links.map(({ a, b, forth, back }) => {
    const [from, to] = [points[a] as Point, points[b] as Point];
    const isOfTree = isLower(a, b);
    const delays =
      forth.delay === back.delay
        ? renderMicros(forth.delay)
        : `${renderMicros(forth.delay)} / ${renderMicros(back.delay)}`;
    // Of a link of the tree at its lower end, where no name is in the way.
    const lower = from.x > to.x ? from : to;
    const label = isOfTree ? { x: lower.x - 26, y: lower.y - 5 } : bulge(from, to);
    const says = `${cloudlets[a]?.name ?? ""} - ${cloudlets[b]?.name ?? ""}: ${delays}${isOfTree ? "" : ", spare"}`;
    return element(
      "g",
      { class: isOfTree ? "of-tree" : "spare" },
      element("path", { d: isOfTree ? elbow(from, to) : arc(from, to) }, element("title", {}, escaped(says))),
      hasLabels
        ? element("text", { class: "delay", x: coordinate(label.x), y: coordinate(label.y) }, escaped(delays))
        : "",
    );
  });
  const spareCount = links.filter(({ a, b }) => !isLower(a, b)).length;
  const size = `${cloudlets.length} cloudlets, ${links.length} links${spareCount === 0 ? "" : `, of which ${spareCount} are spare (dashed)`}`;
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${coordinate(width)} ${coordinate(height)}`,
      width: coordinate(width),
      height: coordinate(height),
      role: "img",
      class: "topology",
      "aria-label": `${title}: ${size}`,
    },
    `<style>${style}</style>`,
    element("rect", { class: "ground", x: 0, y: 0, width: coordinate(width), height: coordinate(height) }),
    element("text", { class: "head", x: MARGIN, y: 28 }, escaped(title)),
    element("text", { class: "says", x: MARGIN, y: 46 }, escaped(size)),
    ...drawn,
    ...cloudlets.map(({ name, lowers }, at) => {
      const { x, y } = points[at] as Point;
      const isNamed = row >= ROW_OF_NAMES || lowers.length > 0;
      return element(
        "g",
        { class: lowers.length === 0 ? "leaf" : "layer" },
        element(
          "circle",
          { cx: coordinate(x), cy: coordinate(y), r: row < ROW_OF_NAMES ? 2.5 : 4.5 },
          element("title", {}, escaped(name)),
        ),
        isNamed ? element("text", { x: coordinate(x + 8), y: coordinate(y + 4) }, escaped(shown[at] ?? "")) : "",
      );
    }),
  );
}

function placed(
  { cloudlets }: Topology,
  row: number,
  column: number,
): { readonly points: readonly Point[]; readonly width: number; readonly height: number } {
  const all = [
    { id: ABOVE, upper: "" },
    ...cloudlets.map(({ id, upper }) => ({ id: String(id), upper: upper === null ? ABOVE : String(upper) })),
  ];
  const root = stratify<{ readonly id: string; readonly upper: string }>()
    .id(({ id }) => id)
    .parentId(({ upper }) => upper)(all);
  const layout = tree<{ readonly id: string; readonly upper: string }>().nodeSize([row, column])(root);
  const nodes = layout.descendants().filter(({ data }) => data.id !== ABOVE);
  const top = Math.min(...extremes(nodes.map(({ x }) => x)));
  const [, bottom] = extremes(nodes.map(({ x }) => x));
  const [, right] = extremes(nodes.map(({ y }) => y));
  const points: Point[] = [];
  // Of the layout x is across the layers and y along them; the first column is that of the roots.
  for (const { x, y, data } of nodes) points[Number(data.id)] = { x: MARGIN + 6 + y - column, y: HEAD + 12 + x - top };
  return { points, width: Math.max(420, MARGIN * 2 + right), height: HEAD + MARGIN + 12 + bottom - top };
}

// There may be more than a call takes arguments.
function extremes(values: readonly number[]): readonly [least: number, most: number] {
  return values.reduce<readonly [number, number]>(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Infinity, -Infinity],
  );
}

function elbow(from: Point, to: Point): string {
  const x = coordinate((from.x + to.x) / 2);
  return `M${at(from)}C${x} ${coordinate(from.y)} ${x} ${coordinate(to.y)} ${at(to)}`;
}

// To the right of both ends, so that it meets neither names nor the tree more than it must.
function bulge(from: Point, to: Point): Point {
  const far = Math.min(120, 18 + Math.abs(from.y - to.y) / 6);
  return { x: Math.max(from.x, to.x) + far / 2, y: (from.y + to.y) / 2 };
}

function arc(from: Point, to: Point): string {
  const { x, y } = bulge(from, to);
  return `M${at(from)}Q${coordinate(2 * x - (from.x + to.x) / 2)} ${coordinate(y)} ${at(to)}`;
}

function at({ x, y }: Point): string {
  return `${coordinate(x)} ${coordinate(y)}`;
}

const style = `
.topology{font:12px system-ui,sans-serif;--ink:#1d2733;--faint:#6b7886;--ground:#fff;--line:#4a6178;--spare:#b45309}
@media(prefers-color-scheme:dark){.topology{--ink:#dbe3ec;--faint:#8d9aa8;--ground:#12181f;--line:#8fa6bd;--spare:#d29922}}
.ground{fill:var(--ground)}text{fill:var(--ink);stroke:var(--ground);stroke-width:3px;stroke-linejoin:round;paint-order:stroke}
.head{font-size:15px;font-weight:600}.says,.delay{fill:var(--faint);font-size:11px}.delay{text-anchor:middle;font-size:10px}
path{fill:none;stroke:var(--line);stroke-width:1.3}.spare path{stroke:var(--spare);stroke-dasharray:5 4;stroke-width:1.1}
circle{fill:var(--line);stroke:var(--ground);stroke-width:1.5}.leaf circle{fill:var(--ground);stroke:var(--line)}
`;
