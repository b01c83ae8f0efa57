// Transactional models against their twins: the verdicts of thousands of small histories, planted bugs that the twins catch, and the
// anomalies by name.

import { checkHistory, type Evidence, type History, type ModelName, outcome } from "causeway-sim/model";
import fc from "fast-check";
import { expect, test } from "vitest";
import { RngRoot } from "../../sim/kernel/rng.ts";
import { prop } from "../prop.ts";
import { historyOf } from "./notation.ts";
import { drawTransactions, type TransactionDraw } from "./transactions/draw.ts";
import { holdsTransactional, type TransactionalModel } from "./transactions/orders.ts";

const kinds = ["register", "list", "mixed"] as const;

/** Texts of small histories; the number of the drawn case picks the sort. */
const texts: fc.Arbitrary<string> = fc
  .tuple(fc.nat(), fc.constantFrom(...kinds), fc.integer({ min: 1, max: 4 }))
  .map(([seed, kind, perTransaction]) => {
    const options: TransactionDraw = { operations: perTransaction === 1 ? 6 : 8, perTransaction, kind };
    return drawTransactions(new RngRoot(`transactions ${seed}`).stream, options);
  });

type Judge = (history: History, model: ModelName) => string;

const fast: Judge = (history, model) =>
  checkHistory(history, { models: [model] }).verdicts.get(model)?.kind ?? "missing";

function wanted(history: History, model: TransactionalModel): string {
  const holds = holdsTransactional(history, model);
  return holds === null ? "not-applicable" : holds ? "holds" : "violated";
}

for (const model of ["RC", "RA", "TCC"] as const) {
  const census = new Map<string, number>();
  prop(
    `${model} is what its definition says, tried over all commit orders`,
    texts,
    (text) => {
      const history = historyOf(text);
      const verdict = wanted(history, model);
      census.set(verdict, (census.get(verdict) ?? 0) + 1);
      expect(fast(history, model), text).toBe(verdict);
    },
    { numRuns: 3_000 },
  );

  test(`${model} was met broken and kept by the drawn histories`, () => {
    expect(census.get("holds")).toBeGreaterThan(300);
    expect(census.get("violated")).toBeGreaterThan(300);
  });
}

/** The same operations, each a transaction of its own. */
function alone(history: History): History {
  return { ...history, transactionStart: null, transaction: null, transactionCount: history.operationCount };
}

/** Whatever was written and never read did not happen. */
function withoutUnread(history: History): History {
  const read = new Set(history.listed);
  const outcomes = history.outcome.map((now, at) =>
    history.version[at] === 0 || read.has(history.version[at]!) ? now : outcome.failed,
  );
  return { ...history, outcome: outcomes };
}

/** Every transaction in a session of its own. */
function withoutSessions(history: History): History {
  const bounds = history.transactionStart ?? Uint32Array.from({ length: history.operationCount + 1 }, (_, at) => at);
  const session = Uint32Array.from({ length: history.operationCount }, (_, at) => history.transaction?.[at] ?? at);
  return { ...history, session, sessionStart: bounds, sessionCount: history.transactionCount };
}

const plants: readonly { readonly bug: string; readonly model: TransactionalModel; readonly judge: Judge }[] = [
  { bug: "transactions are taken apart", model: "RC", judge: (history) => fast(alone(history), "RC") },
  { bug: "sessions are forgotten", model: "RA", judge: (history) => fast(withoutSessions(history), "RA") },
  { bug: "only what is read from directly is seen", model: "TCC", judge: (history) => fast(history, "RA") },
  {
    bug: "writes that nobody read are forgotten",
    model: "TCC",
    judge: (history) => fast(withoutUnread(history), "TCC"),
  },
  { bug: "only reads before this one count", model: "RA", judge: (history) => fast(history, "RC") },
];

test.each(plants)("a twin tells when $bug ($model)", ({ model, judge }) => {
  const differs = fc.sample(texts, { numRuns: 2_000, seed: 4 }).find((text) => {
    const history = historyOf(text);
    return judge(history, model) !== wanted(history, model);
  });
  expect(differs).toBeDefined();
});

/** The evidence of a model, as `pattern: from why to, ...`. */
function told(text: string, model: ModelName): string {
  const verdict = checkHistory(historyOf(text), { models: [model] }).verdicts.get(model)!;
  if (verdict.kind !== "violated") return verdict.kind;
  const { pattern, edges, operations }: Evidence = verdict.evidence;
  const steps = edges.map(({ from, to, why }) => `${from + 1} ${why.kind} ${to + 1}`);
  return `${pattern}: ${steps.length === 0 ? operations.map((operation) => operation + 1).join() : steps.join(", ")}`;
}

test.each([
  ["RC", "R(x,7)", "ThinAirRead: 1"],
  ["RC", "< W(x,1)! W(y,2)! > | R(x,1)", "AbortedRead: 1 reads-from 3"],
  ["RC", "< R(x,1) W(x,1) >", "FutureRead: 1 transaction 2, 2 reads-from 1"],
  ["RC", "W(x,2) | < W(x,1) R(x,2) >", "NotMyOwnWrite: 2 transaction 3, 1 reads-from 3"],
  ["RC", "< W(x,1) R(x,0) >", "NotMyOwnWrite: 1 transaction 2"],
  ["RC", "< W(x,1) W(x,2) R(x,1) >", "NotMyLastWrite: 1 transaction 2, 2 transaction 3, 1 reads-from 3"],
  ["RC", "< W(x,1) W(x,2) > | R(x,1)", "IntermediateRead: 1 transaction 2, 1 reads-from 3"],
  [
    "RC",
    "< R(x,2) W(y,1) > | < R(y,1) W(x,2) >",
    "CyclicCO: 1 transaction 2, 2 reads-from 3, 3 transaction 4, 4 reads-from 1",
  ],
  ["RC", "< W(x,1) W(y,1) > | < R(y,1) R(x,0) >", "NonMonotonicRead: 1 transaction 2, 2 reads-from 3, 3 transaction 4"],
  ["RC", "W(x,1) W(x,2) | < R(x,2) R(x,1) >", "NonMonotonicRead: 1 session 2, 2 hidden-by 1"],
  ["RA", "W(x,1) W(x,2) | < R(x,1) R(x,2) >", "NonRepeatableRead: 1 reads-from 3, 2 reads-from 4, 3 transaction 4"],
  ["RA", "< W(x,1) W(y,1) > | < R(x,0) R(y,1) >", "FracturedRead: 1 transaction 2, 2 reads-from 4, 4 transaction 3"],
  [
    "RA",
    "W(x,1) | R(x,1) < W(x,2) W(y,2) > | < R(x,1) R(y,2) >",
    "FracturedRead: 1 reads-from 2, 2 session 3, 3 hidden-by 1",
  ],
  ["RA", "W(x,1) R(x,0)", "WriteCOInitRead: 1 session 2"],
  ["TCC", "W(x,1) W(y,1) | R(y,1) R(x,0)", "WriteCOInitRead: 1 session 2, 2 reads-from 3, 3 session 4"],
  [
    "TCC",
    "W(x,1) W(y,1) | R(y,1) W(x,2) | R(x,2) R(x,1)",
    "WriteCORead: 1 session 2, 2 reads-from 3, 3 session 4, 4 hidden-by 1",
  ],
  ["TCC", "W(x,1) R(x,2) | W(x,2) R(x,1)", "CyclicCF: 1 hidden-by 3, 3 hidden-by 1"],
  ["RC", "A(x,1) A(x,2) | R(x,[2,1])", "CyclicCF: 1 session 2, 2 listed 1"],
  ["RC", "A(x,1) A(x,2) | R(x,[2])", "CyclicCF: 1 session 2, 2 unlisted 1"],
  [
    "TCC",
    "A(x,1) | R(x,[1]) A(y,2) | R(y,[2]) R(x,[])",
    "MissingElement: 1 reads-from 2, 2 session 3, 3 reads-from 4, 4 session 5",
  ],
  ["RC", "A(x,1) | A(x,2) | R(x,[1,2]) | R(x,[2,1])", "IncompatibleOrder: 3,4"],
  ["RC", "A(x,1) | R(x,[1,1])", "RepeatedElement: 2"],
  ["RC", "< A(x,1) A(x,2) > | R(x,[1])", "IntermediateRead: 1 transaction 2, 1 reads-from 3"],
  ["RC", "A(x,1)! | R(x,[1])", "AbortedRead: 1 reads-from 2"],
] as const)("%s refuses %s with %s", (model, text, evidence) => {
  expect(told(text, model)).toBe(evidence);
});

test.each([
  ["reads a key twice", "W(x,1) | < R(x,1) R(x,1) >"],
  ["reads its own write and then overwrites it", "< W(x,1) R(x,1) W(x,2) > | R(x,2)"],
  ["reads a key, writes it, and reads it again", "W(x,1) | < R(x,1) W(x,2) R(x,2) >"],
  ["appends to a list between two reads of it", "A(x,1) | < R(x,[1]) A(x,2) R(x,[1,2]) >"],
  ["failed, and nobody read what it wrote", "< W(x,1)! R(y,0)! > | R(x,0)"],
])("a transaction that %s is fine", (_, text) => {
  const { verdicts } = checkHistory(historyOf(text), { models: ["RC", "RA", "TCC"] });
  expect([...verdicts.values()].map(({ kind }) => kind)).toEqual(["holds", "holds", "holds"]);
});

// Two anomalies that a leading checker of lists misses: https://github.com/jepsen-io/elle/issues/21
test("lists: a cycle over a session that writes and reads in different transactions, and a read of the transaction's own future", () => {
  expect(told("A(x,1) A(y,1) | < R(y,[1]) R(x,[]) >", "TCC")).toMatch(/^MissingElement/);
  expect(told("< R(x,[1]) A(x,1) >", "RC")).toBe("FutureRead: 1 transaction 2, 2 reads-from 1");
});

test("a write of unknown outcome counts with its whole transaction once somebody has read it", () => {
  expect(told("< W(x,1)? W(y,1)? > | < R(y,1) R(x,0) >", "RC")).toMatch(/^NonMonotonicRead/);
  expect(told("< W(x,1)? W(y,1)? > | < R(y,0) R(x,0) >", "TCC")).toBe("holds");
});

test("values that were written twice, and sets alone, are nothing that these models judge", () => {
  const [twice, sets] = ["W(x,1) | W(x,1)", "W(x,1) R(x,{1})"].map((text) =>
    checkHistory(historyOf(text), { models: ["TCC"] }).verdicts.get("TCC")!,
  );
  expect(twice).toEqual({
    kind: "not-applicable",
    reason: "1 is written to x on lines 1 and 2, so that who was read cannot be told",
  });
  expect(sets?.kind).toBe("not-applicable");
});
