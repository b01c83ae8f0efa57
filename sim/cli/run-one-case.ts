/**
 * One case of a sweep by itself, as `causeway run` would run it: everything that a row leaves out.
 *
 * Leaves out which sweep it is of.
 */
import type { MergeFunctions } from "../../model/replication/resolver.ts";
import { renderProblems } from "../scenario/problem.ts";
import type { Drawn } from "../scenario/expand-topology.ts";
import { CaseMaker } from "../sweep/case.ts";
import type { SweepPlan } from "../sweep/plan.ts";
import { type Context, refuse } from "./command.ts";
import { conductRun } from "./conduct-run.ts";

/** Which one. */
export interface CaseOrder {
  readonly plan: SweepPlan;
  /** The code of its sources, that may be run. */
  readonly merges: readonly MergeFunctions[];
  readonly index: number;
  /** The command that runs the sweep. */
  readonly command: string;
  readonly json: boolean;
}

/** Runs, prints, and sets the exit code. */
export async function runOneCase(context: Context, { plan, merges, index, command, json }: CaseOrder): Promise<void> {
  if (index >= plan.caseCount) {
    refuse(context, `--case ${index}: expected a number from 0 to ${plan.caseCount - 1}, since there are no more runs`);
    return;
  }
  const one = plan.caseAt(index);
  const made = new CaseMaker(plan.sources, merges).make(one);
  if (made.kind === "refused") {
    refuse(context, renderProblems(made.problems));
    return;
  }
  await conductRun(context, {
    scenario: made.scenario,
    resolvers: made.resolvers,
    drawn: plan.columns.flatMap(({ name }, at): Drawn[] => {
      const value = one.parameters[at] ?? null;
      return value === null ? [] : [[name, String(value)]];
    }),
    plant: null,
    trace: null,
    html: null,
    history: null,
    command: `${command} --case ${index}`,
    input: "",
    json,
    twice: false,
    expected: null,
  });
}
