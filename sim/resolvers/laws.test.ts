// Each law is broken by a function of its own, and functions that hold to all of them pass.

import { expect, test } from "vitest";
import type { MergeFunction, PlainVersion } from "../../model/replication/resolver.ts";
import { breachOf, LAW_BUDGET, LAW_SAMPLES } from "./laws.ts";

const still = (): number => 0;
const tagsOf = ({ value }: PlainVersion): string[] => value.split(",").filter((tag) => tag !== "");
const joined: MergeFunction = (a, b) => ({
  ...a,
  value: [...new Set([...tagsOf(a), ...tagsOf(b)])].sort().join(","),
  deleted: a.deleted && b.deleted,
});
const greatest: MergeFunction = (a, b) => {
  if (a.deleted !== b.deleted) return a.deleted ? b : a;
  return a.value >= b.value ? a : b;
};
const lastWriter: MergeFunction = (a, b) => {
  const order =
    a.wall - b.wall ||
    a.logical - b.logical ||
    a.origin - b.origin ||
    a.incarnation - b.incarnation ||
    a.stream - b.stream ||
    a.sequence - b.sequence;
  return order >= 0 ? a : b;
};

test.each([
  ["a union", joined],
  ["the greatest text", greatest],
  ["the last writer", lastWriter],
] as const)("%s breaks no law", (_, merge) => {
  expect(breachOf(merge, still)).toBeNull();
});

let calls = 0;
const counting: MergeFunction = (a, b) => ({
  ...greatest(a, b),
  value: String(Math.floor((calls += 1) / 30_000)),
  deleted: false,
});

const broken: readonly (readonly [string, MergeFunction, RegExp])[] = [
  [
    "takes the first",
    (a) => a,
    /^it is not commutative: with a = \{"value":.*\} and b = \{.*merge\(a, b\) gives .*, merge\(b, a\) gives .*break ties/,
  ],
  ["forgets ties", (a, b) => (a.wall >= b.wall ? a : b), /^it is not (commutative|associative)/],
  ["compares numbers", (a, b) => (Number(a.value) >= Number(b.value) ? a : b), /^it is not commutative/],
  [
    "takes the middle of the lengths",
    (a, b) => ({ ...a, value: "x".repeat((a.value.length + b.value.length) >> 1), deleted: false }),
    /^it is not (associative|idempotent)/,
  ],
  [
    "adds up",
    (a, b) => ({ ...a, value: String(a.value.length + b.value.length), deleted: false }),
    /^it is not idempotent/,
  ],
  ["remembers", counting, /^it is not deterministic/],
  ["throws", (a, b) => ({ ...a, value: JSON.stringify(JSON.parse(b.value)) }), /^merge\(a, b\) throws "SyntaxError/],
  [
    "changes its input",
    (a, b) => {
      const result = greatest(a, b);
      (a as { value: string }).value = "taken";
      return result;
    },
    /^it changes its input: .* leaves a = .*"taken"/,
  ],
  ["returns nothing", () => undefined as unknown as PlainVersion, /^merge\(a, b\) returns a value of type undefined/],
  ["returns null", () => null as unknown as PlainVersion, /returns null/],
  ["returns a text", () => "x" as unknown as PlainVersion, /returns a value of type string/],
  ["returns a promise", (a) => Promise.resolve(a) as unknown as PlainVersion, /returns a promise/],
  ["returns a number as value", (a) => ({ ...a, value: 1 as unknown as string }), /whose value is of type number/],
  ["cuts a character in half", (a) => ({ ...a, value: "\ud83d", deleted: false }), /half of a surrogate pair/],
  [
    "leaves out the stamp",
    ({ value, deleted }) => ({ value, deleted }) as PlainVersion,
    /whose "wall" is no whole number/,
  ],
  ["deletes with a value", (a) => ({ ...a, value: "x", deleted: true }), /a deleted version with a value/],
];

test.each(broken)("one that %s is refused", (_, merge, says) => {
  const breach = breachOf(merge, still);
  expect(breach).toMatch(says);
  expect(breach).not.toContain("\n");
});

test("one that is slow is refused, and how slow is told by the clock alone", () => {
  let time = 0;
  expect(breachOf(greatest, () => (time += LAW_BUDGET / 10))).toMatch(new RegExp(`it is slow: \\d+ of ${LAW_SAMPLES}`));
});
