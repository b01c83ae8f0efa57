// Who was marked what, on a timeline: a lane for each cloudlet that is watched, in the order of the report, a stretch for each mark; and below a
// stretch what its control plane turned out to have been meanwhile, once it came back and told.
//
// Stretches that are too short to be seen are drawn as one, with the gravest of their marks; pointing at it tells all of them. Leaves out
// what stretches are (mark-stretches.ts), and whether any of it was right: the properties say so.

import { renderNumber } from "../cli/tables.ts";
import type { AlivenessReport } from "../run/report.ts";
import { barsOf, hatches, keysOfBars, type MarkBar, pastClass, stateClass, type Watched } from "./mark-stretches.ts";
import { coordinate, element, escaped } from "./markup.ts";
import { across, drawEpisodes, field, type Time, timelineSection } from "./plot.ts";

/** Lanes that are shown; of more, those whose marks changed most. */
const LANES_MAX = 120;
/** Up to so many lanes stand far apart. */
const LANES_FEW = 30;
const lane = { wide: 19, narrow: 13, gap: 5, gapNarrow: 4, past: 3 };
/** Characters of a name that have room beside its lane. */
const NAME_MAX = 11;

/** The timeline; nothing where nobody is watched. */
export function renderMarkLanes(aliveness: AlivenessReport | undefined, time: Time): string {
  if (aliveness === undefined || aliveness.marks.length === 0) return "";
  const shown = lanesOf(aliveness.marks);
  const isNarrow = shown.length > LANES_FEW;
  const height = isNarrow ? lane.narrow : lane.wide;
  const gap = isNarrow ? lane.gapNarrow : lane.gap;
  const bottom = field.top + shown.length * height + 4;
  const x = across(time);
  const bars = shown.map((watched) => barsOf(watched, [0, time.end], x));
  const rows = shown.map((watched, row) => {
    const top = field.top + row * height;
    return element(
      "g",
      { class: "lane" },
      element(
        "text",
        { class: isNarrow ? "tick" : "", x: field.left - 6, y: top + height - gap - 1, "text-anchor": "end" },
        element("title", {}, escaped(`${watched.cloudlet}, watched by ${watched.upper}`)),
        escaped(shortened(watched.cloudlet)),
      ),
      ...(bars[row] ?? []).map((bar) => drawBar(bar, top, height - gap, x)),
    );
  });
  const left = aliveness.marks.length - shown.length;
  const most =
    left === 0 ? "" : ` The ${shown.length} whose marks changed most; ${renderNumber(left)} more are left out.`;
  const how =
    "What the adjacent upper saw of each cloudlet. Below a stretch: what its control plane turned out to have been, once it told.";
  return timelineSection(
    { id: "mark-lanes", title: "Marks", says: `${how}${most}` },
    time,
    bottom,
    [hatches, ...drawEpisodes(time, x, bottom), ...rows],
    legend(bars.flat()),
  );
}

function lanesOf(all: readonly Watched[]): readonly Watched[] {
  if (all.length <= LANES_MAX) return all;
  const chosen = new Set(all.toSorted((a, b) => b.changes - a.changes).slice(0, LANES_MAX));
  return all.filter((one) => chosen.has(one));
}

// Names of one tree often begin alike.
function shortened(name: string): string {
  return name.length <= NAME_MAX ? name : `…${name.slice(1 - NAME_MAX)}`;
}

function drawBar(
  { shown, past, from, until, title }: MarkBar,
  top: number,
  height: number,
  x: (at: number) => number,
): string {
  const place = { x: coordinate(x(from)), width: coordinate(Math.max(x(until) - x(from), 0.6)) };
  return element(
    "g",
    {},
    element("title", {}, escaped(title)),
    element("rect", { class: stateClass(shown), ...place, y: top, height }),
    past === null
      ? ""
      : element("rect", { class: pastClass(past), ...place, y: top + height + 0.5, height: lane.past }),
  );
}

function legend(bars: readonly MarkBar[]): string {
  const list = keysOfBars(bars).map(({ name, isPast, text }) => {
    const height = isPast ? 4 : 12;
    const swatch = element(
      "svg",
      { class: "swatch", viewBox: "0 0 20 12", "aria-hidden": "true" },
      element("rect", { class: name, x: 0, y: (12 - height) / 2, width: 20, height }),
    );
    return element("li", {}, swatch, escaped(text));
  });
  return element("div", { class: "legend" }, element("ul", { class: "keys" }, ...list));
}
