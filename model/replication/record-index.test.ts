// Records by dot against a Map of strings.

import fc from "fast-check";
import { expect } from "vitest";
import { prop } from "../../properties/prop.ts";
import type { CloudletId, Incarnation, StreamId } from "../ids.ts";
import { RecordIndex } from "./record-index.ts";
import { dotName } from "./record.ts";
import type { CausalRecord, Dot } from "./record.ts";
import { WriterTable } from "./writers.ts";

const streams = 3;
// Where each run of additions begins: near each other, and far behind.
const starts = [1, 20, 60, 1_000, 100_000] as const;
const sequences = starts.flatMap((start) => Array.from({ length: 60 }, (_, at) => start + at));

function dotOf(stream: number, sequence: number): Dot {
  return { stream: stream as StreamId, origin: 3 as CloudletId, incarnation: 1 as Incarnation, sequence };
}

/** So many records from a sequence on, in order or against it, are added, or removed. */
const change = fc.record({
  stream: fc.nat({ max: streams - 1 }),
  start: fc.constantFrom(...starts),
  offset: fc.nat({ max: 19 }),
  count: fc.integer({ min: 1, max: 40 }),
  step: fc.constantFrom(1, -1, 2),
  does: fc.constantFrom("add" as const, "add" as const, "remove" as const),
});

prop(
  "what was added and not removed is found under its dot, in whatever order that happens",
  fc.array(change, { minLength: 1, maxLength: 25 }),
  (changes) => {
    const writers = new WriterTable();
    const index = new RecordIndex(writers);
    const twin = new Map<string, CausalRecord>();
    const checkAll = (some: RecordIndex): void => {
      for (let stream = 0; stream < streams; stream += 1) {
        for (const sequence of sequences) {
          const dot = dotOf(stream, sequence);
          const expected = twin.get(dotName(dot)) ?? null;
          if (some.find(dot) !== expected) expect(some.find(dot), dotName(dot)).toBe(expected);
        }
      }
    };
    for (const { stream, start, offset, count, step, does } of changes) {
      for (let at = 0; at < count; at += 1) {
        const sequence = start + offset + (step > 0 ? at * step : count - 1 - at);
        const dot = dotOf(stream, sequence);
        const slot = writers.slotOf(dot);
        if (does === "remove") {
          index.remove(slot, sequence);
          twin.delete(dotName(dot));
        } else if (!twin.has(dotName(dot))) {
          const record = { dot } as CausalRecord;
          index.add(slot, record);
          twin.set(dotName(dot), record);
        }
      }
    }
    checkAll(index);
    const copyOfWriters = writers.clone();
    const copy = index.clone(copyOfWriters);
    checkAll(copy);
    const late = dotOf(streams, 7);
    copy.add(copyOfWriters.slotOf(late), { dot: late } as CausalRecord);
    for (let stream = 0; stream < streams; stream += 1) {
      for (const sequence of sequences) copy.remove(copyOfWriters.slotOf(dotOf(stream, sequence)), sequence);
    }
    checkAll(index);
  },
  { numRuns: 300 },
);
