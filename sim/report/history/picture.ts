/**
 * The picture of an explanation as SVG: sessions as rows, what was read as thin arrows, the edges of the story thick and numbered
 * as in the text.
 *
 * Pure text with its own style, by the reader's choice of light or dark, so that it stands alone as a file and inside a page. Names
 * from the history are escaped. Leaves out where things stand (layout.ts).
 */
import {
  type Explanation,
  type History,
  operationKind,
  operationText,
  outcome,
  sessionText,
} from "../../../model/consistency/index.ts";
import { counted } from "../../oracles/words.ts";
import { coordinate, element, escaped } from "../markup.ts";
import { type Box, BOX_HEIGHT, clearCurve, freeSpot, isNeighbour, NUMBER_RADIUS, type Point } from "./arrows.ts";
import { type Item, layOut, type Layout } from "./layout.ts";

/** How to draw. */
export interface PictureOptions {
  /** Told apart from other pictures of the same page by this; letters, digits and dashes. */
  readonly id: string;
  /** Whether title, reasons and conclusion stand in the picture too, as they must where no page is around it. */
  readonly isAlone: boolean;
}

const size = { char: 7.3, small: 6.2, pitch: 96, top: 56, left: 24, line: 17, labelMax: 26, nameMax: 22 };
/** Narrower pictures are not wide enough for their own text. */
const WIDTH_MIN = 760;
/** How far a page may scale a picture down: letters of 12 pixels are still told apart. */
const LEAST_SCALE = 0.65;

/** Draws an explanation. */
export function drawExplanation(history: History, explanation: Explanation, { id, isAlone }: PictureOptions): string {
  const labels = new Map<number, string>();
  const labelOf = (operation: number): string => {
    const known = labels.get(operation) ?? cut(operationText(history, operation), size.labelMax);
    labels.set(operation, known);
    return known;
  };
  const layout = layOut(history, explanation, (operation) => labelOf(operation).length * size.char + 20);
  const names = layout.rows.map(({ session }) => cut(sessionText(history, session), size.nameMax));
  const left = size.left + Math.max(...names.map((name) => name.length)) * size.char + 20;
  const width = Math.max(WIDTH_MIN, left + layout.width + size.left);
  const head = isAlone ? headLines(explanation, width) : [];
  const top = size.top + head.length * size.line;
  const boxes = new Map<number, Box>();
  layout.rows.forEach(({ items }, row) => {
    for (const item of items) {
      if (item.kind === "operation")
        boxes.set(item.operation, { x: left + item.x, y: top + row * size.pitch, width: item.width });
    }
  });
  const bottom = top + layout.rows.length * size.pitch - 20;
  const told = drawTold(explanation, boxes, id);
  const { content: below, height } = drawBelow(explanation, layout, width, bottom, isAlone);
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${coordinate(width)} ${coordinate(height)}`,
      width: coordinate(width),
      height: coordinate(height),
      // A page does not blow it up, and does not make it too small to read: it scrolls.
      style: `max-width:${coordinate(width)}px${isAlone ? "" : `;min-width:${coordinate(width * LEAST_SCALE)}px`}`,
      role: "img",
      class: "history",
      "aria-label": `${explanation.models.join(", ")} violated: ${explanation.pattern}`,
    },
    `<style>${style}</style>`,
    element("defs", {}, arrowHead(`${id}-read`, "h-read-head"), arrowHead(`${id}-told`, "h-told-head")),
    element("rect", { class: "h-ground", x: 0, y: 0, width: coordinate(width), height: coordinate(height) }),
    ...textLines(head, size.left, 30, "h-head"),
    ...names.flatMap((name, row) => drawRow(name, left, top + row * size.pitch + BOX_HEIGHT / 2, width)),
    ...drawTransactions(history, layout, boxes),
    ...drawReads(layout, explanation, boxes, id),
    ...told.paths,
    ...layout.rows.flatMap(({ items }, row) =>
      items.map((item) => {
        const box = { x: left + item.x, y: top + row * size.pitch, width: item.width };
        return item.kind === "operation"
          ? drawOperation(history, item, labelOf(item.operation), box)
          : drawLeftOut(item.count, box);
      }),
    ),
    ...told.numbers,
    ...below,
  );
}

function cut(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}

function headLines({ models, pattern, says }: Explanation, width: number): readonly string[] {
  return [`${models.join(", ")} violated: ${pattern}`, ...inLines(says, width)];
}

/** A text in lines as wide as the picture. */
function inLines(text: string, width: number, hanging = 0): readonly string[] {
  const room = Math.floor((width - size.left * 2) / size.small) - hanging;
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + word.length > room) {
      lines.push(line.trimEnd());
      line = "";
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()];
}

function textLines(lines: readonly string[], x: number, y: number, name: string): readonly string[] {
  return lines.map((line, index) =>
    element("text", { class: index === 0 ? name : "h-says", x, y: coordinate(y + index * size.line) }, escaped(line)),
  );
}

// --- rows ---

function drawRow(name: string, left: number, y: number, width: number): readonly string[] {
  return [
    element("text", { class: "h-session", x: size.left, y: y + 4 }, escaped(name)),
    element("line", { class: "h-row", x1: coordinate(left - 10), x2: coordinate(width - size.left), y1: y, y2: y }),
  ];
}

/** A frame around the shown operations of each transaction that has several. */
function drawTransactions(
  { transaction }: History,
  { rows }: Layout,
  boxes: ReadonlyMap<number, Box>,
): readonly string[] {
  if (transaction === null) return [];
  const members = new Map<number, Box[]>();
  for (const item of rows.flatMap(({ items }) => items)) {
    const box = item.kind === "operation" ? boxes.get(item.operation) : undefined;
    if (item.kind !== "operation" || box === undefined) continue;
    const of = transaction[item.operation]!;
    members.set(of, [...(members.get(of) ?? []), box]);
  }
  return [...members.values()].flatMap((inside) => {
    const [first] = inside;
    const last = inside.at(-1);
    if (first === undefined || last === undefined || inside.length === 1) return [];
    const width = last.x + last.width - first.x + 16;
    const place = { x: coordinate(first.x - 8), y: coordinate(first.y - 8), width: coordinate(width) };
    const title = element("title", {}, "one transaction");
    return [element("rect", { class: "h-transaction", ...place, height: BOX_HEIGHT + 16, rx: 10 }, title)];
  });
}

function drawOperation(
  history: History,
  { operation, isTold }: Extract<Item, { kind: "operation" }>,
  label: string,
  { x, y, width }: Box,
): string {
  const isRead = history.kind[operation] === operationKind.read;
  const isSure = history.outcome[operation] === outcome.ok;
  const names = ["h-operation", isRead ? "h-reads" : "h-writes", isTold ? "h-told" : "", isSure ? "" : "h-unsure"];
  const line = history.line[operation]!;
  const middle = coordinate(x + width / 2);
  const times = timesOf(history, operation);
  const whole = `${sessionText(history, history.session[operation]!)}: ${operationText(history, operation)}`;
  return element(
    "g",
    { class: names.filter((part) => part !== "").join(" ") },
    element(
      "title",
      {},
      escaped([whole, line === 0 ? "" : `line ${line}`, times].filter((part) => part !== "").join(", ")),
    ),
    element("rect", { x: coordinate(x), y: coordinate(y), width: coordinate(width), height: BOX_HEIGHT, rx: 6 }),
    element(
      "text",
      { class: "h-label", x: middle, y: coordinate(y + (line === 0 ? 25 : 18)), "text-anchor": "middle" },
      escaped(label),
    ),
    line === 0
      ? ""
      : element("text", { class: "h-line", x: middle, y: coordinate(y + 34), "text-anchor": "middle" }, `line ${line}`),
  );
}

function timesOf({ start, end, timeUnit }: History, operation: number): string {
  if (start === null || end === null || Number.isNaN(start[operation]!)) return "";
  const until = Number.isFinite(end[operation]!) ? `${end[operation]!}` : "an unknown moment";
  return `from ${start[operation]!} to ${until} ${timeUnit}`;
}

function drawLeftOut(count: number, { x, y, width }: Box): string {
  const middle = coordinate(x + width / 2);
  return element(
    "g",
    { class: "h-left-out" },
    element("title", {}, count === 1 ? "1 operation left out" : `${count} operations left out`),
    element("rect", {
      x: coordinate(x),
      y: coordinate(y + 8),
      width: coordinate(width),
      height: BOX_HEIGHT - 16,
      rx: 13,
    }),
    element("text", { class: "h-line", x: middle, y: coordinate(y + 25), "text-anchor": "middle" }, `+${count}`),
  );
}

// --- arrows ---

function drawReads(
  { reads }: Layout,
  { edges }: Explanation,
  boxes: ReadonlyMap<number, Box>,
  id: string,
): readonly string[] {
  return reads.flatMap(({ from, to }) => {
    if (edges.some((edge) => edge.from === from && edge.to === to && edge.kind === "reads-from")) return [];
    const [begin, end] = [boxes.get(from), boxes.get(to)];
    if (begin === undefined || end === undefined) return [];
    const { path } = clearCurve(begin, end, begin.y === end.y ? [1] : [0, 40, -40, 80, -80], boxes);
    return [element("path", { class: "h-read", d: path, "marker-end": `url(#${id}-read)` })];
  });
}

/** The edges of the story, each with its number; numbers keep out of each other's way. */
function drawTold(
  { edges }: Explanation,
  boxes: ReadonlyMap<number, Box>,
  id: string,
): { readonly paths: readonly string[]; readonly numbers: readonly string[] } {
  const taken: Point[] = [];
  const paths: string[] = [];
  const numbers: string[] = [];
  edges.forEach(({ from, to, kind, text }, index) => {
    const end = boxes.get(to);
    if (end === undefined) return;
    const begin = from === null ? { x: end.x - 60, y: end.y, width: 10 } : boxes.get(from);
    if (begin === undefined) return;
    const isPlain = kind === "session" || kind === "reads-from" || kind === "transaction";
    const bend = isPlain && (begin.y !== end.y || isNeighbour(begin, end, boxes)) ? 0 : 26;
    const way = clearCurve(begin, end, begin.y === end.y ? [bend] : [bend, 44, -44, 84, -84, 0], boxes);
    const spot = freeSpot(way, taken, boxes);
    taken.push(spot);
    const title = element("title", {}, escaped(`${index + 1}. ${text}`));
    const names = isPlain ? "h-edge" : "h-edge h-derived";
    paths.push(element("path", { class: names, d: way.path, "marker-end": `url(#${id}-told)` }, title));
    numbers.push(
      element(
        "g",
        { class: "h-number" },
        title,
        element("circle", { cx: coordinate(spot.x), cy: coordinate(spot.y), r: NUMBER_RADIUS }),
        element(
          "text",
          { x: coordinate(spot.x), y: coordinate(spot.y + 4), "text-anchor": "middle" },
          String(index + 1),
        ),
      ),
    );
  });
  return { paths, numbers };
}

function arrowHead(id: string, name: string): string {
  return element(
    "marker",
    { id, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" },
    element("path", { class: name, d: "M0 0L8 4L0 8Z" }),
  );
}

// --- what stands below ---

function drawBelow(
  { edges, conclusion, remarks, operations }: Explanation,
  layout: Layout,
  width: number,
  top: number,
  isAlone: boolean,
): { readonly content: readonly string[]; readonly height: number } {
  const content: string[] = [];
  let y = top + 20;
  const isDerived = edges.some(({ kind }) => !["session", "reads-from", "transaction"].includes(kind));
  const legend: readonly (readonly [string, string])[] = [
    ["h-read", "was read by"],
    ...(edges.length > 0 ? [["h-edge", "an edge of the story"] as const] : []),
    ...(isDerived ? [["h-edge h-derived", "follows from what was read"] as const] : []),
  ];
  let x = size.left;
  for (const [name, text] of legend) {
    content.push(
      element("path", { class: name, d: `M${x} ${y - 4}h28` }),
      element("text", { class: "h-says", x: x + 34, y }, text),
    );
    x += 34 + text.length * size.small + 26;
  }
  const shown = operations.length;
  const left =
    layout.operationsLeftOut === 0
      ? ""
      : ` Left out: ${counted(layout.operationsLeftOut, "operation")}${
          layout.sessionsLeftOut === 0 ? "" : `, among them ${counted(layout.sessionsLeftOut, "whole session")}`
        }.`;
  const order =
    layout.order === "time"
      ? "From left to right: true time, not to scale."
      : "From left to right: an order that sessions and reads allow, where there is one; the file has no times.";
  y += size.line * 1.3;
  for (const line of inLines(`${order}${left}${shown === 0 ? "" : " Framed: the operations of the story."}`, width)) {
    content.push(element("text", { class: "h-says", x: size.left, y: coordinate(y) }, escaped(line)));
    y += size.line;
  }
  if (isAlone) {
    y += size.line * 0.6;
    for (const [index, { text }] of edges.entries()) {
      const number = `${index + 1}. `;
      for (const [at, line] of inLines(`${text}.`, width, 4).entries()) {
        content.push(
          element(
            "text",
            { class: "h-reason", x: size.left + (at === 0 ? 0 : number.length * size.small), y: coordinate(y) },
            escaped(at === 0 ? `${number}${line}` : line),
          ),
        );
        y += size.line;
      }
    }
    y += size.line * 0.4;
    for (const line of [conclusion, ...remarks].flatMap((text) => inLines(text, width))) {
      content.push(element("text", { class: "h-reason", x: size.left, y: coordinate(y) }, escaped(line)));
      y += size.line;
    }
  }
  return { content, height: y + 4 };
}

/** Letters in front keep these names apart from those of a page around the picture. */
const style = [
  "svg.history{--hg:#fff;--hi:#1b1f24;--hs:#57606a;--hr:#d4d9df;--hb:#c02430;--hw:#dbeafe;--hn:#f6f7f9}",
  "@media (prefers-color-scheme:dark){svg.history{--hg:#14171b;--hi:#e6e9ed;--hs:#a2abb6;--hr:#3a424c;--hb:#ff7b83;--hw:#173a5e;--hn:#1d2127}}",
  'svg.history text{fill:var(--hi);font:12px ui-monospace,Menlo,"DejaVu Sans Mono",monospace}',
  ".h-ground{fill:var(--hg)}",
  'svg.history .h-head{font:700 16px system-ui,"DejaVu Sans",sans-serif}',
  "svg.history .h-session{font-weight:700}",
  'svg.history .h-says,svg.history .h-reason{font:12px system-ui,"DejaVu Sans",sans-serif}',
  "svg.history .h-says,svg.history .h-line{fill:var(--hs)}",
  "svg.history .h-line{font-size:10.5px}",
  ".h-row{stroke:var(--hr);stroke-width:1.5}",
  ".h-transaction{fill:none;stroke:var(--hs);stroke-width:1;stroke-dasharray:2 3}",
  ".h-operation rect{stroke:var(--hs);stroke-width:1}",
  ".h-writes rect{fill:var(--hw)}",
  ".h-reads rect{fill:var(--hn)}",
  ".h-told rect{stroke:var(--hb);stroke-width:2.2}",
  ".h-unsure rect{stroke-dasharray:5 3}",
  ".h-left-out rect{fill:var(--hg);stroke:var(--hr);stroke-dasharray:3 3}",
  ".h-read{fill:none;stroke:var(--hs);stroke-width:1.2}",
  ".h-read-head{fill:var(--hs)}",
  ".h-edge{fill:none;stroke:var(--hb);stroke-width:2.4}",
  ".h-derived{stroke-dasharray:7 4}",
  ".h-told-head{fill:var(--hb)}",
  ".h-number circle{fill:var(--hb)}",
  'svg.history .h-number text{fill:var(--hg);font:700 11px system-ui,"DejaVu Sans",sans-serif}',
].join("");
