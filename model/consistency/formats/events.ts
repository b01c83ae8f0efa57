/**
 * The events of a history in the order of time: operations begin, operations end.
 *
 * Events of one session keep their order whatever the times say. At one moment operations of others begin before any ends, so that
 * the order of events does not claim more than the times do. Leaves out how events are written.
 */
import type { History } from "../history.ts";

/** Operations by the order of their events: `2 * operation` begins it, `2 * operation + 1` ends it. */
export function eventsInOrder(history: History): Uint32Array {
  const { start, end, operationCount } = history;
  let count = 0;
  const events = new Uint32Array(2 * operationCount);
  const moment = new Float64Array(2 * operationCount);
  /** Among the events of one moment in one session: the how manieth. */
  const rank = new Uint32Array(2 * operationCount);
  for (let session = 0; session < history.sessionCount; session += 1) {
    let latest = Number.NEGATIVE_INFINITY;
    let before = 0;
    const to = history.sessionStart[session + 1]!;
    for (let operation = history.sessionStart[session]!; operation < to; operation += 1) {
      for (let phase = 0; phase < 2; phase += 1) {
        const time = phase === 0 ? (start?.[operation] ?? Number.NaN) : (end?.[operation] ?? Number.NaN);
        if (phase === 0 && Number.isNaN(time)) continue;
        const event = 2 * operation + phase;
        // What never ends is told as soon as it may be: at once.
        const isLater = Number.isFinite(time) && time > latest;
        before = isLater ? 0 : before + 1;
        if (isLater) latest = time;
        events[count++] = event;
        moment[event] = latest;
        rank[event] = before;
      }
    }
  }
  const listed = events.subarray(0, count);
  // Without times sessions stand one after the other.
  if (start === null) return listed;
  listed.sort((a, b) => compare(moment[a]!, moment[b]!) || rank[a]! - rank[b]! || (a & 1) - (b & 1) || a - b);
  return listed;
}

/** As a number for sorting; of two that are equally without bounds, 0. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
