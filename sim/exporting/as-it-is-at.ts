// The links of a topology as faults leave them at one moment, for formats that have no time. Links that are down lose everything.
//
// Leaves out faults of machines, disks and clocks, which say nothing of links, and clogs, which lose nothing.

import type { LinkDirectionSpec, LinkSpec, TopologySpec } from "../../model/topology/spec.ts";
import { type Duration, micros } from "../../model/units.ts";
import type { Fault, LinkHarm } from "../scenario/scenario.ts";

const ALL = 1_000_000;
const said = new Set<Fault["kind"]>(["linkDown", "partition", "isolate", "degrade"]);

/** The topology at that moment, and how many faults it does not show: those of other kinds, and those of other moments. */
export function asItIsAt(
  topology: TopologySpec,
  faults: readonly Fault[],
  at: Duration,
): { readonly topology: TopologySpec; readonly unshown: number } {
  const going = faults.filter(
    (fault) =>
      said.has(fault.kind) && "from" in fault && fault.from <= at && (fault.until === null || at < fault.until),
  );
  const links = topology.links.map((link): LinkSpec => {
    const forth = harmed(link.forth, going, link.a, link.b);
    const back = harmed(link.back ?? link.forth, going, link.b, link.a);
    return { ...link, forth, back };
  });
  return { topology: { ...topology, links }, unshown: faults.length - going.length };
}

function harmed(way: LinkDirectionSpec, faults: readonly Fault[], from: string, to: string): LinkDirectionSpec {
  return faults.reduce((now, fault) => {
    if (fault.kind === "degrade") return goes(fault, from, to) ? degraded(now, fault.harm) : now;
    return cuts(fault, from, to) ? { ...now, loss: ALL } : now;
  }, way);
}

function cuts(fault: Fault, from: string, to: string): boolean {
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
  const { loss = 0, bandwidth } = way;
  const least = Math.min(bandwidth ?? Infinity, harm.bandwidth ?? Infinity);
  return {
    ...way,
    delay: micros(way.delay + harm.delay),
    // Whichever of the two loses it.
    loss: loss + Math.round(((ALL - loss) * harm.loss) / ALL),
    ...(least < Infinity && { bandwidth: least }),
  };
}
