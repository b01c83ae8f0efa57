// Every step of the lattice is a real one: some history passes the weaker model and fails the stronger one.

import { checkHistory, models } from "causeway-sim/model";
import { expect, test } from "vitest";
import { historyOf } from "./notation.ts";
import { separations } from "./separations.ts";

test.each(separations)("$history", ({ history, violated, holds }) => {
  const { verdicts } = checkHistory(historyOf(history));
  const kindOf = (name: (typeof violated)[number]): string => `${name} ${verdicts.get(name)?.kind ?? "missing"}`;
  expect([...violated, ...holds].map(kindOf)).toEqual([
    ...violated.map((name) => `${name} violated`),
    ...holds.map((name) => `${name} holds`),
  ]);
});

const steps = models.flatMap(({ name, implies }) => implies.map((weaker) => ({ stronger: name, weaker })));

test.each(steps)("$stronger asks more than $weaker", ({ stronger, weaker }) => {
  const found = separations.some(({ violated, holds }) => violated.includes(stronger) && holds.includes(weaker));
  expect(found).toBe(true);
});

test("every model is violated somewhere", () => {
  const violated = new Set(separations.flatMap((separation) => separation.violated));
  expect(models.map(({ name }) => name).filter((name) => !violated.has(name))).toEqual([]);
});
