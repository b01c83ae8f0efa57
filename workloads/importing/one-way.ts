// Edges that lead one way, as pairs: those of the same two nodes, there and back, are the two directions of one edge.

import type { Fidelity } from "./fidelity.ts";
import type { MapNode, MapWay } from "./map.ts";

/** An edge that leads one way. */
export interface OneWay {
  readonly from: number;
  readonly to: number;
  readonly way: MapWay;
  readonly km: number | null;
}

/** Two of them, or one with its way back taken to be like it. */
export interface BothWays extends OneWay {
  readonly back: MapWay;
}

/** What makes one of several edges the fastest. */
export interface Swiftness {
  /** Microseconds. */
  readonly delay: number;
  /** Bits per second; 0 where the source says none. */
  readonly bandwidth: number;
}

/** Is it faster than the other one? By delay; where that is the same, by bandwidth. */
export function isFaster(one: Swiftness, other: Swiftness): boolean {
  return one.delay === other.delay ? one.bandwidth > other.bandwidth : one.delay < other.delay;
}

function swiftnessOf({ way }: OneWay): Swiftness {
  return { delay: way.delay ?? 0, bandwidth: way.bandwidth ?? 0 };
}

/** Makes pairs. Where one stands there several times the fastest counts. */
export function pairedWays(
  edges: readonly OneWay[],
  nodes: readonly MapNode[],
  fidelity: Fidelity,
): readonly BothWays[] {
  const ways = new Map<number, OneWay>();
  const called = ({ from, to }: OneWay): string =>
    `${nodes[from]?.label ?? nodes[from]?.id ?? ""} to ${nodes[to]?.label ?? nodes[to]?.id ?? ""}`;
  for (const edge of edges) {
    const pair = edge.from * nodes.length + edge.to;
    const other = ways.get(pair);
    if (other !== undefined) {
      fidelity.note("repaired", "a further edge the same way: the fastest counts", called(edge));
      if (!isFaster(swiftnessOf(edge), swiftnessOf(other))) continue;
    }
    ways.set(pair, edge);
  }
  return [...ways.values()].flatMap((edge): readonly BothWays[] => {
    const back = ways.get(edge.to * nodes.length + edge.from);
    if (back === undefined) {
      fidelity.note("repaired", "an edge that leads one way only: its way back is taken to be like it", called(edge));
      return [{ ...edge, back: edge.way }];
    }
    return edge.from < edge.to ? [{ ...edge, back: back.way }] : [];
  });
}
