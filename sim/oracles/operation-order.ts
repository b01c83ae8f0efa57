// The order of operations at their target. One that comes after others begins only once all of them are done. And of those that one
// cloudlet has issued for one object they begin in the order in which they were issued, each when the one before it is through:
// whoever issued the later one knew of the earlier one, unless its disk had lost that meanwhile, or it was hidden from it then
// (hidden-operations.ts); or the target's disk has lost that the earlier one was over, or had begun. And what needs a later version of
// the operation schema begins only once the plane is through with as many upgrades of its target: all begin with version 1.
//
// What is through: its plane says so, or the target has written down how it ends, be it that nobody could say.

import type { CloudletId } from "../../model/ids.ts";
import { Judge } from "./oracle.ts";
import { kindNamed, type OperationOracle, type OperationTruth } from "./operation-truth.ts";
import type { Wanted } from "./wanted.ts";
import { atTime } from "./words.ts";

/** What one cloudlet has asked another for, of one object. */
interface Row {
  readonly begun: Wanted[];
}

/** Judges the order in which planes are told. */
export function operationOrder(truth: OperationTruth): OperationOracle {
  const judge = new Judge();
  const rows = new Map<string, Row>();
  // Of which the plane of a cloudlet was told.
  const upgrades = new Map<CloudletId, Wanted[]>();
  const rowOf = ({ issuer, request: { target, kind, object } }: Wanted): Row => {
    const name = rowName(issuer, target, `${kindNamed(kind)?.object ?? ""} ${object}`);
    let row = rows.get(name);
    if (row === undefined) rows.set(name, (row = { begun: [] }));
    return row;
  };
  return {
    name: "operation-order",
    begun(at, cloudlet, { id, kind, object }, wanted) {
      if (wanted === null) return;
      const what = `${id} (${kind} ${object}) began at ${truth.name(cloudlet)} ${atTime(at)}`;
      for (const before of wanted.request.after ?? []) {
        judge.checks += 1;
        const other = truth.wanted(before);
        if (other?.deed?.state === "done") continue;
        judge.violate(() => `${what}, which comes after ${before}; that was not done`);
      }
      const { needs = 1 } = wanted.request;
      if (needs > 1) {
        judge.checks += 1;
        const done = (upgrades.get(cloudlet) ?? []).filter(({ deed }) => deed?.state === "done");
        const version = 1 + done.length;
        if (version < needs) judge.violate(() => `${what}, which needs version ${needs}; it was at ${version}`);
      }
      if (kindNamed(kind)?.verb === "upgrade") upgrades.set(cloudlet, [...(upgrades.get(cloudlet) ?? []), wanted]);
      const { begun } = rowOf(wanted);
      if (begun.length > 0) judge.checks += 1;
      const isForgotten = (one: Wanted): boolean =>
        truth.lost.isLostAt(one.id, wanted.issuer) || truth.lost.isLostAt(one.id, cloudlet);
      const late = begun.find((one) => one.number > wanted.number && !isForgotten(wanted) && !one.unaware.has(id));
      if (late !== undefined) {
        judge.violate(() => `${what}, after ${late.id}, which its issuer had asked for later`);
      }
      const isAt = (one: Wanted): boolean => one.deed?.state === "told" && !one.isDecided;
      const isHidden = (one: Wanted): boolean => one.unaware.has(id) || wanted.unaware.has(one.id);
      const running = begun.find((one) => one !== wanted && isAt(one) && !isForgotten(one) && !isHidden(one));
      if (running !== undefined) {
        judge.violate(() => `${what}, while its plane was at ${running.id}, of the same object and issuer`);
      }
      begun.push(wanted);
    },
    verdict: () => judge.verdict(),
  };
}

function rowName(issuer: CloudletId, target: CloudletId, object: string): string {
  return `${issuer} ${target} ${object}`;
}
