/**
 * What cannot stand beside control layers: what their world does not do yet.
 *
 * Leaves out what fits together among operations (resolve-operations.ts), and among what is watched (resolve-aliveness.ts).
 */
import type { TopologySpec } from "../../model/topology/spec.ts";
import { builtWithOperations } from "./built-plans.ts";
import type { FormPath } from "./problem.ts";
import type { ProblemList } from "./resolving.ts";
import type { ScenarioForm } from "./schema.ts";

/** What control layers are checked against. */
export interface ControlContext {
  /** Null where it was refused, and tells of that itself. */
  readonly spec: TopologySpec | null;
  /** What its plans change it to. */
  readonly plans: readonly TopologySpec[];
  readonly problems: ProblemList;
}

/** Refuses it, in a form that has operations or aliveness. */
export function refuseBesideControl(form: ScenarioForm, { spec, plans, problems }: ControlContext): void {
  const section = form.operations === undefined ? "aliveness" : "operations";
  const { protocol = "causeway", causality = "session" } = form;
  const refuse = (path: FormPath, what: string): void => {
    problems.add(path, `${what} cannot stand together with ${section}; leave one of the two out`);
  };
  if (protocol !== "causeway") refuse(["protocol"], `the protocol ${protocol}`);
  if (causality !== "session") refuse(["causality"], `the order of ${causality}s`);
  if (form.explore !== undefined) refuse(["explore"], "explore");
  for (const [index, decision] of (form.detachments ?? []).entries()) {
    if (!("close" in decision)) continue;
    const why = `expected members that may come back beside ${section}, since what is lost with a closed one may be an end`;
    const remedy = "write detach, and what people know of it as a confirmation of aliveness";
    problems.add(["detachments", index, "close"], `${why}; found close: ${decision.close}; ${remedy}`);
  }
  const built = spec === null ? null : builtWithOperations(spec, plans);
  if (built?.kind !== "refused") return;
  const why = built.refusals[0]?.message ?? "";
  problems.add([section], `${section} travel in scopes of their own (docs/control.md), and here ${why}`);
}
