// The links of a topology as faults leave them at one moment, for formats that have no time. Links that are down lose everything.
//
// Leaves out faults of machines, disks and clocks, which say nothing of links, and clogs, which lose nothing.

import type { LinkDirectionSpec, LinkSpec, TopologySpec } from "../../model/topology/spec.ts";
import { type Duration, micros } from "../../model/units.ts";
import type { Fault, LinkHarm } from "../scenario/scenario.ts";

const ALL = 1_000_000;
const said = new Set<Fault["kind"]>(["linkDown", "partition", "isolate", "degrade"]);

/** A fault of links, which lasts for a time. */
export type LinkFault = Extract<Fault, { readonly kind: "linkDown" | "partition" | "isolate" | "degrade" }>;

/** Does a fault say something of links that formats have words for? */
export function isOfLinks(fault: Fault): fault is LinkFault {
  return said.has(fault.kind);
}

/** The topology at that moment, and how many faults it does not show: those of other kinds, and those of other moments. */
export function asItIsAt(
  topology: TopologySpec,
  faults: readonly Fault[],
  at: Duration,
): { readonly topology: TopologySpec; readonly unshown: number } {
  const going = faults.filter(isOfLinks).filter((fault) => isGoing(fault, at));
  const links = topology.links.map((link): LinkSpec => {
    const forth = wayUnder(link.forth, going, link.a, link.b);
    const back = wayUnder(link.back ?? link.forth, going, link.b, link.a);
    return { ...link, forth: lost(forth), back: lost(back) };
  });
  return { topology: { ...topology, links }, unshown: faults.length - going.length };
}

/** What one direction of a link has, and whether it is down. */
export interface WayThen {
  readonly way: LinkDirectionSpec;
  readonly isDown: boolean;
}

/** Does it last at that moment? */
export function isGoing({ from, until }: LinkFault, at: Duration): boolean {
  return from <= at && (until === null || at < until);
}

/** What faults that last make of the direction between two cloudlets. */
export function wayUnder(way: LinkDirectionSpec, faults: readonly LinkFault[], from: string, to: string): WayThen {
  return faults.reduce(
    (now: WayThen, fault): WayThen => {
      if (fault.kind === "degrade") return goes(fault, from, to) ? { ...now, way: degraded(now.way, fault.harm) } : now;
      return cuts(fault, from, to) ? { ...now, isDown: true } : now;
    },
    { way, isDown: false },
  );
}

function lost({ way, isDown }: WayThen): LinkDirectionSpec {
  return isDown ? { ...way, loss: ALL } : way;
}

function cuts(fault: LinkFault, from: string, to: string): boolean {
  if (fault.kind === "linkDown") return goes(fault, from, to);
  if (fault.kind === "isolate") return fault.cloudlet === from || fault.cloudlet === to;
  if (fault.kind !== "partition") return false;
  const groupOf = (name: string): number => fault.groups.findIndex((group) => group.includes(name));
  return groupOf(from) !== groupOf(to);
}

function goes(
  { a, b, direction }: { readonly a: string; readonly b: string; readonly direction: "both" | "forth" | "back" },
  from: string,
  to: string,
): boolean {
  return (a === from && b === to && direction !== "back") || (a === to && b === from && direction !== "forth");
}

function degraded(way: LinkDirectionSpec, harm: LinkHarm): LinkDirectionSpec {
  const { loss = 0, bandwidth, jitter = 0 } = way;
  const least = Math.min(bandwidth ?? Infinity, harm.bandwidth ?? Infinity);
  return {
    ...way,
    delay: micros(way.delay + harm.delay),
    ...(harm.jitter > 0 && { jitter: micros(jitter + harm.jitter) }),
    // Whichever of the two loses it.
    loss: loss + Math.round(((ALL - loss) * harm.loss) / ALL),
    ...(least < Infinity && { bandwidth: least }),
  };
}
