// Why a cloudlet does not detach a member, as data and in words. Leaves out who decides what (collecting-streams.ts), and what a
// detachment does (absences.ts).

import { unreachable } from "../assert.ts";
import type { CloudletId } from "../ids.ts";

/** Why a member is not detached, or not closed, here. */
export type DetachRefusal =
  /** Another process writes under this cloudlet's name. */
  | { readonly kind: "fenced" }
  | { readonly kind: "itself" }
  /** The topology may change: nothing is collected, and nobody is detached. */
  | { readonly kind: "severalPlans" }
  /** No delete waits for this member at this cloudlet. */
  | { readonly kind: "nothingCollected" }
  /** In all that this cloudlet collects with the member, the member itself is the one that decides: nobody detaches it. */
  | { readonly kind: "decidesItself" }
  /** Others decide that, each in some streams: who, ascending, at least one. */
  | { readonly kind: "decidedElsewhere"; readonly deciders: readonly CloudletId[] };

/** The refusal in words, behind "is not detached: ". */
export function detachRefusalText(why: DetachRefusal, nameOf: (cloudlet: CloudletId) => string): string {
  switch (why.kind) {
    case "fenced":
      return "another process writes under this name";
    case "itself":
      return "nobody detaches itself";
    case "severalPlans":
      return "where the topology changes nobody is detached";
    case "nothingCollected":
      return "nothing that it writes is collected here";
    case "decidesItself":
      return "it decides about the members itself, and nobody detaches it";
    case "decidedElsewhere": {
      const { deciders } = why;
      return `${deciders.map(nameOf).join(" and ")} ${deciders.length === 1 ? "decides" : "decide"} that`;
    }
    default:
      return unreachable(why);
  }
}
