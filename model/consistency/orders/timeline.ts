/**
 * Real time as an order: one operation comes before another where it had ended when the other began.
 *
 * All pairs would be quadratic. What is kept are two sorted lists per group of operations, and per operation the number of ends
 * that lie before its beginning. A group is everything (RTC) or the writes of one key (RTC-arb).
 *
 * An operation whose beginning is unknown comes after nothing, one that may still run comes before nothing. Leaves out session
 * order: a session whose operations overlap has none in real time.
 */
import { ABSENT } from "../history.ts";

/** Groups of operations in real time; made by `timelineOf`. */
export interface Timeline {
  /** By operation: its group, or ABSENT where real time says nothing of it. */
  readonly group: Int32Array;
  /** By group, and one more: where its operations begin in `byEnd` and `byStart`. */
  readonly groupStart: Uint32Array;
  /** Operations of each group by their end; those that have none last. */
  readonly byEnd: Uint32Array;
  /** Operations of each group by their beginning; those that have none first. */
  readonly byStart: Uint32Array;
  /** By operation: how many of its group had ended before it began. */
  readonly endedBefore: Uint32Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
}

/** Sorts; O(n log n). Groups are numbered below `groupCount`. */
export function timelineOf(start: Float64Array, end: Float64Array, group: Int32Array, groupCount: number): Timeline {
  const groupStart = new Uint32Array(groupCount + 1);
  for (const of of group) if (of !== ABSENT) groupStart[of + 1]! += 1;
  for (let of = 0; of < groupCount; of += 1) groupStart[of + 1]! += groupStart[of]!;
  const members = groupStart[groupCount]!;
  const byEnd = new Uint32Array(members);
  const next = groupStart.slice();
  for (let operation = 0; operation < group.length; operation += 1) {
    const of = group[operation]!;
    if (of !== ABSENT) byEnd[next[of]!++] = operation;
  }
  const byStart = byEnd.slice();
  const endedBefore = new Uint32Array(group.length);
  const begin = (operation: number): number =>
    Number.isNaN(start[operation]!) ? Number.NEGATIVE_INFINITY : start[operation]!;
  const finish = (operation: number): number =>
    Number.isNaN(end[operation]!) ? Number.POSITIVE_INFINITY : end[operation]!;
  for (let of = 0; of < groupCount; of += 1) {
    const [first, last] = [groupStart[of]!, groupStart[of + 1]!];
    byEnd.subarray(first, last).sort((a, b) => (finish(a) < finish(b) ? -1 : finish(a) > finish(b) ? 1 : a - b));
    byStart.subarray(first, last).sort((a, b) => (begin(a) < begin(b) ? -1 : begin(a) > begin(b) ? 1 : a - b));
    let ended = 0;
    for (let at = first; at < last; at += 1) {
      const operation = byStart[at]!;
      while (first + ended < last && finish(byEnd[first + ended]!) < begin(operation)) ended += 1;
      endedBefore[operation] = ended;
    }
  }
  return { group, groupStart, byEnd, byStart, endedBefore, start, end };
}
