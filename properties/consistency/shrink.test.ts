// Shrinking: what is left violates the same model, is a part of what was given, and nothing of it can be left out.

import {
  checkHistory,
  type History,
  HistoryBuilder,
  type ModelName,
  operationKind,
  outcome,
  shrink,
  type Shrunk,
} from "causeway-sim/model";
import fc from "fast-check";
import { expect, test } from "vitest";
import { RngRoot } from "../../sim/kernel/rng.ts";
import { prop } from "../prop.ts";
import { drawHistory } from "./draw.ts";
import { historyOf } from "./notation.ts";
import { drawTransactions } from "./transactions/draw.ts";
import { drawTimed } from "./transactions/draw-times.ts";

const violates = (history: History, model: ModelName): boolean =>
  checkHistory(history, { models: [model] }).verdicts.get(model)?.kind === "violated";

/** An operation in words, with everything that shrinking must keep. */
function told(history: History, at: number): string {
  const versions = [history.version[at]!, ...history.listed.subarray(history.listStart[at], history.listStart[at + 1])];
  return [
    history.line[at],
    history.sessions.of(history.session[at]!),
    history.keys.of(history.key[at]!),
    history.kind[at],
    history.outcome[at],
    ...versions.map((version) => history.values.of(version)),
    history.start?.[at],
    history.end?.[at],
  ].join(" ");
}

/** Leaving out one operation, and the reads that return what it wrote, loses the violation, whichever it is. */
function isMinimal(history: History, model: ModelName): boolean {
  const at = Array.from({ length: history.operationCount }, (_, operation) => operation);
  return at.every((gone) => {
    const version = history.kind[gone] === operationKind.read ? 0 : history.version[gone]!;
    const outcomes = history.outcome.map((now, other) => {
      const reads = history.listed.subarray(history.listStart[other], history.listStart[other + 1]);
      const readsGone = history.kind[other] === operationKind.read && version !== 0 && reads.includes(version);
      // A failed read says nothing, and a failed write that nobody read did nothing.
      return other === gone || readsGone ? outcome.failed : now;
    });
    return !violates({ ...history, outcome: outcomes }, model);
  });
}

const models: readonly ModelName[] = ["RYW", "MR", "PRAM", "CC", "CM", "CCv", "RTC", "RA", "TCC", "SER", "LIN"];
/** Models that speak of sets alone; to others a last write of a single value can matter, because they apply to it. */
const modelsOfSets: readonly ModelName[] = ["CC", "MV"];

prop(
  "what is left violates the same model, and is a part of the history that cannot be made smaller",
  fc.tuple(fc.nat(), fc.constantFrom("timed", "transactions", "single", "siblings")),
  ([seed, sort]) => {
    const rng = new RngRoot(`shrink ${seed}`).stream;
    const kind = "register";
    const text =
      sort === "timed"
        ? drawTimed(rng, { operations: 14, kind, twice: false })
        : sort === "transactions"
          ? drawTransactions(rng, { operations: 20, perTransaction: 3, kind: seed % 2 === 0 ? kind : "list" })
          : drawHistory(rng, { operations: 14, kind: sort === "siblings" ? sort : kind, deletes: seed % 2 === 0 });
    const history = historyOf(text);
    for (const model of sort === "siblings" ? modelsOfSets : models) {
      const shrunk = shrink(history, model);
      expect(shrunk === null, `${text} ${model}`).toBe(!violates(history, model));
      if (shrunk === null) continue;
      expect(shrunk.isMinimal).toBe(true);
      expect(violates(shrunk.history, model), `${text} ${model}`).toBe(true);
      const given = shrunk.operations.map((operation) => told(history, operation));
      expect(shrunk.operations.map((_, at) => told(shrunk.history, at))).toEqual(given);
      expect([...shrunk.operations].sort((one, other) => one - other)).toEqual(shrunk.operations);
      expect(isMinimal(shrunk.history, model), `${text} ${model}: ${shrunk.operations.join()}`).toBe(true);
      for (const operation of shrunk.evidence.operations) expect(operation).toBeLessThan(shrunk.history.operationCount);
    }
  },
  { numRuns: 400 },
);

test("writes that kept reads returned stay, else what is left would be another violation", () => {
  const history = historyOf("W(x,1) W(y,1) | R(y,1) W(x,2) | R(x,2) R(x,1)");
  const { history: left, evidence } = shrink(history, "CC")!;
  expect(evidence.pattern).toBe("WriteCORead");
  expect(Array.from({ length: left.operationCount }, (_, at) => told(left, at).slice(0, 8))).toEqual([
    "1 s0 x 1",
    "2 s0 y 1",
    "3 s1 y 0",
    "4 s1 x 1",
    "5 s2 x 0",
    "6 s2 x 0",
  ]);
});

/** Sessions that write and read keys of their own, and one that reads what it should not. */
function long(operations: number, spoil: (builder: HistoryBuilder) => void): History {
  const builder = new HistoryBuilder({ initialValues: "implicit", zero: 0 });
  const { read, write } = operationKind;
  for (let at = 0; at < operations; at += 2) {
    const session = builder.session(at % 20);
    const key = builder.key(at % 200);
    builder.add(session, write, outcome.ok, key, builder.version(key, at + 1), at + 1);
    builder.add(session, read, outcome.ok, key, 0, at + 2);
    builder.list(builder.version(key, at + 1));
  }
  spoil(builder);
  return builder.build();
}

test("a long history is shrunk from its witness, in a handful of attempts", () => {
  const history = long(100_000, (builder) => {
    const key = builder.key(0);
    builder.add(builder.session("late"), operationKind.read, outcome.ok, key, 0, 100_001);
    builder.list(builder.version(key, 1));
    builder.add(builder.session(0), operationKind.read, outcome.ok, key, 0, 100_002);
    builder.list(builder.version(key, 1));
  });
  // Judged once as a whole; the rest are attempts on what its evidence names.
  const shrunk: Shrunk = shrink(history, "TCC", { operationsJudged: 101_000 })!;
  expect(shrunk.isMinimal).toBe(true);
  expect(Array.from(shrunk.history.line)).toEqual([1, 99_801, 100_002]);
  expect(shrunk.history.sessions.of(0)).toBe("0");
});

test("where attempts run out, what is left still violates the model and says that it may not be minimal", () => {
  const history = historyOf("W(x,1) | < R(x,1) W(x,2) > | < R(x,1) W(x,3) > W(y,1) | W(y,2) R(y,2)");
  const shrunk = shrink(history, "SER", { operationsJudged: 12 })!;
  expect(shrunk.isMinimal).toBe(false);
  expect(violates(shrunk.history, "SER")).toBe(true);
  expect(shrink(history, "SER")!.operations).toEqual([0, 1, 2, 3, 4]);
});
