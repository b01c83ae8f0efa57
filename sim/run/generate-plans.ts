// Draws changes of plan for drawn scenarios: cloudlets that move below other uppers while load and faults go on, told each at
// its own time. Leaves out the forests themselves (workloads/topologies).

import type { Rng } from "../../model/random.ts";
import type { TopologySpec } from "../../model/topology/spec.ts";
import { instant, micros, seconds } from "../../model/units.ts";
import { drawPlans } from "../../workloads/topologies/index.ts";
import type { PlanChange } from "../scenario/scenario.ts";

const HALF = 500_000;
const TOLD_MAX = seconds(1);

/** The topology with the links of all plans, and what becomes of it; nothing where that trouble is switched off. */
export function drawChanges(
  spec: TopologySpec,
  has: ReadonlySet<string>,
  rng: Rng,
): { readonly topology: TopologySpec; readonly plans: readonly PlanChange[] } {
  if (!has.has("re-parents")) return { topology: spec, plans: [] };
  const [topology = spec, ...changed] = drawPlans(rng, spec, 2 + rng.intInclusive(1), "faithful");
  const told = rng.chance(HALF)
    ? ({ kind: "uniform", min: micros(0), max: TOLD_MAX } as const)
    : ({ kind: "constant", value: micros(0) } as const);
  let at = 0;
  const plans = changed.map((plan): PlanChange => {
    at += 1_000_000 + rng.intInclusive(1_500_000);
    return { at: instant(at), told, topology: plan };
  });
  return { topology, plans };
}
