/**
 * A scene as SVG: a space-time diagram. Cloudlets are lanes, time runs from left to right, messages are arrows, faults are shaded from
 * top to bottom and named above, and what the violation follows is thick.
 *
 * Pure text with its own style, in the reader's choice of light or dark, that needs nothing beside it. Every name is escaped.
 */
import { renderMicros } from "../cli/tables.ts";
import { hatches } from "../report/mark-stretches.ts";
import { coordinate, element, escaped } from "../report/markup.ts";
import { episodeName, episodeTitle } from "../report/episodes.ts";
import { layOut, type Layout, widthOf } from "./layout.ts";
import { drawWatched, type StripFrame } from "./draw-watched.ts";
import { drawLegend } from "./legend.ts";
import type { Arrow, Mark, Scene, Span } from "./scene.ts";
import { pictureStyle } from "./style.ts";
import { inLines, size } from "./text.ts";

const WIDTH_MIN = 720;
const HEAD_SIZE = 6;
const FAULT_GAP = 12;

/**
 * Draws it.
 *
 * @param isAlone whether title and evidence stand in the picture too, as they must where no page is around it
 */
export function drawScene(scene: Scene, isAlone: boolean): string {
  const layout = layOut(scene);
  const names = scene.lanes.map((name) => cut(name, size.nameMax));
  const left = size.left + Math.max(...names.map((name) => name.length)) * size.char + 22;
  const width = Math.max(WIDTH_MIN, left + layout.width + size.left);
  const head = isAlone ? headLines(scene, width) : [];
  const faultsTop = size.top + head.length * size.line;
  const rows = faultRows(scene, layout, width - left - size.left);
  const top = faultsTop + Math.max(0, ...rows.map((row) => row + 1)) * size.faultLine + 34;
  const bottom = top + scene.lanes.length * size.lane - (scene.watched.length === 0 ? 20 : 14);
  const frame: Frame = { scene, layout, left, width, top, bottom, faultsTop };
  const legend = drawLegend(scene, strips(frame), { width, top: bottom + 40 });
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${coordinate(width)} ${coordinate(legend.bottom)}`,
      width: coordinate(width),
      height: coordinate(legend.bottom),
      role: "img",
      class: "space-time",
      "aria-label": scene.breach === null ? scene.title : `${scene.title}: ${scene.breach.property} violated`,
    },
    `<style>${pictureStyle(scene.watched.length > 0)}</style>`,
    scene.watched.length === 0 ? "" : hatches,
    element("rect", { class: "ground", x: 0, y: 0, width: coordinate(width), height: coordinate(legend.bottom) }),
    ...head.map((line, index) =>
      element("text", { class: index === 0 ? "head" : "says", x: size.left, y: 28 + index * size.line }, escaped(line)),
    ),
    ...rows.map((row, index) => drawFault(frame, index, row)),
    ...names.flatMap((name, lane) => drawLane(frame, name, lane)),
    ...scene.watched.map((one) => drawWatched(strips(frame), one)),
    ...scene.spans.map((span) => drawSpan(frame, span)),
    ...sorted(scene.arrows).map((arrow) => drawArrow(frame, arrow)),
    ...drawBreach(frame),
    ...scene.marks.map((mark, index) => drawMark(frame, mark, index)),
    ...tickTexts(layout).map((text, index) => drawTick(frame, layout.ticks[index]!.x, text)),
    ...legend.content,
  );
}

interface Frame {
  readonly scene: Scene;
  readonly layout: Layout;
  readonly left: number;
  readonly width: number;
  readonly top: number;
  readonly bottom: number;
  readonly faultsTop: number;
}

function cut(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}

function laneY({ top }: Frame, lane: number): number {
  return top + lane * size.lane;
}

function strips(frame: Frame): StripFrame {
  const { scene, layout, left } = frame;
  return { scene, x: (at) => left + layout.place(at), y: (lane) => laneY(frame, lane) };
}

function headLines({ title, breach }: Scene, width: number): readonly string[] {
  if (breach === null) return [title];
  return [`${title}: ${breach.property} is violated`, ...inLines(breach.evidence, width)];
}

// What weighs most lies on top.
function sorted(arrows: readonly Arrow[]): readonly Arrow[] {
  const rank = { other: 0, past: 1, breach: 2 };
  return [...arrows].sort((a, b) => rank[a.weight] - rank[b.weight]);
}

// --- faults, lanes, time ---

/** By fault: its row, counted from the top. Rows are shared by those that, with their names, have room beside each other. */
function faultRows({ faults, from, until }: Scene, layout: Layout, room: number): readonly number[] {
  const ends: number[] = [];
  return faults.map((fault) => {
    const begin = layout.place(Math.max(fault.from, from));
    const name = Math.min(episodeName(fault).length * size.small, Math.max(12 * size.small, room - begin));
    const end = Math.max(layout.place(Math.min(fault.until, until)), begin + name) + FAULT_GAP;
    const free = ends.findIndex((taken) => taken <= begin);
    const row = free < 0 ? ends.length : free;
    ends[row] = end;
    return row;
  });
}

function drawFault(frame: Frame, index: number, row: number): string {
  const { scene, layout, left, faultsTop, bottom } = frame;
  const fault = scene.faults[index]!;
  const x = left + layout.place(Math.max(fault.from, scene.from));
  const end = left + layout.place(Math.min(fault.until, scene.until));
  const y = faultsTop + row * size.faultLine;
  const room = frame.width - size.left - x;
  const text = cut(episodeName(fault), Math.max(12, Math.floor(room / size.small)));
  const { from, until } = fault;
  const when = from === until ? `at ${renderMicros(from)}` : `from ${renderMicros(from)} to ${renderMicros(until)}`;
  const title = element("title", {}, escaped(episodeTitle(fault, when)));
  const wide = coordinate(Math.max(2, end - x));
  return element(
    "g",
    { class: "fault-of" },
    title,
    element("rect", { class: "fault", x: coordinate(x), y: y + 4, width: wide, height: coordinate(bottom - y) }),
    element("rect", { class: "fault-bar", x: coordinate(x), y: y + 2, width: wide, height: 3 }),
    element("text", { class: "small", x: coordinate(x + 2), y: y + 15 }, escaped(text)),
  );
}

function drawLane(frame: Frame, name: string, lane: number): readonly string[] {
  const y = laneY(frame, lane);
  return [
    element("text", { class: "name", x: size.left, y: y + 4 }, escaped(name)),
    element("line", {
      class: "lane",
      x1: coordinate(frame.left - 8),
      x2: coordinate(frame.width - size.left),
      y1: y,
      y2: y,
    }),
  ];
}

function drawTick({ left, bottom }: Frame, x: number, text: string): string {
  const place = coordinate(left + x);
  return element(
    "g",
    { class: "tick" },
    element("line", { x1: place, x2: place, y1: bottom - 6, y2: bottom }),
    element("text", { class: "small", x: place, y: bottom + 13 }, text),
  );
}

/** Seconds, with as many decimals as it takes to tell one from the next. */
function tickTexts({ ticks }: Layout): readonly string[] {
  const texts = (digits: number): readonly string[] => ticks.map(({ at }) => `${(at / 1_000_000).toFixed(digits)} s`);
  let digits = 1;
  while (digits < 6 && new Set(texts(digits)).size < ticks.length) digits += 1;
  return texts(digits);
}

function drawBreach(frame: Frame): readonly string[] {
  const { scene, layout, left, top, bottom } = frame;
  if (scene.breach === null) return [];
  const { at, lane, property } = scene.breach;
  const here = scene.marks.findLastIndex((mark) => mark.at === at && mark.lane === lane && mark.weight === "breach");
  const x = coordinate(left + (here < 0 ? layout.place(at) : layout.x[here]!));
  const line = element("line", {
    class: "breach-line",
    x1: x,
    x2: x,
    y1: coordinate(top - 18),
    y2: coordinate(bottom),
  });
  const isFarRight = Number(x) + property.length * size.char > frame.width;
  const anchor = isFarRight ? "end" : "middle";
  const text = element(
    "text",
    { class: "breach-text", x, y: coordinate(top - 22), "text-anchor": anchor },
    escaped(property),
  );
  if (lane === null) return [line, text];
  return [line, text, element("circle", { class: "breach-ring", cx: x, cy: laneY(frame, lane), r: 15 })];
}

// --- what happened ---

function drawSpan(frame: Frame, { kind, lane, from, until, weight }: Span): string {
  const { layout, left, scene } = frame;
  const y = laneY(frame, lane);
  const begin = from === null ? left - 8 : left + layout.x[from]! - 4;
  const asked = from === null ? null : scene.marks[from]!;
  const least = asked === null || kind === "down" ? 6 : widthOf(asked) - 6;
  const end = Math.max(begin + least, until === null ? left + layout.width : left + layout.x[until]! + 4);
  const place = {
    x: coordinate(begin),
    y: y - size.half,
    width: coordinate(end - begin),
    height: size.half * 2,
    rx: kind === "down" ? 0 : 4,
  };
  const title = asked === null ? [] : [element("title", {}, escaped(asked.title))];
  return element("rect", { class: `${kind} ${weight}`, ...place }, ...title);
}

function drawMark(frame: Frame, { kind, lane, label, title, weight }: Mark, index: number): string {
  const x = frame.left + frame.layout.x[index]!;
  const y = laneY(frame, lane);
  const at = { cx: coordinate(x), cy: y };
  const said = title === "" ? [] : [element("title", {}, escaped(title))];
  const text = (dx: number, dy: number): string =>
    label === "" ? "" : element("text", { class: "label", x: coordinate(x + dx), y: y + dy }, escaped(label));
  const group = (...content: readonly string[]): string =>
    element("g", { class: `mark ${kind} ${weight}` }, ...said, ...content);
  switch (kind) {
    case "asked":
      return group(text(0, 4));
    case "answered":
    case "marked":
    case "sent":
    case "received":
      return "";
    case "applied":
      // Below the request that wrote it, whose name stands in the box.
      return group(element("circle", { ...at, cy: label === "" ? y + size.half : y, r: 4 }), text(-4, -11));
    case "installed":
      return group(element("rect", { x: coordinate(x - 4), y: y - 4, width: 8, height: 8 }), text(-4, -11));
    case "crashed":
      return group(element("path", { d: `M${coordinate(x - 5)} ${y - 5}l10 10m0 -10l-10 10` }), text(-4, -11));
    case "started":
      return group(element("path", { d: `M${coordinate(x - 4)} ${y - 5}l9 5l-9 5z` }), text(-4, -11));
    case "way-up":
    case "way-down":
      return group(element("path", { d: `M${coordinate(x)} ${y + 4}v7` }));
    case "confirmed":
      return group(element("circle", { ...at, r: 5 }), text(-4, -11));
    case "clock":
    case "disk":
    case "noted":
      return group(element("path", { d: `M${coordinate(x)} ${y - 6}l5 6l-5 6l-5 -6z` }), text(-4, -11));
  }
}

function drawArrow(frame: Frame, arrow: Arrow): string {
  const { layout, left } = frame;
  const { from, to, fromLane, toLane, isDropped, title, weight, message } = arrow;
  const down = toLane > fromLane ? 1 : -1;
  const begin = { x: from === null ? left - 8 : left + layout.x[from]!, y: laneY(frame, fromLane) };
  // One that is still on its way, or lost, ends half way.
  const reach = to === null ? 0.5 : 1;
  const full = {
    x: to === null ? begin.x + (isDropped ? 60 : 90) : left + layout.x[to]!,
    y: laneY(frame, toLane) - down * 5,
  };
  const end = { x: begin.x + (full.x - begin.x) * (to === null ? 0.6 : 1), y: begin.y + (full.y - begin.y) * reach };
  const length = Math.hypot(end.x - begin.x, end.y - begin.y) || 1;
  const [dx, dy] = [(end.x - begin.x) / length, (end.y - begin.y) / length];
  const c = coordinate;
  const corner = (side: number): string =>
    `${c(end.x - dx * HEAD_SIZE + side * dy * HEAD_SIZE * 0.5)} ${c(end.y - dy * HEAD_SIZE - side * dx * HEAD_SIZE * 0.5)}`;
  const tip = isDropped
    ? `M${c(end.x - 4)} ${c(end.y - 4)}l8 8m0 -8l-8 8`
    : to === null
      ? ""
      : `M${corner(1)}L${c(end.x)} ${c(end.y)}L${corner(-1)}`;
  return element(
    "path",
    {
      class: `arrow ${message} ${weight}${isDropped ? " lost" : ""}`,
      d: `M${c(begin.x)} ${c(begin.y)}L${c(end.x)} ${c(end.y)}${tip}`,
    },
    element("title", {}, escaped(title)),
  );
}
