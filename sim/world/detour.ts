// Another path when the usual one is cut (`reroute: true`, N11): the quickest one over links that are up now and join
// ancestor and descendant; links between horizontal sites are never used (D8).
//
// Dijkstra with a linear search for the nearest site: it runs once per link failure and rerouting flow, in topologies
// where flows may reroute. Of equal paths the one found first by ascending channel is taken, so the choice is stable.

import type { CloudletId } from "../../model/ids.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { Hop } from "../network/route.ts";

/** Channels of the quickest open path, in order; null when there is none. */
export function openPath(
  topology: Topology,
  hops: readonly Hop[],
  from: CloudletId,
  to: CloudletId,
): readonly number[] | null {
  const size = topology.cloudlets.length;
  const delay = new Float64Array(size).fill(Infinity);
  const cameBy = new Int32Array(size).fill(-1);
  const isDone = new Uint8Array(size);
  const channelsFrom = openChannelsBySite(topology, hops);
  delay[from] = 0;
  for (;;) {
    let nearest = -1;
    for (let site = 0; site < size; site += 1) {
      const isNearer = nearest === -1 || (delay[site] as number) < (delay[nearest] as number);
      if (isDone[site] === 0 && delay[site] !== Infinity && isNearer) nearest = site;
    }
    if (nearest === -1) return null;
    if (nearest === to) break;
    isDone[nearest] = 1;
    for (const channel of channelsFrom[nearest] as readonly number[]) {
      const far = farEnd(topology, channel);
      const arrival = (delay[nearest] as number) + delayOf(topology, channel);
      if (arrival < (delay[far] as number)) {
        delay[far] = arrival;
        cameBy[far] = channel;
      }
    }
  }
  const path: number[] = [];
  for (let site: number = to; site !== from;) {
    const channel = cameBy[site] as number;
    path.push(channel);
    site = nearEnd(topology, channel);
  }
  return path.reverse();
}

function openChannelsBySite(topology: Topology, hops: readonly Hop[]): readonly (readonly number[])[] {
  const channels: number[][] = topology.cloudlets.map(() => []);
  for (const { index, channel } of hops) {
    if (!channel.up) continue;
    const near = nearEnd(topology, index);
    if (topology.relation(near, farEnd(topology, index)) === "horizontal") continue;
    (channels[near] as number[]).push(index);
  }
  return channels;
}

function nearEnd(topology: Topology, channel: number): CloudletId {
  const link = topology.links[channel >> 1]!;
  return channel % 2 === 0 ? link.a : link.b;
}

function farEnd(topology: Topology, channel: number): CloudletId {
  return nearEnd(topology, channel ^ 1);
}

function delayOf(topology: Topology, channel: number): number {
  const link = topology.links[channel >> 1]!;
  return (channel % 2 === 0 ? link.forth : link.back).delay;
}
