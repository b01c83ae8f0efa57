// Streams: what each scope's flows make of it. Draw an arrow from sender to receiver for each direction of each flow of a
// scope; cloudlets that reach each other along arrows are one stream. So a two-way scope is one stream, in a one-way scope
// each origin is a stream of its own, and mixtures fall out of the same rule. All origins of a stream reach the same
// cloudlets, which the proof of the delivery rule needs (docs/model.md).

import type { CloudletId, ScopeId, StreamId } from "../ids.ts";
import { Components, type Graph, graphOf } from "./components.ts";
import { isIn, makeReachSets, positionIn, REACH_BYTES_MAX, type Reach, type ReachSets } from "./reach.ts";
import type { FlowDirection } from "./spec.ts";
import type { Stream } from "./topology.ts";

/** Streams beyond which a topology is refused (T13). */
export const STREAMS_MAX = 4_000_000;

const tooMany = `there are more than ${STREAMS_MAX} streams`;

/** The part of a flow that matters here. */
export interface Arrow {
  readonly scope: number;
  readonly upper: number;
  readonly lower: number;
  readonly direction: FlowDirection;
}

/** Streams, and the questions about them that a topology answers. */
export interface Streams {
  readonly kind: "streams";
  readonly streams: readonly Stream[];
  /** Cloudlets that hold each scope, ascending. */
  readonly members: readonly (readonly CloudletId[])[];
  streamOf(scope: ScopeId, origin: CloudletId): StreamId | null;
  reaches(stream: StreamId, cloudlet: CloudletId): boolean;
  receivers(stream: StreamId): readonly CloudletId[];
  circulates(stream: StreamId): boolean;
}

/** The streams do not fit into memory; `scope` is the one at which that showed. */
export interface TooLarge {
  readonly kind: "tooLarge";
  readonly scope: number;
  readonly why: string;
}

/** Derives all streams, by scope and then by lowest origin. */
export function deriveStreams(cloudlets: number, scopeCount: number, arrows: readonly Arrow[]): Streams | TooLarge {
  const arrowsOf = groupByScope(scopeCount, arrows);
  // Everyone holds a scope without flows, and is alone with it.
  let atLeast = 0;
  for (let scope = 0; scope < scopeCount; scope += 1) {
    atLeast += arrowsOf[scope]!.length === 0 ? cloudlets : 1;
    if (atLeast > STREAMS_MAX) return tooLarge(scope, tooMany);
  }
  const sets = makeReachSets(cloudlets);
  const everyone = Array.from({ length: cloudlets }, (_, id) => id as CloudletId);
  const alone = everyone.map((id) => sets.list([id]));
  const streams: Stream[] = [];
  const reachOf: Reach[] = [];
  const members: (readonly CloudletId[])[] = [];
  // The stream of each member by position, or null where all members have the one stream `firstOf`.
  const streamAt: (Int32Array | null)[] = [];
  const firstOf = new Int32Array(scopeCount);
  const space = makeSpace(cloudlets);

  for (let scope = 0; scope < scopeCount; scope += 1) {
    const inScope = arrowsOf[scope]!;
    const holders = inScope.length === 0 ? everyone : endsOf(inScope, space);
    const parts = partition(holders, inScope, space);
    firstOf[scope] = streams.length;
    members.push(sets.list(holders));
    if (streams.length + parts.count > STREAMS_MAX) return tooLarge(scope, tooMany);
    const origins = originsOf(holders, parts, alone, sets);
    streamAt.push(parts.count === 1 ? null : raised(parts.partOf, streams.length));
    for (const list of origins)
      streams.push({ id: streams.length as StreamId, scope: scope as ScopeId, origins: list });
    for (const reach of reachOfParts(parts, origins, sets)) reachOf.push(reach);
    if (sets.bytes() > REACH_BYTES_MAX) return tooLarge(scope, "who receives what takes more than 64 MiB");
  }

  return {
    kind: "streams",
    streams,
    members,
    streamOf(scope, origin) {
      const first = firstOf[scope]! as StreamId;
      const parts = streamAt[scope] ?? null;
      if (parts === null) return isIn(reachOf[first]!, origin) ? first : null;
      const position = parts.length === cloudlets ? origin : positionIn(members[scope]!, origin);
      return position < 0 ? null : (parts[position]! as StreamId);
    },
    reaches: (stream, cloudlet) => isIn(reachOf[stream]!, cloudlet),
    receivers: (stream) => sets.members(reachOf[stream]!),
    circulates: (stream) => streams[stream]!.origins.length > 1,
  };
}

/** Which part each holder belongs to, by position, and which parts each part sends to directly. */
interface Parts {
  readonly count: number;
  readonly partOf: Int32Array;
  /** Parts in an order in which every part follows all that it sends to; as many as there are, and until the next scope is divided. */
  readonly receiversFirst: Int32Array;
  readonly sendsTo: Graph;
}

/** Who holds one scope, and what its arrows make of them. */
export interface ScopeParts {
  /** Ascending. */
  readonly holders: readonly CloudletId[];
  /** The strongly connected part of each holder, by position. */
  readonly partOf: Int32Array;
  /** Holders in each part, and whom each part reaches. */
  readonly sizes: Int32Array;
  readonly reach: readonly Reach[];
}

/** Where the work on one scope is done, and then that on the next; treat it as opaque. */
export interface Space {
  /** By cloudlet: its position among the holders. */
  readonly local: Int32Array;
  /** By cloudlet: 1 while it is known to be a holder. */
  readonly seen: Uint8Array;
  readonly components: Components;
  readonly partOfComponent: Int32Array;
}

/** Space with a place for every cloudlet. */
export function makeSpace(cloudlets: number): Space {
  return {
    local: new Int32Array(cloudlets),
    seen: new Uint8Array(cloudlets),
    components: new Components(cloudlets),
    partOfComponent: new Int32Array(cloudlets),
  };
}

/** Divides one scope. */
export function divideScope(cloudlets: number, arrows: readonly Arrow[], space: Space, sets: ReachSets): ScopeParts {
  const everyone = (): CloudletId[] => Array.from({ length: cloudlets }, (_, id) => id as CloudletId);
  const holders = arrows.length === 0 ? everyone() : endsOf(arrows, space);
  const parts = partition(holders, arrows, space);
  const origins: CloudletId[][] = Array.from({ length: parts.count }, () => []);
  for (const [position, holder] of holders.entries()) origins[parts.partOf[position]!]!.push(holder);
  const reach = reachOfParts(parts, origins, sets);
  return {
    holders: sets.list(holders),
    partOf: parts.partOf,
    sizes: Int32Array.from(origins, (list) => list.length),
    reach,
  };
}

/** Arrows by scope. */
export function groupByScope(scopeCount: number, arrows: readonly Arrow[]): Arrow[][] {
  const groups: Arrow[][] = Array.from({ length: scopeCount }, () => []);
  for (const arrow of arrows) groups[arrow.scope]!.push(arrow);
  return groups;
}

function endsOf(arrows: readonly Arrow[], { seen }: Space): CloudletId[] {
  const ends: number[] = [];
  for (const { upper, lower } of arrows) {
    if (seen[upper] === 0) ends.push(upper);
    seen[upper] = 1;
    if (seen[lower] === 0) ends.push(lower);
    seen[lower] = 1;
  }
  for (const end of ends) seen[end] = 0;
  return ends.sort(ascending) as CloudletId[];
}

/** Each a number higher, in place. */
function raised(numbers: Int32Array, by: number): Int32Array {
  for (let at = 0; at < numbers.length; at += 1) numbers[at]! += by;
  return numbers;
}

function ascending(one: number, other: number): number {
  return one - other;
}

/** Splits holders into parts that reach each other; parts are numbered by their lowest holder. */
function partition(holders: readonly CloudletId[], arrows: readonly Arrow[], space: Space): Parts {
  const { local, components, partOfComponent } = space;
  for (let position = 0; position < holders.length; position += 1) local[holders[position]!] = position;
  const tails: number[] = [];
  const heads: number[] = [];
  for (const { upper, lower, direction } of arrows) {
    if (direction !== "up") {
      tails.push(local[upper]!);
      heads.push(local[lower]!);
    }
    if (direction !== "down") {
      tails.push(local[lower]!);
      heads.push(local[upper]!);
    }
  }
  const graph = graphOf(holders.length, tails, heads);
  const count = components.find(graph);
  const { componentOf } = components;
  // Tarjan's numbers have receivers before senders; the topology's have the lowest holder first.
  partOfComponent.fill(-1, 0, count);
  const partOf = new Int32Array(holders.length);
  let parts = 0;
  for (let position = 0; position < holders.length; position += 1) {
    const component = componentOf[position]!;
    if (partOfComponent[component] === -1) {
      partOfComponent[component] = parts;
      parts += 1;
    }
    partOf[position] = partOfComponent[component]!;
  }
  // Where each holder is a part of its own, they are numbered alike.
  const sendsTo = count === holders.length ? graph : betweenParts(count, partOf, tails, heads);
  return { count, partOf, receiversFirst: partOfComponent, sendsTo };
}

function betweenParts(count: number, partOf: Int32Array, tails: readonly number[], heads: readonly number[]): Graph {
  const partTails: number[] = [];
  const partHeads: number[] = [];
  for (let edge = 0; edge < tails.length; edge += 1) {
    const tail = partOf[tails[edge]!]!;
    const head = partOf[heads[edge]!]!;
    if (tail === head) continue;
    partTails.push(tail);
    partHeads.push(head);
  }
  return graphOf(count, partTails, partHeads);
}

function originsOf(
  holders: readonly CloudletId[],
  parts: Parts,
  alone: readonly (readonly CloudletId[])[],
  sets: ReachSets,
): readonly (readonly CloudletId[])[] {
  if (parts.count === 1) return [sets.list(holders)];
  if (parts.count === holders.length) return holders.map((holder) => alone[holder]!);
  const origins: CloudletId[][] = Array.from({ length: parts.count }, () => []);
  for (let position = 0; position < holders.length; position += 1) {
    origins[parts.partOf[position]!]!.push(holders[position]!);
  }
  return origins.map((list) => (list.length === 1 ? alone[list[0]!]! : sets.list(list)));
}

function reachOfParts(parts: Parts, origins: readonly (readonly CloudletId[])[], sets: ReachSets): readonly Reach[] {
  const reach: Reach[] = origins.map(() => nothing);
  const { from, heads } = parts.sendsTo;
  for (let turn = 0; turn < parts.count; turn += 1) {
    const part = parts.receiversFirst[turn]!;
    const others: Reach[] = [];
    for (let edge = from[part]!; edge < from[part + 1]!; edge += 1) others.push(reach[heads[edge]!]!);
    reach[part] = sets.union(origins[part]!, others);
    if (sets.bytes() > REACH_BYTES_MAX) break;
  }
  return reach;
}

const nothing: Reach = { size: 0, bits: null, list: [] };

/** A refusal: at this scope it showed. */
export function tooLarge(scope: number, why: string): TooLarge {
  return { kind: "tooLarge", scope, why };
}
