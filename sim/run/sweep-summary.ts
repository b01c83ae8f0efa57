// Adds up what the runs of a sweep have shown: verdicts per property, marks, one digest over all runs, and whether the
// sweep as a whole proves what it was made for. A job without a result (its worker died or hung) is an internal error.

import { createHash } from "node:crypto";
import { type FaultName, faultNames } from "../faults/table.ts";
import { markTable, oracleTable, type MarkName, type OracleName } from "../oracles/names.ts";
import type { JobOutcome } from "../workers/worker.ts";
import type { SweepResult } from "./sweep.ts";
import { exitCodeOf, gravestExitCode } from "./verdict.ts";

/** One property over all runs. */
export interface PropertySummary {
  readonly name: OracleName;
  readonly checks: number;
  readonly violations: number;
  readonly runsJudged: number;
  readonly runsViolated: number;
}

/** A sweep, added up. */
export interface SweepSummary {
  readonly runCount: number;
  readonly passedCount: number;
  readonly steps: number;
  readonly requests: number;
  readonly requestsMin: number;
  readonly properties: readonly PropertySummary[];
  /** How often each mark was reached, and in how many runs. */
  readonly marks: readonly { readonly name: MarkName; readonly count: number; readonly runCount: number }[];
  /** In how many runs each kind of fault was drawn from the table. */
  readonly faults: readonly { readonly name: FaultName; readonly runCount: number }[];
  /** Marks that were asked for and reached by no run. */
  readonly missedMarks: readonly MarkName[];
  /** SHA-256 over the digests of all runs in job order; jobs without a result count as such. */
  readonly digest: string;
  /** Jobs that did not pass, in job order. */
  readonly troubles: readonly SweepTrouble[];
  readonly exitCode: number;
}

/** A job that did not pass, and why. `result` is null when there is none. */
export interface SweepTrouble {
  readonly index: number;
  readonly result: SweepResult | null;
  readonly why: readonly string[];
}

/**
 * Adds up outcomes.
 *
 * @param wantedMarks must each be reached by some run
 */
export function summariseSweep(
  outcomes: readonly JobOutcome<SweepResult>[],
  wantedMarks: readonly string[],
): SweepSummary {
  const results = outcomes.flatMap((outcome) => (outcome.kind === "done" ? [outcome.result] : []));
  const properties = oracleTable.map(({ name }): PropertySummary => {
    const verdicts = results.flatMap((result) => result.properties.filter(([known]) => known === name));
    return {
      name,
      checks: sumOf(verdicts, ([, verdict]) => verdict.checks),
      violations: sumOf(verdicts, ([, verdict]) => verdict.violations),
      runsJudged: verdicts.filter(([, { verdict }]) => verdict !== "not-judged").length,
      runsViolated: verdicts.filter(([, { verdict }]) => verdict === "violated").length,
    };
  });
  const marks = markTable.map(({ name }) => {
    const counts = results.flatMap((result) => result.marks.filter(([known]) => known === name));
    return {
      name,
      count: sumOf(counts, ([, count]) => count),
      runCount: counts.filter(([, count]) => count > 0).length,
    };
  });
  const missedMarks = marks
    .filter(({ name, count }) => count === 0 && wantedMarks.includes(name))
    .map(({ name }) => name);
  const troubles = outcomes.flatMap((outcome, index): SweepTrouble[] => {
    if (outcome.kind === "failed") return [{ index, result: null, why: [`${outcome.reason}: ${outcome.why}`] }];
    const { result } = outcome;
    return result.verdict === "passed" ? [] : [{ index, result, why: result.unmet }];
  });
  const hash = createHash("sha256");
  for (const outcome of outcomes) hash.update(outcome.kind === "done" ? outcome.result.digest : `no result\n`);
  const codes = outcomes.map((outcome) => (outcome.kind === "failed" ? 4 : exitCodeOf(outcome.result.verdict)));
  if (missedMarks.length > 0) codes.push(1);
  return {
    runCount: outcomes.length,
    passedCount: outcomes.length - troubles.length,
    steps: sumOf(results, ({ steps }) => steps),
    requests: sumOf(results, ({ requests }) => requests),
    requestsMin: results.reduce((least, { requests }) => Math.min(least, requests), Infinity),
    properties,
    marks,
    faults: faultNames.map((name) => ({
      name,
      runCount: results.filter(({ faultKinds }) => faultKinds.includes(name)).length,
    })),
    missedMarks,
    digest: hash.digest("hex"),
    troubles,
    exitCode: gravestExitCode(codes),
  };
}

function sumOf<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0);
}
