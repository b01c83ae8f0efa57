// Streams of a family of plans. A stream must keep its name when the plan changes, and all its origins must reach the same
// cloudlets under every plan: so two cloudlets share a stream of a scope only if they lie in one strongly connected
// component of that scope under *every* plan. This is the coarsest such division. It is the same under all plans; what
// changes with the plan is whom a stream reaches.
//
// A cloudlet that holds the scope under some plans only is a stream of its own. Under the others its records reach nobody
// but itself: who leaves a scope before its last records have left, takes them along (docs/model.md).

import type { CloudletId, ScopeId, StreamId } from "../ids.ts";
import { isIn, makeReachSets, positionIn, REACH_BYTES_MAX, type Reach } from "./reach.ts";
import {
  type Arrow,
  divideScope,
  groupByScope,
  makeSpace,
  type ScopeParts,
  STREAMS_MAX,
  type Streams,
  type TooLarge,
  tooLarge,
} from "./streams.ts";
import type { Stream } from "./topology.ts";

/** One scope of a family: how all who ever hold it are divided into streams. */
interface Division {
  /** Everyone who holds the scope under some plan, ascending. */
  readonly holders: readonly CloudletId[];
  /** By position in `holders`: the number of the stream within this scope, in order of the lowest origin. */
  readonly streamAt: Int32Array;
  readonly count: number;
}

/**
 * Derives the streams of all plans, by scope and then by lowest origin; one answer per plan, over one list of streams.
 *
 * @param outlive by scope: may whoever holds it under some plan write it under all?
 */
export function derivePlanStreams(
  cloudlets: number,
  scopeCount: number,
  arrowsByPlan: readonly (readonly Arrow[])[],
  outlive: readonly boolean[],
): { readonly kind: "plans"; readonly plans: readonly Streams[] } | TooLarge {
  const grouped = arrowsByPlan.map((arrows) => groupByScope(scopeCount, arrows));
  const sets = makeReachSets(cloudlets);
  const space = makeSpace(cloudlets);
  const streams: Stream[] = [];
  const divisions: Division[] = [];
  const firstOf: number[] = [];
  const plans = grouped.map(() => ({
    reach: [] as Reach[],
    circulates: [] as boolean[],
    members: [] as (readonly CloudletId[])[],
  }));

  for (let scope = 0; scope < scopeCount; scope += 1) {
    const byPlan = grouped.map((arrowsOf) => divideScope(cloudlets, arrowsOf[scope]!, space, sets));
    const division = divide(byPlan, cloudlets);
    if (streams.length + division.count > STREAMS_MAX)
      return tooLarge(scope, `there are more than ${STREAMS_MAX} streams`);
    firstOf.push(streams.length);
    divisions.push(division);
    const origins: CloudletId[][] = Array.from({ length: division.count }, () => []);
    for (const [position, holder] of division.holders.entries()) origins[division.streamAt[position]!]!.push(holder);
    for (const list of origins) {
      streams.push({ id: streams.length as StreamId, scope: scope as ScopeId, origins: sets.list(list) });
    }
    for (const [plan, { reach, circulates, members }] of plans.entries()) {
      const parts = byPlan[plan]!;
      members.push(parts.holders);
      for (const list of origins) {
        const position = positionIn(parts.holders, list[0]!);
        const part = position < 0 ? -1 : parts.partOf[position]!;
        reach.push(part < 0 ? sets.union(list, []) : parts.reach[part]!);
        circulates.push(part >= 0 && parts.sizes[part]! > 1);
      }
    }
    if (sets.bytes() > REACH_BYTES_MAX) return tooLarge(scope, "who receives what takes more than 64 MiB");
  }

  return {
    kind: "plans",
    plans: plans.map(({ reach, circulates, members }): Streams => ({
      kind: "streams",
      streams,
      members,
      streamOf(scope, origin) {
        const { holders, streamAt } = divisions[scope]!;
        if (positionIn(outlive[scope] === true ? holders : members[scope]!, origin) < 0) return null;
        return (firstOf[scope]! + streamAt[positionIn(holders, origin)]!) as StreamId;
      },
      reaches: (stream, cloudlet) => isIn(reach[stream]!, cloudlet),
      receivers: (stream) => sets.members(reach[stream]!),
      circulates: (stream) => circulates[stream]!,
    })),
  };
}

// Refines one division plan by plan: two holders stay together while every plan has them in one part.
function divide(byPlan: readonly ScopeParts[], cloudlets: number): Division {
  const isHolder = new Uint8Array(cloudlets);
  for (const { holders } of byPlan) for (const holder of holders) isHolder[holder] = 1;
  const holders: CloudletId[] = [];
  for (let id = 0; id < cloudlets; id += 1) if (isHolder[id] === 1) holders.push(id as CloudletId);
  let streamAt = new Int32Array(holders.length);
  let count = Math.min(1, holders.length);
  for (const parts of byPlan) {
    const refined = new Int32Array(holders.length);
    const numbers = new Map<string, number>();
    for (const [position, holder] of holders.entries()) {
      const at = positionIn(parts.holders, holder);
      // Who does not hold the scope under this plan is alone under it.
      const name = `${streamAt[position]!} ${at < 0 ? `alone ${holder}` : parts.partOf[at]!}`;
      const number = numbers.get(name) ?? numbers.size;
      numbers.set(name, number);
      refined[position] = number;
    }
    streamAt = refined;
    count = numbers.size;
  }
  return { holders, streamAt, count };
}
