// Records by dot against a Map of strings.

import fc from "fast-check";
import { expect } from "vitest";
import { prop } from "../../properties/prop.ts";
import type { CloudletId, Incarnation, StreamId } from "../ids.ts";
import { RecordIndex } from "./record-index.ts";
import { dotName } from "./record.ts";
import type { CausalRecord, Dot } from "./record.ts";
import { WriterTable } from "./writers.ts";

function dotOf(stream: number, sequence: number): Dot {
  return { stream: stream as StreamId, origin: 3 as CloudletId, incarnation: 1 as Incarnation, sequence };
}

const additions = fc.uniqueArray(fc.tuple(fc.nat({ max: 2 }), fc.integer({ min: 1, max: 30 })), {
  selector: (dot) => dot.join(),
  maxLength: 80,
});

prop("every record is found under its dot, in whatever order they come", additions, (list) => {
  const writers = new WriterTable();
  const index = new RecordIndex(writers);
  const twin = new Map<string, CausalRecord>();
  const checkAll = (some: RecordIndex): void => {
    for (let stream = 0; stream < 3; stream += 1) {
      for (let sequence = 1; sequence <= 31; sequence += 1) {
        const dot = dotOf(stream, sequence);
        expect(some.find(dot)).toBe(twin.get(dotName(dot)) ?? null);
      }
    }
  };
  for (const [stream, sequence] of list) {
    const dot = dotOf(stream, sequence);
    const record = { dot } as CausalRecord;
    index.add(writers.slotOf(dot), record);
    twin.set(dotName(dot), record);
  }
  checkAll(index);
  const copyOfWriters = writers.clone();
  const copy = index.clone(copyOfWriters);
  checkAll(copy);
  const late = dotOf(2, 31);
  copy.add(copyOfWriters.slotOf(late), { dot: late } as CausalRecord);
  checkAll(index);
});
