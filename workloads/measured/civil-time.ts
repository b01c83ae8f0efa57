// Times of calendars and clocks as numbers: 2026-03-29T02:30:00+01:00 as microseconds since 1970 in UTC. Gregorian throughout, no leap seconds.
//
// Leaves out which offset a time zone has when: whoever asks brings it (`ZoneTimes`), since that is a matter of tables, not of arithmetic.

/** A time that a text says, in microseconds since 1970: true time where it says its offset; else what a clock on the wall shows. */
export interface CivilTime {
  readonly micros: number;
  readonly isLocal: boolean;
  /** Whether the text has more decimals than count: they were cut. */
  readonly isCut: boolean;
}

/** When the clocks of a zone show this: no time, where they are put forward past it; two, where they are put back over it; in order. */
export type ZoneTimes = (localMicros: number) => readonly number[];

const FORM =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s*(?:([Zz])|([+-])(\d{2}):?(\d{2}))?$/u;
const MICROS_PER_SECOND = 1_000_000;
const SECONDS_PER_DAY = 86_400;

/** Reads a time of RFC 3339, its offset or Z left out or not; null where it is none, or none that any calendar has. */
export function readCivilTime(text: string): CivilTime | null {
  const parts = FORM.exec(text.trim());
  if (parts === null) return null;
  const [year, month, day, hour, minute] = parts.slice(1, 6).map(Number) as [number, number, number, number, number];
  const second = Number(parts[6] ?? 0);
  if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return null;
  if (hour > 23 || minute > 59 || second > 59) return null;
  const fraction = parts[7] ?? "";
  const rest = Number(fraction.slice(0, 6).padEnd(6, "0"));
  const local = microsOf(year, month, day, hour * 3_600 + minute * 60 + second) + rest;
  const isCut = /[1-9]/u.test(fraction.slice(6));
  if (parts[8] === undefined && parts[9] === undefined) return { micros: local, isLocal: true, isCut };
  const [hours, minutes] = [Number(parts[10] ?? 0), Number(parts[11] ?? 0)];
  if (hours > 23 || minutes > 59) return null;
  const offset = (parts[9] === "-" ? -1 : 1) * (hours * 3_600 + minutes * 60) * MICROS_PER_SECOND;
  return { micros: local - offset, isLocal: false, isCut };
}

/** Microseconds since 1970 of a day of the calendar and a second of that day. */
export function microsOf(year: number, month: number, day: number, second: number): number {
  return (daysSince1970(year, month, day) * SECONDS_PER_DAY + second) * MICROS_PER_SECOND;
}

/** The same as a text in UTC: 2026-03-29T00:30:00Z. */
export function showCivilTime(micros: number): string {
  const days = Math.floor(micros / (SECONDS_PER_DAY * MICROS_PER_SECOND));
  const within = micros - days * SECONDS_PER_DAY * MICROS_PER_SECOND;
  const second = Math.floor(within / MICROS_PER_SECOND);
  const rest = within - second * MICROS_PER_SECOND;
  const two = (value: number): string => String(value).padStart(2, "0");
  const clock = `${two(Math.floor(second / 3_600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`;
  const fraction = rest === 0 ? "" : `.${String(rest).padStart(6, "0").replace(/0+$/u, "")}`;
  return `${dateOf(days)}T${clock}${fraction}Z`;
}

// Both by eras of 400 years that begin in March, so that a leap day is the last of its year (Hinnant, chrono-compatible date algorithms).
const DAYS_PER_ERA = 146_097;
const DAYS_TO_1970 = 719_468;

function daysSince1970(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_PER_ERA + dayOfEra - DAYS_TO_1970;
}

function dateOf(days: number): string {
  const shifted = days + DAYS_TO_1970;
  const era = Math.floor(shifted / DAYS_PER_ERA);
  const dayOfEra = shifted - era * DAYS_PER_ERA;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

function daysOf(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
}
