// The history of marks, and how it is corrected: against a reading moment by moment.

import fc from "fast-check";
import { expect, test } from "vitest";
import { prop } from "../../properties/prop.ts";
import { marks } from "./aliveness.ts";
import { corrected, entered, historyMax, type MarkHistory, type MarkSpan } from "./mark-history.ts";
import type { PlaneSpan } from "./report.ts";

const END = 60;

const histories: fc.Arbitrary<MarkHistory> = fc
  .array(fc.record({ after: fc.nat({ max: 8 }), mark: fc.constantFrom(...marks) }), { minLength: 1, maxLength: 10 })
  .map((steps) => {
    let now = 0;
    let history: MarkHistory = [];
    for (const { after, mark } of steps) {
      now += after;
      if (now < END) history = entered(history, mark, now);
    }
    return history;
  });

const reports: fc.Arbitrary<readonly PlaneSpan[]> = fc.array(
  fc.record({
    plane: fc.constantFrom("none" as const, "healthy" as const, "failed" as const),
    lasted: fc.nat({ max: 20 }),
  }),
  { minLength: 1, maxLength: 4 },
);

function spanAt(history: MarkHistory, at: number): MarkSpan | undefined {
  const found = history.filter(({ from, until }) => from <= at && at < (until ?? Infinity));
  expect(found.length).toBeLessThanOrEqual(1);
  return found[0];
}

function planeAt(spans: readonly PlaneSpan[], heardAt: number, at: number): PlaneSpan["plane"] | null {
  let until = heardAt;
  for (const { plane, lasted } of spans) {
    if (until - lasted <= at && at < until) return plane;
    until -= lasted;
  }
  return null;
}

type Correct = typeof corrected;
const asTold = (correct: Correct) => (history: MarkHistory, spans: readonly PlaneSpan[]) => {
  const after = correct(history, spans, END);
  return Array.from({ length: END + 5 }, (_, at) => at).every((at) => {
    const [before, now] = [spanAt(history, at), spanAt(after, at)];
    const isBlind = before?.mark === "autonomous" || before?.mark === "unknown";
    return now?.mark === before?.mark && (now?.was ?? null) === (isBlind ? planeAt(spans, END, at) : null);
  });
};

prop(
  "where it was marked autonomous or unknown, a report says what the plane was; marks stay, and nothing else is changed",
  fc.tuple(histories, reports),
  ([history, spans]) => asTold(corrected)(history, spans),
);

test("which a correction that ends with the mark's own stretch would not do", () => {
  const whole: Correct = (history, spans) =>
    history.map((span) => (span.mark === "autonomous" ? { ...span, was: spans[0]?.plane ?? null } : span));
  const pair = fc.tuple(histories, reports);
  const checked = fc.check(
    fc.property(pair, ([history, spans]) => asTold(whole)(history, spans)),
    { seed: 1, numRuns: 500 },
  );
  expect(checked.failed).toBe(true);
});

prop("the same report twice says no more than once", fc.tuple(histories, reports), ([history, spans]) => {
  const once = corrected(history, spans, END);
  expect(corrected(once, spans, END)).toEqual(once);
});

test("a cloudlet that comes back tells what it was: the life before this one stays unknown", () => {
  let history: MarkHistory = [];
  history = entered(history, "connected", 0);
  history = entered(history, "autonomous", 10);
  history = entered(history, "synchronizing", 30);
  const spans: readonly PlaneSpan[] = [
    { plane: "failed", lasted: 5 },
    { plane: "healthy", lasted: 8 },
  ];
  expect(corrected(history, spans, 30)).toEqual([
    { from: 0, until: 10, mark: "connected", was: null },
    { from: 10, until: 17, mark: "autonomous", was: null },
    { from: 17, until: 25, mark: "autonomous", was: "healthy" },
    { from: 25, until: 30, mark: "autonomous", was: "failed" },
    { from: 30, until: null, mark: "synchronizing", was: null },
  ]);
});

test("a history keeps what is latest, and stays short", () => {
  let history: MarkHistory = [];
  for (let at = 0; at < 2 * historyMax; at += 1) {
    history = entered(history, at % 2 === 0 ? "connected" : "synchronizing", at);
  }
  expect(history).toHaveLength(historyMax);
  expect(history.at(-1)).toEqual({ from: 2 * historyMax - 1, until: null, mark: "synchronizing", was: null });
  expect(entered(history, "synchronizing", 2 * historyMax)).toBe(history);
});
