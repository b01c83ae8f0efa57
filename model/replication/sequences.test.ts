// Sets of sequence numbers against plain sets.

import fc from "fast-check";
import { expect, test } from "vitest";
import { prop } from "../../properties/prop.ts";
import type { CloudletId, Incarnation, StreamId } from "../ids.ts";
import { SequenceSets } from "./sequences.ts";
import { WriterTable } from "./writers.ts";

function writersOf(count: number): WriterTable {
  const writers = new WriterTable();
  for (let stream = 0; stream < count; stream += 1) {
    writers.slotOf({
      stream: stream as StreamId,
      origin: 0 as CloudletId,
      incarnation: 1 as Incarnation,
      sequence: 1,
    });
  }
  return writers;
}

// The numbers of a set as ranges, the obvious way.
function rangesOf(numbers: ReadonlySet<number>): { first: number; last: number }[] {
  const ranges: { first: number; last: number }[] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const current = ranges.at(-1);
    if (current?.last === number - 1) current.last = number;
    else ranges.push({ first: number, last: number });
  }
  return ranges;
}

const additions = fc.array(fc.tuple(fc.nat({ max: 2 }), fc.integer({ min: 1, max: 40 })), { maxLength: 120 });

prop(
  "they hold what was added, as ranges that neither touch nor overlap (3 writers)",
  additions,
  (list) => {
    const writers = writersOf(3);
    const sets = new SequenceSets(writers, 0);
    const other = new SequenceSets(writers, 1);
    const twins = [new Set<number>(), new Set<number>(), new Set<number>()];
    for (const [slot, sequence] of list) {
      const twin = twins[slot] as Set<number>;
      expect(sets.add(slot, sequence)).toBe(!twin.has(sequence));
      twin.add(sequence);
      expect(sets.ranges(slot)).toEqual(rangesOf(twin));
    }
    const copyOfWriters = writers.clone();
    const copy = sets.clone(copyOfWriters);
    for (const [slot, twin] of twins.entries()) {
      for (let sequence = 1; sequence <= 41; sequence += 1) {
        expect(sets.has(slot, sequence)).toBe(twin.has(sequence));
        copy.add(slot, sequence);
      }
      expect(copy.ranges(slot)).toEqual([{ first: 1, last: 41 }]);
      expect(sets.ranges(slot)).toEqual(rangesOf(twin));
      expect(other.ranges(slot)).toEqual([]);
    }
  },
  { numRuns: 300 },
);

test.each([0, -1, 2 ** 31])("%d is no sequence number", (sequence) => {
  expect(() => new SequenceSets(writersOf(1), 0).add(0, sequence)).toThrow("sequences count from 1");
});
