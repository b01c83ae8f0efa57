/**
 * Time zones by the names of the IANA database, with the tables that Node has: when the clocks of a zone show a time of day.
 *
 * Tables change with versions of Node where governments change their minds; times with an offset do not depend on them.
 */
import type { Zone } from "../../workloads/measured/moments.ts";
import { microsOf } from "../../workloads/measured/civil-time.ts";

const DAY = 86_400_000_000;
/** Zones change their offset at full quarters of an hour. */
const QUARTER = 900_000_000;

/** The zone of that name; null where there is none. */
export function timeZoneNamed(name: string): Zone | null {
  let formatter: Intl.DateTimeFormat;
  try {
    formatter = new Intl.DateTimeFormat("en-US", {
      timeZone: name,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
  const known = new Map<number, number>();
  const offsetAt = (micros: number): number => {
    const quarter = Math.floor(micros / QUARTER);
    const found = known.get(quarter);
    if (found !== undefined) return found;
    const parts = new Map(formatter.formatToParts((quarter * QUARTER) / 1_000).map(({ type, value }) => [type, value]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
    const second = part("hour") * 3_600 + part("minute") * 60 + part("second");
    const offset = microsOf(part("year"), part("month"), part("day"), second) - quarter * QUARTER;
    known.set(quarter, offset);
    return offset;
  };
  return {
    name,
    timesOf(local) {
      const offsets = new Set([offsetAt(local - DAY), offsetAt(local + DAY)]);
      return [...offsets]
        .map((offset) => local - offset)
        .filter((time) => time + offsetAt(time) === local)
        .sort((one, other) => one - other);
    },
  };
}
