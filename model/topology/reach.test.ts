// Sets of cloudlets against plain sets, in all their representations: short lists, long lists, bitsets.

import fc from "fast-check";
import { expect, test } from "vitest";
import { prop } from "../../properties/prop.ts";
import type { CloudletId } from "../ids.ts";
import { isIn, makeReachSets, positionIn } from "./reach.ts";
import { shareLists } from "./sharing.ts";

const cloudlets = 1_000;
const smaller = fc.uniqueArray(fc.nat({ max: cloudlets - 1 }), { maxLength: 25 });
const larger = fc.tuple(fc.nat({ max: 500 }), fc.integer({ min: 1, max: 7 })).map(([first, step]) => {
  const list: number[] = [];
  for (let id = first; id < cloudlets; id += step) list.push(id);
  return list;
});

prop(
  "a union of sets has the members of all (1 000 cloudlets)",
  fc.array(fc.oneof(smaller, larger), { minLength: 1, maxLength: 6 }),
  (drawn) => {
    const sets = makeReachSets(cloudlets);
    const lists = drawn.map((list) => list.toSorted((a, b) => a - b) as CloudletId[]);
    const parts = lists.map((list) => sets.union(list, []));
    const all = sets.union(lists[0]!, parts);
    const expected = [...new Set(drawn.flat())].sort((a, b) => a - b);
    expect(all.size).toBe(expected.length);
    expect(sets.members(all)).toEqual(expected);
    const members = new Set(expected);
    for (let id = 0; id < cloudlets; id += 1) {
      if (isIn(all, id as CloudletId) !== members.has(id)) throw new Error(`${id} is judged wrongly`);
    }
    expect(sets.union(expected as CloudletId[], []).size).toBe(all.size);
  },
);

test("equal sets are one set and take memory once, whichever way they were put together", () => {
  const sets = makeReachSets(cloudlets);
  const low = sets.union([1, 2] as CloudletId[], []);
  const high = sets.union([3] as CloudletId[], []);
  const together = sets.union([1] as CloudletId[], [low, high]);
  const bytes = sets.bytes();
  expect(sets.union([1, 2, 3] as CloudletId[], [])).toBe(together);
  expect(sets.bytes()).toBe(bytes);
  const many = Array.from({ length: 500 }, (_, id) => (2 * id) as CloudletId);
  expect(sets.union(many.slice(0, 300), [sets.union(many.slice(200), [])])).toBe(sets.union(many, []));
  // A bitset is asked for its list once.
  expect(sets.members(sets.union(many, []))).toBe(sets.members(sets.union(many, [])));
});

prop("a position in an ascending list is where indexOf finds it", smaller, (drawn) => {
  const list = drawn.toSorted((a, b) => a - b);
  for (let sought = -1; sought <= cloudlets; sought += 1) expect(positionIn(list, sought)).toBe(list.indexOf(sought));
});

prop(
  "lists are shared exactly when they are equal",
  fc.array(fc.array(fc.nat({ max: 3 }), { maxLength: 4 }), { minLength: 2, maxLength: 40 }),
  (lists) => {
    const shared = shareLists<readonly number[]>();
    const kept = lists.map((list) => shared.one(list));
    for (const [index, list] of lists.entries()) {
      expect(kept[index]).toEqual(list);
      for (const [other, another] of lists.entries()) {
        expect(kept[index] === kept[other]).toBe(list.join() === another.join());
      }
    }
  },
);

test("lists of one hash stay apart", () => {
  // FNV-1a after one word w is (offset ^ w) * prime; the second word can make up any difference between two firsts.
  const afterFirst = (word: number): number => Math.imul(0x811c9dc5 ^ word, 0x01000193);
  const one = [1, 2];
  const other = [3, afterFirst(1) ^ 2 ^ afterFirst(3)];
  const shared = shareLists<readonly number[]>();
  expect(shared.one(one)).toBe(one);
  expect(shared.one(other)).toBe(other);
  expect(shared.one([...other])).toBe(other);
});
