// How the end of a put becomes a record: the delete that a cloudlet writes by itself when the time of one of its puts is over.
// Which puts these are, and when, limits.ts says.

import { bytes } from "../units.ts";
import type { Holdings } from "./holdings.ts";
import type { LocalTime, ReplicaEvent } from "./io.ts";
import { reachClasses } from "./reach.ts";
import type { CausalRecord, Dot } from "./record.ts";
import type { Sessions } from "./sessions.ts";
import { justAbove, StampCeiling } from "./stamp.ts";
import type { Standing } from "./standing.ts";
import { recordSize } from "./wire.ts";

/** What it takes to write the end of a put. */
export interface EndParts {
  readonly standing: Standing;
  readonly holdings: Holdings;
  readonly sessions: Sessions;
}

/**
 * The ends of the puts whose time is over, to be stored. An end depends on what its put depended on elsewhere: on dots of
 * streams that reach somebody whom the put does not reach. For everybody else the put stands for its past (docs/model.md).
 */
export function dueEnds(
  { origin, incarnation }: Pick<Dot, "origin" | "incarnation">,
  { standing, holdings, sessions }: EndParts,
  now: LocalTime,
  events: ReplicaEvent[],
): readonly CausalRecord[] {
  const { limits } = holdings.retention;
  const classes = reachClasses(standing.topology);
  return (limits?.takeDue(now) ?? []).map(({ put, ended }) => {
    const { stream } = put.dot;
    const own = classes.classOf(stream);
    const ceiling = new StampCeiling();
    for (const { stamp } of ended) ceiling.raise(stamp);
    const ofNow = holdings.clock.clone();
    ofNow.raise(ceiling);
    const record: { -readonly [Name in keyof CausalRecord]: CausalRecord[Name] } = {
      kind: "delete",
      dot: { origin, incarnation, stream, sequence: sessions.nextSequence(stream) },
      key: put.key,
      value: "",
      prev: ended.map(({ dot }) => dot),
      deps: [...put.prev, ...put.deps].filter((dot) => !classes.covers(own, classes.classOf(dot.stream))),
      stamp: standing.rules.endStamp(justAbove(ceiling), () => ofNow.above(now)),
      size: bytes(0),
    };
    if (ended.length === 1) record.ends = true;
    if (standing.wire.writes !== 1) record.version = standing.wire.writes;
    record.size = recordSize(record);
    holdings.learn(record, events);
    holdings.follow(record.stamp, now);
    return record;
  });
}
