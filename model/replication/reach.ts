// Reach classes: streams that reach exactly the same cloudlets. A dependency y may stand for an earlier x whenever
// everyone who waits for x also waits for y, that is, when y's stream reaches everyone that x's stream reaches. Two
// streams of one class stand for each other; a wider class stands for a narrower one, never the other way round.
// The proof that uses this is in docs/model.md.

import type { StreamId } from "../ids.ts";
import type { Topology } from "../topology/topology.ts";

/** Which streams reach the same cloudlets, and which reach more. */
export interface ReachClasses {
  /** The class of a stream, dense from 0. */
  classOf(stream: StreamId): number;
  /** Does every cloudlet that class `narrow` reaches also get what class `wide` carries? True for equal classes. */
  covers(wide: number, narrow: number): boolean;
}

const shared = new WeakMap<Topology, ReachClasses>();

/** The classes of a topology; computed once per topology and shared by all its replicas. */
export function reachClasses(topology: Topology): ReachClasses {
  const known = shared.get(topology);
  if (known !== undefined) return known;
  const made = build(topology);
  shared.set(topology, made);
  return made;
}

function build(topology: Topology): ReachClasses {
  const classes = new Int32Array(topology.streams.length);
  const representative: StreamId[] = [];
  const byReceivers = new Map<string, number>();
  const byList = new Map<readonly number[], number>();
  for (const stream of topology.streams) {
    const receivers = topology.receivers(stream.id);
    // Streams often share one receiver list object; only a list not seen before is spelled out.
    let found = byList.get(receivers);
    if (found === undefined) {
      const name = receivers.join(",");
      found = byReceivers.get(name);
      if (found === undefined) {
        found = representative.length;
        representative.push(stream.id);
        byReceivers.set(name, found);
      }
      byList.set(receivers, found);
    }
    classes[stream.id] = found;
  }
  const memo = new Map<number, boolean>();
  return {
    classOf: (stream) => classes[stream] as number,
    covers: (wide, narrow) => {
      if (wide === narrow) return true;
      const key = wide * representative.length + narrow;
      const known = memo.get(key);
      if (known !== undefined) return known;
      const wideStream = representative[wide] as StreamId;
      const result = topology
        .receivers(representative[narrow] as StreamId)
        .every((cloudlet) => topology.reaches(wideStream, cloudlet));
      memo.set(key, result);
      return result;
    },
  };
}
