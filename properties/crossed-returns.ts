// Members that wait for each other at the end of a small world, as is declared (docs/model.md, "Members that are detached"): what is held
// back at one cloudlet waits for a return, and that return, in the end, for what waits at another cloudlet for what is held back. A world
// in which that is not so, and something has not come all the same, is wrong.

import type { PendingRecord } from "../model/replication/io.ts";
import { isCovered } from "../model/replication/notice.ts";
import { type CausalRecord, type Dot, sameDot } from "../model/replication/record.ts";

/** What waits at each cloudlet. */
type Waiting = readonly (readonly PendingRecord[])[];

/** One record that waits at one cloudlet. */
interface Place {
  readonly cloudlet: number;
  readonly one: PendingRecord;
}

/** Is this applied there? */
type HasApplied = (cloudlet: number, dot: Dot) => boolean;

/** Is there a circle of waiting that leads over something held back, and over more than one cloudlet? */
export function areCrossed(waiting: Waiting, hasApplied: HasApplied): boolean {
  const places = waiting.flatMap((here, cloudlet) => here.map((one): Place => ({ cloudlet, one })));
  return places.some((held) => {
    if (held.one.awaits === undefined) return false;
    const isElsewhere = (place: Place): boolean => place.cloudlet !== held.cloudlet;
    const ahead = behind(held, places, hasApplied);
    return [...ahead].some((place) => isElsewhere(place) && behind(place, places, hasApplied).has(held));
  });
}

/** What a record waits for, and what that waits for, and so on. */
function behind(first: Place, places: readonly Place[], hasApplied: HasApplied): ReadonlySet<Place> {
  const found = new Set<Place>();
  const open = [first];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    for (const next of aheadOf(place, places, hasApplied)) {
      if (found.has(next)) continue;
      found.add(next);
      open.push(next);
    }
  }
  return found;
}

// 1. What is held back waits for its writer's return in that stream. 2. Anything else waits for what it misses; of what a summary or a
// return covers `missing` names but one, though it waits for all. 3. What waits here as well waits here; what has not come at all waits
// elsewhere, and is not sent on from there before it is applied.
function aheadOf({ cloudlet, one }: Place, places: readonly Place[], hasApplied: HasApplied): readonly Place[] {
  const nearest = (isIt: (other: PendingRecord) => boolean): readonly Place[] => {
    const all = places.filter((place) => isIt(place.one));
    const here = all.filter((place) => place.cloudlet === cloudlet);
    return here.length > 0 ? here : all;
  };
  const { awaits, record, missing } = one;
  const needed = missing.flatMap((dot) => nearest((other) => sameDot(other.record.dot, dot)));
  if (awaits === undefined) {
    const ahead = coveredOf(record, places).filter((dot) => !hasApplied(cloudlet, dot));
    return [...needed, ...ahead.flatMap((dot) => nearest((other) => sameDot(other.record.dot, dot)))];
  }
  const { stream } = record.dot;
  const returns = nearest(({ record: { dot, notice } }) => {
    return notice?.kind === "return" && dot.origin === awaits && dot.stream === stream;
  });
  return [...needed, ...returns];
}

// What waits somewhere and is covered by this: it has to be applied before.
function coveredOf({ notice }: CausalRecord, places: readonly Place[]): readonly Dot[] {
  if (notice?.kind !== "summary" && notice?.kind !== "return") return [];
  const { covers } = notice;
  return places.map(({ one }) => one.record.dot).filter((dot) => isCovered(covers, dot));
}
