/** Times of calendars and clocks as numbers, and when the clocks of a zone show one: never, once or twice. */
import { describe, expect, test } from "vitest";
import { readCivilTime, showCivilTime } from "../../workloads/measured/civil-time.ts";
import { timeZoneNamed } from "./time-zones.ts";

describe("times", () => {
  test.each([
    ["1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z"],
    ["2026-11-27 05:14:03.25+01:00", 1_795_752_843_250_000, "2026-11-27T04:14:03.25Z"],
    ["2024-02-29T23:59:59.999999Z", 1_709_251_199_999_999, "2024-02-29T23:59:59.999999Z"],
    ["1969-12-31T23:59:59-00:30", 1_799_000_000, "1970-01-01T00:29:59Z"],
    ["2100-03-01T00:00:00,5+0530", 4_107_522_600_500_000, "2100-02-28T18:30:00.5Z"],
  ])("%s is %d microseconds after 1970, %s", (text, time, shown) => {
    expect(readCivilTime(text)?.micros).toBe(time);
    expect(showCivilTime(time)).toBe(shown);
  });

  test.each([
    "2025-02-29T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-01-01T24:00:00Z",
    "2026-01-01",
    "yesterday",
    "12:00:00Z",
  ])("%s is no time", (text) => {
    expect(readCivilTime(text)).toBeNull();
  });

  const utc = (zone: string, text: string): readonly string[] =>
    (timeZoneNamed(zone)?.timesOf(readCivilTime(text)?.micros ?? 0) ?? []).map(showCivilTime);

  test.each([
    ["Europe/Prague", "2026-01-15T12:00:00", ["2026-01-15T11:00:00Z"]],
    ["Europe/Prague", "2026-03-29T01:59:59.9", ["2026-03-29T00:59:59.9Z"]],
    ["Europe/Prague", "2026-03-29T02:30:00", []],
    ["Europe/Prague", "2026-03-29T03:00:00", ["2026-03-29T01:00:00Z"]],
    ["Europe/Prague", "2026-10-25T02:30:00", ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"]],
    ["Australia/Lord_Howe", "2026-04-05T01:45:00", ["2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z"]],
    ["Asia/Kathmandu", "2026-06-01T00:00:00", ["2026-05-31T18:15:00Z"]],
  ])("in %s the clocks show %s at %j", (zone, local, times) => {
    expect(utc(zone, local)).toEqual(times);
  });
});
