/**
 * The marks of cloudlets that are watched, in a space-time picture: a strip below each lane, with what its adjacent upper saw of it, and a
 * point on it for each time that a person said something of it. A strip names its marks where there is room; the legend names all.
 *
 * Leaves out what stretches are, and how each is hatched (report/mark-stretches.ts): the page of a run shows the same.
 */
import { barsOf, keysOfBars, type MarkBar, pastClass, stateClass } from "../report/mark-stretches.ts";
import { coordinate, element, escaped } from "../report/markup.ts";
import type { Scene, WatchedLane } from "./scene.ts";

/** A long bar says what it is once more after `again`. */
const strip = { below: 15, height: 12, past: 3, char: 5.6, again: 800 };

/** Where things stand in the picture, in its units. */
export interface StripFrame {
  readonly scene: Pick<Scene, "from" | "until">;
  /** Where a moment stands. */
  x(at: number): number;
  /** Where the line of a lane is. */
  y(lane: number): number;
}

/** One strip with its points. */
export function drawWatched(frame: StripFrame, { lane, watched, confirmations }: WatchedLane): string {
  const top = frame.y(lane) + strip.below;
  const bars = barsIn(frame, watched);
  const points = confirmations.map(({ at, says, title }) => {
    const [x, y] = [frame.x(at), top + strip.height / 2];
    const shape = says === "clear" ? { class: "said clear", r: 4 } : { class: "said", r: 4 };
    return element("circle", { cx: coordinate(x), cy: y, ...shape }, element("title", {}, escaped(title)));
  });
  return element("g", { class: "watched" }, ...bars.map((bar) => drawBar(frame, bar, top)), ...points);
}

/** A line of the picture's legend: what is drawn, in a field of 26 by 12, and what it means. */
export interface StripKey {
  readonly drawn: (x: number, y: number) => string;
  readonly text: string;
}

/** What the legend has to explain. */
export function stripKeys(frame: StripFrame, lanes: readonly WatchedLane[]): readonly StripKey[] {
  const bars = lanes.flatMap(({ watched }) => barsIn(frame, watched));
  const said = new Set(lanes.flatMap(({ confirmations }) => confirmations.map(({ says }) => says === "clear")));
  return [
    ...keysOfBars(bars).map(({ name, isPast, text }) => ({
      text,
      drawn: (x: number, y: number) =>
        element("rect", {
          class: name,
          x: coordinate(x),
          y: y + (isPast ? 5 : 0),
          width: 26,
          height: isPast ? strip.past : strip.height,
        }),
    })),
    ...[false, true]
      .filter((isClear) => said.has(isClear))
      .map((isClear) => ({
        text: isClear ? "a person takes back what was confirmed" : "a person confirms it",
        drawn: (x: number, y: number) =>
          element("circle", { class: isClear ? "said clear" : "said", cx: coordinate(x + 13), cy: y + 6, r: 4 }),
      })),
  ];
}

function barsIn(frame: StripFrame, watched: WatchedLane["watched"]): readonly MarkBar[] {
  return barsOf(watched, [frame.scene.from, frame.scene.until], (at) => frame.x(at));
}

function drawBar(frame: StripFrame, { shown, past, from, until, title }: MarkBar, top: number): string {
  const [left, right] = [frame.x(from), frame.x(until)];
  const place = { x: coordinate(left), width: coordinate(Math.max(right - left, 0.6)) };
  const names: string[] = [];
  for (let at = left + 4; at + shown.length * strip.char + 4 < right; at += strip.again)
    names.push(element("text", { class: "of-mark", x: coordinate(at), y: top + 9.5 }, shown));
  return element(
    "g",
    {},
    element("title", {}, escaped(title)),
    element("rect", { class: stateClass(shown), ...place, y: top, height: strip.height }),
    past === null
      ? ""
      : element("rect", { class: pastClass(past), ...place, y: top + strip.height + 0.5, height: strip.past }),
    ...names,
  );
}
