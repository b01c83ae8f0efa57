// The table against a set of texts, and the hash against chance: two fingerprints of different states agree no more often
// than two drawn numbers would.

import { expect, test } from "vitest";
import { RngRoot } from "../kernel/rng.ts";
import { Column, Layer } from "./chunks.ts";
import { collisionOdds, FingerprintTable } from "./fingerprint-table.ts";
import { StateHash } from "./state-name.ts";

test("the table says what a set says, and grows", () => {
  const rng = new RngRoot("table").stream;
  const table = new FingerprintTable();
  const twin = new Set<string>();
  let wrongCount = 0;
  for (let count = 0; count < 200_000; count += 1) {
    // Many low halves lie beside each other, and many fingerprints have the same one: places are fought over.
    const [low, high] = [rng.intInclusive(50_000) * 64 + rng.intInclusive(1), rng.intInclusive(2)];
    // Zero and zero is the one fingerprint that shares its place.
    const name = low === 0 && high === 0 ? "0,1" : `${low},${high}`;
    if (table.add(low, high) === twin.has(name)) wrongCount += 1;
    twin.add(name);
  }
  expect(wrongCount).toBe(0);
  expect(table.size).toBe(twin.size);
  const before = table.bytes;
  for (let at = 0; at < 100_000; at += 1) table.add(at * 7, 0xffff_ffff);
  expect(table.bytes).toBeGreaterThan(before);
  expect(table.add(7, 0xffff_ffff)).toBe(false);
});

test("with what is used up, a fingerprint is known once it was there with no more of it", () => {
  const rng = new RngRoot("used").stream;
  const table = new FingerprintTable(true);
  const twin = new Map<number, number[]>();
  let wrongCount = 0;
  for (let count = 0; count < 100_000; count += 1) {
    const [low, used] = [1 + rng.intInclusive(20_000), rng.intInclusive(31)];
    const known = twin.get(low) ?? [];
    const isKnown = known.some((other) => (other & used) === other);
    if (table.add(low, 7, used) === isKnown) wrongCount += 1;
    if (!isKnown) twin.set(low, [...known, used]);
  }
  expect(wrongCount).toBe(0);
  expect(table.size).toBe([...twin.values()].reduce((sum, { length }) => sum + length, 0));
});

test("what was there with more used up is told when the same comes with less", () => {
  const told = new Set<string>();
  const table = new FingerprintTable(true, (...lapsed) => void told.add(lapsed.join()));
  for (const used of [0b110, 0b011, 0b111, 0b010, 0b010]) table.add(5, 9, used);
  expect([...told]).toEqual(["5,9,6", "5,9,3"]);
  expect([table.has(5, 9), table.has(5, 8), table.has(6, 9)]).toEqual([true, false, false]);
});

test("states that differ by little have fingerprints that differ by chance, in each half", () => {
  // Of n different states n^2 / 2^33 pairs agree in 32 bits by chance: 29 of 500 000.
  const hash = new StateHash();
  const lows = new Set<number>();
  const highs = new Set<number>();
  const both = new Set<string>();
  const state = new Int32Array(24);
  let count = 0;
  for (let a = 0; a < 100; a += 1) {
    for (let b = 0; b < 100; b += 1) {
      for (let c = 0; c < 50; c += 1) {
        state[0] = a;
        state[7] = b;
        state[20] = c;
        hash.begin();
        for (let at = 0; at < 21 + (c % 3); at += 1) hash.add(at, state[at] as number, state[at] as number);
        lows.add(hash.low);
        highs.add(hash.high);
        both.add(`${hash.low},${hash.high}`);
        count += 1;
      }
    }
  }
  expect(both.size).toBe(count);
  expect(count - lows.size).toBeLessThan(80);
  expect(count - highs.size).toBeLessThan(80);
});

test("the odds that two states are taken for one grow with the square of their number", () => {
  expect(collisionOdds(1_000_000)).toBeCloseTo(1e12 / 2 ** 65, 12);
  expect(collisionOdds(1e12)).toBe(1);
});

test("columns and layers give back what they were given, across their chunks", () => {
  const column = new Column();
  for (let at = 0; at < 1_100_000; at += 1) column.push(at * 3);
  expect([column.length, column.at(0), column.at(1_048_576), column.at(1_099_999)]).toEqual([
    1_100_000, 0, 3_145_728, 3_299_997,
  ]);
  const layer = new Layer();
  for (let at = 0; at < 120_000; at += 1)
    layer.push(Int32Array.of(at, at + 1, 0, 7, 8, 9, 10, 11, 12, 13), 8 + (at % 3));
  let next = 0;
  layer.drain((state, length) => {
    const isRight = state[0] === next && state[1] === next + 1 && state[2] === 0 && length === 8 + (next % 3);
    next += 1;
    return isRight;
  });
  expect(next).toBe(120_000);
  const struck = new Layer();
  for (let at = 0; at < 10; at += 1) struck.push(Int32Array.of(at, 1), 2);
  expect(struck.strike((state) => (state[0] as number) % 3 === 0)).toBe(4);
  const left: number[] = [];
  struck.drain((state, length) => (left.push(length === 0 ? -1 : (state[0] as number)), true));
  expect(left).toEqual([-1, 1, 2, -1, 4, 5, -1, 7, 8, -1]);
});
