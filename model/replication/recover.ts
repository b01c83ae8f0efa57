// What a process takes from its disk when it starts: the snapshot first, if the disk was given one, then everything stored
// behind it. The disk may not be what the process thinks: it may have gone back in time, or be a copy of another cloudlet's.
// Nothing of that can be seen from inside, so nothing is concluded from it; what this life writes has names of its own, and
// neighbours bring what is missing (docs/simulator.md tells it in full).

import type { ScopeId, StreamId } from "../ids.ts";
import type { Stream, Topology } from "../topology/topology.ts";
import type { Cut } from "./cut.ts";
import type { Holdings } from "./holdings.ts";
import type { DiskImage, LocalTime, ReplicaEvent } from "./io.ts";
import type { CausalRecord, Dot } from "./record.ts";
import { unsealedCut, unsealedSnapshot } from "./snapshot.ts";
import type { Standing } from "./standing.ts";
import { unseal } from "./wire.ts";

/**
 * Takes in what the disk returned, in the order of its log, but first all records of it and then their application: a copied
 * disk has this cloudlet's own records in the order in which they came in elsewhere. What no flow brings here is left out
 * and told. Returns the log position up to which nothing is to be told: the snapshot's.
 */
export function recover(
  { checkpoint, entries }: DiskImage,
  holdings: Holdings,
  { topology, self, rules, wire }: Pick<Standing, "topology" | "self" | "rules" | "wire">,
  now: LocalTime,
  events: ReplicaEvent[],
): number {
  const reads = wire.most;
  // What waited in the snapshot need wait no more, where another plan is in force now: that is to be told.
  const told = checkpoint === null ? 0 : holdings.restore(unsealedSnapshot(checkpoint, reads), now, events);
  const held = new Set<CausalRecord>();
  // What came under a former plan stays, though the present one may not lead it here.
  const isOurs = ({ stream }: Pick<Dot, "stream">): boolean =>
    rules.keepsFromDisk(topology.plans.some((plan) => plan.reaches(stream, self)));
  const readable = entries.map((entry) => {
    return entry.kind === "cut" ? ownPartOf(unsealedCut(entry, reads), topology, isOurs, events) : unseal(entry, reads);
  });
  for (const entry of readable) {
    if (entry.kind === "cut") continue;
    if (!isOurs(entry.dot)) events.push({ kind: "foreignRecord", dot: entry.dot });
    else if (holdings.learn(entry, events)) held.add(entry);
  }
  for (const entry of readable) {
    if (entry.kind === "cut") {
      holdings.addCut(entry, null);
      holdings.installReady(now, events);
    } else if (held.delete(entry)) {
      // Once, also when the disk has it twice: what no flow brought here under another plan was taken in again.
      holdings.follow(entry.stamp, now);
      holdings.settle(entry, null, now, events);
    }
  }
  return told;
}

/**
 * What of a cut that a disk holds is good here: the scopes that it covers no foreign record of.
 *
 * 1. A copied disk has a cut with x and z, of one key: z replaced x, so the cut covers x and holds z alone.
 * 2. Here x belongs and z does not, since its stream leads elsewhere. What is left of the cut says that x has come and has gone.
 * 3. Nothing would stand here for that key, ever. So nothing is taken of that scope, and neighbours bring x again.
 * What other scopes depend on in the one that is left out, the rest of the cut waits for.
 */
function ownPartOf(
  { kind, applied, versions, outside }: Cut,
  { streams }: Topology,
  isOurs: (dot: Pick<Dot, "stream">) => boolean,
  events: ReplicaEvent[],
): Cut {
  const scopeOf = (stream: StreamId): ScopeId => (streams[stream] as Stream).scope;
  const foreign = new Set(applied.filter((known) => !isOurs(known)).map(({ stream }) => scopeOf(stream)));
  if (foreign.size === 0) return { kind, applied, versions, outside };
  for (const { dot } of versions) if (!isOurs(dot)) events.push({ kind: "foreignRecord", dot });
  return {
    kind,
    applied: applied.filter(({ stream }) => !foreign.has(scopeOf(stream))),
    versions: versions.filter(({ dot }) => !foreign.has(scopeOf(dot.stream))),
    outside: outside.filter(({ scope }) => !foreign.has(scope)),
  };
}
