// Delta debugging against brute force: on lists so short that every part of them can be tried.

import fc from "fast-check";
import { expect, test } from "vitest";
import { prop } from "../../properties/prop.ts";
import { ddmin } from "./ddmin.ts";

const numbersBelow = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** Runs it and counts the questions. */
async function reduced(items: readonly number[], holds: (kept: readonly number[]) => boolean) {
  let asked = 0;
  const kept = await ddmin(items, (some) => {
    asked += 1;
    return Promise.resolve(holds(some));
  });
  return { kept, asked };
}

test.each([
  ["nothing is needed", 9, () => true, []],
  ["one of them", 16, (kept: readonly number[]) => kept.includes(11), [11]],
  ["the first and the last", 12, (kept: readonly number[]) => kept.includes(0) && kept.includes(11), [0, 11]],
  ["all of them", 5, (kept: readonly number[]) => kept.length === 5, [0, 1, 2, 3, 4]],
  ["any two of the last three", 9, (kept: readonly number[]) => kept.filter((one) => one > 5).length > 1, [7, 8]],
])("%s", async (_, count, holds, expected) => {
  expect((await reduced(numbersBelow(count), holds)).kept).toEqual(expected);
});

test("of 512 elements the 3 needed are found with fewer than 100 questions", async () => {
  const needed = [17, 300, 301];
  const { kept, asked } = await reduced(numbersBelow(512), (some) => needed.every((one) => some.includes(one)));
  expect(kept).toEqual(needed);
  expect(asked).toBeLessThan(100);
});

// What holds is drawn as a table over all parts of the list, the whole list among them; it need not be monotonic.
const tables = fc.integer({ min: 1, max: 6 }).chain((count) =>
  fc.record({
    count: fc.constant(count),
    holding: fc.array(fc.boolean(), { minLength: 1 << count, maxLength: 1 << count }),
  }),
);

prop(
  "what is left holds, keeps its order, and holds no longer without any one of its elements",
  tables,
  async ({ count, holding }) => {
    const maskOf = (kept: readonly number[]): number => kept.reduce((mask, one) => mask | (1 << one), 0);
    const all = numbersBelow(count);
    const holds = (kept: readonly number[]): boolean => kept.length === count || holding[maskOf(kept)] === true;
    const { kept } = await reduced(all, holds);
    expect(holds(kept)).toBe(true);
    expect(kept).toEqual(all.filter((one) => kept.includes(one)));
    for (const gone of kept) expect(holds(kept.filter((one) => one !== gone))).toBe(false);
  },
  { numRuns: 500 },
);

prop(
  "where what is needed is some elements, it finds the least number of them",
  fc.uniqueArray(fc.integer({ min: 0, max: 19 }), { maxLength: 6 }),
  async (needed) => {
    const { kept } = await reduced(numbersBelow(20), (some) => needed.every((one) => some.includes(one)));
    expect(kept).toEqual(needed.toSorted((one, other) => one - other));
  },
);
