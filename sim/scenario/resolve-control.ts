/**
 * What cannot stand beside control layers: what their world does not do yet, or what would suspend promises that operations rest on.
 *
 * Leaves out what fits together among operations (resolve-operations.ts), and among what is watched (resolve-aliveness.ts).
 */
import type { TopologySpec } from "../../model/topology/spec.ts";
import { builtWithOperations } from "./built-plans.ts";
import type { FaultForm } from "./fault-places.ts";
import type { FormPath } from "./problem.ts";
import type { ProblemList } from "./resolving.ts";
import type { Fault } from "./scenario.ts";
import type { ScenarioForm } from "./schema.ts";

/** Does this fault stop a process in a way that a world with control layers cannot, or break a promise that operations rest on? */
export function isUnfitFault(fault: Fault, hasIssuers: boolean): boolean {
  if (fault.kind === "pause") return true;
  if (!hasIssuers) return false;
  if (fault.kind === "crash") return fault.disk === "lose";
  return ["restoreBackup", "cloneDisk", "bitRot", "lyingFsync"].includes(fault.kind);
}

/** The same of a fault as the form has it. */
export function isUnfitForm(fault: FaultForm, hasIssuers: boolean): boolean {
  if ("pause" in fault) return true;
  if (!hasIssuers) return false;
  if ("disk" in fault && fault.disk === "lose") return true;
  return ["restoreBackup", "cloneDisk", "bitRot", "lyingFsync"].some((kind) => kind in fault);
}

/** What control layers are checked against. */
export interface ControlContext {
  /** Null where it was refused, and tells of that itself. */
  readonly spec: TopologySpec | null;
  /** What its plans change it to. */
  readonly plans: readonly TopologySpec[];
  readonly faults: readonly Fault[];
  readonly problems: ProblemList;
}

/** Refuses it, in a form that has operations or aliveness. */
export function refuseBesideControl(form: ScenarioForm, { spec, plans, faults, problems }: ControlContext): void {
  const section = form.operations === undefined ? "aliveness" : "operations";
  const { protocol = "causeway", causality = "session" } = form;
  const refuse = (path: FormPath, what: string): void => {
    problems.add(path, `${what} cannot stand together with ${section}; leave one of the two out`);
  };
  if (protocol !== "causeway") refuse(["protocol"], `the protocol ${protocol}`);
  if (causality !== "session") refuse(["causality"], `the order of ${causality}s`);
  for (const name of ["detachments", "cpus", "quirks", "explore"] as const) {
    const found = form[name];
    if (found !== undefined && !(Array.isArray(found) && found.length === 0)) refuse([name], name);
  }
  if (form.aliveness !== undefined && (form.plans ?? []).length > 0) {
    problems.add(["plans"], "plans cannot stand together with aliveness; leave one of the two out");
  }
  const hasIssuers = (form.operations?.issuers ?? []).length > 0;
  const unfit = faults.find((fault) => isUnfitFault(fault, hasIssuers));
  if (unfit !== undefined) {
    const what = unfit.kind === "crash" ? "a crash that loses the disk" : `a fault of kind ${unfit.kind}`;
    refuse(["faults"], what);
  }
  const built = spec === null ? null : builtWithOperations(spec, plans);
  if (built?.kind !== "refused") return;
  const why = built.refusals[0]?.message ?? "";
  problems.add([section], `${section} travel in scopes of their own (docs/control.md), and here ${why}`);
}
