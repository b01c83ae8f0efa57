// Slots of writers against a Map of strings.

import fc from "fast-check";
import { expect } from "vitest";
import { prop } from "../../properties/prop.ts";
import type { CloudletId, Incarnation, StreamId } from "../ids.ts";
import type { Dot } from "./record.ts";
import { WriterTable } from "./writers.ts";

function dotOf(stream: number, origin: number, incarnation: number): Dot {
  return {
    stream: stream as StreamId,
    origin: origin as CloudletId,
    incarnation: incarnation as Incarnation,
    sequence: 1,
  };
}

const names = fc.oneof(
  fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 3 }), fc.integer({ min: 1, max: 3 })),
  fc.tuple(fc.nat({ max: 2 ** 31 - 1 }), fc.nat({ max: 2 ** 31 - 1 }), fc.integer({ min: 1, max: 2 ** 31 - 1 })),
);
const steps = fc.array(fc.tuple(names, fc.boolean()), { maxLength: 200 });

prop("a writer keeps the slot it was given, slots are dense, and marks stay beside their writer", steps, (list) => {
  const table = new WriterTable();
  const twin = new Map<string, number>();
  for (const [name, isAdded] of list) {
    const dot = dotOf(...name);
    const expected = twin.get(name.join());
    expect(table.find(dot)).toBe(expected ?? -1);
    if (!isAdded) continue;
    const slot = table.slotOf(dot);
    expect(slot).toBe(expected ?? twin.size);
    if (expected === undefined) {
      expect([table.mark(slot, 0), table.mark(slot, 1)]).toEqual([0, 0]);
      table.setMark(slot, 0, slot + 7);
      table.setMark(slot, 1, slot * 2);
    }
    twin.set(name.join(), slot);
  }
  expect(table.size).toBe(twin.size);
  for (const [name, slot] of twin) {
    expect([table.streamOf(slot), table.originOf(slot), table.incarnationOf(slot)].join()).toBe(name);
    expect([table.mark(slot, 0), table.mark(slot, 1)]).toEqual([slot + 7, slot * 2]);
  }
  const copy = table.clone();
  copy.slotOf(dotOf(4, 4, 4));
  if (table.size > 0) copy.setMark(0, 0, 99);
  expect(table.size).toBe(twin.size);
  if (table.size > 0) expect(table.mark(0, 0)).toBe(7);
});
