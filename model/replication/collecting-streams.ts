// Which streams collect their deletes: those whose members all hear of each other, since a delete may go only when all are known
// to have it. What goes when is decided in collector.ts.
//
// Leaves out: streams that are no two-way stream, or not the only one of their scope, where nobody hears what receivers have
// applied; and topologies with several plans, where members come and go. Deletes are kept there.

import type { CloudletId, StreamId } from "../ids.ts";
import type { Topology } from "../topology/topology.ts";

/** The collecting streams that a cloudlet is in: two-way, of a scope that collects, and alone in it. */
export function collectingStreams(topology: Topology, cloudlet: CloudletId): readonly StreamId[] {
  const streams: StreamId[] = [];
  for (const { id, collect } of topology.scopes) {
    if (collect === null) continue;
    const stream = topology.streamOf(id, cloudlet);
    if (stream !== null && isCollecting(topology, stream)) streams.push(stream);
  }
  return streams;
}

/** Does this stream collect? All that it reaches must write into it, and nothing else of its scope may arrive there. */
export function isCollecting(topology: Topology, stream: StreamId): boolean {
  const { scope, origins } = topology.streams[stream] as Topology["streams"][number];
  const { collect, members } = topology.scopes[scope] as Topology["scopes"][number];
  if (collect === null || topology.plans.length > 1) return false;
  if (topology.receivers(stream).length !== origins.length) return false;
  return members.every((member) => {
    const own = topology.streamOf(scope, member);
    return own === null || own === stream || !origins.some((origin) => topology.reaches(own, origin));
  });
}

/**
 * Who may detach members of a collecting stream: the one of them that stands highest in the control forest. One, so that two can
 * never detach each other; and that one cannot be detached.
 */
export function deciderOf(topology: Topology, stream: StreamId): CloudletId {
  const { origins } = topology.streams[stream] as Topology["streams"][number];
  const depthOf = (id: CloudletId): number => (topology.cloudlets[id] as Topology["cloudlets"][number]).depth;
  return origins.reduce((best, one) => ((depthOf(one) - depthOf(best) || one - best) < 0 ? one : best));
}
