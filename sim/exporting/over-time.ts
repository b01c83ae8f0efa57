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
  /** Does one last until all is healed at the end of the load? */
  readonly isEndless: boolean;
}

/** Finds it. */
export function overTime({ links }: TopologySpec, faults: readonly Fault[]): OverTime {
  const ofLinks = faults.filter(isOfLinks);
  const partitions = ofLinks.filter(({ kind }) => kind === "partition");
  // Under the cloudlet that is isolated, or the two ends of a link: there may be many, as where links are up at times alone.
  const near = new Map<string, LinkFault[]>();
  for (const fault of ofLinks) {
    if (fault.kind === "partition") continue;
    const key = fault.kind === "isolate" ? fault.cloudlet : pairKey(fault.a, fault.b);
    const list = near.get(key);
    if (list === undefined) near.set(key, [fault]);
    else list.push(fault);
  }
  const befalling = ({ a, b }: LinkSpec): readonly LinkFault[] => [
    ...[pairKey(a, b), a, b].flatMap((key) => near.get(key) ?? []),
    ...partitions,
  ];
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
    links: links.map((link) => momentsOf(link, befalling(link))),
    away,
    unsaid: faults.length - ofLinks.length - crashes.length,
    isEndless: ofLinks.some(({ until }) => until === null),
  };
}

function momentsOf(link: LinkSpec, faults: readonly LinkFault[]): readonly Moment[] {
  const times = new Set<number>([0]);
  for (const { from, until } of faults) {
    times.add(from);
    if (until !== null) times.add(until);
  }
  const starting = faults.toSorted((one, other) => one.from - other.from);
  const moments: Moment[] = [];
  let going: readonly LinkFault[] = [];
  let next = 0;
  for (const time of [...times].sort((one, other) => one - other)) {
    const at = micros(time);
    const started = next;
    while ((starting[next]?.from ?? Infinity) <= at) next += 1;
    going = [...going, ...starting.slice(started, next)].filter((fault) => isGoing(fault, at));
    const forth = wayUnder(link.forth, going, link.a, link.b);
    const back = wayUnder(link.back ?? link.forth, going, link.b, link.a);
    const last = moments.at(-1);
    const isNew = last === undefined || JSON.stringify([last.forth, last.back]) !== JSON.stringify([forth, back]);
    if (isNew) moments.push({ at, forth, back });
  }
  return moments;
}

// No name has a blank.
function pairKey(a: string, b: string): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

/** What is told of faults that last until the end of the load. */
export const endlessNote = "faults without an end last on there: nothing is healed when the load ends";

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
