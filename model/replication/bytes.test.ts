// Numbers and texts as bytes, against the platform's own UTF-8.

import fc from "fast-check";
import { expect, test } from "vitest";
import { prop } from "../../properties/prop.ts";
import { ByteReader, ByteWriter, Malformed, integerSize, isWellFormed, textSize } from "./bytes.ts";

test.each([
  [0, 1],
  [127, 1],
  [128, 2],
  [16_383, 2],
  [16_384, 3],
  [2 ** 28 - 1, 4],
  [2 ** 28, 5],
  [2 ** 49 - 1, 7],
  [2 ** 53 - 1, 8],
])("%d takes %d bytes", (value, size) => {
  const out = new ByteWriter(size);
  out.integer(value);
  expect(integerSize(value)).toBe(size);
  expect(out.length).toBe(size);
  expect(new ByteReader(out.bytes).integer("value")).toBe(value);
});

const texts = fc.oneof(fc.string({ unit: "binary", maxLength: 30 }), fc.string({ unit: "grapheme", maxLength: 30 }));

prop(
  "texts have the platform's UTF-8 form",
  texts,
  (text) => {
    const expected = new TextEncoder().encode(text);
    expect(textSize(text)).toBe(expected.length);
    const out = new ByteWriter(integerSize(expected.length) + expected.length);
    out.text(text);
    expect(out.bytes.subarray(integerSize(expected.length))).toEqual(expected);
    expect(new ByteReader(out.bytes).text("text")).toBe(text);
  },
  { numRuns: 500 },
);

// Code units of all sorts: surrogates stand alone as often as in pairs.
const units = fc.array(fc.oneof(fc.integer({ min: 0xd7f0, max: 0xe010 }), fc.integer({ min: 0, max: 0xffff })), {
  maxLength: 8,
});

prop(
  "a text is well formed when the platform can encode it",
  units,
  (codes) => {
    const text = String.fromCharCode(...codes);
    const platform = new TextDecoder("utf-8", { ignoreBOM: true }).decode(new TextEncoder().encode(text));
    expect(isWellFormed(text)).toBe(platform === text);
  },
  { numRuns: 2_000 },
);

// Bytes near the borders of what UTF-8 allows, and any bytes.
const border = fc.constantFrom(
  0x00,
  0x7f,
  0x80,
  0x8f,
  0x90,
  0x9f,
  0xa0,
  0xbf,
  0xc0,
  0xc1,
  0xc2,
  0xdf,
  0xe0,
  0xed,
  0xef,
  0xf0,
  0xf4,
  0xf5,
  0xff,
);
const someBytes = fc.array(fc.oneof(border, fc.nat({ max: 255 })), { minLength: 1, maxLength: 6 });

prop(
  "bytes are read as the text that the platform reads, or are refused as it refuses them",
  someBytes,
  (list) => {
    let expected: string | null = null;
    try {
      expected = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(list));
    } catch {
      expected = null;
    }
    const reader = new ByteReader(Uint8Array.from([list.length, ...list]));
    if (expected === null) expect(() => reader.text("text")).toThrow(Malformed);
    else expect(reader.text("text")).toBe(expected);
  },
  { numRuns: 5_000 },
);

test("a number above 2^53 - 1 is refused where it begins", () => {
  const reader = new ByteReader(Uint8Array.from([1, 255, 255, 255, 255, 255, 255, 255, 255, 1]));
  expect(reader.integer("first")).toBe(1);
  expect(() => reader.integer("second")).toThrow("second: number above 2^53 - 1");
});

test("a writer that is given too little room says that the size function lies", () => {
  expect(() => {
    new ByteWriter(1).text("ab");
  }).toThrow("promised fewer bytes");
});
