// Plots over the time of a run as still pictures: lines over slices, and the timeline of its faults. All of them have the
// same axis of time, so that what happened at one moment stands in one column down the page.
//
// Colours and sizes of text are the style sheet's (page.css); what a pointer shows is the page's script (page.client.mjs).

import { renderMicros, renderNumber } from "../cli/tables.ts";
import { coordinate, element, escaped } from "./markup.ts";
import { linearScale, logScale, timeScale, type Scale } from "./scale.ts";
import type { Line } from "./series.ts";
import { type Episode, episodeName, episodeTitle } from "./episodes.ts";

/** What a plot shows. */
export interface Plot {
  readonly id: string;
  readonly title: string;
  /** What the vertical axis counts, and in what. */
  readonly axis: string;
  /** One sentence on how to read it. */
  readonly says: string;
  readonly lines: readonly Line[];
  readonly scale: "linear" | "log";
  readonly unit: "microseconds" | "bytes per second" | "bytes" | "count";
  readonly textOf: (value: number) => string;
  /** What happened at some moment and has to do with the values: a mark each. */
  readonly moments?: readonly { readonly at: number; readonly text: string }[];
}

/** The time that all plots of a page share. */
export interface Time {
  readonly width: number;
  readonly end: number;
  /** When the load ended and everything was healed; null when the run ended before. */
  readonly healedAt: number | null;
  readonly episodes: readonly Episode[];
}

/** The picture's size, and where the field of values lies in it. */
const size = { width: 960, height: 238 };
export const field = { left: 76, right: 944, top: 12, bottom: 200 };
/** Of a timeline. */
export const rowHeight = 20;
/** Of a name, about. */
const CHAR_WIDTH = 6.5;

/** A power of ten of microseconds in the unit that leaves it one. */
function decadeText(value: number): string {
  if (value < 1_000) return `${value}us`;
  return value < 1_000_000 ? `${value / 1_000}ms` : `${renderNumber(value / 1_000_000)}s`;
}

/** A moment, as axes have it. */
function momentText(at: number): string {
  return at === 0 ? "0" : renderMicros(at);
}

/** Where a moment stands, from left to right. */
export function across(time: Time): (at: number) => number {
  const scale = timeScale(time.end, 9, renderMicros);
  return (at) => field.left + scale.place(Math.min(at, time.end)) * (field.right - field.left);
}

/** The plot with its legend; a sentence in its place where there is nothing to draw. */
export function renderPlot(plot: Plot, time: Time): string {
  const values = plot.lines.flatMap((line) => line.values.filter((value) => value !== null));
  const max = values.reduce((most, value) => Math.max(most, value), 0);
  const heading = element("h3", { id: `${plot.id}-title` }, escaped(plot.title));
  const says = element("p", { class: "says" }, escaped(plot.says));
  if (values.length === 0 || max === 0) {
    return element(
      "section",
      { class: "plot", id: plot.id },
      heading,
      says,
      element("p", { class: "nothing" }, "None."),
    );
  }
  const min = values.reduce((least, value) => (value > 0 ? Math.min(least, value) : least), max);
  const scale =
    plot.scale === "log"
      ? logScale(min, max, decadeText)
      : linearScale(max, 4, plot.textOf, plot.unit === "bytes per second" ? "bytes" : "things");
  const x = across(time);
  const y = (value: number): number => field.bottom - scale.place(value) * (field.bottom - field.top);
  const lines = plot.lines.map((line, index) => drawLine(line, index, time, x, y));
  const svg = element(
    "svg",
    {
      viewBox: `0 0 ${size.width} ${size.height}`,
      role: "img",
      "aria-labelledby": `${plot.id}-title`,
      "data-plot": plot.id,
      "data-bottom": field.bottom,
    },
    ...drawEpisodes(time, x, field.bottom),
    ...drawAxes(scale, time, y, field.bottom),
    element("text", { class: "axis", x: field.left, y: size.height - 2 }, escaped(`${plot.axis}; across: true time`)),
    ...lines,
    ...drawMoments(plot, x),
  );
  return element("section", { class: "plot", id: plot.id }, heading, says, svg, legend(plot));
}

function drawMoments({ moments = [] }: Plot, x: (at: number) => number): readonly string[] {
  return moments.map(({ at, text }) => {
    const [left, middle, right] = [x(at) - 4, x(at), x(at) + 4].map(coordinate);
    const below = field.top + 8;
    return element(
      "g",
      { class: "moment" },
      element("title", {}, escaped(`${text}, at ${renderMicros(at)}`)),
      element("line", { x1: middle ?? "", x2: middle ?? "", y1: below, y2: field.bottom }),
      element("path", { d: `M${left} ${field.top}L${right} ${field.top}L${middle} ${below}Z` }),
    );
  });
}

function drawLine(
  { label, values }: Line,
  index: number,
  { width, end }: Time,
  x: (at: number) => number,
  y: (value: number) => number,
): string {
  let path = "";
  let isDrawing = false;
  const dots: string[] = [];
  for (const [slice, value] of values.entries()) {
    if (value === null) {
      isDrawing = false;
      continue;
    }
    const at = (slice * width + Math.min((slice + 1) * width, end)) / 2;
    const point = `${coordinate(x(at))} ${coordinate(y(value))}`;
    const isAlone = !isDrawing && (values[slice + 1] ?? null) === null;
    if (isAlone) dots.push(element("circle", { cx: coordinate(x(at)), cy: coordinate(y(value)), r: 2.5 }));
    else path += `${isDrawing ? "L" : "M"}${point}`;
    isDrawing = true;
  }
  const title = element("title", {}, escaped(label));
  return element(
    "g",
    { class: `line line-${index % 8}` },
    title,
    path === "" ? "" : element("path", { d: path }),
    ...dots,
  );
}

function drawAxes(scale: Scale, time: Time, y: (value: number) => number, bottom: number): readonly string[] {
  const marks = scale.ticks.flatMap(({ at, text }) => [
    element("line", { class: "grid", x1: field.left, x2: field.right, y1: coordinate(y(at)), y2: coordinate(y(at)) }),
    element(
      "text",
      { class: "tick", x: field.left - 6, y: coordinate(y(at) + 4), "text-anchor": "end" },
      escaped(text),
    ),
  ]);
  return [...marks, ...drawTimeAxis(time, bottom)];
}

/** The axis of time below a field, with its lines. */
function drawTimeAxis(time: Time, bottom: number): readonly string[] {
  const x = across(time);
  const marks = timeScale(time.end, 9, momentText).ticks.flatMap(({ at, text }) => [
    element("line", { class: "mark", x1: coordinate(x(at)), x2: coordinate(x(at)), y1: bottom, y2: bottom + 4 }),
    element("text", { class: "tick", x: coordinate(x(at)), y: bottom + 16, "text-anchor": "middle" }, text),
  ]);
  const line = element("line", { class: "mark", x1: field.left, x2: field.right, y1: bottom, y2: bottom });
  return [line, ...marks];
}

/** Faults as shades behind what is drawn, and the healing as a line. */
export function drawEpisodes(time: Time, x: (at: number) => number, bottom: number): readonly string[] {
  const shades = time.episodes.map(({ from, until }) => {
    const width = Math.max(1, x(until) - x(from));
    const place = { x: coordinate(x(from)), width: coordinate(width), y: field.top, height: bottom - field.top };
    return element("rect", { class: "shade", ...place });
  });
  if (time.healedAt === null) return shades;
  const at = coordinate(x(time.healedAt));
  const title = element("title", {}, "the load ends, everything is healed");
  return [...shades, element("line", { class: "healed", x1: at, x2: at, y1: field.top, y2: bottom }, title)];
}

function legend({ id, lines, textOf }: Plot): string {
  const items = lines.map(({ label, values }, index) => {
    const max = values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
    const most = element("span", { class: "most" }, `at most ${escaped(textOf(max))}`);
    return element("li", { class: `line-${index % 8}` }, escaped(label), " ", most);
  });
  const note = element("output", { "data-readout": id });
  return element("div", { class: "legend" }, element("ul", {}, ...items), note);
}

/** What a timeline shows. */
export interface Timeline {
  readonly id: string;
  readonly title: string;
  readonly says: string;
  readonly episodes: readonly Episode[];
}

/** A timeline: a row for each episode, its name at its bar. */
export function renderTimeline({ id, title: name, says: how, episodes }: Timeline, time: Time): string {
  if (episodes.length === 0) {
    const heading = element("h3", { id: `${id}-title` }, escaped(name));
    return element("section", { class: "plot", id }, heading, element("p", { class: "nothing" }, "None."));
  }
  const x = across(time);
  const bottom = field.top + episodes.length * rowHeight + 4;
  const rows = episodes.map((episode, row) => {
    const { from, until } = episode;
    const [left, right] = [x(from), Math.max(x(until), x(from) + 3)];
    const top = field.top + row * rowHeight;
    const bar = element("rect", {
      class: "bar",
      x: coordinate(left),
      y: top + 3,
      width: coordinate(right - left),
      height: rowHeight - 6,
    });
    const when = from === until ? `at ${renderMicros(from)}` : `${renderMicros(from)} to ${renderMicros(until)}`;
    return element(
      "g",
      {},
      element("title", {}, escaped(episodeTitle(episode, when))),
      bar,
      nameOfBar(nameThatFits(episode, left), left, right, top + 14),
    );
  });
  return timelineSection({ id, title: name, says: how }, time, bottom, rows);
}

/** A part of the page with something over time: its rows above the axis, and what explains them below. */
export function timelineSection(
  { id, title, says }: { readonly id: string; readonly title: string; readonly says: string },
  time: Time,
  bottom: number,
  rows: readonly string[],
  ...below: readonly string[]
): string {
  const svg = element(
    "svg",
    {
      viewBox: `0 0 ${size.width} ${bottom + 24}`,
      role: "img",
      "aria-labelledby": `${id}-title`,
      "data-plot": id,
      "data-bottom": bottom,
    },
    ...rows,
    ...drawTimeAxis(time, bottom),
  );
  const heading = element("h3", { id: `${id}-title` }, escaped(title));
  return element(
    "section",
    { class: "plot", id },
    heading,
    element("p", { class: "says" }, escaped(says)),
    svg,
    ...below,
  );
}

/** What it hit is left to its title where there is no room. */
function nameThatFits(episode: Episode, left: number): string {
  const name = episodeName(episode);
  const room = Math.max(field.right - left - 5, left - field.left);
  return name.length * CHAR_WIDTH < room ? name : episode.text;
}

/** A name beside its bar where there is room: right of it, else left of it, else on it. */
export function nameOfBar(text: string, left: number, right: number, y: number): string {
  const room = text.length * CHAR_WIDTH;
  if (field.right - right > room) return element("text", { class: "name", x: coordinate(right + 5), y }, escaped(text));
  if (left - field.left > room) {
    return element("text", { class: "name", x: coordinate(left - 5), y, "text-anchor": "end" }, escaped(text));
  }
  return element("text", { class: "name on", x: coordinate(left + 5), y }, escaped(text));
}
