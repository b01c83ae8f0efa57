/** Fits against what samples were drawn from, distances against a count of every value, and what is said of samples that nothing fits. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { micros } from "../../model/units.ts";
import { openWorkplace } from "../cli/testing.ts";
import { type Distribution, samplerOf } from "../kernel/distributions.ts";
import { RngRoot } from "../kernel/rng.ts";
import { parseSpread, showSpread } from "../scenario/spread.ts";
import { distanceOf, type Fit, fitsOf, goodUpTo, rounded, sampleQuantile } from "./fits.ts";
import { quantileOf, shareUpTo, standardNormal } from "./shape.ts";

const drawn = (distribution: Distribution, count = 4_000): readonly number[] => {
  const sample = samplerOf(distribution);
  const rng = new RngRoot(`fit ${distribution.kind}`).stream;
  return Array.from({ length: count }, () => sample(rng)).sort((one, other) => one - other);
};

const known: readonly (readonly [string, Fit["distribution"]])[] = [
  ["constant", { kind: "constant", value: micros(20_000) }],
  ["uniform", { kind: "uniform", min: micros(5_000), max: micros(45_000) }],
  ["exponential", { kind: "exponential", mean: micros(250_000) }],
  ["normal", { kind: "normal", mean: micros(80_000), deviation: micros(9_000) }],
  ["lognormal", { kind: "lognormal", median: micros(12_000), sigmaPercent: 60 }],
  ["Pareto", { kind: "pareto", min: micros(30_000), shapePercent: 180 }],
];

describe("what a sample was drawn from", () => {
  test.each(known)("%s is found again, its values to a tenth, and said so that it reads back", (name, distribution) => {
    const sorted = drawn(distribution);
    const [best] = fitsOf(sorted);
    expect(best?.name).toContain(name);
    expect(best?.off).toBeLessThan(0.03);
    for (const [key, value] of Object.entries(distribution)) {
      const found = Object.entries(best?.distribution ?? {}).find(([one]) => one === key)?.[1] as unknown;
      if (typeof value === "number") expect(Math.abs(Number(found) - value)).toBeLessThanOrEqual(value / 10);
      else expect(found).toBe(value);
    }
    const text = best === undefined ? "" : showSpread(best.distribution);
    expect(parseSpread(text)).toEqual({ kind: "spread", spread: best?.distribution });
  });

  test.each(known)("%s: as many samples lie below each quantile as its shares say", (_name, distribution) => {
    const sorted = drawn(distribution);
    for (const share of [0.1, 0.5, 0.9, 0.99]) {
      const value = quantileOf(distribution, share);
      expect(shareUpTo(distribution, value)).toBeGreaterThanOrEqual(share);
      expect(shareUpTo(distribution, value - 1)).toBeLessThan(share);
      const below = sorted.filter((one) => one <= value).length / sorted.length;
      expect(Math.abs(below - shareUpTo(distribution, value))).toBeLessThan(0.02);
    }
  });

  test("a value far out spoils the ends of a uniform, and its moments less", () => {
    const sorted = [...drawn({ kind: "uniform", min: micros(5_000), max: micros(45_000) }), 400_000];
    const off = new Map(fitsOf(sorted).map((fit) => [fit.name, fit.off]));
    expect(off.get("uniform, by its moments")).toBeLessThan(0.07);
    expect(off.get("uniform, by its ends")).toBeGreaterThan(0.5);
  });

  test("values of nothing leave out what never has them", () => {
    const names = fitsOf([0, ...drawn({ kind: "exponential", mean: micros(5_000) })]).map(({ name }) => name);
    expect(names).toContain("exponential");
    expect(names).not.toContain("lognormal");
    expect(names).not.toContain("Pareto");
  });
});

test.each([
  [0, 0.5],
  [1, 0.841_344_746],
  [1.959_963_985, 0.975],
  [-2.326_347_874, 0.01],
  [4, 0.999_968_329],
])("of a standard normal %d has %d at or below it", (z, share) => {
  expect(Math.abs(standardNormal(z) - share)).toBeLessThan(1.5e-7);
});

// --- the twin: every whole number, counted ---

const small = fc.integer({ min: 0, max: 12 }).map(micros);
const smallDistribution: fc.Arbitrary<Distribution> = fc.oneof(
  small.map((value): Distribution => ({ kind: "constant", value })),
  fc.tuple(small, small).map(([one, other]): Distribution => ({
    kind: "uniform",
    min: micros(Math.min(one, other)),
    max: micros(Math.max(one, other)),
  })),
  fc.tuple(small, small).map(([mean, deviation]): Distribution => ({ kind: "normal", mean, deviation })),
  fc.integer({ min: 1, max: 12 }).map((mean): Distribution => ({ kind: "exponential", mean: micros(mean) })),
);

/** `isSpoilt`: looks at the values of the sample alone, and not right before them. */
function counted(sorted: readonly number[], distribution: Distribution, isSpoilt: boolean): number {
  const values = isSpoilt ? sorted : Array.from({ length: 60 }, (_, value) => value);
  return Math.max(
    ...values.map((value) => {
      const share = sorted.filter((one) => one <= value).length / sorted.length;
      return Math.abs(share - shareUpTo(distribution, value));
    }),
  );
}

test("the distance is the greatest of all values; one that is looked for at the sample's values alone is now and then too small", () => {
  let tooSmall = 0;
  fc.assert(
    fc.property(fc.array(small, { minLength: 1, maxLength: 8 }), smallDistribution, (values, distribution) => {
      const sorted = values.toSorted((one, other) => one - other);
      const off = distanceOf(sorted, distribution);
      expect(off).toBeCloseTo(counted(sorted, distribution, false), 9);
      if (counted(sorted, distribution, true) < off - 1e-9) tooSmall += 1;
    }),
    { numRuns: 200 },
  );
  expect(tooSmall).toBeGreaterThan(0);
});

test("numbers are rounded as a person writes them, quantiles are values of the sample, and few values may be off further", () => {
  expect([0, 7, 999, 1_234, 98_765.4].map(rounded)).toEqual([0, 7, 999, 1_230, 98_800]);
  expect([0.5, 0.9, 0.99, 1].map((share) => sampleQuantile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], share))).toEqual([
    5, 9, 10, 10,
  ]);
  expect([100, 10_000].map(goodUpTo)).toEqual([0.136, 0.1]);
});

// --- the command ---

const place = openWorkplace();
afterAll(() => {
  place.remove();
});
const write = (name: string, ...lines: readonly string[]): string => {
  writeFileSync(join(place.path, name), `${lines.join("\n")}\n`);
  return name;
};

test("of a sample with two humps none fits, and the sample itself is proposed as a scenario takes it", async () => {
  const humps = Array.from({ length: 200 }, (_, at) => String(at % 2 === 0 ? 5 + at / 200 : 900 + at));
  const file = write("humps.csv", "outage_s", ...humps);
  const { code, out } = await place.run("fit", file, "--column", "outage_s");
  expect(code).toBe(0);
  expect(out).toContain("none fits: the best, ");
  const proposed = out.trimEnd().split("\n").at(-1);
  expect(proposed).toContain("sample(");
  expect(parseSpread(proposed).kind).toBe("spread");
  const { out: json } = await place.run("fit", file, "--column", "outage_s", "--json");
  expect(JSON.parse(json)).toMatchObject({ values: 200, good: false, measured: { fit: "as measured" } });
});

test("times between lines of one session, and how long links are down and up, are samples too", async () => {
  const hours = Array.from({ length: 24 }, (_, at) => at);
  const log = write(
    "log.csv",
    "time_s,session",
    ...hours.map((at) => `${at * 10 + (at % 2)},${at % 2 === 0 ? "ada" : "ben"}`),
  );
  const { out: sessions } = await place.run(
    "fit",
    log,
    "--column",
    "time_s",
    "--as",
    "interarrival",
    "--by",
    "session",
  );
  expect(sessions).toContain("log.csv: 22 values of time_s, 20s to 20s");
  expect(sessions.trimEnd().split("\n").at(-1)).toBe("every: 20s");
  const lines = hours.map((at) => `${at * 60 + (at % 2) * 50},core,north,${at % 2 === 0 ? "down" : "up"}`);
  const outages = write(
    "outages.csv",
    "time_s,from,to,state",
    ...lines,
    "5000,core,south,down",
    "5001,south,core,down",
  );
  const { out: down } = await place.run("fit", outages, "--as", "down");
  expect(down).toContain("outages.csv: 12 values, 1.83min to 1.83min");
  expect(down).toContain("dropped, once: a time at the end of the table in which a link is down, which has no end");
  expect(down.trimEnd().split("\n").at(-1)).toBe("down: 110s");
  const { out: up } = await place.run("fit", outages, "--as", "up");
  expect(up.trimEnd().split("\n").at(-1)).toBe("up: 10s");
});

test.each([
  [["--as", "delay"], "--column: expected the name of a column, found none; name one of the first line"],
  [
    ["--as", "down", "--column", "state"],
    "--column state: expected none with --as down, which takes the columns time, from, to and state; leave it out",
  ],
  [
    ["--column", "rtt_ms", "--by", "site"],
    "--by site: expected it with --as interarrival, found --as duration; leave it out",
  ],
])("%j is refused", async (words, message) => {
  const { code, err } = await place.run("fit", write("any.csv", "rtt_ms", "1"), ...words);
  expect([code, err]).toEqual([2, `${message}\n`]);
});

test.each([
  [
    ["rtt_ms", "1", "x"],
    ["--column", "rtt_ms"],
    '3:1: expected ms from 0 up, found "x"; mend the cell, or leave it empty',
  ],
  [["rtt_ms", "-1"], ["--column", "rtt_ms"], '2:1: expected ms from 0 up, found "-1"'],
  [["rtt_ms", "1"], ["--column", "rtt"], "1:1: expected a column rtt, found rtt_ms; name one of these"],
  [
    ["rtt", "1"],
    ["--column", "rtt"],
    "1:1: expected a column whose name ends in its unit (_us, _ms, _s, _min, _h), found rtt; say it with --unit",
  ],
  [
    ["rtt_ms", "1", "2"],
    ["--column", "rtt_ms"],
    "1:1: expected at least 10 values, since fewer say nothing of a distribution, found 2; measure more",
  ],
  [["rtt_ms", "1"], ["--column", "rtt_ms", "--as", "interarrival"], "1:1: expected a column of times (time, time_us"],
  [
    ["time_s", "2", "1"],
    ["--column", "time_s", "--as", "interarrival"],
    "3:1: expected a time not before 2 of a line above, found 1",
  ],
  [
    ["time", "2026-01-01T00:00:00"],
    ["--column", "time", "--as", "interarrival"],
    "2:1: expected a time with its offset",
  ],
  [
    ["rtt_ms", "1"],
    ["--column", "rtt_ms", "--unit", "s"],
    "1:1: expected the unit that --unit says (s), found rtt_ms, whose name says ms; leave --unit out, or rename the column",
  ],
  [["rtt_ms", "1,5"], ["--column", "rtt_ms"], "2:3: expected no more cells than the 1 of the first line, found 2"],
  [[], ["--column", "x"], "1:1: expected a line of column names and a line for each value, found nothing"],
])("%j with %j is refused with its place", async (lines, words, message) => {
  const { code, err, out } = await place.run("fit", write("bad.csv", ...lines), ...words);
  expect([code, out]).toEqual([2, ""]);
  expect(err).toContain(`bad.csv:${message}`);
});
