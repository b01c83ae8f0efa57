/**
 * Where the marks of a scene stand from left to right. Moments are columns in the order of true time; a pause between two of them
 * widens the step with its logarithm, since a run has microseconds and days side by side. Labels of one lane never overlap.
 */
import type { Mark, Scene } from "./scene.ts";

/** Where everything is, in pixels from the left of the lanes. */
export interface Layout {
  /** By mark. */
  readonly x: readonly number[];
  readonly width: number;
  /** Where an instant lies: of one that is no column, where it would be. */
  place(at: number): number;
  /** Some moments with room for their time below, in order. */
  readonly ticks: readonly { readonly x: number; readonly at: number }[];
}

const BARE = 14;
const CHARACTER = 6.3;
const LABEL_PADDING = 16;
const STEP = 12;
/** Between marks of one lane and one moment. */
const TIGHT = 5;
/** Pixels for each tenfold of a pause beyond a millisecond. */
const PER_TENFOLD = 11;
const TICK_ROOM = 104;

/** Room that a mark takes on its lane. */
export function widthOf({ label }: Mark): number {
  return label === "" ? BARE : LABEL_PADDING + label.length * CHARACTER;
}

/** Places all marks. */
export function layOut({ marks, lanes, from, until }: Scene): Layout {
  const order = marks.map((_mark, index) => index).sort((a, b) => marks[a]!.at - marks[b]!.at || a - b);
  const x = new Array<number>(marks.length).fill(0);
  const columns: { readonly at: number; readonly x: number }[] = [];
  // By lane: the mark placed last, and up to where labels are taken. Only labels keep out of each other's way.
  const last = new Array<number>(lanes.length).fill(-TIGHT);
  const taken = new Array<number>(lanes.length).fill(0);
  let column = BARE;
  let before: number | null = null;
  for (let begin = 0; begin < order.length;) {
    const { at } = marks[order[begin]!]!;
    let end = begin;
    while (end < order.length && marks[order[end]!]!.at === at) end += 1;
    if (before !== null) column += STEP + PER_TENFOLD * Math.max(0, Math.log10((at - before + 1) / 1_000));
    columns.push({ at, x: column });
    let furthest = column;
    for (let place = begin; place < end; place += 1) {
      const mark = marks[order[place]!]!;
      const { lane } = mark;
      const own = Math.max(column, last[lane]! + TIGHT, mark.label === "" ? 0 : taken[lane]!);
      x[order[place]!] = own;
      last[lane] = own;
      if (mark.label !== "") taken[lane] = own + widthOf(mark);
      furthest = Math.max(furthest, own);
    }
    // Nothing later lies further to the left, or messages would go back in time.
    column = furthest;
    before = at;
    begin = end;
  }
  const width = Math.max(column + BARE, ...taken);
  const ticks: { x: number; at: number }[] = [];
  for (const { at, x: place } of columns) {
    if (ticks.length === 0 || place - ticks.at(-1)!.x >= TICK_ROOM) ticks.push({ x: place, at });
  }
  const all = [{ at: from, x: 0 }, ...columns, { at: Math.max(until, before ?? from), x: width }];
  return { x, width, ticks, place: (at) => placeAmong(all, at) };
}

function placeAmong(columns: readonly { readonly at: number; readonly x: number }[], at: number): number {
  let low = 0;
  let high = columns.length - 1;
  if (at <= columns[low]!.at) return columns[low]!.x;
  if (at >= columns[high]!.at) return columns[high]!.x;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (columns[middle]!.at <= at) low = middle;
    else high = middle;
  }
  const [before, after] = [columns[low]!, columns[high]!];
  return before.x + ((after.x - before.x) * (at - before.at)) / Math.max(1, after.at - before.at);
}
