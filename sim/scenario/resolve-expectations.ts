/**
 * What the verdict judges, with the defaults that keep an empty section from proving nothing.
 *
 * Leaves out the judging (sim/run/verdict.ts).
 */
import { type MarkName, markOracles, operationOracles, type OracleName, usuallyExpected } from "../oracles/names.ts";
import { parseBound } from "./bound.ts";
import type { ProblemList } from "./resolving.ts";
import type { Expectations, MetricBound } from "./scenario.ts";
import type { ScenarioForm } from "./schema.ts";

const ofOperations: ReadonlySet<OracleName> = new Set(operationOracles);
const ofAliveness: ReadonlySet<OracleName> = new Set(markOracles);

type ExpectationsForm = NonNullable<ScenarioForm["expectations"]>;

/** As the form has it. */
interface ExpectingForm extends Pick<ScenarioForm, "operations" | "aliveness"> {
  readonly expectations?: { readonly [Key in keyof ExpectationsForm]: Readonly<ExpectationsForm[Key]> } | undefined;
}

/**
 * Fills in: `always` every safety property, `eventually` convergence and that operations end, each without those expected to be
 * violated; what is judged of operations only where there are some, and of marks only where somebody is watched.
 */
export function resolveExpectations(
  { expectations: form, operations, aliveness }: ExpectingForm,
  problems: ProblemList,
): Expectations {
  const [hasOperations, isWatched] = [operations !== undefined, aliveness !== undefined];
  const violated = form?.violated ?? [];
  const excluded = new Set<OracleName>(violated);
  const usual = usuallyExpected(hasOperations, isWatched);
  const always = form?.always ?? usual.always.filter((name) => !excluded.has(name));
  const eventually = form?.eventually ?? usual.eventually.filter((name) => !excluded.has(name));
  for (const list of ["always", "eventually", "violated"] as const) {
    for (const [index, name] of (form?.[list] ?? []).entries()) {
      if (!isWatched && ofAliveness.has(name)) {
        const what = `${name} is judged where cloudlets are watched, and nobody is here`;
        problems.add(["expectations", list, index], `${what}; remove it, or write aliveness`);
      }
      if (hasOperations || !ofOperations.has(name)) continue;
      const what = `${name} is judged of operations, and this scenario has none`;
      problems.add(["expectations", list, index], `${what}; remove it, or write operations`);
    }
  }
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
