// The flat tables against the plain collections they stand for.

import fc from "fast-check";
import { expect, test } from "vitest";
import { prop } from "../../properties/prop.ts";
import { advanced, type Clock, merged, writesOf, ZERO_CLOCK } from "./clock.ts";
import { DotNumbers } from "./dots.ts";
import { BitRows } from "./bit-rows.ts";
import { Renumbering } from "./renumbering.ts";
import { IntColumn, IntLists, IntMap, PairMap } from "./tables.ts";
import type { CausalRecord, Dot } from "../../model/replication/record.ts";

const integers = fc.oneof(fc.nat(20), fc.nat(2 ** 31 - 1));

prop(
  "an IntMap is a Map",
  fc.array(fc.tuple(integers, fc.integer({ min: -50, max: 50 })), { maxLength: 300 }),
  (sets) => {
    const map = new IntMap();
    const other = new IntMap();
    const twin = new Map<number, number>();
    for (const [key, value] of sets) {
      map.set(key, value);
      twin.set(key, value);
      expect(map.get(key)).toBe(value);
    }
    for (const [key, value] of twin) expect(map.get(key)).toBe(value);
    for (let key = 0; key < 30; key += 1) expect(map.get(key)).toBe(twin.get(key) ?? -1);
    // Empty tables share their storage: nothing may leak through it.
    for (const key of twin.keys()) expect(other.get(key)).toBe(-1);
  },
);

prop("a PairMap is a Map of pairs", fc.array(fc.tuple(integers, integers, fc.nat(9)), { maxLength: 300 }), (sets) => {
  const map = new PairMap();
  const twin = new Map<string, number>();
  for (const [first, second, value] of sets) {
    map.set(first, second, value);
    twin.set(`${first},${second}`, value);
  }
  for (const [first, second] of sets) expect(map.get(first, second)).toBe(twin.get(`${first},${second}`));
  for (const [first, second] of sets) expect(map.get(second, first)).toBe(twin.get(`${second},${first}`) ?? -1);
  expect(map.size).toBe(twin.size);
});

prop(
  "lists come back as they were added",
  fc.array(fc.array(fc.nat(5), { maxLength: 6 }), { maxLength: 60 }),
  (all) => {
    const lists = new IntLists();
    for (const list of all) lists.add(list);
    for (const [at, list] of all.entries()) {
      expect(lists.of(at)).toEqual(list);
      for (let item = 0; item <= 5; item += 1) expect(lists.includes(at, item)).toBe(list.includes(item));
    }
  },
);

test("a row of bits grows, and is empty after it was taken", () => {
  const rows = new BitRows(2);
  for (const bit of [0, 31, 32, 1_000]) rows.add(1, bit);
  expect([0, 1, 31, 32, 999, 1_000, 5_000].map((bit) => rows.has(1, bit))).toEqual([
    true,
    false,
    true,
    true,
    false,
    true,
    false,
  ]);
  expect(rows.has(0, 0)).toBe(false);
  const taken = rows.take(1);
  expect(rows.has(1, 32)).toBe(false);
  expect([32, 33].map((bit) => taken.has(bit))).toEqual([true, false]);
});

prop(
  "what is kept by record takes new numbers when records are given up",
  fc.array(fc.record({ isKept: fc.boolean(), bits: fc.nat(7), earlier: fc.array(fc.nat(300), { maxLength: 3 }) }), {
    minLength: 1,
    maxLength: 150,
  }),
  (records) => {
    const column = new IntColumn();
    const lists = new IntLists();
    const rows = [new BitRows(3), new BitRows(3)] as const;
    const listOf = (record: number): number[] => (records[record]?.earlier ?? []).map((one) => one % (record + 1));
    for (const [record, { bits }] of records.entries()) {
      column.push(record * 7);
      lists.add(listOf(record));
      for (let row = 0; row < 3; row += 1) {
        if (((bits >>> row) & 1) === 1) for (const one of rows) one.add(row, record);
      }
    }
    // Twice, so that rows begin behind their first records the second time.
    let left = records.map((_, record) => record);
    for (const salt of [0, 1]) {
      const isKept = Uint8Array.from(left, (record) => (records[record]?.isKept === (record % 3 !== salt) ? 1 : 0));
      const to = new Renumbering(isKept);
      column.renumber(to);
      lists.renumber(to);
      rows[0].renumber(to, true, () => true);
      rows[1].renumber(to, false, () => true);
      left = left.filter((_, number) => isKept[number] === 1);
      expect(to.count).toBe(left.length);
    }
    expect(Array.from(column.data.subarray(0, column.length))).toEqual(left.map((record) => record * 7));
    for (const [number, record] of left.entries()) {
      const kept = listOf(record).filter((one) => left.includes(one));
      expect(lists.of(number)).toEqual(kept.map((one) => left.indexOf(one)));
      for (let row = 0; row < 3; row += 1) {
        const isSet = (((records[record]?.bits ?? 0) >>> row) & 1) === 1;
        expect(rows.map((one) => one.has(row, number))).toEqual([isSet, isSet]);
      }
    }
    for (const one of rows) {
      const taken: number[] = [];
      one.take(0).forEach((bit) => void taken.push(bit));
      expect(taken).toEqual(
        [...left.keys()].filter((number) => ((records[left[number] as number]?.bits ?? 0) & 1) === 1),
      );
    }
  },
);

prop(
  "dots are numbered in order and found again",
  fc.array(fc.tuple(fc.nat(3), fc.nat(2), fc.nat(3), fc.nat(40))),
  (all) => {
    const numbers = new DotNumbers();
    const twin = new Map<string, number>();
    for (const [origin, incarnation, stream, sequence] of all) {
      const dot = { origin, incarnation, stream, sequence } as unknown as Dot;
      const name = [origin, incarnation, stream, sequence].join();
      expect(numbers.find(dot)).toBe(twin.get(name) ?? -1);
      if (twin.has(name)) continue;
      twin.set(name, numbers.records.length);
      const record = { dot } as CausalRecord;
      expect(numbers.add(record)).toBe(twin.get(name));
      expect(numbers.numberOf(record)).toBe(twin.get(name));
      expect(numbers.numberOf({ dot: { ...dot } } as CausalRecord)).toBe(twin.get(name));
    }
  },
);

// Sessions on both sides of the borders of leaves and branches.
const sessions = fc.constantFrom(0, 1, 31, 32, 33, 1_023, 1_024, 2_047, 5_000);
const moves = fc.array(fc.record({ to: fc.nat(4), from: fc.nat(4), session: sessions, merges: fc.boolean() }), {
  maxLength: 80,
});

prop("clocks are maps from sessions to counts, merged by maximum", moves, (all) => {
  const clocks: Clock[] = new Array<Clock>(5).fill(ZERO_CLOCK);
  const twins = Array.from({ length: 5 }, () => new Map<number, number>());
  const counts = new Map<number, number>();
  for (const { to, from, session, merges } of all) {
    const twin = new Map(twins[to]);
    twins[to] = twin;
    if (merges) {
      for (const [other, count] of twins[from] as Map<number, number>)
        twin.set(other, Math.max(count, twin.get(other) ?? 0));
      const one = clocks[to] as Clock;
      const other = clocks[from] as Clock;
      const both = merged(one, other);
      const covers = [...twin].every(([key, count]) => writesOf(one, key) === count);
      // A clock that covers the other comes back itself: that is what keeps merging cheap.
      if (covers) expect(both).toBe(one);
      clocks[to] = both;
    } else {
      const count = (counts.get(session) ?? 0) + 1;
      counts.set(session, count);
      twin.set(session, count);
      clocks[to] = advanced(clocks[to] as Clock, session, count);
    }
    for (const [at, clock] of clocks.entries()) {
      for (const key of [0, 1, 31, 32, 33, 1_023, 1_024, 2_047, 5_000, 9_999]) {
        expect(writesOf(clock, key)).toBe(twins[at]?.get(key) ?? 0);
      }
    }
  }
});
