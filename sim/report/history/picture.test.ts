// Pictures of explanations: everything told is in them, what is left out is counted, and no name runs as markup.

import { expect, test } from "vitest";
import {
  type Explanation,
  type History,
  HistoryBuilder,
  operationKind,
  outcome,
} from "../../../model/consistency/index.ts";
import { type Item, layOut } from "./layout.ts";
import { drawExplanation } from "./picture.ts";

/** Sessions of rows `w key value` or `r key value`; times as pairs in the order of rows. */
function history(
  sessions: readonly (readonly string[])[],
  times: readonly (readonly [number, number])[] = [],
): History {
  const builder = new HistoryBuilder({ initialValues: "implicit", zero: 0 });
  let row = 0;
  sessions.forEach((rows, number) => {
    for (const text of rows) {
      const [what, name = "", value = ""] = text.split(" ");
      const key = builder.key(name);
      const version = builder.version(key, value === "0" ? 0 : value);
      const isRead = what === "r";
      const kind = isRead ? operationKind.read : operationKind.write;
      builder.add(builder.session(`s${number}`), kind, outcome.ok, key, isRead ? 0 : version, row + 1);
      if (isRead) builder.list(version);
      const time = times[row];
      if (time !== undefined) builder.times(...time);
      row += 1;
    }
  });
  return builder.build();
}

function story(operations: readonly number[], edges: readonly (readonly [number, number, string])[]): Explanation {
  return {
    models: ["CC"],
    pattern: "CyclicCO",
    says: "Something comes before itself.",
    source: "a paper",
    operations: operations.map((operation) => ({
      operation,
      session: "s",
      text: `operation ${operation}`,
      line: operation + 1,
    })),
    edges: edges.map(([from, to, kind]) => ({ from, to, kind, text: `${from} before ${to}` })),
    isCycle: true,
    conclusion: "That cannot be.",
    remarks: [],
  };
}

const many = Array.from({ length: 12 }, (_, session) =>
  Array.from({ length: 100 }, (_value, at) => `w k${session} ${session * 100 + at + 1}`),
);

test("a short history is shown whole, every operation right of what it read", () => {
  const of = history([
    ["w x 1", "w y 2"],
    ["r y 2", "r x 0"],
  ]);
  const { rows, reads, operationsLeftOut, order } = layOut(of, story([0, 1], []), () => 100);
  expect({ operationsLeftOut, order, reads }).toEqual({
    operationsLeftOut: 0,
    order: "order",
    reads: [{ from: 1, to: 2 }],
  });
  expect(rows.map(({ items }) => items.map(({ x }) => x))).toEqual([
    [0, 146],
    [292, 438],
  ]);
});

test("of a long history the neighbours of the story are shown, and the rest is counted", () => {
  const of = history(many);
  const { rows, operationsLeftOut, sessionsLeftOut } = layOut(of, story([150, 160, 300], []), () => 100);
  const shown = rows.map(({ items }) =>
    items.map((item) => (item.kind === "operation" ? item.operation : `+${item.count}`)),
  );
  expect(shown).toEqual([
    ["+49", 149, 150, 151, "+7", 159, 160, 161, "+38"],
    [300, 301, "+98"],
  ]);
  expect({ operationsLeftOut, sessionsLeftOut }).toEqual({ operationsLeftOut: 1_192, sessionsLeftOut: 10 });
  expect(drawExplanation(of, story([150, 160, 300], []), { id: "p", isAlone: true })).toContain(
    "Left out: 1192 operations, among them 10 whole sessions.",
  );
});

test("with times, what overlaps stands one above the other, and what ended before stands to the left", () => {
  const of = history(
    [["w x 1", "w x 2"], ["w x 3"]],
    [
      [0, 10],
      [20, 30],
      [5, 25],
    ],
  );
  const { rows, order } = layOut(of, story([0, 1, 2], []), () => 100);
  const [first, second, third] = rows.flatMap(({ items }) => items) as [Item, Item, Item];
  expect(order).toBe("time");
  expect(third.x).toBeGreaterThan(first.x);
  expect(third.x).toBeLessThan(first.x + first.width);
  expect(second.x).toBeGreaterThan(first.x + first.width);
  expect(third.x + third.width).toBeGreaterThan(second.x);
  expect(third.x + third.width).toBeLessThan(second.x + second.width);
});

test("equal times keep the order of a session", () => {
  const of = history([["w x 1", "w x 2", "w x 3"]], [[5, 5], [5, 5], [5, 5]]); // prettier-ignore
  const [row] = layOut(of, story([0], []), () => 50).rows;
  const xs = row?.items.map(({ x }) => x) ?? [];
  expect(xs).toEqual([...xs].sort((a, b) => a - b));
  expect(new Set(xs).size).toBe(3);
});

test("a cycle of reads has a place all the same", () => {
  const of = history([
    ["r x 2", "w y 1"],
    ["r y 1", "w x 2"],
  ]);
  const { rows } = layOut(of, story([0, 1, 2, 3], []), () => 100);
  expect(rows.flatMap(({ items }) => items)).toHaveLength(4);
});

test("every edge of the story has its number and its sentence, arrows that are told are not drawn twice", () => {
  const of = history([["w x 1"], ["r x 1"]]);
  const svg = drawExplanation(of, story([0, 1], [[0, 1, "reads-from"]]), { id: "p", isAlone: true });
  expect(svg).toContain("1. 0 before 1.");
  expect(svg.match(/class="h-number"/g)).toHaveLength(1);
  expect(svg.match(/class="h-edge"/g)).toHaveLength(2); // one of them in the legend
  expect(svg.match(/class="h-read"/g)).toHaveLength(1); // the legend's
  expect(svg).toContain("That cannot be.");
});

test("inside a page the text around the picture tells the reasons", () => {
  const of = history([["w x 1"], ["r x 1"]]);
  const svg = drawExplanation(of, story([0, 1], [[0, 1, "reads-from"]]), { id: "p", isAlone: false });
  expect(svg).not.toContain("That cannot be.");
  // A page scrolls a wide one instead of making it too small to read.
  const [, widest = "", least = ""] = /max-width:([\d.]+)px;min-width:([\d.]+)px/.exec(svg) ?? [];
  expect(Number(least) / Number(widest)).toBeCloseTo(0.65, 2);
});

test("names that hold markup are text", () => {
  const of = history([['w <script>alert(1)</script>"&' + "'" + " </text><a>"]]);
  const svg = drawExplanation(of, story([0], []), { id: "p", isAlone: true });
  expect(svg).not.toMatch(/<script|<a>/);
  expect(svg).toContain("&lt;script&gt;");
});

test("the same story is the same picture", () => {
  const draw = (): string =>
    drawExplanation(history(many), story([150, 300], [[150, 300, "real-time"]]), { id: "p", isAlone: true });
  expect(draw()).toBe(draw());
});
