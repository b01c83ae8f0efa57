// Deletes of sets: a delete that stands need not be listed, what it replaced must not be, and what it had not seen must be. Agreement with
// the twins: agreement.test.ts.

import {
  checkHistory,
  type History,
  HistoryBuilder,
  keyKind,
  type ModelName,
  operationKind,
  outcome,
} from "causeway-sim/model";
import { expect, test } from "vitest";
import { RngRoot } from "../../sim/kernel/rng.ts";
import { compareOnce, fast, twins } from "./agreement.ts";
import { historyOf } from "./notation.ts";

/** Deletes are writes like others. */
function asWrites(history: History): History {
  return { ...history, isDelete: null };
}

/** What was deleted is still there. */
function withoutDeletes(history: History): History {
  const outcomes = history.outcome.map((now, at) => (history.isDelete?.[at] === 1 ? outcome.failed : now));
  return { ...history, outcome: outcomes };
}

/** Empty sets are never wrong. */
function withoutEmptySets(history: History): History {
  const outcomes = history.outcome.map((now, at) => {
    const isEmpty = history.listStart[at] === history.listStart[at + 1];
    return history.kind[at] === operationKind.read && isEmpty && history.isDelete !== null ? outcome.failed : now;
  });
  return { ...history, outcome: outcomes };
}

test.each([
  { bug: "deletes must be listed", model: "MV", change: asWrites },
  { bug: "deletes must be listed", model: "CC", change: asWrites },
  { bug: "deletes replace nothing", model: "MV", change: withoutDeletes },
  { bug: "where something was deleted, empty sets are never wrong", model: "CC", change: withoutEmptySets },
] as const)("a twin tells when $bug ($model)", ({ bug, model, change }) => {
  const twin = twins.find((each) => each.model === model)!;
  const rng = new RngRoot(`${bug} ${model}`).stream;
  for (let tries = 0; tries < 20_000; tries += 1)
    if (compareOnce(twin, rng, new Map(), (history) => fast(change(history), model)) !== null) return;
  expect.fail("no history shows the bug");
});

/** The verdict of a model, with its pattern and edges. */
function told(history: History, model: ModelName): string {
  const verdict = checkHistory(history, { models: [model] }).verdicts.get(model)!;
  if (verdict.kind === "holds") return "holds";
  if (verdict.kind !== "violated") return `${verdict.kind}: ${verdict.reason}`;
  const steps = verdict.evidence.edges.map(({ from, to, why }) => `${from + 1} ${why.kind} ${to + 1}`);
  return `${verdict.evidence.pattern}: ${steps.join(", ")}`;
}

test.each([
  ["MV", "a delete is hidden", "W(x,1) D(x,2) R(x,{})", "holds"],
  ["MV", "a delete is listed", "W(x,1) D(x,2) R(x,{2})", "holds"],
  [
    "MV",
    "what was deleted is listed",
    "W(x,1) D(x,2) R(x,{1})",
    "ReplacedSibling: 1 session 2, 2 session 3, 1 reads-from 3",
  ],
  [
    "CC",
    "what was deleted is listed",
    "W(x,1) D(x,2) R(x,{1})",
    "WriteCORead: 1 session 2, 2 session 3, 1 reads-from 3",
  ],
  [
    "MV",
    "a delete that was written over is listed",
    "D(x,1) W(x,2) R(x,{1,2})",
    "ReplacedSibling: 1 session 2, 2 reads-from 3, 1 reads-from 3",
  ],
  [
    "MV",
    "what the delete had not seen is missing",
    "W(x,1) D(x,2) W(y,1) | W(x,3) | R(x,{3}) R(y,{1}) R(x,{})",
    "MissingSibling: 4 reads-from 5, 5 session 7",
  ],
  [
    "CC",
    "the same, of which a delete that stands may have been read",
    "W(x,1) D(x,2) W(y,1) | W(x,3) | R(x,{3}) R(y,{1}) R(x,{})",
    "holds",
  ],
  ["CC", "an empty set after a write over the delete", "D(x,1) W(x,2) R(x,{})", "WriteCOInitRead: 2 session 3"],
  ["MV", "an empty set after a write over the delete", "D(x,1) W(x,2) R(x,{})", "MissingSibling: 2 session 3"],
  ["MV", "told what is replaced: a delete is hidden", "W(x,1)~ D(x,2)~1 R(x,{})", "holds"],
  ["MV", "told what is replaced: a delete is listed", "W(x,1)~ D(x,2)~1 R(x,{2})", "holds"],
  ["MV", "told what is replaced: it was not", "W(x,1)~ D(x,2)~ R(x,{})", "MissingSibling: 1 session 3"],
  [
    "MV",
    "told what is replaced: a delete that was written over is listed",
    "D(x,1)~ W(x,2)~1 R(x,{1,2})",
    "ReplacedSibling: 1 replaces 2, 2 session 3, 1 reads-from 3",
  ],
] as const)("%s, %s: %s: %s", (model, _, text, verdict) => {
  expect(told(historyOf(text), model)).toBe(verdict);
});

test("which deletes were seen is not known among more sessions than are looked at in one go, and then nobody says that all is well", () => {
  const builder = new HistoryBuilder({ initialValues: "implicit" });
  const key = builder.key("x", keyKind.siblings);
  for (let session = 0; session < 300; session += 1) {
    builder.add(builder.session(session), operationKind.write, outcome.ok, key, builder.version(key, session), session);
    if (session === 7) builder.deletes();
    builder.add(builder.session(session), operationKind.read, outcome.ok, key, 0, session);
    if (session !== 7) builder.list(builder.version(key, session));
  }
  const reason = "sets with deletes are judged in histories of few sessions only, unless writes say what they replace";
  const history = builder.build();
  expect(told(history, "MV")).toBe(`unknown: ${reason}`);
  expect(told(history, "CC")).toBe(`unknown: ${reason}`);
  expect(told(asWrites(history), "MV")).toMatch(/^MissingSibling/);
});
