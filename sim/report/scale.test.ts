/** Axes end on whole marks, hold every value, and have few marks. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { prop } from "../../properties/prop.ts";
import { linearScale, logScale, timeScale } from "./scale.ts";

const plain = (value: number): string => String(value);
const marks = ({ ticks }: { readonly ticks: readonly { readonly text: string }[] }) => ticks.map(({ text }) => text);

test.each([
  [0, ["0", "1"]],
  [3, ["0", "1", "2", "3"]],
  [31, ["0", "10", "20", "30", "40"]],
  [58, ["0", "20", "40", "60"]],
  [1_000, ["0", "500", "1000"]],
])("up to %d the marks are %j", (max, expected) => {
  expect(marks(linearScale(max, 4, plain))).toEqual(expected);
});

test("bytes are marked in their own units", () => {
  const inKiB = (value: number): string => `${value / 1_024}K`;
  expect(marks(linearScale(700 * 1_024, 4, inKiB, "bytes"))).toEqual(["0K", "200K", "400K", "600K", "800K"]);
  expect(marks(linearScale(1.5 * 1_024, 4, inKiB, "bytes"))).toEqual(["0K", "0.5K", "1K", "1.5K"]);
});

test("powers of ten hold what lies between them", () => {
  const scale = logScale(20_000, 3_900_000, plain);
  expect(marks(scale)).toEqual(["10000", "100000", "1000000", "10000000"]);
  expect([10_000, 1_000_000, 10_000_000].map(scale.place)).toEqual([0, expect.closeTo(2 / 3), 1]);
  expect(logScale(5, 5, plain).place(0)).toBe(0);
});

test("time is marked at round moments and ends where the run does", () => {
  const scale = timeScale(61_000_000, 9, (at) => `${at / 1_000_000}`);
  expect(marks(scale)).toEqual(["0", "10", "20", "30", "40", "50", "60"]);
  expect(scale.place(61_000_000)).toBe(1);
  expect(marks(timeScale(365 * 86_400_000_000, 9, (at) => `${at / 86_400_000_000}d`))).toContain("180d");
});

const size = fc.integer({ min: 1, max: 500_000_000_000_000 });
prop(
  "every axis holds its largest value and has few marks",
  fc.tuple(size, fc.constantFrom("things", "bytes")),
  ([max, counts]) => {
    const scale = linearScale(max, 4, plain, counts);
    expect(scale.place(max)).toBeLessThanOrEqual(1);
    expect(scale.place(max)).toBeGreaterThan(0.3);
    expect(scale.ticks.length).toBeLessThanOrEqual(11);
    expect(timeScale(max, 9, plain).ticks.length).toBeLessThanOrEqual(11);
  },
);
