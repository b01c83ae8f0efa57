/** Quantities are read exactly, or refused with what was expected, what was found and what to do. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { prop } from "../../properties/prop.ts";
import { parseQuantity, type QuantityKind, quantityPattern, quantityUnits, showQuantity } from "./quantity.ts";
import { parseSpread, showSpread } from "./spread.ts";

const read: readonly (readonly [kind: QuantityKind, text: string, value: number])[] = [
  ["duration", "20ms", 20_000],
  ["duration", "1.5s", 1_500_000],
  ["duration", "1.500000s", 1_500_000],
  ["duration", "3d", 259_200_000_000],
  ["duration", "7us", 7],
  ["duration", "0s", 0],
  ["duration", "0.5 h", 1_800_000_000],
  ["duration", "2min", 120_000_000],
  ["duration", " 20ms ", 20_000],
  ["offset", "-80ms", -80_000],
  ["offset", "+80ms", 80_000],
  ["offset", "80ms", 80_000],
  ["size", "64KiB", 65_536],
  ["size", "64kB", 64_000],
  ["size", "1.5MiB", 1_572_864],
  ["size", "0B", 0],
  ["bandwidth", "100Mbit", 100_000_000],
  ["bandwidth", "64kbit", 64_000],
  ["bandwidth", "2.5Gbit", 2_500_000_000],
  ["share", "2%", 20_000],
  ["share", "0.1%", 1_000],
  ["share", "40ppm", 40],
  ["share", "100%", 1_000_000],
  ["drift", "40ppm", 40],
  ["drift", "-40ppm", -40],
];

const refused: readonly (readonly [kind: QuantityKind, found: unknown, why: string])[] = [
  [
    "duration",
    20,
    "expected a duration such as 20ms, found 20; it has no unit: write 20us, 20ms, 20s (units: us, ms, s, min, h, d)",
  ],
  ["duration", "20", 'expected a duration such as 20ms, found "20"; it has no unit: add one of us, ms, s, min, h, d'],
  ["duration", "-5ms", 'expected a duration such as 20ms, found "-5ms"; it must not be negative'],
  [
    "duration",
    "20 parsecs",
    'expected a duration such as 20ms, found "20 parsecs"; "parsecs" is no unit of it (units: us, ms, s, min, h, d)',
  ],
  [
    "duration",
    "20MS",
    'expected a duration such as 20ms, found "20MS"; "MS" is no unit of it (units: us, ms, s, min, h, d); did you mean ms?',
  ],
  [
    "duration",
    "0.0000001s",
    'expected a duration such as 20ms, found "0.0000001s"; it is not a whole number of microseconds, the finest that counts',
  ],
  [
    "duration",
    "99999999999999999999d",
    'expected a duration such as 20ms, found "99999999999999999999d"; the most is 36525d',
  ],
  [
    "duration",
    "",
    "expected a duration such as 20ms, found an empty text; write a plain number and a unit (units: us, ms, s, min, h, d)",
  ],
  [
    "duration",
    "fast",
    'expected a duration such as 20ms, found "fast"; write a plain number and a unit (units: us, ms, s, min, h, d)',
  ],
  [
    "duration",
    "1e3ms",
    'expected a duration such as 20ms, found "1e3ms"; write a plain number and a unit (units: us, ms, s, min, h, d)',
  ],
  [
    "duration",
    "1,5s",
    'expected a duration such as 20ms, found "1,5s"; write a plain number and a unit (units: us, ms, s, min, h, d)',
  ],
  ["duration", null, "expected a duration such as 20ms, found nothing (an empty value); units: us, ms, s, min, h, d"],
  ["duration", ["20ms"], "expected a duration such as 20ms, found a list of 1; units: us, ms, s, min, h, d"],
  ["duration", { a: 1 }, "expected a duration such as 20ms, found a map; units: us, ms, s, min, h, d"],
  ["duration", true, "expected a duration such as 20ms, found true; units: us, ms, s, min, h, d"],
  ["share", "101%", 'expected a share such as 2%, found "101%"; the most is 100%'],
  ["share", 0.02, "expected a share such as 2%, found 0.02; it has no unit: write 0.02%, 0.02ppm (units: %, ppm)"],
  ["bandwidth", "0bit", 'expected a bandwidth such as 100Mbit, found "0bit"; the least is 1bit'],
  [
    "bandwidth",
    "100Mbps",
    'expected a bandwidth such as 100Mbit, found "100Mbps"; "Mbps" is no unit of it (units: bit, kbit, Mbit, Gbit)',
  ],
  [
    "size",
    "0.5B",
    'expected a size such as 64KiB, found "0.5B"; it is not a whole number of bytes, the finest that counts',
  ],
  [
    "size",
    "64Kib",
    'expected a size such as 64KiB, found "64Kib"; "Kib" is no unit of it (units: B, kB, KiB, MB, MiB, GB, GiB); did you mean KiB?',
  ],
  ["drift", "60%", 'expected a clock drift such as 40ppm, found "60%"; the most is 50%'],
];

describe("quantity", () => {
  test.each(read)("%s %s is %d", (kind, text, value) => {
    expect(parseQuantity(kind, text)).toEqual({ kind: "quantity", value });
  });

  test.each(refused)("%s %j is refused with a remedy", (kind, found, why) => {
    expect(parseQuantity(kind, found)).toEqual({ kind: "refused", why });
  });

  prop(
    "what is shown reads back as the same value, and editors accept it",
    fc.record({
      kind: fc.constantFrom<QuantityKind>("duration", "offset", "size", "bandwidth", "share", "drift"),
      value: fc.oneof(
        fc.integer({ min: 1, max: 500_000 }),
        fc.integer({ min: 1, max: 500 }).map((whole) => whole * 1000),
      ),
    }),
    ({ kind, value }) => {
      const shown = showQuantity(kind, value);
      expect(parseQuantity(kind, shown)).toEqual({ kind: "quantity", value });
      expect(shown).toMatch(new RegExp(quantityPattern(kind), "u"));
    },
  );

  prop(
    "any text is read or refused, never thrown",
    fc.record({
      kind: fc.constantFrom<QuantityKind>("duration", "offset", "size"),
      text: fc.string({ unit: "binary" }),
    }),
    ({ kind, text }) => ["quantity", "refused"].includes(parseQuantity(kind, text).kind),
  );

  prop(
    "decimals are exact: no value differs from the sum of its parts",
    fc.record({ whole: fc.integer({ min: 0, max: 9_999 }), micros: fc.integer({ min: 0, max: 999_999 }) }),
    ({ whole, micros }) => {
      const text = `${whole}.${String(micros).padStart(6, "0")}s`;
      expect(parseQuantity("duration", text)).toEqual({ kind: "quantity", value: whole * 1_000_000 + micros });
    },
  );

  prop(
    "what is short is read as all else is",
    fc.record({
      kind: fc.constantFrom<QuantityKind>("duration", "offset", "size", "bandwidth", "share", "drift"),
      digits: fc.stringMatching(/^[0-9]{1,17}$/),
      unit: fc.constantFrom("us", "ms", "d", "B", "GiB", "bit", "Gbit", "%", "ppm", "", "s s"),
    }),
    ({ kind, digits, unit }) => {
      // A blank before it is passed over, and makes it long.
      const [short, long] = [parseQuantity(kind, `${digits}${unit}`), parseQuantity(kind, ` ${digits}${unit}`)];
      expect(short.kind).toBe(long.kind);
      if (short.kind === "quantity") expect(short).toEqual(long);
    },
  );

  test("every unit of every kind is read", () => {
    for (const kind of ["duration", "size", "bandwidth", "share"] as const) {
      for (const unit of quantityUnits(kind)) expect(parseQuantity(kind, `1${unit}`).kind).toBe("quantity");
    }
  });
});

describe("spread", () => {
  test.each([
    ["20ms", { kind: "constant", value: 20_000 }],
    ["uniform(5ms, 20ms)", { kind: "uniform", min: 5_000, max: 20_000 }],
    ["exponential(1.5s)", { kind: "exponential", mean: 1_500_000 }],
    ["lognormal(2ms,50%)", { kind: "lognormal", median: 2_000, sigmaPercent: 50 }],
    ["normal(2ms, 500us)", { kind: "normal", mean: 2_000, deviation: 500 }],
    ["pareto(2ms, 150%)", { kind: "pareto", min: 2_000, shapePercent: 150 }],
    [
      "sample(2ms, 1ms, 2000us)",
      {
        kind: "empirical",
        observations: [
          { value: 1_000, count: 1 },
          { value: 2_000, count: 2 },
        ],
      },
    ],
  ])("%s is read", (text, spread) => {
    const read = parseSpread(text);
    expect(read).toEqual({ kind: "spread", spread });
    expect(read.kind === "spread" && parseSpread(showSpread(read.spread))).toEqual(read);
  });

  const forms =
    "expected 20ms, uniform(5ms, 20ms), exponential(20ms), lognormal(20ms, 50%), normal(20ms, 5ms), pareto(20ms, 150%) or sample(5ms, 20ms, 20ms)";
  test.each([
    [
      "gamma(5ms, 1ms)",
      `${forms}, found "gamma(5ms, 1ms)"; there is no "gamma": use uniform, exponential, lognormal, normal, pareto, sample`,
    ],
    ["uniform(5ms)", `${forms}, found "uniform(5ms)"; uniform takes two values`],
    ["uniform(20ms, 5ms)", `${forms}, found "uniform(20ms, 5ms)"; the first value is the least, the second the most`],
    ["exponential(5)", 'expected a duration such as 20ms, found "5"; it has no unit: add one of us, ms, s, min, h, d'],
    [
      "lognormal(5ms, 2)",
      `${forms}, found "lognormal(5ms, 2)"; the second value is the spread in whole percent, 0% to 400%`,
    ],
    [
      "pareto(5ms, 9%)",
      `${forms}, found "pareto(5ms, 9%)"; the second value is the tail index in whole percent, 10% to 9999%`,
    ],
    [
      "sample(5ms, )",
      "expected a duration such as 20ms, found an empty text; write a plain number and a unit (units: us, ms, s, min, h, d)",
    ],
    [7, "expected a duration such as 20ms, found 7; it has no unit: write 7us, 7ms, 7s (units: us, ms, s, min, h, d)"],
  ])("%j is refused with a remedy", (text, why) => {
    expect(parseSpread(text)).toEqual({ kind: "refused", why });
  });
});
