// Reach classes: streams that reach exactly the same cloudlets. A dependency y may stand for an earlier x whenever
// everyone who waits for x also waits for y, that is, when y's stream reaches everyone that x's stream reaches. Two
// streams of one class stand for each other; a wider class stands for a narrower one, never the other way round.
// Where replicas may be moved between plans, all this is asked under every plan of the family: who is under which one
// when a record gets to him, nobody can know when it is written.
// The proof that uses this is in docs/model.md.

import { assert } from "../assert.ts";
import type { StreamId } from "../ids.ts";
import type { Topology } from "../topology/topology.ts";

/** Which streams reach the same cloudlets, and which reach more. */
export interface ReachClasses {
  /** The class of a stream, dense from 0. */
  classOf(stream: StreamId): number;
  /** Does every cloudlet that class `narrow` reaches also get what class `wide` carries? True for equal classes. */
  covers(wide: number, narrow: number): boolean;
}

const shared = new WeakMap<readonly Topology[], ReachClasses>();

/** The classes of a topology's family; computed once per family and shared by all its replicas. */
export function reachClasses({ plans }: Topology): ReachClasses {
  const known = shared.get(plans);
  if (known !== undefined) return known;
  const made = build(plans);
  shared.set(plans, made);
  return made;
}

function build(plans: readonly Topology[]): ReachClasses {
  const [first] = plans;
  assert(first !== undefined, "a family has at least one plan");
  const classes = new Int32Array(first.streams.length);
  // Plan by plan: streams stay together while they reach the same cloudlets under every plan so far.
  for (const topology of plans) divide(topology, classes);
  const representative: StreamId[] = [];
  for (const { id } of first.streams) if (classes[id] === representative.length) representative.push(id);
  const memo = new Map<number, boolean>();
  return {
    classOf: (stream) => classes[stream] as number,
    covers: (wide, narrow) => {
      if (wide === narrow) return true;
      const key = wide * representative.length + narrow;
      const known = memo.get(key);
      if (known !== undefined) return known;
      const wideStream = representative[wide] as StreamId;
      const narrowStream = representative[narrow] as StreamId;
      const result = plans.every((topology) =>
        topology.receivers(narrowStream).every((cloudlet) => topology.reaches(wideStream, cloudlet)),
      );
      memo.set(key, result);
      return result;
    },
  };
}

// Splits classes by who is reached under one plan. Numbers follow the first stream of each class.
function divide(topology: Topology, classes: Int32Array): void {
  const byName = new Map<number, number>();
  // Streams often share one receiver list object; only a list not seen before is spelled out.
  const nameOf = new Map<readonly number[], number>();
  const nameByText = new Map<string, number>();
  for (const { id } of topology.streams) {
    const receivers = topology.receivers(id);
    let name = nameOf.get(receivers);
    if (name === undefined) {
      const text = receivers.join(",");
      name = nameByText.get(text) ?? nameByText.size;
      nameByText.set(text, name);
      nameOf.set(receivers, name);
    }
    // There are no more names than streams.
    const both = (classes[id] as number) * topology.streams.length + name;
    const found = byName.get(both) ?? byName.size;
    byName.set(both, found);
    classes[id] = found;
  }
}
