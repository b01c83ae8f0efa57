// When the entries of a measured table were: each line's time as microseconds, in one of the ways that its column may have.
//
// 1. Times never go backwards: a table that does so mixes two sources or two clocks, and which of them is right nobody here knows.
// 2. A time of day without an offset counts in the time zone that the scenario names, and is refused where it names none.
// 3. Where clocks are put forward some times of day never are: refused. Where they are put back some are twice: it is the first of both that
//    does not go backwards, which is told.

import type { Fidelity } from "../importing/fidelity.ts";
import type { ImportProblem } from "../importing/outcome.ts";
import type { TextRow } from "../importing/table.ts";
import { type CivilTime, readCivilTime, showCivilTime, type ZoneTimes } from "./civil-time.ts";
import { cellOf, type Column, decimalOf, timeColumns } from "./columns.ts";

/** A time zone by name. */
export interface Zone {
  readonly name: string;
  readonly timesOf: ZoneTimes;
}

/** The time of each line after the first, or null where that is refused; and whether they count from 1970, or from the run's beginning. */
export interface Moments {
  readonly isAbsolute: boolean;
  /** Microseconds. */
  readonly times: readonly (number | null)[];
}

/** What a time may be at most: the year 2200. */
const MOST = 7_258_118_400_000_000;

/** Reads the times of a table's lines. */
export function readMoments(
  rows: readonly TextRow[],
  column: Column,
  zone: Zone | null,
  problems: ImportProblem[],
  fidelity: Fidelity,
): Moments {
  const counted = timeColumns.get(column.name) ?? null;
  let last: { readonly time: number; readonly text: string } | null = null;
  const times = rows.slice(1).map((row): number | null => {
    const { text, ...place } = cellOf(row, column);
    const read = counted === null ? dayTimes(text, zone, fidelity) : countedTimes(text, column.name, counted.unit);
    if (typeof read === "string") {
      problems.push({ ...place, message: read });
      return null;
    }
    const least = last?.time ?? -Infinity;
    const time = read.find((one) => one >= least) ?? null;
    if (time === null) {
      const message = `expected a time not before ${last?.text ?? ""} of a line above, found ${text}; sort the lines by time`;
      problems.push({ ...place, message });
      return null;
    }
    if (read.length > 1) {
      const what = `a time that the clocks of ${zone?.name ?? ""} show twice: the first that does not go backwards`;
      fidelity.note("assumed", what, text);
    }
    last = { time, text };
    return time;
  });
  return { isAbsolute: counted === null || counted.isUnix, times };
}

/** The times that a text may mean, in order; or why it means none. */
export function dayTimes(text: string, zone: Zone | null, fidelity: Fidelity): readonly number[] | string {
  const civil = readCivilTime(text);
  const example = "2026-03-29T02:30:00+01:00 or 2026-03-29T01:30:00Z";
  if (civil === null) return `expected a time such as ${example}, found ${JSON.stringify(text)}; mend it`;
  if (civil.isCut) fidelity.note("converted", "a time with more than six decimals: cut to microseconds", text);
  if (!civil.isLocal) return [civil.micros];
  if (zone === null)
    return `expected a time with its offset, such as ${example}, found ${text}; add it, or say under measured which timeZone it is, such as Europe/Prague`;
  const times = zone.timesOf(civil.micros);
  if (times.length > 0) return times;
  return `expected a time that there is in ${zone.name}, found ${text}, past which the clocks were put forward (${afterGap(civil, zone)}); mend it, or write it with its offset`;
}

// What is an hour later is past any gap there was.
function afterGap({ micros }: CivilTime, { timesOf }: Zone): string {
  const later = [3_600_000_000, 7_200_000_000, 86_400_000_000].flatMap((by) =>
    timesOf(micros + by).map((time) => time - by),
  );
  return later[0] === undefined ? "for a day" : `near ${showCivilTime(later[0])}`;
}

function countedTimes(text: string, name: string, unit: number): readonly number[] | string {
  const value = decimalOf(text);
  if (value !== null && value * unit <= MOST) return [Math.round(value * unit)];
  const what = name.startsWith("unix") ? "since 1970" : "since the run began";
  return `expected ${name.slice(name.indexOf("_") + 1)} ${what}, a number from 0 up, found ${JSON.stringify(text)}; mend it`;
}
