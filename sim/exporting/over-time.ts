// What each direction of each link has over time as faults leave it, and when processes are away, for formats that have time.
//
// Leaves out faults of disks and clocks, pauses and clogs: no such format has words for them.

import type { LinkDirectionSpec, LinkSpec, TopologySpec } from "../../model/topology/spec.ts";
import { type Duration, micros } from "../../model/units.ts";
import type { Fault } from "../scenario/scenario.ts";
import { isGoing, isOfLinks, type LinkFault, wayUnder, type WayThen } from "./as-it-is-at.ts";

/** What a link has from a time on. */
export interface Moment {
  readonly at: Duration;
  readonly forth: WayThen;
  readonly back: WayThen;
}

/** When a process is away. `until`: never null, since all come back in Causeway. */
export interface Absence {
  readonly from: Duration;
  readonly until: Duration;
}

/** All of it. */
export interface OverTime {
  /** Of each link in the order of the topology; the first moment of each is the beginning. */
  readonly links: readonly (readonly Moment[])[];
  /** Of each cloudlet that is away at a time; none of them overlap or touch. */
  readonly away: ReadonlyMap<string, readonly Absence[]>;
  /** So many faults have no words in such formats. */
  readonly unsaid: number;
}

/** Finds it. */
export function overTime({ links }: TopologySpec, faults: readonly Fault[]): OverTime {
  const ofLinks = faults.filter(isOfLinks);
  const partitions = ofLinks.filter(({ kind }) => kind === "partition");
  const byName = new Map<string, LinkFault[]>();
  for (const fault of ofLinks) {
    if (fault.kind === "partition") continue;
    // A fault of a link stands under one of its ends: each fault is found once for each link.
    const name = fault.kind === "isolate" ? fault.cloudlet : fault.a;
    byName.set(name, [...(byName.get(name) ?? []), fault]);
  }
  const near = (link: LinkSpec): readonly LinkFault[] => {
    const those = [...(byName.get(link.a) ?? []), ...(byName.get(link.b) ?? [])];
    const isOfIt = (fault: LinkFault): boolean =>
      !("a" in fault) || (fault.a === link.a ? fault.b === link.b : fault.a === link.b && fault.b === link.a);
    return [...those.filter(isOfIt), ...partitions];
  };
  const crashes = faults.filter((fault) => fault.kind === "crash");
  const away = new Map<string, Absence[]>();
  for (const { cloudlet, at, after } of crashes.toSorted((one, other) => one.at - other.at)) {
    const list = away.get(cloudlet) ?? [];
    away.set(cloudlet, list);
    const last = list.at(-1);
    const until = micros(at + after);
    if (last === undefined || last.until < at) list.push({ from: micros(at), until });
    else list[list.length - 1] = { from: last.from, until: last.until > until ? last.until : until };
  }
  return {
    links: links.map((link) => momentsOf(link, near(link))),
    away,
    unsaid: faults.length - ofLinks.length - crashes.length,
  };
}

function momentsOf(link: LinkSpec, faults: readonly LinkFault[]): readonly Moment[] {
  const times = new Set([0, ...faults.flatMap(({ from, until }) => [from, ...(until === null ? [] : [until])])]);
  const moments: Moment[] = [];
  for (const time of [...times].sort((one, other) => one - other)) {
    const at = micros(time);
    const going = faults.filter((fault) => isGoing(fault, at));
    const forth = wayUnder(link.forth, going, link.a, link.b);
    const back = wayUnder(link.back ?? link.forth, going, link.b, link.a);
    const last = moments.at(-1);
    const isNew = last === undefined || JSON.stringify([last.forth, last.back]) !== JSON.stringify([forth, back]);
    if (isNew) moments.push({ at, forth, back });
  }
  return moments;
}

/** Are both directions down? */
export function isCut({ forth, back }: Moment): boolean {
  return forth.isDown && back.isDown;
}

/** What formats of links alone leave out of directions, told once for each property. */
export function unsaidOf(
  directions: readonly LinkDirectionSpec[],
  properties: readonly ("jitter" | "loss" | "queue" | "duplication" | "reordering" | "corruption")[],
): readonly string[] {
  return properties.flatMap((property) => {
    const count = directions.filter((way) => (way[property] ?? 0) > 0).length;
    return count === 0 ? [] : [`${property} of ${count} directions of links is left out: the format does not have it`];
  });
}
