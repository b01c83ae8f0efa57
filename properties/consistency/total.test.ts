// Models of one order for all, SER and LIN: planted bugs that their twins catch, and evidence by name. Agreement with the twins:
// agreement.test.ts.

import { checkHistory, type Evidence, type History, keyKind, type ModelName, outcome } from "causeway-sim/model";
import { expect, test } from "vitest";
import { RngRoot } from "../../sim/kernel/rng.ts";
import { compareOnce, fast, twins } from "./agreement.ts";
import { historyOf } from "./notation.ts";

const plants: readonly {
  readonly bug: string;
  readonly model: ModelName;
  readonly judge: (history: History) => string;
}[] = [
  { bug: "what is causal counts as serial", model: "SER", judge: (history) => fast(history, "TCC") },
  {
    bug: "sessions are forgotten",
    model: "SER",
    judge: (history) => {
      const bounds =
        history.transactionStart ?? Uint32Array.from({ length: history.operationCount + 1 }, (_, at) => at);
      const session = Uint32Array.from({ length: history.operationCount }, (_, at) => history.transaction?.[at] ?? at);
      return fast({ ...history, session, sessionStart: bounds, sessionCount: history.transactionCount }, "SER");
    },
  },
  { bug: "what is serial counts as linear", model: "LIN", judge: (history) => fast(history, "SER") },
  {
    bug: "writes of unknown outcome count as ended",
    model: "LIN",
    judge: (history) => {
      const outcomes = history.outcome.map((now) => (now === outcome.unknown ? outcome.ok : now));
      if (history.end === null) return "not-applicable";
      const ends = history.end.map((end, at) => (end === Number.POSITIVE_INFINITY ? history.start![at]! : end));
      return fast({ ...history, outcome: outcomes, end: ends }, "LIN");
    },
  },
  {
    bug: "a compare-and-set takes effect in two steps",
    model: "LIN",
    judge: (history) => {
      const session = Uint32Array.from({ length: history.operationCount }, (_, at) => at);
      const sessionStart = Uint32Array.from({ length: history.operationCount + 1 }, (_, at) => at);
      const alone = { transaction: null, transactionStart: null, transactionCount: history.operationCount };
      return fast({ ...history, ...alone, session, sessionStart, sessionCount: history.operationCount }, "LIN");
    },
  },
  {
    bug: "operations take effect when they begin",
    model: "LIN",
    judge: (history) => fast({ ...history, end: history.start }, "LIN"),
  },
];

test.each(plants)("a twin tells when $bug ($model)", ({ bug, model, judge }) => {
  const twin = twins.find((each) => each.model === model)!;
  const rng = new RngRoot(bug).stream;
  for (let tries = 0; tries < 20_000; tries += 1) if (compareOnce(twin, rng, new Map(), judge) !== null) return;
  expect.fail("no history shows the bug");
});

/** The evidence of a model, as `pattern: from why to, ...`; or the verdict and its reason. */
function told(text: string, model: ModelName, searchSteps = 1_000): string {
  const verdict = checkHistory(historyOf(text), { models: [model], limits: { searchSteps } }).verdicts.get(model)!;
  if (verdict.kind === "holds") return "holds";
  if (verdict.kind !== "violated") return `${verdict.kind}: ${verdict.reason}`;
  const { pattern, edges, operations }: Evidence = verdict.evidence;
  const steps = edges.map(({ from, to, why }) => `${from + 1} ${why.kind} ${to + 1}`);
  return `${pattern}: ${steps.length === 0 ? operations.map((operation) => operation + 1).join() : steps.join(", ")}`;
}

test.each([
  [
    "SER",
    "< R(x,0) W(x,1) > | < R(x,0) W(x,2) >",
    "NoOrder: 2 transaction 1, 1 overwritten-by 4, 4 transaction 3, 3 overwritten-by 2",
  ],
  [
    "SER",
    "< R(x,[]) A(y,1) > | < R(y,[]) A(x,1) >",
    "NoOrder: 2 transaction 1, 1 overwritten-by 4, 4 transaction 3, 3 overwritten-by 2",
  ],
  [
    "SER",
    "W(x,1) | < R(x,1) W(x,2) > | < R(x,1) W(x,3) >",
    "NoOrder: 3 transaction 2, 2 overwritten-by 5, 5 transaction 4, 4 overwritten-by 3",
  ],
  ["SER", "W(x,1) W(y,1) | R(y,1) R(x,0)", "WriteCOInitRead: 1 session 2, 2 reads-from 3, 3 session 4"],
  ["SER", "W(x,1) R(x,2) | W(x,2) W(x,1)", "holds"],
  ["SER", "W(x,1) R(x,{1})", "not-applicable: reads of siblings return what no serial order has side by side"],
  ["LIN", "W(x,1)@0-1 R(x,0)@2-3", "CyclicRealTime: 1 real-time 2, 2 overwritten-by 1"],
  ["LIN", "R(x,1)@0-1 | W(x,1)@2-3", "ReadFromFuture: 1 real-time 2, 2 reads-from 1"],
  ["LIN", "W(x,1)@0-1 | W(x,2)@2-3 | R(x,1)@4-5", "CyclicRealTime: 1 real-time 2, 2 real-time 3, 1 reads-from 3"],
  [
    "LIN",
    "W(x,1)@0-9 | W(x,2)@0-9 | R(x,1)@1-2 R(x,2)@3-4 R(x,1)@5-6",
    "CyclicRealTime: 1 reads-from 3, 3 real-time 4, 2 reads-from 4, 4 real-time 5, 1 reads-from 5",
  ],
  ["LIN", "W(x,1)@0-9 | W(x,2)@0-9 | R(x,1)@1-2 R(x,2)@3-4", "holds"],
  ["LIN", "W(x,1)?@0- | R(x,0)@5-6 R(x,1)@7-8", "holds"],
  ["LIN", "A(x,1)@0-1 | R(x,[])@2-3", "MissingElement: 1 real-time 2"],
  ["LIN", "A(x,1)@0-1 | A(x,2)@2-3 | R(x,[2,1])@0-9", "CyclicRealTime: 1 real-time 2, 2 listed 1"],
  ["LIN", "W(x,1)@0-1 | W(x,1)@4-5 | R(x,1)@2-3 R(x,0)@6-7", "NoOrder: 4"],
  [
    "LIN",
    "W(x,1)@0-1 R(x,0)@1-2",
    "unknown: the times are too coarse: it matters which of two operations of one session came first at the same moment",
  ],
  // The same where a search decides: a compare-and-set, and a value that was written twice.
  [
    "LIN",
    "< R(x,0)@0-8 W(x,1)@0-8 > R(x,0)@8-22",
    "unknown: the times are too coarse: it matters which of two operations of one session came first at the same moment",
  ],
  [
    "LIN",
    "W(x,1)@0-8 R(x,0)@8-8 W(x,1)@8-22",
    "unknown: the times are too coarse: it matters which of two operations of one session came first at the same moment",
  ],
  ["LIN", "W(x,1)@0-8 R(x,0)@8-8 W(x,2)@9-10 R(x,1)@11-22 W(x,1)@23-24", "NoOrder: 4"],
  [
    "LIN",
    "W(x,1)@0-2 R(x,1)@1-2",
    "not-applicable: the operation on line 2 begins before the one before it in its session, on line 1, has ended",
  ],
  ["LIN", "W(x,1) R(x,1)", "not-applicable: the history has no times"],
  ["LIN", "< W(x,1)@0-1 R(y,0)@2-3 >", "not-applicable: transactions of several keys, as on line 1, are judged by SER"],
  ["LIN", "< A(x,1)@0-1 R(x,[1])@2-3 >", "not-applicable: transactions on lists, as on line 1, are judged by SER"],
  ["LIN", "< W(x,1)@0-1 R(x,1)@2-3 >", "holds"],
  // A compare-and-set finds what it compares with, and nothing comes between that and what it puts there.
  ["LIN", "W(x,1)@0-1 | < R(x,1)@2-9 W(x,2)@2-9 > | W(x,3)@3-8 R(x,3)@10-11", "holds"],
  ["LIN", "W(x,1)@0-1 | < R(x,1)@2-9 W(x,2)@2-9 > | W(x,3)@3-8 R(x,2)@10-11", "NoOrder: 5"],
  ["LIN", "W(x,1)@0-1 | < R(x,1)@2-9 W(x,2)@2-9 > | < R(x,1)@2-9 W(x,3)@2-9 >", "NoOrder: 4,5"],
  [
    "LIN",
    "W(x,1)@0-1 | W(x,2)@2-3 | < R(x,1)@4-5 W(x,3)@4-5 >",
    "CyclicRealTime: 1 real-time 2, 2 real-time 3, 1 reads-from 3",
  ],
  ["LIN", "W(x,1)@0-1 W(x,1)@2-3 | < R(x,1)@4-9 W(x,2)@4-9 > | < R(x,1)@4-9 W(x,2)@4-9 >", "NoOrder: 5,6"],
  ["LIN", "W(x,1)@0-1 | < R(x,1)?@2- W(x,2)?@2- > | R(x,2)@4-5", "holds"],
  ["LIN", "W(x,1)@0-1 | < R(x,7)?@2- W(x,2)?@2- > | R(x,1)@4-5", "holds"],
  ["LIN", "W(x,1)@0-1 | < R(x,7)?@2- W(x,2)?@2- > | R(x,2)@4-5", "ThinAirRead: 2"],
] as const)("%s says of %s: %s", (model, text, evidence) => {
  expect(told(text, model)).toBe(evidence);
});

test("a search that reaches its cap does not know, and says after how many steps", () => {
  const text = "W(x,1) W(y,1) | R(x,1) R(y,1)";
  expect(told(text, "SER", 4)).toBe("holds");
  expect(told(text, "SER", 3)).toBe("unknown: a search of 3 steps cannot place 4 transactions");
  const tangled = "W(x,1) W(x,2) W(x,1) R(x,2) | R(x,1) R(x,2) R(x,1)";
  expect(told(tangled, "SER", 6)).toBe("unknown: the search for a serial order gave up after 6 steps");
  expect(told(tangled, "SER")).toBe("NoOrder: 4");
  const twice = "W(x,1)@0-9 R(x,1)@10-11 | W(x,1)@0-9 R(x,2)@20-21 | W(x,2)@0-30";
  expect(told(twice, "LIN", 2)).toBe("unknown: the search for a linear order of x gave up after 2 steps");
  expect(told(twice, "LIN")).toBe("holds");
});

test("what is concluded from conclusions is told with the way on which it rests", () => {
  const history = historyOf("W(x,1) | < R(x,1) W(x,2) > | < R(x,1) W(x,3) >");
  const verdict = checkHistory(history, { models: ["SER"] }).verdicts.get("SER");
  if (verdict?.kind !== "violated") throw new Error("an update is lost");
  const overwritten = verdict.evidence.edges.find(({ why }) => why.kind === "overwritten-by")!;
  expect(overwritten.why).toEqual({
    kind: "overwritten-by",
    via: [
      { from: 0, to: 3, why: { kind: "reads-from" } },
      { from: 3, to: 4, why: { kind: "transaction" } },
    ],
  });
});

test("where there are too many transactions for conclusions, the search alone finds that there is no order", () => {
  const others = Array.from({ length: 2_100 }, (_, at) => `W(y,${at + 1})`).join(" ");
  expect(told(`W(x,1) | < R(x,1) W(x,2) > | < R(x,1) W(x,3) > | ${others}`, "SER", 100_000)).toBe("NoOrder: 2,3,4,5");
  expect(told(`W(x,1) | < R(x,1) W(x,2) > | < R(x,2) W(x,3) > | ${others}`, "SER", 100_000)).toBe("holds");
});

test("sets are no part of what these models judge", () => {
  expect(historyOf("W(x,1) R(x,{1})").keyKind[0]).toBe(keyKind.siblings);
  expect(told("W(x,1)@0-1 R(x,{1})@2-3", "LIN")).toMatch(/^not-applicable/);
});
