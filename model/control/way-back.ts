// Ways over which nothing comes back (N12): an edge of the control tree may carry directives down, as a broadcast or a radio that is
// heard and does not hear, and no results up. Which ones do is said beforehand, for silence proves nothing.
//
// 1. An operation over such an edge needs an expiry: without one it would stand open for ever.
// 2. It is done like any other, by the time of its target. Its issuer hears nothing of that.
// 3. When its time is over where it was issued, or it is taken back, it ends there as `expired (unconfirmed)`. That does not claim that
//    nothing happened, as other expiries do.
// Should its result come after all, by another way, it stands beside that.

import type { CloudletId } from "../ids.ts";
import type { Topology } from "../topology/topology.ts";
import type { End } from "./ends.ts";

/** Is there an edge between a cloudlet and whoever is above it over which nothing comes back to that one? */
export function lacksWayBack(
  topology: Topology,
  oneWay: ReadonlySet<CloudletId>,
  issuer: CloudletId,
  target: CloudletId,
): boolean {
  if (oneWay.size === 0 || issuer === target) return false;
  const way = [target, ...topology.ancestors(target)];
  return way.slice(0, Math.max(0, way.indexOf(issuer))).some((cloudlet) => oneWay.has(cloudlet));
}

/** How an operation ends for its issuer that was given up, and whose target cannot answer. */
export function unconfirmed(given: End, issuer: CloudletId): End {
  const detail = given.why === "time" ? "" : `${given.kind} (${given.why})`;
  return { kind: "expired", why: "unconfirmed", at: issuer, cause: null, detail };
}
