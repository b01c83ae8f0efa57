// The topologies of a scenario, built once though several ask for them: whoever reads it, whoever draws faults for it, and the run. What is
// built is never changed, so that all may have the same. Leaves out what a refusal means to whom (read.ts, run.ts).

import { buildPlans, type BuiltPlans } from "../../model/topology/plans.ts";
import { withOperations } from "../../model/control/scopes.ts";
import type { TopologySpec } from "../../model/topology/spec.ts";

const known = new WeakMap<TopologySpec, { readonly later: readonly TopologySpec[]; readonly built: BuiltPlans }>();

/**
 * What `buildPlans` makes of these, remembered for as long as the first of them is: by what they are, not by what they say.
 *
 * @param first what a run begins with
 * @param later what its plans change it to, in their order
 */
export function builtPlans(first: TopologySpec, later: readonly TopologySpec[]): BuiltPlans {
  const found = known.get(first);
  if (found?.later.length === later.length && found.later.every((spec, at) => spec === later[at])) return found.built;
  const built = buildPlans([first, ...later]);
  known.set(first, { later, built });
  return built;
}

const operated = new WeakMap<
  TopologySpec,
  { readonly later: readonly TopologySpec[]; readonly made: readonly TopologySpec[] }
>();

/** The same of topologies to which the scopes are added that operations travel in (model/control/scopes.ts). */
export function builtWithOperations(first: TopologySpec, later: readonly TopologySpec[]): BuiltPlans {
  const found = operated.get(first);
  const isKnown = found?.later.length === later.length && found.later.every((spec, at) => spec === later[at]);
  const made = isKnown ? found.made : withOperations([first, ...later]);
  if (!isKnown) operated.set(first, { later, made });
  const [begins = first, ...rest] = made;
  return builtPlans(begins, rest);
}
