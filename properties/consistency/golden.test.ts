// Histories whose verdicts are known: those of the papers, and the traps that other checkers have fallen into.

import { checkHistory, type ModelName } from "causeway-sim/model";
import { expect, test } from "vitest";
import { historyOf } from "./notation.ts";

/** `yes`, or what is wrong, or why the model does not apply. */
function verdictOf(text: string, model: ModelName): string {
  const verdict = checkHistory(historyOf(text), { models: [model] }).verdicts.get(model);
  if (verdict === undefined || verdict.kind === "unknown") return "undecided";
  if (verdict.kind === "violated") return verdict.evidence.pattern;
  return verdict.kind === "holds" ? "yes" : verdict.reason;
}

interface Row {
  readonly name: string;
  readonly history: string;
  readonly verdicts: Partial<Record<ModelName, string>>;
}

const figure2: readonly Row[] = [
  {
    name: "a",
    history: "W(x,1) R(x,2) | W(x,2) R(x,1)",
    verdicts: {
      CC: "yes",
      CM: "yes",
      PRAM: "yes",
      CCv: "CyclicCF",
      RYW: "yes",
      MR: "yes",
      "RYW-shared": "CyclicVersions",
    },
  },
  {
    name: "b",
    history: "W(z,1) W(x,1) W(y,1) | W(x,2) R(z,0) R(y,1) R(x,2)",
    verdicts: { CC: "yes", CM: "WriteHBInitRead", PRAM: "WriteHBInitRead", CCv: "yes" },
  },
  { name: "c", history: "W(x,1) | W(x,2) R(x,1) R(x,2)", verdicts: { CC: "yes", CM: "CyclicHB", CCv: "CyclicCF" } },
  {
    name: "d",
    history: "W(x,1) R(y,0) W(y,1) R(x,1) | W(x,2) R(y,0) W(y,2) R(x,2)",
    verdicts: { CC: "yes", CM: "yes", CCv: "yes" },
  },
  {
    name: "d'",
    history: "W(x,1) W(y,2) R(y,2) | W(y,1) R(x,1) R(y,1)",
    verdicts: { CC: "yes", CM: "yes", CCv: "yes" },
  },
  {
    name: "e",
    history: "W(x,1) W(y,1) | R(y,1) W(x,2) | R(x,2) R(x,1)",
    verdicts: { CC: "WriteCORead", CM: "WriteCORead", PRAM: "yes", CCv: "WriteCORead" },
  },
];

const realTime: readonly Row[] = [
  {
    name: "i: the later of two writes loses although nothing overlaps",
    history: "W(x,1)@0-1 R(x,1)@5-6 | W(x,2)@2-3 R(x,1)@5-6",
    verdicts: { CCv: "yes", RTC: "CyclicRealTime", "RTC-arb": "CyclicRealTime" },
  },
  {
    name: "ii: the same, and reads return both",
    history: "W(x,1)@0-1 R(x,{1,2})@5-6 | W(x,2)@2-3 R(x,{1,2})@5-6",
    verdicts: { CC: "yes", MV: "yes", RTC: "yes" },
  },
  {
    name: "iii: the writes overlap, the first wins",
    history: "W(x,1)@0-3 R(x,1)@5-6 | W(x,2)@2-4 R(x,1)@5-6",
    verdicts: { CCv: "yes", RTC: "yes", "RTC-arb": "yes" },
  },
  {
    name: "iii: the writes overlap, the second wins",
    history: "W(x,1)@0-3 R(x,2)@5-6 | W(x,2)@2-4 R(x,2)@5-6",
    verdicts: { CCv: "yes", RTC: "yes", "RTC-arb": "yes" },
  },
  {
    name: "iv: a read ends before the write begins whose value it returned",
    history: "R(x,1)@0-1 | W(x,1)@2-3",
    verdicts: { CCv: "yes", RTC: "ReadFromFuture", "RTC-arb": "ReadFromFuture" },
  },
  {
    name: "v: somebody's times are not known, and nothing that is known is against it",
    history: "W(x,1) | R(x,1)@2-3",
    verdicts: {
      CCv: "yes",
      RTC: "undecided",
      "RTC-arb": "undecided",
    },
  },
  {
    name: "vi: an operation ends before it begins",
    history: "W(x,1)@5-3",
    verdicts: { RTC: "the operation on line 1 ends before it begins" },
  },
  {
    name: "without times",
    history: "W(x,1)",
    verdicts: { RTC: "operations have no times", "RTC-arb": "operations have no times" },
  },
];

const traps: readonly Row[] = [
  {
    name: "a session writes and then reads the initial value",
    history: "W(x,1) R(x,0)",
    verdicts: { RYW: "WriteCOInitRead", CC: "WriteCOInitRead", CCv: "WriteCOInitRead" },
  },
  {
    name: "a session reads its older write",
    history: "W(x,1) W(x,2) R(x,1)",
    verdicts: { RYW: "WriteCORead", MR: "yes", MW: "yes", CC: "WriteCORead" },
  },
  {
    name: "a read of a failed write",
    history: "W(x,1)! | R(x,1)",
    verdicts: { RYW: "AbortedRead", CC: "AbortedRead", CCv: "AbortedRead" },
  },
  {
    name: "a read of a write of unknown outcome proves it, and an unread one says nothing",
    history: "W(x,1)? R(x,1) | W(x,2)? R(x,0)",
    verdicts: { RYW: "yes", CC: "yes", CCv: "yes" },
  },
  {
    name: "a transaction that reads a key twice, and one that reads its own write and then overwrites it",
    history: "< W(x,1) R(x,1) W(x,2) > | < R(x,2) R(x,2) >",
    verdicts: { RYW: "yes", MR: "yes", PRAM: "yes", CC: "yes", CM: "yes", CCv: "yes" },
  },
  {
    name: "a value written twice",
    history: "W(x,1) | W(x,1)",
    verdicts: { CC: "values must be written once per key; 1 is written to x twice (lines 1 and 2)" },
  },
  {
    name: "lists of readers who saw different appends",
    history: "A(l,1) R(l,[1]) | A(l,2) R(l,[2])",
    verdicts: { CC: "yes", CCv: "yes" },
  },
  {
    name: "lists that order two elements differently",
    history: "A(l,1) R(l,[1,2]) | A(l,2) R(l,[2,1])",
    verdicts: { CC: "yes", CCv: "IncompatibleOrder" },
  },
  {
    name: "a set in which recorded overwrites left what was merely seen",
    history: "W(x,1)~ W(x,2)~ R(x,{1,2})",
    verdicts: { CC: "yes", MV: "yes" },
  },
  {
    name: "the same without a record of overwrites",
    history: "W(x,1) W(x,2) R(x,{1,2})",
    verdicts: { CC: "WriteCORead", MV: "ReplacedSibling" },
  },
  {
    name: "final reads that differ, and equal marks with unequal answers",
    history: "W(x,1) R(x,1). | W(y,1) R(x,0).",
    verdicts: { SEC: "Diverged" },
  },
  {
    name: "replicas that hold different keys are not compared",
    history: "W(x,1) R(x,1)=a | R(y,0)=a",
    verdicts: { SEC: "yes" },
  },
];

test.each([...figure2, ...realTime, ...traps])("$name: $history", ({ history, verdicts }) => {
  const found = Object.fromEntries(
    Object.keys(verdicts).map((model) => [model, verdictOf(history, model as ModelName)]),
  );
  expect(found).toEqual(verdicts);
});

test("the margin of a history is how far the clearest conflict stands against real time", () => {
  const text = "W(x,1)@0-10 R(x,1)@50-60 | W(x,2)@25-30 R(x,1)@50-60";
  const verdict = checkHistory(historyOf(text)).verdicts.get("RTC-arb");
  expect(verdict).toMatchObject({ kind: "violated", evidence: { margin: 15 } });
});

test("verdicts name the weakest model broken and the strongest that holds", () => {
  const result = checkHistory(historyOf("W(x,1) R(x,2) | W(x,2) R(x,1)"));
  expect(result.weakestViolated).toContain("RYW-shared");
  expect(result.strongestSatisfied).toContain("CM");
});
