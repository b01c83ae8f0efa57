// Judges what a run has shown against what its scenario expects, and says each expectation that was not met as one
// sentence. Leaves out how properties are checked (oracles) and how verdicts are printed.

import { unreachable } from "../../model/assert.ts";
import type { MarkName, OracleName } from "../oracles/names.ts";
import type { Expectations, MetricBound } from "../scenario/scenario.ts";
import type { PropertyVerdict, RunVerdict } from "./report.ts";

/** What a run has shown. */
export interface Findings {
  readonly properties: readonly (readonly [OracleName, PropertyVerdict])[];
  readonly marks: readonly (readonly [MarkName, number])[];
  readonly metrics: readonly (readonly [string, number])[];
  /** Requests that processors had not finished when the run ended, a sentence per cloudlet. */
  readonly unserved?: readonly string[];
}

/** The verdict, and why it is not `passed`. */
export interface Judgement {
  readonly verdict: RunVerdict;
  readonly unmet: readonly string[];
}

/**
 * Judges a run. `eventually` that does not hold leaves the run undecided: more time might have helped. Everything else
 * that is not met makes it fail, which weighs more.
 */
export function judgeRun(expectations: Expectations, findings: Findings): Judgement {
  const properties = new Map(findings.properties);
  const marks = new Map<string, number>(findings.marks);
  const metrics = new Map(findings.metrics);
  const failures: string[] = [];
  const open: string[] = [];

  for (const name of expectations.always) {
    const found = properties.get(name);
    if (found === undefined) failures.push(`${name} was to hold always, and was not watched`);
    else if (found.verdict === "violated") failures.push(`${name} was to hold always, and ${violationText(found)}`);
  }
  for (const name of expectations.eventually) {
    const found = properties.get(name);
    if (found === undefined) open.push(`${name} was to hold in the end, and was not watched`);
    else if (found.verdict === "violated") open.push(`${name} was to hold in the end, and ${violationText(found)}`);
  }
  if (expectations.eventually.length > 0) open.push(...(findings.unserved ?? []));
  for (const name of expectations.sometimes) {
    if ((marks.get(name) ?? 0) === 0) failures.push(`${name} was to be reached, and never was`);
  }
  for (const name of expectations.violated) {
    if (properties.get(name)?.verdict !== "violated") failures.push(`${name} was to be seen violated, and was not`);
  }
  for (const bound of expectations.bounds) {
    const value = metrics.get(bound.metric);
    if (value === undefined)
      failures.push(`${boundText(bound)} was asked for, and nothing was measured under that name`);
    else if (!isWithin(value, bound)) failures.push(`${boundText(bound)} was asked for, and it was ${value}`);
  }

  const verdict = failures.length > 0 ? "failed" : open.length > 0 ? "undecided" : "passed";
  return { verdict, unmet: [...failures, ...open] };
}

/** Exit code of a run with this verdict. */
export function exitCodeOf(verdict: RunVerdict): 0 | 1 | 3 {
  switch (verdict) {
    case "passed":
      return 0;
    case "failed":
      return 1;
    case "undecided":
      return 3;
    default:
      return unreachable(verdict);
  }
}

/** The gravest of several exit codes: 4 (internal), 1 (failed), 3 (undecided), 0. */
export function gravestExitCode(codes: Iterable<number>): number {
  const found = new Set(codes);
  return [4, 1, 3].find((code) => found.has(code)) ?? 0;
}

function violationText({ violations, evidence }: PropertyVerdict): string {
  const times = violations === 1 ? "was violated once" : `was violated ${violations} times`;
  return evidence.length === 0 ? times : `${times}: ${evidence[0] as string}`;
}

function boundText({ metric, comparison, value }: MetricBound): string {
  return `${metric} ${comparison} ${value}`;
}

/** Whether a value keeps a bound. */
export function isWithin(value: number, { comparison, value: limit }: MetricBound): boolean {
  switch (comparison) {
    case "<=":
      return value <= limit;
    case ">=":
      return value >= limit;
    case "<":
      return value < limit;
    case ">":
      return value > limit;
    case "==":
      return value === limit;
    default:
      return unreachable(comparison);
  }
}
