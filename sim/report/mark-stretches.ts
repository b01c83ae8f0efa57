// What marks over time are drawn from, wherever they are: stretches with what their control plane turned out to have been, which of them
// stand together where they are too short to be seen, and the words and hatches for all of it. What people have confirmed is hatched,
// so that no mark is told from another by its colour alone.
//
// Leaves out where anything stands: the page of a run has a scale of its own (mark-lanes.ts), a space-time picture another one.

import { type Mark, marks as allMarks } from "../../model/control/aliveness.ts";
import { renderMicros, renderNumber } from "../cli/tables.ts";
import type { AlivenessReport } from "../run/report.ts";
import { element } from "./markup.ts";

/** What is narrower is drawn together with what comes after it. */
const SEEN_MIN = 1.5;
/** Marks that the title of one stretch names. */
const TOLD_MAX = 6;

/** A cloudlet that is watched, and how it was marked. */
export type Watched = AlivenessReport["marks"][number];
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
type Past = keyof typeof pasts;

interface Stretch {
  readonly shown: Shown;
  readonly was: string;
  readonly from: number;
  readonly until: number;
}

/** What is drawn at one place of a lane: a stretch, or several that are too short to be seen alone. Times in microseconds. */
export interface MarkBar {
  /** Of several the gravest. */
  readonly shown: Shown;
  /** What its plane turned out to have been; null where nothing was learned. */
  readonly past: Past | null;
  readonly from: number;
  readonly until: number;
  /** All of it, for whoever points there. */
  readonly title: string;
}

/** The bars of one lane, from left to right, as far as they lie between two moments; `x` is where a moment stands. */
export function barsOf(
  watched: Watched,
  [begin, end]: readonly [number, number],
  x: (at: number) => number,
): readonly MarkBar[] {
  const stretches = stretchesOf(watched, end).filter(({ from, until }) => from <= end && until >= begin);
  return together(stretches, (at) => x(Math.max(begin, at))).map((group) => {
    const [first] = group as readonly [Stretch];
    const past = group.find(({ was }) => was !== "")?.was ?? "";
    return {
      shown: gravest.find((one) => group.some((stretch) => stretch.shown === one)) ?? first.shown,
      past: past === "" ? null : pastOf(past),
      from: Math.max(begin, first.from),
      until: (group.at(-1) ?? first).until,
      title: titleOf(group, watched),
    };
  });
}

/** The class of what is drawn for a mark, and for what a plane turned out to have been. */
export function stateClass(shown: Shown): string {
  return `state state-${shown}`;
}

/** See `stateClass`. */
export function pastClass(past: Past): string {
  return `past past-${past}`;
}

/** A line of a legend. */
export interface MarkKey {
  readonly name: string;
  readonly isPast: boolean;
  readonly text: string;
}

/** The lines that these bars need, in the order of the seven marks. */
export function keysOfBars(bars: readonly MarkBar[]): readonly MarkKey[] {
  const shown = new Set(bars.map((bar) => bar.shown));
  const told = new Set(bars.map(({ past }) => past));
  return [
    ...([...allMarks, "nobody", "unkept"] as const)
      .filter((one) => shown.has(one))
      .map((one) => ({ name: stateClass(one), isPast: false, text: says[one] })),
    ...(Object.keys(pasts) as Past[])
      .filter((one) => told.has(one))
      .map((one) => ({ name: pastClass(one), isPast: true, text: `below: its plane ${pasts[one]}` })),
  ];
}

function stretchesOf({ stretches, moreCount }: Watched, end: number): readonly Stretch[] {
  return stretches.flatMap((one, index) => {
    const next = stretches[index + 1]?.at ?? Math.max(end, one.at);
    const isLast = index === stretches.length - 1;
    if (next <= one.at && !isLast) return [];
    const shown = isLast && moreCount > 0 ? "unkept" : (one.mark ?? "nobody");
    return [{ shown, was: one.was, from: one.at, until: next }];
  });
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
    .map((one) => (isPast(one) ? pasts[one] : one))
    .join(" and ");
}

// Who was first this and then that has been something else than healthy.
function pastOf(was: string): Past {
  return was.split(", ").find((one): one is Past => isPast(one) && one !== "healthy") ?? "healthy";
}

function isPast(text: string): text is Past {
  return text in pasts;
}

/** Lines over the colour of what people have confirmed, each in a direction of its own: to be put into each drawing. */
export const hatches = element(
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
