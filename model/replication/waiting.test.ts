// Records that wait, against counting by hand.

import fc from "fast-check";
import { expect } from "vitest";
import { prop } from "../../properties/prop.ts";
import type { CloudletId } from "../ids.ts";
import type { CausalRecord } from "./record.ts";
import { WaitingIndex } from "./waiting.ts";
import type { Waiter } from "./waiting.ts";

// Each waiter misses some of 12 dots; then dots are applied one by one.
const worlds = fc.record({
  missing: fc.array(fc.uniqueArray(fc.nat({ max: 11 }), { minLength: 1, maxLength: 5 }), { maxLength: 20 }),
  applied: fc.uniqueArray(fc.nat({ max: 11 }), { maxLength: 12 }),
  cloneAfter: fc.nat({ max: 12 }),
});

function waiters(missing: readonly (readonly number[])[]): { index: WaitingIndex; all: Waiter[] } {
  const index = new WaitingIndex();
  const all = missing.map((dots, at) => {
    const waiter: Waiter = { record: { key: `r${at}` } as CausalRecord, from: null, by: 0 as CloudletId, missing: 0 };
    // Slots and sequences from both ends of their ranges.
    for (const dot of dots) index.await(waiter, dot % 3, dot % 2 === 0 ? dot + 1 : 2 ** 31 - 1 - dot);
    return waiter;
  });
  return { index, all };
}

const keysOf = (some: Iterable<Waiter>): string[] => [...some].map(({ record }) => record.key);

prop(
  "a waiter is ready when the last dot it misses is applied, once, and not before",
  worlds,
  ({ missing, applied, cloneAfter }) => {
    let { index } = waiters(missing);
    const done = new Set<number>();
    let waiting = missing.map((_, at) => `r${at}`);
    for (const [step, dot] of applied.entries()) {
      if (step === cloneAfter) {
        const left = index;
        index = index.clone();
        // What happens to one of the two does not happen to the other.
        for (const other of missing.flat()) left.wake(other % 3, other % 2 === 0 ? other + 1 : 2 ** 31 - 1 - other, []);
        expect(left.all().size).toBe(0);
      }
      done.add(dot);
      const ready: Waiter[] = [];
      index.wake(dot % 3, dot % 2 === 0 ? dot + 1 : 2 ** 31 - 1 - dot, ready);
      const expected = waiting.filter((key) =>
        (missing[Number(key.slice(1))] as number[]).every((other) => done.has(other)),
      );
      expect(keysOf(ready).sort()).toEqual(expected.sort());
      waiting = waiting.filter((key) => !expected.includes(key));
      expect(keysOf(index.all())).toEqual(waiting);
    }
  },
);
