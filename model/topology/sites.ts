// Cloudlets and their control: names (T1), uppers that exist (T2), no cycles (T3). Result: the numbered forest.

import type { CloudletSpec } from "./spec.ts";
import { indexNames, type NameIndex, quoted } from "./names.ts";
import { type Forest, numberForest } from "./relations.ts";
import type { Refusals } from "./rules.ts";

/** Cloudlets by name, and the control forest; null when control has a cycle, because then nobody is above anybody. */
export interface Sites {
  readonly specs: readonly CloudletSpec[];
  readonly names: NameIndex;
  readonly forest: Forest | null;
}

/** Checks T1, T2, T3 and the presence of a cloudlet (T13). */
export function checkSites(specs: readonly CloudletSpec[], refusals: Refusals): Sites {
  if (specs.length === 0) refusals.add("T13", ["cloudlets"], "there is no cloudlet; add one");
  const names = indexNames(
    "cloudlet",
    "cloudlets",
    specs.map((spec) => spec.name),
    refusals,
  );
  const uppers = new Int32Array(specs.length).fill(-1);
  for (const [index, spec] of specs.entries()) {
    if (spec.upper === undefined) continue;
    const upper = names.find(spec.upper);
    if (upper !== null) uppers[index] = upper;
    else {
      refusals.add(
        "T2",
        ["cloudlets", index, "upper"],
        `${quoted(spec.name)} has an unknown upper layer: ${names.unknown(spec.upper)}`,
      );
    }
  }
  const cycles = findCycles(uppers);
  for (const cycle of cycles) {
    const text = [...cycle, cycle[0] ?? 0].map((site) => specs[site]?.name ?? "").join(" > ");
    const says = cycle.length === 1 ? "a cloudlet cannot be its own upper layer" : "control runs in a circle";
    refusals.add(
      "T3",
      ["cloudlets", cycle[0] ?? 0, "upper"],
      `${says}: ${shortened(text)}; give one of them an upper that does not stand below it`,
    );
  }
  return { specs, names, forest: cycles.length === 0 ? numberForest(uppers) : null };
}

/** Every cycle of a function graph once, each from its lowest index, downwards (an upper before its lower). */
function findCycles(uppers: Int32Array): number[][] {
  const cycles: number[][] = [];
  // The walk in which a cloudlet was met, counted from 1: meeting it again in the same walk closes a cycle.
  const metIn = new Int32Array(uppers.length);
  for (let start = 0; start < uppers.length; start += 1) {
    let site = start;
    while (site >= 0 && metIn[site] === 0) {
      metIn[site] = start + 1;
      site = uppers[site]!;
    }
    if (site < 0 || metIn[site] !== start + 1) continue;
    const upwards: number[] = [];
    for (let next = site; upwards.length === 0 || next !== site; next = uppers[next]!) upwards.push(next);
    const downwards = upwards.reverse();
    const lowest = downwards.reduce((least, candidate) => Math.min(least, candidate));
    const from = downwards.indexOf(lowest);
    cycles.push([...downwards.slice(from), ...downwards.slice(0, from)]);
  }
  return cycles;
}

function shortened(text: string): string {
  return text.length <= 400 ? text : `${text.slice(0, 300)} ... ${text.slice(-90)}`;
}
