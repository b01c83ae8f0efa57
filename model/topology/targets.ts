// Who may send operations to whom: a cloudlet controls and manages exactly what is below it (D15), so operations flow down
// only, to any descendant, over any number of layers (D18). Replication flows have no say in it, nor it in them (D16).

import { unreachable } from "../assert.ts";
import type { CloudletId } from "../ids.ts";
import type { Cloudlet, Relation, TargetJudgement } from "./topology.ts";

const allowed: TargetJudgement = { kind: "allowed" };

/**
 * Judges a target.
 *
 * @param relation how the target stands to the issuer
 */
export function judgeTarget(
  cloudlets: readonly Cloudlet[],
  relation: Relation,
  issuer: CloudletId,
  target: CloudletId,
): TargetJudgement {
  const from = cloudlets[issuer]?.name ?? "";
  const to = cloudlets[target]?.name ?? "";
  switch (relation) {
    case "lower":
      return allowed;
    case "same":
      return { kind: "refused", why: `${from} cannot target itself: what runs where it is issued is a local request` };
    case "upper":
      return { kind: "refused", why: `${from} cannot target ${to}: ${to} is above it, and operations flow down only` };
    case "horizontal":
      return { kind: "refused", why: `${from} cannot target ${to}: neither is above the other` };
    default:
      return unreachable(relation);
  }
}
