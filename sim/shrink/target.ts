// What a run showed that it should not have, and whether another run shows the same: the same property violated, the same bound
// not kept, or the same broken invariant. A run in which something else goes wrong is no smaller form of it.
//
// A planted bug brings a second question: a world that shows the same without the bug has slipped to another cause, a clock that
// is wrong or a budget that is too short, and is turned down. Leaves out choosing worlds (shrink.ts).

import { InvariantViolation } from "../../model/assert.ts";
import { oracleTable, type OracleName } from "../oracles/names.ts";
import { ResolverFailed } from "../resolvers/guard.ts";
import type { RunReport } from "../run/report.ts";
import { runScenario, type RunOptions } from "../run/runner.ts";
import { judgeRun } from "../run/verdict.ts";
import type { Expectations, MetricBound, Scenario } from "../scenario/scenario.ts";
import { omit } from "./omit.ts";

/** What went wrong. */
export type Target =
  | { readonly kind: "property"; readonly name: OracleName }
  | { readonly kind: "bound"; readonly bound: MetricBound }
  /** A broken invariant stopped the run; numbers in its message do not count. */
  | { readonly kind: "stopped"; readonly message: string };

/** What a run showed of a target: the first sentence of evidence; null when it did not. */
export type Sighting = string | null;

const NOTHING: Expectations = { always: [], eventually: [], sometimes: [], violated: [], bounds: [] };

/** What a person calls it. */
export function targetName(target: Target): string {
  switch (target.kind) {
    case "property":
      return target.name;
    case "bound":
      return `${target.bound.metric} ${target.bound.comparison} ${target.bound.value}`;
    case "stopped":
      return `stopped: ${target.message}`;
  }
}

/** The same scenario, expecting nothing but that this does not go wrong, in one run. */
export function expectingOnly(scenario: Scenario, target: Target): Scenario {
  return { ...omit(scenario, "explore"), shows: [], expectations: expectationsOf(target) };
}

function expectationsOf(target: Target): Expectations {
  if (target.kind === "stopped") return NOTHING;
  if (target.kind === "bound") return { ...NOTHING, bounds: [target.bound] };
  return target.name === "convergence"
    ? { ...NOTHING, eventually: [target.name] }
    : { ...NOTHING, always: [target.name] };
}

/**
 * What goes wrong in a run of this scenario, the first in the order of properties first. Marks that were not reached and violations
 * that were to be seen are not among it: of these the smallest world is the empty one.
 */
export function targetsOf(scenario: Scenario, options: RunOptions): readonly Target[] {
  const report = reportOf(scenario, options);
  if (typeof report === "string") return [{ kind: "stopped", message: report }];
  const { always, eventually, bounds } = scenario.expectations;
  const expected = new Set<OracleName>([...always, ...eventually]);
  const violated = new Set(report.properties.flatMap(([name, { verdict }]) => (verdict === "violated" ? [name] : [])));
  const properties = oracleTable
    .map(({ name }) => name)
    .filter((name) => expected.has(name) && violated.has(name))
    .map((name): Target => ({ kind: "property", name }));
  const broken = bounds.filter((bound) => {
    const target: Target = { kind: "bound", bound };
    return judgeRun(expectationsOf(target), report).verdict !== "passed";
  });
  return [...properties, ...broken.map((bound): Target => ({ kind: "bound", bound }))];
}

/**
 * Runs a scenario that expects nothing but the target (`expectingOnly`), and looks for it. Where a user's code throws something else goes
 * wrong: worlds are tried that the first run never met.
 */
export function sight(scenario: Scenario, target: Target, options: RunOptions): Sighting {
  let report: RunReport | string;
  try {
    report = reportOf(scenario, { ...options, only: target.kind === "property" ? [target.name] : [] });
  } catch (error) {
    if (error instanceof ResolverFailed) return null;
    throw error;
  }
  if (typeof report === "string") return target.kind === "stopped" && report === target.message ? report : null;
  if (target.kind === "stopped") return null;
  // What was not measured keeps no bound and breaks none.
  if (target.kind === "bound" && !report.metrics.some(([name]) => name === target.bound.metric)) return null;
  return report.verdict === "passed" ? null : (report.unmet[0] ?? "");
}

/** The report; the message without its numbers where an invariant broke. */
function reportOf(scenario: Scenario, options: RunOptions): RunReport | string {
  try {
    return runScenario(scenario, options).report;
  } catch (error) {
    if (!(error instanceof InvariantViolation)) throw error;
    return error.message.replace(/[0-9]+/g, "#");
  }
}
