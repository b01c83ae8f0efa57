// Rows beside a list of what should be in them: found by name and by object, and in the order of the queue.

import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { prop } from "../../properties/prop.ts";
import type { CloudletId } from "../ids.ts";
import { RestingRows, type RestingLine } from "./resting.ts";

interface Kept {
  readonly line: RestingLine;
  readonly object: string;
}

const happening = fc.record({
  kind: fc.constantFrom("add" as const, "add" as const, "add" as const, "remove" as const, "copy" as const),
  target: fc.nat(4),
  issuer: fc.nat(2),
  object: fc.nat(6),
  // Whoever wakes and rests again comes back to its place.
  back: fc.boolean(),
  pick: fc.nat(1_000),
});

const seen = { shared: 0, reused: 0, backwards: 0 };
afterAll(() => {
  for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(0);
});

prop(
  "rows hold what was put to rest and not taken out",
  fc.array(happening, { minLength: 1, maxLength: 200 }),
  (happenings) => {
    let rows = new RestingRows();
    let kept: Kept[] = [];
    let count = 0;
    let places = 0;
    const removed: Kept[] = [];
    const add = (one: Kept): void => {
      const row = rows.add({ ...one.line, shelf: -1 }, one.object);
      expect(row).toBeGreaterThanOrEqual(0);
      rows.shelve(row, one.line.shelf);
      kept.push(one);
    };
    for (const one of happenings) {
      if (one.kind === "add") {
        const again = one.back ? removed.pop() : undefined;
        if (again !== undefined) {
          if (kept.some(({ line }) => line.place > again.line.place)) seen.backwards += 1;
          add(again);
          continue;
        }
        count += 1;
        places += 1;
        const line = {
          issuer: one.issuer,
          incarnation: 1 + (count % 3),
          number: count,
          target: one.target as CloudletId,
          weight: 100 + count,
          priority: count % 10,
          order: count,
          place: places,
          since: count * 1.5e12,
          shelf: count % 5 === 0 ? -1 : count,
        };
        add({ line, object: `o${one.object}` });
      } else if (one.kind === "remove" && kept.length > 0) {
        const gone = kept[one.pick % kept.length]!;
        rows.remove(rows.find(gone.line.issuer, gone.line.incarnation, gone.line.number));
        kept = kept.filter((other) => other !== gone);
        removed.push(gone);
        seen.reused += 1;
      } else if (one.kind === "copy") rows = rows.clone();
      expect(rows.size).toBe(kept.length);
      const byPlace = kept.toSorted((a, b) => a.line.place - b.line.place);
      for (let target = 0; target <= 4; target += 1) {
        const of = byPlace.filter(({ line }) => line.target === target);
        expect([...rows.of(target as CloudletId)].map((row) => rows.read(row))).toEqual(of.map(({ line }) => line));
        const object = `o${one.object}`;
        const about = rows.about(target as CloudletId, object).map((row) => rows.read(row).number);
        const right = of.filter((other) => other.object === object).map(({ line }) => line.number);
        expect([...about].sort((a, b) => a - b)).toEqual(right.sort((a, b) => a - b));
        if (right.length > 1) seen.shared += 1;
      }
    }
    for (const { line } of kept) {
      expect(rows.read(rows.find(line.issuer, line.incarnation, line.number))).toEqual(line);
    }
    for (const { line } of removed) expect(rows.find(line.issuer, line.incarnation, line.number)).toBe(-1);
  },
);

test("a number that is too large for a row does not rest", () => {
  const line = {
    issuer: 0,
    incarnation: 1,
    target: 1 as CloudletId,
    weight: 1,
    priority: 0,
    order: 1,
    place: 1,
    since: 0,
    shelf: -1,
  };
  const rows = new RestingRows();
  expect(rows.add({ ...line, number: 2 ** 31 }, "vm")).toBe(-1);
  expect(rows.add({ ...line, number: 2 ** 31 - 2 }, "vm")).toBeGreaterThanOrEqual(0);
  expect(rows.size).toBe(1);
});
