// Stamps: the two orders are total, and both extend happens-before whatever the clocks show.

import fc from "fast-check";
import { expect, test } from "vitest";
import { records } from "../../properties/arbitraries/messages.ts";
import { prop } from "../../properties/prop.ts";
import { micros } from "../units.ts";
import { sameDot } from "./record.ts";
import type { CausalRecord, Dot, Stamp } from "./record.ts";
import { StampCeiling, aheadOfBound, compareHybrid, compareLamport, justAbove } from "./stamp.ts";

const orders = [
  ["hybrid", compareHybrid],
  ["Lamport", compareLamport],
] as const;

// Few stamps and few writers, so that ties occur.
const small = fc.nat({ max: 2 });
const tied = fc
  .tuple(records(), small, small, small, small, fc.integer({ min: 1, max: 3 }))
  .map(([record, wall, logical, lamport, origin, sequence]): CausalRecord => ({
    ...plain(record),
    stamp: { wall, logical, lamport },
    dot: { ...record.dot, stream: 0 as never, incarnation: 1 as never, origin: origin as never, sequence },
  }));
// The end of a put, written in a later life.
const ended = fc
  .tuple(tied, fc.integer({ min: 1, max: 3 }))
  .map(([put, sequence]) => ({ put, end: endOf(put, sequence) }));
const any = fc.oneof(
  tied,
  ended.map(({ end }) => end),
);

function plain(record: CausalRecord): CausalRecord {
  const { ends, ...rest } = record;
  return ends === undefined ? record : rest;
}

function endOf(put: CausalRecord, sequence: number): CausalRecord {
  const dot = { ...put.dot, incarnation: 2 as never, sequence };
  return { ...put, kind: "delete", value: "", dot, prev: [put.dot], stamp: justAbove(put.stamp), ends: true };
}

const triples = fc.oneof(fc.tuple(any, any, any), fc.tuple(records(), records(), records()));

for (const [name, compare] of orders) {
  prop(
    `the ${name} order is total, and only equal dots are equal in it`,
    triples,
    ([a, b, c]) => {
      expect(Math.sign(compare(a, b))).toBe(-Math.sign(compare(b, a)) + 0);
      if (compare(a, b) === 0) expect(sameDot(a.dot, b.dot)).toBe(true);
      if (sameDot(a.dot, b.dot) && a.stamp === b.stamp) expect(compare(a, b)).toBe(0);
      if (compare(a, b) <= 0 && compare(b, c) <= 0) expect(compare(a, c)).toBeLessThanOrEqual(0);
    },
    { numRuns: 1_000 },
  );
}

// Sessions that write and read each other's writes, each by a clock of its own that jumps at will.
const chains = fc.array(
  fc.record({ session: fc.nat({ max: 2 }), reads: fc.option(fc.nat()), wall: fc.nat({ max: 5 }) }),
  { minLength: 1, maxLength: 40 },
);

prop("stamps made above a ceiling extend happens-before under any clocks", chains, (steps) => {
  const ceilings = [new StampCeiling(), new StampCeiling(), new StampCeiling()];
  const written: { stamp: Stamp; past: Set<number> }[] = [];
  const pasts = [new Set<number>(), new Set<number>(), new Set<number>()];
  for (const { session, reads, wall } of steps) {
    const ceiling = ceilings[session] as StampCeiling;
    const past = pasts[session] as Set<number>;
    if (reads !== null && written.length > 0) {
      const at = reads % written.length;
      const read = written[at] as (typeof written)[number];
      ceiling.raise(read.stamp);
      past.add(at);
      for (const before of read.past) past.add(before);
    }
    const stamp = ceiling.above({ monotonic: 0, wall });
    expect(stamp.wall).toBeGreaterThanOrEqual(wall);
    ceiling.raise(stamp);
    for (const at of past) {
      const before = (written[at] as (typeof written)[number]).stamp;
      expect(before.lamport).toBeLessThan(stamp.lamport);
      expect(before.wall < stamp.wall || (before.wall === stamp.wall && before.logical < stamp.logical)).toBe(true);
    }
    written.push({ stamp, past: new Set(past) });
    past.add(written.length - 1);
  }
});

prop(
  "who wins over a put wins over its end, and who loses to the put loses to its end",
  fc.tuple(ended, any),
  ([{ put, end }, other]) => {
    for (const [, compare] of orders) {
      expect(compare(put, end)).toBeLessThan(0);
      if (sameDot(other.dot, put.dot) || (other.ends === true && sameDot(other.prev[0] as Dot, put.dot))) continue;
      expect(Math.sign(compare(other, end))).toBe(Math.sign(compare(other, put)));
    }
  },
  { numRuns: 1_000 },
);

// Dots decide only between equal stamps: of a record with another stamp they say nothing.
prop(
  "the stamp just above another one is above it in both orders, and no stamp lies between",
  fc.tuple(tied, tied, tied),
  ([lower, made, other]) => {
    const upper = { ...made, stamp: justAbove(lower.stamp) };
    for (const [, compare] of orders) {
      expect(compare(lower, upper)).toBeLessThan(0);
      const isBetween = compare(lower, other) < 0 && compare(other, upper) < 0;
      const isOf = (border: Stamp): boolean =>
        compare === compareLamport
          ? other.stamp.lamport === border.lamport
          : other.stamp.wall === border.wall && other.stamp.logical === border.logical;
      if (isBetween) expect(isOf(lower.stamp) || isOf(upper.stamp)).toBe(true);
    }
  },
  { numRuns: 1_000 },
);

test.each([
  [
    { wall: 7, logical: 2, lamport: 9 },
    { wall: 7, logical: 3, lamport: 10 },
  ],
  [
    { wall: 0, logical: 0, lamport: 0 },
    { wall: 0, logical: 1, lamport: 1 },
  ],
])("just above %o is %o", (stamp, above) => {
  expect(justAbove(stamp)).toEqual(above);
});

test("a copy of a ceiling is its own", () => {
  const ceiling = new StampCeiling();
  ceiling.raise({ wall: 5, logical: 1, lamport: 9 });
  const copy = ceiling.clone();
  copy.raise({ wall: 6, logical: 0, lamport: 3 });
  expect([ceiling.wall, ceiling.logical, ceiling.lamport]).toEqual([5, 1, 9]);
  expect([copy.wall, copy.logical, copy.lamport]).toEqual([6, 0, 9]);
});

test.each([
  [1_500, 0],
  [1_501, 1],
  [9_000, 7_500],
])("a stamp of %d is %d beyond a bound of 500 at 1 000", (wall, ahead) => {
  expect(aheadOfBound({ wall, logical: 3, lamport: 1 }, { monotonic: 0, wall: 1_000 }, micros(500))).toBe(ahead);
});
