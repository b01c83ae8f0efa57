// That points are what they are called: a grid has every combination once (compared with nested loops), a Latin hypercube takes every
// part of every axis once, and the same number is always the same point, whoever asked before.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { prop } from "../../properties/prop.ts";
import { type Axis, listAxis, readAxis } from "./axes.ts";
import { type Choose, choosePoints, endlessAxis, type Point, type Space } from "./choose.ts";

function numbers(name: string, size: number): Axis {
  const values = Array.from({ length: size }, (_, value) => ({ data: value, shown: value }));
  return listAxis({ name, kind: "integer" }, values);
}

/** An axis that shows where on it a point lies. */
function continuous(name: string): Axis {
  const shareAt = (share: number) => ({ data: share, shown: share });
  return { column: { name, kind: "number" }, size: Infinity, at: shareAt, shareAt };
}

const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 });
const spaces = fc
  .record({ own: fc.array(sizes, { minLength: 1, maxLength: 4 }), shared: sizes })
  .map(({ own, shared }): Space => ({
    alternatives: own.map((axes) => axes.map((size, axis) => numbers(`own${axis}`, size))),
    shared: shared.map((size, axis) => numbers(`shared${axis}`, size)),
  }));

function textOf({ alternative, own, shared }: Point): string {
  return [alternative, ...own.map(({ shown }) => shown), "|", ...shared.map(({ shown }) => shown)].join(" ");
}

/** Every combination, by nested loops. */
function allOf({ alternatives, shared }: Space): string[] {
  return alternatives.flatMap((own, alternative) => {
    let texts = [`${alternative}`];
    for (const axis of own)
      texts = texts.flatMap((text) => Array.from({ length: axis.size }, (_, v) => `${text} ${v}`));
    texts = texts.map((text) => `${text} |`);
    for (const axis of shared)
      texts = texts.flatMap((text) => Array.from({ length: axis.size }, (_, v) => `${text} ${v}`));
    return texts;
  });
}

prop("a grid is every combination once, in the order of nested loops", spaces, (space) => {
  const points = choosePoints(space, { kind: "grid" }, "1");
  const texts = Array.from({ length: points.count }, (_, number) => textOf(points.at(number)));
  expect(texts).toEqual(allOf(space));
});

prop(
  "a Latin hypercube takes every part of every axis once, and alternatives as evenly as can be",
  fc.record({
    count: fc.integer({ min: 1, max: 60 }),
    alternatives: fc.integer({ min: 1, max: 7 }),
    seed: fc.string(),
  }),
  ({ count, alternatives, seed }) => {
    const space: Space = {
      alternatives: Array.from({ length: alternatives }, () => [continuous("own")]),
      shared: [continuous("a"), continuous("b")],
    };
    const points = choosePoints(space, { kind: "latin", points: count }, `s${seed}`);
    const all = Array.from({ length: count }, (_, number) => points.at(number));
    for (const axis of [0, 1]) {
      const parts = all.map(({ shared }) => Math.floor((shared[axis]?.shown as number) * count));
      expect(parts.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, part) => part));
    }
    for (let alternative = 0; alternative < alternatives; alternative += 1) {
      const chosen = all.filter((point) => point.alternative === alternative);
      expect(Math.abs(chosen.length - count / alternatives)).toBeLessThan(1);
      const parts = chosen.map(({ own }) => Math.floor((own[0]?.shown as number) * chosen.length));
      expect(parts.toSorted((a, b) => a - b)).toEqual(Array.from({ length: chosen.length }, (_, part) => part));
    }
  },
);

describe.each<Choose>([{ kind: "grid" }, { kind: "random", points: 40 }, { kind: "latin", points: 40 }])(
  "chosen by $kind",
  (choose) => {
    const space: Space = {
      alternatives: [[numbers("x", 5)], [numbers("x", 3), numbers("y", 4)]],
      shared: [numbers("z", 3)],
    };

    test("a point does not depend on which were asked for before, and another seed draws others", () => {
      const forwards = choosePoints(space, choose, "seed");
      const backwards = choosePoints(space, choose, "seed");
      const order = Array.from({ length: forwards.count }, (_, number) => number);
      const texts = order.map((number) => textOf(forwards.at(number)));
      expect(order.toReversed().map((number) => textOf(backwards.at(number)))).toEqual(texts.toReversed());
      const others = choosePoints(space, choose, "other");
      if (choose.kind !== "grid") expect(order.map((number) => textOf(others.at(number)))).not.toEqual(texts);
    });
  },
);

test("400 points drawn evenly over 8 alternatives take each some 50 times", () => {
  const space: Space = { alternatives: Array.from({ length: 8 }, () => []), shared: [] };
  const points = choosePoints(space, { kind: "random", points: 400 }, "1");
  const counts = new Array<number>(8).fill(0);
  for (let number = 0; number < 400; number += 1) counts[points.at(number).alternative]! += 1;
  for (const count of counts) expect(Math.abs(count - 50)).toBeLessThan(30);
});

describe("axes", () => {
  function axis(choice: Parameters<typeof readAxis>[1]): Axis {
    const outcome = readAxis("x", choice);
    if (outcome.kind === "refused") throw new Error(outcome.why);
    return outcome.axis;
  }

  test.each([
    [5, "integer", [5]],
    [[1, 2, 4], "integer", [1, 2, 4]],
    [[1, 2.5], "number", [1, 2.5]],
    [["1ms", "2s"], "integer", [1_000, 2_000_000]],
    [["1KiB", "2KiB"], "integer", [1_024, 2_048]],
    [["1%", "500ppm"], "integer", [10_000, 500]],
    [["lww-hlc", "lww-lamport"], "text", ["lww-hlc", "lww-lamport"]],
    [[{ retain: 4 }, null], "text", ['{"retain":4}', "null"]],
    [{ from: 2, to: 5 }, "integer", [2, 3, 4, 5]],
    [{ from: 2, to: 9, step: 3 }, "integer", [2, 5, 8]],
    [{ from: "1ms", to: "10ms", step: "4ms" }, "integer", [1_000, 5_000, 9_000]],
  ] as const)("%j is %s %j in results", (choice, kind, shown) => {
    const read = axis(choice as Parameters<typeof readAxis>[1]);
    expect(read.column).toEqual({ name: "x", kind });
    expect(Array.from({ length: read.size }, (_, position) => read.at(position).shown)).toEqual(shown);
  });

  test("a range of quantities has no end of values, stays within its ends, and is written with units", () => {
    const read = axis({ from: "1ms", to: "3ms" });
    expect(endlessAxis({ alternatives: [[]], shared: [read] })).toBe(read);
    expect(read.shareAt(0)).toEqual({ data: "1ms", shown: 1_000 });
    expect(read.shareAt(1 - Number.EPSILON)).toEqual({ data: "3ms", shown: 3_000 });
    expect(read.shareAt(0.25).data).toBe("1500us");
  });

  test.each([
    [{ from: 5, to: 2 }, "value", /two whole numbers or two quantities of one kind, the smaller first, found 5 and 2/],
    [{ from: "1ms", to: "2KiB" }, "value", /found "1ms" and "2KiB"/],
    [
      { from: 1, to: 9, step: 0 },
      "step",
      /expected a step like the ends of the range and larger than nothing, found 0/,
    ],
    [{ from: "1ms", to: "9ms", step: 2 }, "step", /write for example step: 800us/],
  ] as const)("%j is refused at its %s", (choice, at, why) => {
    const outcome = readAxis("x", choice);
    expect(outcome).toMatchObject({ kind: "refused", at, why: expect.stringMatching(why) as string });
  });
});
