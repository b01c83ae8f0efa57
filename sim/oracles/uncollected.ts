// Scopes that ask for their deletes to be collected where none can go: said in the report, since nothing else would show it.
//
// A scope whose values are deltas has no deletes, and one that a single cloudlet holds has nobody to hear: neither is told.

import { isCollecting } from "../../model/replication/collecting-streams.ts";
import { isDeltaResolver } from "../../model/topology/resolvers.ts";
import type { Topology } from "../../model/topology/topology.ts";

const SHOWN_MAX = 5;

/** A sentence about them; null where there are none. */
export function uncollectedNote(topology: Topology): string | null {
  const names = topology.scopes
    .filter(({ collect, members, resolver }) => collect !== null && members.length > 1 && !isDeltaResolver(resolver))
    .filter(({ id }) => !topology.streams.some((stream) => stream.scope === id && isCollecting(topology, stream.id)))
    .map(({ name }) => name);
  if (names.length === 0) return null;
  const shown = names.slice(0, SHOWN_MAX).join(", ");
  const more = names.length > SHOWN_MAX ? ` and ${names.length - SHOWN_MAX} more` : "";
  return `deletes of ${shown}${more} stay though they are to be collected: not everybody there hears what all others have`;
}
