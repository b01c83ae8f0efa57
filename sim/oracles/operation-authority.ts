// An operation is accepted only where its target is below, or is that cloudlet, and from somebody who may ask for its kind; and it is
// carried out only at its target, by a plane that is there and works: its own, or its upper's where it has none, over a way
// that is open. Who is below whom is judged by the plan of whoever acts, as he goes by it then: the issuer's when it is asked for, the
// target's when it begins.

import { issuerOf } from "../../model/control/operation.ts";
import { Judge } from "./oracle.ts";
import { kindNamed, type OperationOracle, type OperationTruth } from "./operation-truth.ts";
import { atTime } from "./words.ts";

/** Judges who asks, and who carries out. */
export function operationAuthority(truth: OperationTruth): OperationOracle {
  const judge = new Judge();
  return {
    name: "operation-authority",
    accepted(_at, _id, { id, issuer, isBelow, request: { target, kind, actor } }, isAgain) {
      judge.checks += 1;
      if (isAgain) judge.violate(() => `${id} was accepted twice`);
      if (!isBelow) {
        judge.violate(
          () => `${id} was accepted at ${truth.name(issuer)} for ${truth.name(target)}, which is not below`,
        );
      }
      if (kindNamed(kind)?.issuers.includes(actor) !== true) {
        judge.violate(() => `${id} was accepted: a ${actor}'s ${kind}`);
      }
    },
    begun(at, cloudlet, { id, target, kind, object }, wanted, { plane, by, state, isUpperOpen }) {
      judge.checks += 1;
      const where = `the ${plane} plane of ${truth.name(cloudlet)} was told of ${id} (${kind} ${object}) ${atTime(at)}`;
      const issuer = issuerOf(id);
      const asked = wanted?.request;
      if (target !== cloudlet) judge.violate(() => `${where}, which is for ${truth.name(target)}`);
      if (!truth.isBelow(cloudlet, issuer, cloudlet)) {
        judge.violate(() => `${where}, which is not below ${truth.name(issuer)}, where it was issued`);
      }
      if (asked === undefined || asked.target !== target || asked.kind !== kind || asked.object !== object) {
        judge.violate(() => `${where}; nobody asked for it`);
      }
      if (by === "own" && state !== "healthy") {
        judge.violate(() => `${where}, to be carried out by that plane, which is ${state}`);
      }
      if (by === "upper" && state !== "none") {
        judge.violate(() => `${where}, to be carried out by its upper's, and is ${state}`);
      }
      if (by === "upper" && !isUpperOpen) {
        judge.violate(() => `${where}, to be carried out by its upper's, which was out of reach`);
      }
    },
    verdict: () => judge.verdict(),
  };
}
