/**
 * Changes of plan, from the form to the scenario: their times, and how long it takes until everybody is told.
 *
 * Leaves out what the topology becomes (expand-topology.ts) and whether it keeps the rules (read.ts).
 */
import type { TopologySpec } from "../../model/topology/spec.ts";
import { type Duration, instant, micros } from "../../model/units.ts";
import { checkedQuantity, checkedSpread, type ProblemList } from "./resolving.ts";
import type { PlanChange } from "./scenario.ts";
import type { ScenarioForm } from "./schema.ts";

/** The changes of a form, in its order. */
export function resolvePlans(
  forms: NonNullable<ScenarioForm["plans"]>,
  plans: readonly TopologySpec[],
  { duration, problems }: { readonly duration: Duration; readonly problems: ProblemList },
): PlanChange[] {
  let last = -1;
  return forms.map((form, index) => {
    const at = checkedQuantity("duration", form.at);
    const path = ["plans", index, "at"];
    if (at >= duration) {
      problems.add(path, `expected a time before the load ends (duration), found ${form.at}; make one of them fit`);
    } else if (at <= last) {
      problems.add(
        path,
        `expected a time after that of the change before, found ${form.at}; list changes in order of time`,
      );
    }
    last = at;
    if (form.reparent === undefined && form.detach === undefined) {
      const why = "expected who gets another upper (reparent), or has none from then on (detach)";
      problems.add(["plans", index], `${why}; found neither; write one of the two`);
    }
    for (const [at, name] of (form.detach ?? []).entries()) {
      if (!Object.hasOwn(form.reparent ?? {}, name)) continue;
      const why = `expected ${name} either among detach or among reparent, found it in both`;
      problems.add(["plans", index, "detach", at], `${why}; remove one of the two`);
    }
    return {
      at: instant(at),
      told: form.told === undefined ? { kind: "constant", value: micros(0) } : checkedSpread(form.told),
      topology: plans[index] as TopologySpec,
    };
  });
}
