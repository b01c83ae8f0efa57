// Explanations of evidence made by hand: what a stranger reads for each way of being wrong.

import { expect, test } from "vitest";
import { checkHistory } from "../check.ts";
import { ABSENT, type History, keyKind, operationKind, outcome } from "../history.ts";
import { HistoryBuilder } from "../history-builder.ts";
import { literal } from "../literals.ts";
import { patterns } from "../patterns.ts";
import { readsFrom } from "../reads-from.ts";
import type { Edge, EdgeReason, Evidence, PatternName } from "../verdict.ts";
import { causalPath } from "./causal-path.ts";
import { explain, explainResult, explanationText } from "./explain.ts";
import { operationText, printable, rawText } from "./words.ts";

/** Sessions separated by `|`, operations as `w x 1`, `r x 1`, `w? x 1` (unknown) and `w! x 1` (failed), in lines from 1. */
function history(text: string): History {
  const builder = new HistoryBuilder({ initialValues: "implicit", zero: 0 });
  let line = 0;
  text.split("|").forEach((session, number) => {
    for (const row of session.split(",")) {
      const [what = "", name = "", value = ""] = row.trim().split(" ");
      const key = builder.key(name);
      const version = builder.version(key, Number(value));
      const isRead = what === "r";
      const result = what.endsWith("?") ? outcome.unknown : what.endsWith("!") ? outcome.failed : outcome.ok;
      line += 1;
      const kind = isRead ? operationKind.read : operationKind.write;
      builder.add(builder.session(number), kind, result, key, isRead ? 0 : version, line);
      if (isRead) builder.list(version);
    }
  });
  return builder.build();
}

const edge = (from: number, to: number, why: EdgeReason | "session" | "reads-from"): Edge => ({
  from,
  to,
  why: typeof why === "string" ? { kind: why } : why,
});

function told(of: History, evidence: Evidence): string {
  return explanationText(explain(of, readsFrom(of), ["CCv"], evidence));
}

test("a conflict that two readers decided in two ways is told edge by edge", () => {
  const of = history("w x 1, r x 2 | w x 2, r x 1");
  const evidence: Evidence = {
    pattern: "CyclicCF",
    operations: [0, 1, 2, 3],
    edges: [edge(0, 2, { kind: "hidden-by", by: 1 }), edge(2, 0, { kind: "hidden-by", by: 3 })],
    cyclic: true,
  };
  expect(told(of, evidence)).toMatchInlineSnapshot(`
    "CCv violated: CyclicCF
      Reads decided conflicts between concurrent writes in ways that no single order of these writes
      allows.
      (Bouajjani, Enea, Guerraoui, Hamza, On Verifying Causal Consistency, POPL 2017, Table 2)

      session 0: write x = 1 (line 1)
      session 0: read x = 2 (line 2)
      session 1: write x = 2 (line 3)
      session 1: read x = 1 (line 4)

      1. line 2 could see what line 1 wrote (session 0 did line 1, then line 2) and returned x = 2,
         which line 3 wrote: so line 1 comes before line 3.
      2. line 4 could see what line 3 wrote (session 1 did line 3, then line 4) and returned x = 1,
         which line 1 wrote: so line 3 comes before line 1.

      So line 1 comes before itself: no order of the writes that everybody shares explains all these
      reads.
    "
  `);
});

test("the way by which a write became visible is told, with the operations on it", () => {
  const of = history("w x 1, w y 1 | r y 1, w x 2, w z 1 | w x 3, r z 1, r x 3 | r x 3, r x 1");
  const evidence: Evidence = {
    pattern: "CyclicCF",
    operations: [0, 5, 7, 9],
    edges: [edge(0, 5, { kind: "hidden-by", by: 7 }), edge(5, 0, { kind: "hidden-by", by: 9 })],
    cyclic: true,
  };
  expect(told(of, evidence)).toMatchInlineSnapshot(`
    "CCv violated: CyclicCF
      Reads decided conflicts between concurrent writes in ways that no single order of these writes
      allows.
      (Bouajjani, Enea, Guerraoui, Hamza, On Verifying Causal Consistency, POPL 2017, Table 2)

      session 0: write x = 1 (line 1)
      session 0: write y = 1 (line 2)
      session 1: read y = 1 (line 3)
      session 1: write z = 1 (line 5)
      session 2: write x = 3 (line 6)
      session 2: read z = 1 (line 7)
      session 2: read x = 3 (line 8)
      session 3: read x = 3 (line 9)
      session 3: read x = 1 (line 10)

      1. line 8 could see what line 1 wrote (session 0 did line 1, then line 2; line 3 returned y = 1,
         which line 2 wrote; session 1 did line 3, then line 5; line 7 returned z = 1, which line 5
         wrote; session 2 did line 7, then line 8) and returned x = 3, which line 6 wrote: so line 1
         comes before line 6.
      2. line 10 could see what line 6 wrote (line 9 returned x = 3, which line 6 wrote; session 3 did
         line 9, then line 10) and returned x = 1, which line 1 wrote: so line 6 comes before line 1.

      So line 1 comes before itself: no order of the writes that everybody shares explains all these
      reads.
    "
  `);
});

test("a value replaced in the reader's past: the read, what it returned and what it ignored are named", () => {
  const of = history("w x 1, w y 1 | r y 1, w x 2 | r x 2, r x 1");
  const evidence: Evidence = {
    pattern: "WriteCORead",
    operations: [0, 1, 2, 3, 4, 5],
    edges: [
      edge(0, 1, "session"),
      edge(1, 2, "reads-from"),
      edge(2, 3, "session"),
      edge(3, 4, "reads-from"),
      edge(4, 5, "session"),
    ],
    cyclic: false,
  };
  expect(told(of, evidence)).toMatchInlineSnapshot(`
    "CCv violated: WriteCORead
      A read returned a value that had been replaced in the read's own causal past.
      (Bouajjani, Enea, Guerraoui, Hamza, On Verifying Causal Consistency, POPL 2017, Table 2)

      session 0: write x = 1 (line 1)
      session 0: write y = 1 (line 2)
      session 1: read y = 1 (line 3)
      session 1: write x = 2 (line 4)
      session 2: read x = 2 (line 5)
      session 2: read x = 1 (line 6)

      1. session 0 did line 1, then line 2.
      2. line 3 returned y = 1, which line 2 wrote.
      3. session 1 did line 3, then line 4.
      4. line 5 returned x = 2, which line 4 wrote.
      5. session 2 did line 5, then line 6.

      So line 4 replaced the value of line 1 before line 6, which must not return it any more.
    "
  `);
});

test("a write of unknown outcome and a policy of initial values are said to matter", () => {
  const of = history("w? x 1, r x 0 | r x 1");
  const evidence: Evidence = {
    pattern: "WriteCOInitRead",
    operations: [0, 1],
    edges: [edge(0, 1, "session")],
    cyclic: false,
  };
  const { remarks } = explain(of, readsFrom(of), ["CC"], evidence);
  expect(remarks).toEqual([
    "The outcome of line 1 was never told; it counts because a read returned its value.",
    "Initial values are implicit: every key holds 0 before anybody writes it; --init changes this.",
  ]);
});

test("operations that share a line get marks", () => {
  const builder = new HistoryBuilder({ initialValues: "implicit" });
  const [session, key] = [builder.session("a b"), builder.key("<x>")];
  const version = builder.version(key, "v");
  builder.beginTransaction();
  builder.add(session, operationKind.read, outcome.ok, key, 0, 7);
  builder.list(version);
  builder.add(session, operationKind.write, outcome.ok, key, version, 7);
  const evidence: Evidence = { pattern: "FutureRead", operations: [0, 1], edges: [], cyclic: false };
  const of = builder.build();
  expect(told(of, evidence)).toMatchInlineSnapshot(`
    "CCv violated: FutureRead
      A read returned what its own transaction wrote only later.
      (transactional anomalous patterns; Biswas, Enea, On the Complexity of Checking Transactional
      Consistency, OOPSLA 2019, section 2)

      [1] session "a b": read <x> = v (line 7)
      [2] session "a b": write <x> = v (line 7)

      [1] returned a value before it was written.
    "
  `);
});

test("sets, lists, appends and failures are written as one would read them", () => {
  const builder = new HistoryBuilder({ initialValues: "implicit" });
  const session = builder.session(1);
  const set = builder.key("s", keyKind.siblings);
  const list = builder.key("l", keyKind.list);
  const [one, two] = [builder.version(list, 1), builder.version(set, "two words")];
  builder.add(session, operationKind.append, outcome.failed, list, one, 1);
  builder.add(session, operationKind.read, outcome.ok, list, 0, 2);
  builder.list(one);
  builder.add(session, operationKind.read, outcome.ok, set, 0, 3);
  builder.list(two);
  builder.add(session, operationKind.read, outcome.unknown, set, 0, 4);
  const of = builder.build();
  expect([0, 1, 2, 3].map((operation) => operationText(of, operation))).toEqual([
    "append 1 to l, which failed",
    "read l = [1]",
    'read s = {"two words"}',
    "read s, without an answer",
  ]);
});

test("names that would move a terminal's cursor are shown in quotes, long ones are cut", () => {
  expect(printable("users/7")).toBe("users/7");
  expect(printable("a\u001b[2Jb")).toBe(String.raw`"a\u001b[2Jb"`);
  expect(printable("a\u202eb")).toBe(String.raw`"a\u{202e}b"`);
  expect(printable("x".repeat(100))).toBe(`${"x".repeat(60)}...`);
});

test.each([
  [1, "1"],
  ["1", '"1"'],
  ["-1.5e3", '"-1.5e3"'],
  [literal("12345678901234567890"), "12345678901234567890"],
  ["12345678901234567890", '"12345678901234567890"'],
  [literal(":x"), ":x"],
  [":x", '":x"'],
  ["nothing", '"nothing"'],
  ["1a", "1a"],
  ["open", "open"],
])("a text that reads like another value is told from it: %j is %s", (raw, text) => {
  expect(rawText(raw)).toBe(text);
});

test("every pattern ends in a sentence of its own, whatever operations come with it", () => {
  const of = history("w x 1, r x 1");
  const sentences = Object.keys(patterns).map((pattern) => {
    const evidence: Evidence = { pattern: pattern as PatternName, operations: [0, 1], edges: [], cyclic: false };
    return explain(of, readsFrom(of), ["CC"], evidence).conclusion;
  });
  expect(sentences.every((sentence) => /^[A-Z].*\.$/.test(sentence))).toBe(true);
  expect(new Set(sentences).size).toBeGreaterThanOrEqual(sentences.length - 1);
});

test("models that fail by one evidence share an explanation", () => {
  const of = history("w x 1 | r x 2");
  const evidence: Evidence = { pattern: "ThinAirRead", operations: [1], edges: [], cyclic: false };
  const explanations = explainResult(of, {
    verdicts: new Map([
      ["CC", { kind: "violated", evidence }],
      ["PRAM", { kind: "holds" }],
      ["CCv", { kind: "violated", evidence }],
    ]),
    weakestViolated: ["CC"],
    strongestSatisfied: ["PRAM"],
  });
  expect(explanations.map(({ models }) => models)).toEqual([["CC", "CCv"]]);
  expect(explanations[0]?.conclusion).toBe(
    "No operation of this history writes x = 2, so line 2 cannot have returned it, unless the history is incomplete.",
  );
});

test("a way with the fewest hops is found, and none where there is none", () => {
  const of = history("w x 1, w x 2 | r x 1, w y 1 | r y 1, r x 2, w z 1 | r z 1");
  const steps = (from: number, to: number, reads = Infinity) =>
    causalPath(of, readsFrom(of), from, to, false, reads)?.map((step) => `${step.from} ${step.kind} ${step.to}`);
  expect(steps(0, 7)).toEqual(["0 session 1", "1 reads-from 5", "5 session 6", "6 reads-from 7"]);
  expect(steps(0, 2)).toEqual(["0 reads-from 2"]);
  expect(steps(0, 7, 2)).toHaveLength(4);
  expect(steps(0, 7, 1)).toBeUndefined();
  expect(steps(7, 0)).toBeUndefined();
  expect(steps(4, 4)).toEqual([]);
});

test("the beginning stands before the first operation", () => {
  const of = history("w x 1");
  const evidence: Evidence = {
    pattern: "CyclicVersions",
    operations: [0],
    edges: [edge(ABSENT, 0, { kind: "guarantee", model: "RYW", because: [0] })],
    cyclic: false,
  };
  expect(explain(of, readsFrom(of), ["RYW"], evidence).edges).toEqual([
    {
      from: null,
      to: 0,
      kind: "guarantee",
      text: "session 0 did line 1 (write x = 1): by RYW, the initial value must be older than the value of line 1",
    },
  ]);
});

test("where causes alone do not show why a write was visible, each step of the way has its own reason", () => {
  const of = history("w z 1, w x 1, w y 1 | w x 2, r z 0, r y 1, r x 2");
  const verdict = checkHistory(of, { models: ["PRAM"] }).verdicts.get("PRAM");
  if (verdict?.kind !== "violated") throw new Error("the paper's figure 2 (b) is no pipelined memory");
  expect(explanationText(explain(of, readsFrom(of), ["PRAM"], verdict.evidence))).toMatchInlineSnapshot(`
    "PRAM violated: WriteHBInitRead
      To explain all that a session read, a write would have to come before that session's read of the
      initial value.
      (Bouajjani, Enea, Guerraoui, Hamza, On Verifying Causal Consistency, POPL 2017, Table 2)

      session 0: write z = 1 (line 1)
      session 0: write x = 1 (line 2)
      session 0: write y = 1 (line 3)
      session 1: write x = 2 (line 4)
      session 1: read z = 0, the initial value (line 5)
      session 1: read y = 1 (line 6)
      session 1: read x = 2 (line 7)

      1. session 0 did line 1, then line 2.
      2. line 7 could see what line 2 wrote (session 0 did line 2, then line 3; line 6 returned y = 1,
         which line 3 wrote; session 1 did line 6, then line 7) and returned x = 2, which line 4 wrote:
         so line 2 comes before line 4.
      3. session 1 did line 4, then line 5.

      So in the sequence that explains what this session read, a write stands before line 5, which still
      found the initial value.
      Initial values are implicit: every key holds 0 before anybody writes it; --init changes this.
    "
  `);
});
