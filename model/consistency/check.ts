/**
 * Judges a history against every model in one pass.
 *
 * Leaves out reading files (formats/) and words (explain/).
 */
import { checkers } from "./checkers.ts";
import type { History } from "./history.ts";
import { Judgement, type Limits } from "./judgement.ts";
import { type Model, type ModelName, models } from "./models.ts";
import type { Verdict } from "./verdict.ts";

/** What to check, and how far. */
export interface CheckOptions {
  /** Only these; all when absent. */
  readonly models?: readonly ModelName[];
  readonly limits?: Limits;
}

/** All verdicts of one history. */
export interface CheckResult {
  /** In the order of the table of models. */
  readonly verdicts: ReadonlyMap<ModelName, Verdict>;
  /** Violated models that imply no other violated one: the weakest promises that were broken. */
  readonly weakestViolated: readonly ModelName[];
  /** Models that hold and follow from no other that holds. */
  readonly strongestSatisfied: readonly ModelName[];
}

/** Checks a history. Pure; takes time as each model's file says. */
export function checkHistory(history: History, options: CheckOptions = {}): CheckResult {
  const judgement = new Judgement(history, options.limits);
  const verdicts = new Map<ModelName, Verdict>();
  for (const { name } of models) {
    if (options.models !== undefined && !options.models.includes(name)) continue;
    const checker = checkers[name];
    if (checker !== undefined) verdicts.set(name, checker(judgement));
  }
  const names = (kind: Verdict["kind"]): readonly ModelName[] =>
    models.map(({ name }) => name).filter((name) => verdicts.get(name)?.kind === kind);
  const violated = names("violated");
  const holding = names("holds");
  return {
    verdicts,
    weakestViolated: violated.filter((name) => !violated.some((other) => other !== name && implies(name, other))),
    strongestSatisfied: holding.filter((name) => !holding.some((other) => other !== name && implies(other, name))),
  };
}

const byName = new Map<ModelName, Model>(models.map((model) => [model.name, model]));

/** Whether a model follows from another, over any number of steps. A model implies itself. */
export function implies(stronger: ModelName, weaker: ModelName): boolean {
  const todo: ModelName[] = [stronger];
  const seen = new Set<ModelName>(todo);
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    if (name === weaker) return true;
    for (const next of byName.get(name)?.implies ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      todo.push(next);
    }
  }
  return false;
}
