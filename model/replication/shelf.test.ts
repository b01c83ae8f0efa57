// Records as bytes beside the records themselves: read by row and found by key as long as they stand, whatever was dropped and moved
// meanwhile; and no more pages than what is left needs.

import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { prop } from "../../properties/prop.ts";
import type { CloudletId, Incarnation, StreamId } from "../ids.ts";
import type { CausalRecord, Dot } from "./record.ts";
import { pageSize } from "./shelf-pages.ts";
import { Shelf } from "./shelf.ts";
import { recordSize, stampMax } from "./wire-record.ts";

const dot = fc.record({
  origin: fc.nat(300).map((one) => one as CloudletId),
  incarnation: fc.integer({ min: 1, max: 3 }).map((one) => one as Incarnation),
  stream: fc.nat(3_000).map((one) => one as StreamId),
  sequence: fc.integer({ min: 1, max: 100_000 }),
}) satisfies fc.Arbitrary<Dot>;

/** A put; its key comes with what happens. */
const put = fc
  .record({
    dot,
    // Some fill a fifth of a page, and so are moved sooner.
    value: fc.oneof(fc.string({ unit: "grapheme" }), fc.constant("v".repeat(15_000))),
    prev: fc.array(dot, { maxLength: 2 }),
    deps: fc.array(dot, { maxLength: 3 }),
    stamp: fc.record({
      wall: fc.oneof(fc.nat(), fc.maxSafeNat(), fc.constant(stampMax)),
      logical: fc.nat(5),
      lamport: fc.nat(1_000),
    }),
    version: fc.constantFrom(1, 2),
  })
  .map(({ version, ...said }): Omit<CausalRecord, "key" | "size"> => {
    return version === 1 ? { kind: "put", ...said } : { kind: "put", ...said, version };
  });

const happening = fc.record({
  kind: fc.constantFrom("put", "put", "put", "leave", "drop", "drop", "forget", "copy"),
  prefix: fc.constantFrom("", "~directives/a/", "~directives/ü/", "vms/"),
  rest: fc.oneof(fc.nat(40).map(String), fc.string({ unit: "grapheme", maxLength: 3 })),
  put,
  pick: fc.nat(1_000),
});

const seen = { far: 0, moved: 0, reused: 0, apart: 0, again: 0, copied: 0 };
afterAll(() => {
  for (const [what, count] of Object.entries(seen)) expect(count, `a story with: ${what}`).toBeGreaterThan(0);
});

prop(
  "rows give back the records that were put there, and keys lead to those that stand",
  fc.array(happening, { minLength: 1, maxLength: 100, size: "max" }),
  (happenings) => {
    let shelf = new Shelf();
    const rows = new Map<number, CausalRecord>();
    const byKey = new Map<string, number>();
    let most = 0;
    const pick = (some: readonly number[], at: number): number | undefined => some[at % Math.max(1, some.length)];
    const agree = (): void => {
      expect(shelf.size).toBe(rows.size);
      expect(shelf.standing).toBe(byKey.size);
      expect([...shelf.rows()].map((row) => shelf.keyOf(row)).sort()).toEqual([...byKey.keys()].sort());
      for (const [row, record] of rows) {
        expect(shelf.read(row)).toEqual(record);
        expect(shelf.read(row)).toBe(shelf.read(row));
        expect(shelf.streamOf(row)).toBe(record.dot.stream);
        expect(shelf.stands(row)).toBe(byKey.get(record.key) === row);
        expect(shelf.find(record.key)).toBe(byKey.get(record.key) ?? -1);
        const end = record.key.lastIndexOf("/") + 1;
        const [prefix, rest] = [record.key.slice(0, end), record.key.slice(end)];
        expect(shelf.standingAt(row, prefix, rest)).toBe(shelf.stands(row) ? shelf.read(row) : null);
        expect(shelf.standingAt(row, prefix, `${rest}0`)).toBe(null);
      }
      for (let row = -1; row <= most; row += 1) if (!rows.has(row)) expect(shelf.standingAt(row, "", "")).toBe(null);
    };
    for (const one of happenings) {
      // The last slash of a key may stand anywhere.
      const key = one.prefix + one.rest;
      if (one.kind === "put" && !byKey.has(key)) {
        const record = { ...one.put, key };
        const row = shelf.put({ ...record, size: recordSize(record) });
        // Clocks that are centuries apart.
        if (row < 0) {
          seen.far += 1;
          continue;
        }
        expect(rows.has(row)).toBe(false);
        if (row < most) seen.reused += 1;
        most = Math.max(most, row + 1);
        rows.set(row, { ...record, size: recordSize(record) });
        byKey.set(key, row);
      } else if (one.kind === "leave") {
        const row = pick([...byKey.values()], one.pick);
        if (row === undefined) continue;
        shelf.leave(row);
        byKey.delete(rows.get(row)!.key);
        seen.apart += 1;
      } else if (one.kind === "drop") {
        const row = pick([...rows.keys()], one.pick);
        if (row === undefined) continue;
        if (byKey.get(rows.get(row)!.key) === row) {
          shelf.leave(row);
          byKey.delete(rows.get(row)!.key);
        }
        const [, held] = shelf.bytes;
        shelf.drop(row);
        rows.delete(row);
        if (shelf.bytes[1] < held) seen.moved += 1;
      } else if (one.kind === "forget") {
        shelf.forget(0);
        seen.again += 1;
      } else if (one.kind === "copy") {
        const former = shelf;
        shelf = former.clone();
        // What happens to one of them is nothing to the other.
        for (const row of [...former.rows()]) {
          former.leave(row);
          former.drop(row);
        }
        seen.copied += 1;
      }
      expect(shelf.find(key)).toBe(byKey.get(key) ?? -1);
    }
    shelf.forget(0);
    agree();
  },
  { numRuns: 50 },
);

function recordOf(sequence: number): CausalRecord {
  const name = { origin: 0, incarnation: 1, stream: 7, sequence } as Dot;
  const stamp = { wall: 1, logical: 0, lamport: sequence };
  const said = {
    kind: "put",
    dot: name,
    key: `k/${sequence}`,
    value: "v".repeat(500),
    prev: [],
    deps: [],
    stamp,
  } as const;
  return { ...said, size: recordSize(said) };
}

test("pages are given back while what is left is found, in whatever order records go", () => {
  for (const step of [1, 7]) {
    const shelf = new Shelf();
    const rows = Array.from({ length: 2_500 }, (_, at) => shelf.put(recordOf(1 + at)));
    const [, before] = shelf.bytes;
    for (let from = 0; from < step; from += 1) {
      for (let at = from; at < rows.length; at += step) {
        if (at % 10 === 9) continue;
        shelf.leave(rows[at]!);
        shelf.drop(rows[at]!);
      }
    }
    const [used, held] = shelf.bytes;
    expect(shelf.size).toBe(250);
    expect(used * 10).toBeLessThan(before * 1.1);
    expect(held).toBeLessThanOrEqual(2 * used + 2 * pageSize);
    for (let at = 9; at < rows.length; at += 10) expect(shelf.read(rows[at]!)).toEqual(recordOf(1 + at));
  }
});

test("what is too large for a page is not taken in", () => {
  const shelf = new Shelf();
  const record = { ...recordOf(1), value: "v".repeat(pageSize) };
  expect(shelf.put({ ...record, size: recordSize(record) })).toBe(-1);
  expect(shelf.size).toBe(0);
  expect(shelf.put(recordOf(1))).toBe(0);
});
