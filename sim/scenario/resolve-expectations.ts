/**
 * What the verdict judges, with the defaults that keep an empty section from proving nothing.
 *
 * Leaves out the judging (sim/run/verdict.ts).
 */
import { type MarkName, type OracleName, oracleTable } from "../oracles/names.ts";
import { parseBound } from "./bound.ts";
import type { ProblemList } from "./resolving.ts";
import type { Expectations, MetricBound } from "./scenario.ts";
import type { ScenarioForm } from "./schema.ts";

/** Judged at the end of the run. */
const atTheEnd: ReadonlySet<OracleName> = new Set(["convergence"]);
/** Real time is promised by no resolver under every clock, so a scenario asks for it by name. */
const onlyByName: ReadonlySet<OracleName> = new Set(["rtc", "rtc-arb"]);

/** Fills in: `always` every safety property, `eventually` convergence, each without those expected to be violated. */
export function resolveExpectations(form: ScenarioForm["expectations"], problems: ProblemList): Expectations {
  const violated = form?.violated ?? [];
  const excluded = new Set<OracleName>(violated);
  const names = oracleTable.map(({ name }): OracleName => name).filter((name) => !excluded.has(name));
  const always = form?.always ?? names.filter((name) => !atTheEnd.has(name) && !onlyByName.has(name));
  const eventually = form?.eventually ?? names.filter((name) => atTheEnd.has(name));
  for (const list of ["always", "eventually"] as const) {
    for (const [index, name] of (form?.[list] ?? []).entries()) {
      if (excluded.has(name)) {
        problems.add(
          ["expectations", list, index],
          `${name} is also expected to be violated; remove it from one of the two`,
        );
      }
    }
  }
  const sometimes: readonly MarkName[] = form?.sometimes ?? [];
  const bounds: MetricBound[] = [];
  for (const [metric, text] of Object.entries(form?.bounds ?? {})) {
    const outcome = parseBound(metric, text);
    if (outcome.kind === "bound") bounds.push(outcome.bound);
    else problems.add(["expectations", "bounds", metric], outcome.why, outcome.at);
  }
  return { always, eventually, sometimes, violated, bounds };
}
