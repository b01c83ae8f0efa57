// Who was marked what, on a timeline: a lane for each cloudlet that is watched, in the order of the report, a stretch for each mark; and below a
// stretch what its control plane turned out to have been meanwhile, once it came back and told. What people have confirmed is hatched, so
// that no mark is told from another by its colour alone.
//
// Stretches that are too short to be seen are drawn as one, with the gravest of their marks; pointing at it tells all of them. Leaves out
// whether any of it was right: the properties say so.

import { type Mark, marks as allMarks } from "../../model/control/aliveness.ts";
import { renderMicros, renderNumber } from "../cli/tables.ts";
import type { AlivenessReport, MarkStretch } from "../run/report.ts";
import { coordinate, element, escaped } from "./markup.ts";
import { across, drawEpisodes, drawTimeAxis, field, size, type Time } from "./plot.ts";

/** Lanes that are shown; of more, those whose marks changed most. */
const LANES_MAX = 120;
/** Up to so many lanes stand far apart. */
const LANES_FEW = 30;
const lane = { wide: 19, narrow: 13, gap: 5, gapNarrow: 4, past: 3 };
/** What is narrower is drawn together with what comes after it. */
const SEEN_MIN = 1.5;
/** Characters of a name that have room beside its lane. */
const NAME_MAX = 11;
/** Marks that the title of one stretch names. */
const TOLD_MAX = 6;

type Watched = AlivenessReport["marks"][number];
/** `unkept`: the report has counted what came then. */
type Shown = Mark | "nobody" | "unkept";

/** Of several that stand in one place the first one here is seen. */
const gravest: readonly Shown[] = [
  "unkept",
  "fenced",
  "failed",
  "disconnected",
  "nobody",
  "unknown",
  "autonomous",
  "synchronizing",
  "connected",
];

const says: Readonly<Record<Shown, string>> = {
  unknown: "unknown",
  autonomous: "autonomous",
  synchronizing: "synchronizing",
  connected: "connected",
  failed: "failed",
  disconnected: "disconnected",
  fenced: "fenced",
  nobody: "nobody watches: its upper is down",
  unkept: "changes that are only counted",
};

/** Of what a plane was, as reports have it. */
const pasts = { healthy: "had been healthy", failed: "had failed", none: "had no plane" } as const;

interface Stretch {
  readonly shown: Shown;
  readonly was: string;
  readonly from: number;
  readonly until: number;
}

/** The timeline; nothing where nobody is watched. */
export function renderMarkLanes(aliveness: AlivenessReport | undefined, time: Time): string {
  if (aliveness === undefined || aliveness.marks.length === 0) return "";
  const shown = lanesOf(aliveness.marks);
  const isNarrow = shown.length > LANES_FEW;
  const height = isNarrow ? lane.narrow : lane.wide;
  const gap = isNarrow ? lane.gapNarrow : lane.gap;
  const bottom = field.top + shown.length * height + 4;
  const used = { shown: new Set<Shown>(), pasts: new Set<string>() };
  const rows = shown.map((watched, row) => {
    const top = field.top + row * height;
    const stretches = stretchesOf(watched, time.end);
    for (const { shown: one, was } of stretches) {
      used.shown.add(one);
      for (const past of was.split(", ")) used.pasts.add(past);
    }
    return element(
      "g",
      { class: "lane" },
      element(
        "text",
        { class: isNarrow ? "tick" : "", x: field.left - 6, y: top + height - gap - 1, "text-anchor": "end" },
        element("title", {}, escaped(`${watched.cloudlet}, watched by ${watched.upper}`)),
        escaped(shortened(watched.cloudlet)),
      ),
      ...together(stretches, across(time)).map((group) => drawGroup(group, watched, top, height - gap, across(time))),
    );
  });
  const svg = element(
    "svg",
    {
      viewBox: `0 0 ${size.width} ${bottom + 24}`,
      role: "img",
      "aria-labelledby": "mark-lanes-title",
      "data-plot": "mark-lanes",
      "data-bottom": bottom,
    },
    hatches,
    ...drawEpisodes(time, across(time), bottom),
    ...rows,
    ...drawTimeAxis(time, bottom),
  );
  const left = aliveness.marks.length - shown.length;
  const most =
    left === 0 ? "" : ` The ${shown.length} whose marks changed most; ${renderNumber(left)} more are left out.`;
  const how =
    "What the adjacent upper saw of each cloudlet. Below a stretch: what its control plane turned out to have been, once it told.";
  return element(
    "section",
    { class: "plot", id: "mark-lanes" },
    element("h3", { id: "mark-lanes-title" }, "Marks"),
    element("p", { class: "says" }, `${how}${most}`),
    svg,
    legend(used.shown, used.pasts),
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

function stretchesOf({ stretches, moreCount }: Watched, end: number): readonly Stretch[] {
  return stretches.flatMap((one, index) => {
    const next = stretches[index + 1]?.at ?? end;
    const isLast = index === stretches.length - 1;
    if (next <= one.at && !isLast) return [];
    return [{ shown: isLast && moreCount > 0 ? "unkept" : shownOf(one), was: one.was, from: one.at, until: next }];
  });
}

function shownOf({ mark }: MarkStretch): Shown {
  return mark ?? "nobody";
}

/** Neighbours of which none could be seen alone. */
function together(stretches: readonly Stretch[], x: (at: number) => number): readonly (readonly Stretch[])[] {
  const groups: Stretch[][] = [];
  for (const stretch of stretches) {
    const group = groups.at(-1);
    const first = group?.[0];
    const isTiny = x(stretch.until) - x(stretch.from) < SEEN_MIN;
    const isWithTiny = group !== undefined && group.every(({ from, until }) => x(until) - x(from) < SEEN_MIN);
    if (
      group !== undefined &&
      first !== undefined &&
      isTiny &&
      isWithTiny &&
      x(stretch.from) - x(first.from) < SEEN_MIN
    )
      group.push(stretch);
    else groups.push([stretch]);
  }
  return groups;
}

function drawGroup(
  group: readonly Stretch[],
  watched: Watched,
  top: number,
  height: number,
  x: (at: number) => number,
): string {
  const [first] = group as readonly [Stretch];
  const last = group.at(-1) ?? first;
  const shown = gravest.find((one) => group.some((stretch) => stretch.shown === one)) ?? first.shown;
  const place = { x: coordinate(x(first.from)), width: coordinate(Math.max(x(last.until) - x(first.from), 0.6)) };
  const past = group.find(({ was }) => was !== "")?.was ?? "";
  return element(
    "g",
    {},
    element("title", {}, escaped(titleOf(group, watched))),
    element("rect", { class: `state state-${shown}`, ...place, y: top, height }),
    past === ""
      ? ""
      : element("rect", { class: `past past-${pastOf(past)}`, ...place, y: top + height + 0.5, height: lane.past }),
  );
}

function titleOf(group: readonly Stretch[], { cloudlet, upper, moreCount }: Watched): string {
  const told = group.slice(0, TOLD_MAX).map(({ shown, was, from, until }) => {
    const words = shown === "unkept" ? `${renderNumber(moreCount + 1)} changes that are only counted` : says[shown];
    const past = was === "" ? "" : `, its plane ${pastText(was)}`;
    return `${words} from ${renderMicros(from)} to ${renderMicros(until)}${past}`;
  });
  const more = group.length > TOLD_MAX ? [`and ${group.length - TOLD_MAX} more`] : [];
  return `${cloudlet}, as ${upper} saw it: ${[...told, ...more].join("; ")}`;
}

function pastText(was: string): string {
  return was
    .split(", ")
    .map((one) => (one in pasts ? pasts[one as keyof typeof pasts] : one))
    .join(" and ");
}

// Who was first this and then that has been something else than healthy.
function pastOf(was: string): string {
  const told = was.split(", ");
  return told.find((one) => one !== "healthy") ?? "healthy";
}

function legend(shown: ReadonlySet<Shown>, told: ReadonlySet<string>): string {
  const swatch = (name: string, height: number): string =>
    element(
      "svg",
      { class: "swatch", viewBox: "0 0 20 12", "aria-hidden": "true" },
      element("rect", { class: name, x: 0, y: (12 - height) / 2, width: 20, height }),
    );
  const states = [...allMarks, "nobody", "unkept"] as const;
  const items = [
    ...states.filter((one) => shown.has(one)).map((one) => [swatch(`state state-${one}`, 12), says[one]] as const),
    ...(Object.keys(pasts) as (keyof typeof pasts)[])
      .filter((one) => told.has(one))
      .map((one) => [swatch(`past past-${one}`, 4), `below: its plane ${pasts[one]}`] as const),
  ];
  const list = items.map(([drawn, text]) => element("li", {}, drawn, escaped(text)));
  return element("div", { class: "legend" }, element("ul", { class: "keys" }, ...list));
}

// Lines over the colour of what people have confirmed, each in a direction of its own.
const hatches = element(
  "defs",
  {},
  ...(
    [
      ["failed", "M0 0L6 6M-1 5L1 7M5 -1L7 1"],
      ["disconnected", "M0 3H6"],
      ["fenced", "M0 0L6 6M6 0L0 6"],
      ["unknown", "M3 3h.01"],
    ] as const
  ).map(([name, d]) =>
    element(
      "pattern",
      { id: `hatch-${name}`, width: 6, height: 6, patternUnits: "userSpaceOnUse" },
      element("rect", { class: `ground-${name}`, width: 6, height: 6 }),
      element("path", { class: `hatch-${name}`, d }),
    ),
  ),
);
