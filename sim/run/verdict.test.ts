// Expectations judged: always, eventually, sometimes, violated, bounds.

import { expect, test } from "vitest";
import type { Expectations } from "../scenario/scenario.ts";
import type { PropertyVerdict } from "./report.ts";
import { exitCodeOf, gravestExitCode, judgeRun, type Findings } from "./verdict.ts";

const nothing: Expectations = { always: [], eventually: [], sometimes: [], violated: [], bounds: [] };
const holds: PropertyVerdict = { verdict: "holds", checks: 3, violations: 0, evidence: [] };
const violated: PropertyVerdict = { verdict: "violated", checks: 3, violations: 2, evidence: ["c1 read backwards"] };
const findings: Findings = {
  properties: [
    ["causal-delivery", holds],
    ["rtc", violated],
    ["convergence", violated],
  ],
  marks: [
    ["conflict", 4],
    ["crash", 0],
  ],
  metrics: [["visibility.p99", 2_000]],
};

test.each<[string, Partial<Expectations>, string, RegExp | null]>([
  ["nothing is expected", {}, "passed", null],
  ["what holds was to hold always", { always: ["causal-delivery"] }, "passed", null],
  ["what is violated was to hold always", { always: ["rtc"] }, "failed", /rtc was to hold always.*2 times: c1 read/],
  ["what nobody watched was to hold always", { always: ["direction"] }, "failed", /not watched/],
  ["what is violated was to hold in the end", { eventually: ["convergence"] }, "undecided", /in the end/],
  ["both kinds are unmet: the graver one wins", { always: ["rtc"], eventually: ["convergence"] }, "failed", /always/],
  ["a mark was reached", { sometimes: ["conflict"] }, "passed", null],
  ["a mark was not reached", { sometimes: ["crash"] }, "failed", /crash was to be reached/],
  ["a mark is unknown", { sometimes: ["eclipse"] }, "failed", /eclipse/],
  ["what is violated was to be violated", { violated: ["rtc"] }, "passed", null],
  ["what holds was to be violated", { violated: ["causal-delivery"] }, "failed", /was not/],
  ["a bound is kept", { bounds: [{ metric: "visibility.p99", comparison: "<=", value: 2_000 }] }, "passed", null],
  [
    "a bound is broken",
    { bounds: [{ metric: "visibility.p99", comparison: "<", value: 2_000 }] },
    "failed",
    /it was 2000/,
  ],
  ["a metric is unknown", { bounds: [{ metric: "speed", comparison: ">", value: 0 }] }, "failed", /under that name/],
])("when %s, the run is judged so", (_when, expectations, verdict, sentence) => {
  const judged = judgeRun({ ...nothing, ...expectations }, findings);
  expect(judged.verdict).toBe(verdict);
  if (sentence === null) expect(judged.unmet).toEqual([]);
  else expect(judged.unmet.join("\n")).toMatch(sentence);
});

test("exit codes rank as internal, failed, undecided, passed", () => {
  expect((["passed", "failed", "undecided"] as const).map(exitCodeOf)).toEqual([0, 1, 3]);
  expect([[0, 3, 1, 4], [0, 3, 1], [3, 0], [0], []].map(gravestExitCode)).toEqual([4, 1, 3, 0, 0]);
});
