// What a run reports of its machines and its physical network: how busy processors were, traffic per link and direction, and
// its sums. Visibility and metadata are
// measured by observers (oracles/metrics.ts).

import type { World } from "../world.ts";
import { Histogram } from "../kernel/histogram.ts";
import type { Redundancy } from "./redundancy.ts";
import type { CpuFigures, LinkFigures } from "./report.ts";

/** Traffic of every direction of every link, in the order of the links, forth before back. */
export function linkFigures(world: World, redundancy: Redundancy): readonly LinkFigures[] {
  const { cloudlets, links } = world.topology;
  const name = (cloudlet: number): string => cloudlets[cloudlet]!.name;
  return world.ways.hops.map(({ index, channel }) => {
    const { a, b } = links[index >> 1]!;
    const isForth = index % 2 === 0;
    const { messages, bytes, droppedLost, droppedQueueFull, droppedLinkDown } = channel;
    return {
      from: name(isForth ? a : b),
      to: name(isForth ? b : a),
      messages,
      bytes,
      redundant: redundancy.of(index),
      dropped: droppedLost + droppedQueueFull + droppedLinkDown,
    };
  });
}

/** How busy each processor was, in the order of the cloudlets; empty when inputs take no time anywhere. */
export function cpuFigures(world: World): readonly CpuFigures[] {
  return world.cpuUse().flatMap((use, cloudlet) => {
    if (use === null) return [];
    const { served, utilisation, waits, queueMax } = use;
    return {
      cloudlet: world.topology.cloudlets[cloudlet]!.name,
      utilisation,
      served,
      waitP50: waits.percentile(50) ?? 0,
      waitP99: waits.percentile(99) ?? 0,
      waitMax: waits.max ?? 0,
      queueMax,
    };
  });
}

/** The busiest processor, and waits over all of them; nothing when there are none. */
export function cpuMetrics(world: World): readonly (readonly [string, number])[] {
  const uses = world.cpuUse().filter((use) => use !== null);
  if (uses.length === 0) return [];
  const waits = new Histogram();
  for (const use of uses) waits.merge(use.waits);
  return [
    ["cpu.utilisation.max", Math.max(...uses.map(({ utilisation }) => utilisation))],
    ["cpu.wait.p50", waits.percentile(50) ?? 0],
    ["cpu.wait.p99", waits.percentile(99) ?? 0],
    ["cpu.wait.max", waits.max ?? 0],
    ["cpu.queue.max", Math.max(...uses.map(({ queueMax }) => queueMax))],
  ];
}

/** Sums over all links. A message that crosses two links counts twice. */
export function networkMetrics(world: World, redundancy: Redundancy): readonly (readonly [string, number])[] {
  const sums = { messages: 0, bytes: 0, copies: 0, lost: 0, queueFull: 0, linkDown: 0 };
  for (const { channel } of world.ways.hops) {
    sums.messages += channel.messages;
    sums.bytes += channel.bytes;
    sums.copies += channel.copies;
    sums.lost += channel.droppedLost;
    sums.queueFull += channel.droppedQueueFull;
    sums.linkDown += channel.droppedLinkDown;
  }
  return [
    ["links.messages", sums.messages],
    ["links.bytes", sums.bytes],
    ["links.redundant", redundancy.total],
    ["links.duplicated", sums.copies],
    ["links.dropped.lost", sums.lost],
    ["links.dropped.queueFull", sums.queueFull],
    ["links.dropped.linkDown", sums.linkDown],
  ];
}
