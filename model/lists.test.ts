// Lists made of others.

import { expect, test } from "vitest";
import { listOf } from "./lists.ts";

test("one of each, in order, and each is told its place", () => {
  expect(listOf(["a", "b", "c"], (letter, index) => `${letter}${index}`)).toEqual(["a0", "b1", "c2"]);
  expect(listOf([], () => 1)).toEqual([]);
});
