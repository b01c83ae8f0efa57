// How what a replica writes by itself becomes a record, and when: notices, of which collector.ts decides what they say, and the
// ends of puts that were not to last (limits.ts).

import type { CloudletId, Incarnation, ScopeId, StreamId } from "../ids.ts";
import type { Duration } from "../units.ts";
import type { Collector } from "./collector.ts";
import type { Holdings } from "./holdings.ts";
import type { Effect, LocalTime, ReplicaEvent, TimerId } from "./io.ts";
import { limitTimer } from "./limits.ts";
import type { CausalRecord, Dot } from "./record.ts";
import { recordSize } from "./wire.ts";
import { dueEnds, type EndParts } from "./write-end.ts";

/** Who writes a notice, and as its which record of the stream. */
interface NoticeName {
  readonly origin: CloudletId;
  readonly incarnation: Incarnation;
  readonly stream: StreamId;
  readonly sequence: number;
}

/** Timers below this belong to neighbours; this one and those above to the collection of deletes, by stream. */
export const collectTimers = 0x100_0000;

type Writer = Pick<NoticeName, "origin" | "incarnation">;

const nothing: readonly Effect[] = [];

/** Timers to arm after a step, so that deletes are reported on in time. */
export function armings(collector: Collector): readonly Effect[] {
  const due = collector.toArm();
  return due.length === 0
    ? nothing
    : due.map(([stream, every]) => ({
        kind: "arm",
        timer: collectTimers + stream,
        after: [every, (every + Math.floor(every / 4)) as Duration],
      }));
}

/** What a replica writes by itself, to be stored, when one of its timers has run out. */
export function dueRecords(
  timer: TimerId,
  writer: Writer,
  parts: EndParts,
  now: LocalTime,
  events: ReplicaEvent[],
): readonly CausalRecord[] {
  if (timer === limitTimer) return dueEnds(writer, parts, now, events);
  const notice = dueNotice(timer, writer, parts, now, events);
  return notice === null ? [] : [notice];
}

// The notice when a timer of the collection has run out; null when there is nothing new to say.
function dueNotice(
  timer: TimerId,
  writer: Writer,
  { holdings, sessions }: EndParts,
  now: LocalTime,
  events: ReplicaEvent[],
): CausalRecord | null {
  const stream = (timer - collectTimers) as StreamId;
  const { collector } = holdings.retention;
  const ready = collector?.report(stream) ?? null;
  if (collector === null || ready === null) return null;
  const dot = { ...writer, stream, sequence: sessions.nextSequence(stream) };
  const record = noticeRecord(dot, collector.scopeOf(stream), ready, holdings, now);
  holdings.learn(record, events);
  holdings.follow(record.stamp, now);
  return record;
}

/**
 * A record with a notice. It covers all that is applied here of the stream, and all that this life wrote into it before, also
 * what is on its way to the disk: the notice is stored after that, and sent only once stored.
 */
function noticeRecord(
  dot: NoticeName,
  scope: ScopeId,
  ready: readonly Dot[],
  holdings: Holdings,
  now: LocalTime,
): CausalRecord {
  const { origin, incarnation, stream, sequence } = dot;
  const covers = holdings
    .appliedOf(new Set([scope]))
    .filter((known) => known.stream === stream && (known.origin !== origin || known.incarnation !== incarnation))
    .sort((a, b) => a.origin - b.origin || a.incarnation - b.incarnation);
  if (sequence > 1) covers.push({ stream, origin, incarnation, ranges: [{ first: 1, last: sequence - 1 }] });
  const content = {
    kind: "notice",
    dot,
    key: "",
    value: "",
    prev: [],
    deps: [],
    stamp: holdings.clock.above(now),
    notice: { kind: "summary", covers, ready },
  } as const;
  return { ...content, size: recordSize(content) };
}
