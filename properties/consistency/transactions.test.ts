// Transactional models: planted bugs that their twins catch, and the anomalies by name. Agreement with the twins: agreement.test.ts.

import {
  checkHistory,
  type Evidence,
  type History,
  HistoryBuilder,
  type ModelName,
  operationKind,
  outcome,
} from "causeway-sim/model";
import { expect, test } from "vitest";
import { RngRoot } from "../../sim/kernel/rng.ts";
import { compareOnce, fast, twins } from "./agreement.ts";
import { historyOf } from "./notation.ts";

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

/** What operations of unknown outcome must have read, if they happened, is not told. */
function withoutUnknownReads(history: History): History {
  const listed: number[] = [];
  const listStart = Uint32Array.from({ length: history.operationCount + 1 }, (_, at) => {
    const before = at - 1;
    if (before >= 0 && history.outcome[before] !== outcome.unknown)
      listed.push(...history.listed.subarray(history.listStart[before], history.listStart[at]));
    return listed.length;
  });
  return { ...history, listStart, listed: Uint32Array.from(listed) };
}

const plants: readonly {
  readonly bug: string;
  readonly model: ModelName;
  readonly judge: (history: History) => string;
}[] = [
  { bug: "transactions are taken apart", model: "RC", judge: (history) => fast(alone(history), "RC") },
  { bug: "sessions are forgotten", model: "RA", judge: (history) => fast(withoutSessions(history), "RA") },
  { bug: "only what is read from directly is seen", model: "TCC", judge: (history) => fast(history, "RA") },
  {
    bug: "writes that nobody read are forgotten",
    model: "TCC",
    judge: (history) => fast(withoutUnread(history), "TCC"),
  },
  { bug: "only reads before this one count", model: "RA", judge: (history) => fast(history, "RC") },
  ...(["CC", "PRAM", "RC", "TCC", "SER"] as const).map((model) => ({
    bug: "what is proven to have happened is not believed to have read",
    model,
    judge: (history: History) => fast(withoutUnknownReads(history), model),
  })),
];

test.each(plants)("a twin tells when $bug ($model)", ({ bug, model, judge }) => {
  const twin = twins.find((each) => each.model === model)!;
  const rng = new RngRoot(bug).stream;
  for (let tries = 0; tries < 20_000; tries += 1) if (compareOnce(twin, rng, new Map(), judge) !== null) return;
  expect.fail("no history shows the bug");
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
    "WriteCORead: 1 session 2, 2 reads-from 3, 3 session 4, 4 reads-from 5, 5 session 6, 1 reads-from 6",
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

test.each([
  ["if what it compared with was never there", "W(x,1) < R(x,7)? W(x,2)? > | R(x,2)", "ThinAirRead: 2"],
  [
    "if it had been replaced before",
    "W(x,1) W(x,2) < R(x,1)? W(x,3)? > | R(x,3)",
    "WriteCORead: 1 session 2, 2 session 3, 1 reads-from 3",
  ],
  ["nothing if nobody read what it writes", "W(x,1) W(x,2) < R(x,1)? W(x,3)? > | R(x,2)", "holds"],
  [
    "of another one whose value it found, which happened then, too",
    "< R(x,7)? W(x,1)? > | < R(x,1)? W(x,2)? > | R(x,2)",
    "ThinAirRead: 1",
  ],
])("an exchange of unknown outcome violates CC %s: %s", (_, text, evidence) => {
  expect(told(text, "CC")).toBe(evidence);
});

test("an exchange of unknown outcome is serial with values written twice only if it found what it compares with", () => {
  expect(told("W(x,1) < R(x,7)? W(x,2)? > | R(x,2) | W(y,3) | W(y,3)", "SER")).toMatch(/^ThinAirRead|^NoOrder/);
  expect(told("W(x,1) < R(x,1)? W(x,2)? > | R(x,2) | W(y,3) | W(y,3)", "SER")).toBe("holds");
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

/**
 * Two sessions that hand one value after the other to each other: a single causal chain through all operations.
 *
 * @param last what the last read returns: the beginning, or the value of the write before it
 */
function chain(operations: number, last: "beginning" | "written"): History {
  const builder = new HistoryBuilder({ initialValues: "implicit", zero: 0 });
  const sessions = [builder.session("a"), builder.session("b")] as const;
  const key = builder.key("x");
  for (let at = 0; at < operations; at += 1) {
    const value = at >> 1;
    const version = builder.version(key, last === "beginning" && at === operations - 1 ? 0 : value + 1);
    const session = sessions[(at & 1) === 0 ? value & 1 : (value + 1) & 1]!;
    builder.add(
      session,
      (at & 1) === 0 ? operationKind.write : operationKind.read,
      outcome.ok,
      key,
      (at & 1) === 0 ? version : 0,
      at + 1,
    );
    if ((at & 1) === 1) builder.list(version);
    builder.times(2 * at, 2 * at + 1);
  }
  return builder.build();
}

test("a million operations in two sessions overflow no stack, whether they are consistent or not", () => {
  const kinds = (history: History, models: readonly ModelName[]): readonly string[] =>
    Array.from(checkHistory(history, { models }).verdicts.values(), ({ kind }) => kind);
  expect(kinds(chain(1_000_000, "written"), ["TCC"])).toEqual(["holds"]);
  const models: readonly ModelName[] = ["RC", "RA", "TCC", "LIN"];
  expect(kinds(chain(200_000, "written"), models)).toEqual(["holds", "holds", "holds", "holds"]);
  expect(kinds(chain(200_000, "beginning"), models)).toEqual(["holds", "violated", "violated", "violated"]);
  const serial = checkHistory(chain(100_000, "written"), { models: ["SER"] }).verdicts.get("SER");
  expect(serial?.kind).toBe("holds");
});
