/**
 * When the units of a history ran, for models that put everything into one order: an operation alone, or a transaction on one register
 * (a compare-and-set is one), which takes effect at one moment between the beginning of its first operation and the end of its last.
 *
 * What did not happen has no times; what may have happened has no end. Clocks may be too coarse: where a unit begins at the very moment
 * at which the one before it in its session ended, their order is known although the times do not show it (`drawnApart`).
 *
 * Leaves out which histories have such units only (linearizable.ts).
 */
import { ABSENT, type History, operationKind, outcome } from "../history.ts";
import type { Intervals } from "./zones.ts";

/** When units ran, told of each of their operations. */
export interface UnitTimes extends Intervals {
  /** By operation: 1 where it is not known whether its unit happened. */
  readonly isOpen: Uint8Array;
  /** Whether some unit begins at the moment at which the one before it in its session ended. */
  readonly isTied: boolean;
}

/** The times of what may have happened; or why there are none that could be judged. */
export function unitTimesOf(history: History): UnitTimes | string {
  const { operationCount, line, session, kind, listStart } = history;
  const start = new Float64Array(operationCount).fill(Number.NaN);
  /** No number where an operation did not happen, so that no comparison with it holds. */
  const end = start.slice();
  const isOpen = new Uint8Array(operationCount);
  let isTied = false;
  let before = ABSENT;
  for (let first = 0, next: number; first < operationCount; first = next) {
    next = unitEnd(history, first);
    const results = history.outcome.subarray(first, next);
    const happened = results.includes(outcome.ok);
    let from = Number.POSITIVE_INFINITY;
    let to = Number.NEGATIVE_INFINITY;
    let writes = false;
    for (let at = first; at < next; at += 1) {
      if (results[at - first] === outcome.failed) continue;
      writes ||= kind[at] !== operationKind.read;
      // A time that is not known makes the whole unknown.
      from = Math.min(from, history.start![at]!);
      to = Math.max(to, history.end![at]!);
    }
    // What did not happen, or changed nothing and got no answer.
    if (to === Number.NEGATIVE_INFINITY || (!happened && !writes)) continue;
    if (!(from <= to)) return `the operation on line ${line[first]!} has no times, or ends before it begins`;
    if (before !== ABSENT && session[before] === session[first]) {
      if (end[before] === Number.POSITIVE_INFINITY) {
        return `the operation on line ${line[first]!} follows one of its session whose end is not known, on line ${line[before]!}`;
      }
      if (from < end[before]!) {
        return `the operation on line ${line[first]!} begins before the one before it in its session, on line ${line[before]!}, has ended`;
      }
      isTied ||= from === end[before];
    }
    for (let at = first; at < next; at += 1) {
      const result = results[at - first];
      // Of a unit that may have happened, reads count of which it is known what they returned then.
      const isMute =
        result === outcome.unknown &&
        kind[at] === operationKind.read &&
        (happened || listStart[at] === listStart[at + 1]);
      if (result === outcome.failed || isMute) continue;
      start[at] = from;
      end[at] = to;
      isOpen[at] = happened ? 0 : 1;
      before = at;
    }
  }
  return { start, end, isOpen, isTied };
}

/** The first operation behind the unit that begins with one. */
function unitEnd({ transaction, transactionStart }: History, first: number): number {
  return transaction === null ? first + 1 : transactionStart![transaction[first]! + 1]!;
}

/**
 * Times in which equal moments are drawn apart: at one moment first all beginnings, then all ends, and for every unit of the same
 * session that ended there before, one round later.
 */
export function drawnApart(
  { operationCount, session, transaction }: History,
  { start, end, isOpen, isTied }: UnitTimes,
): UnitTimes {
  const ordinals = new Float64Array(2 * operationCount);
  let before = ABSENT;
  for (let at = 0; at < operationCount; at += 1) {
    if (Number.isNaN(end[at])) continue;
    const isSame = before !== ABSENT && session[before] === session[at];
    if (isSame && transaction !== null && transaction[before] === transaction[at]) {
      ordinals[2 * at] = ordinals[2 * before]!;
      ordinals[2 * at + 1] = ordinals[2 * before + 1]!;
    } else {
      const isLater = isSame && end[before] === start[at];
      // A beginning is even, the end of a unit without length follows in the same round.
      ordinals[2 * at] = isLater ? ordinals[2 * before + 1]! + 1 : 0;
      ordinals[2 * at + 1] = end[at] === start[at] ? ordinals[2 * at]! + 1 : 1;
    }
    before = at;
  }
  const time = (moment: number): number => (moment % 2 === 0 ? start : end)[moment >> 1]!;
  const moments = Uint32Array.from({ length: 2 * operationCount }, (_, moment) => moment).filter(
    (moment) => !Number.isNaN(end[moment >> 1]!),
  );
  moments.sort((one, other) =>
    time(one) === time(other) ? ordinals[one]! - ordinals[other]! : time(one) < time(other) ? -1 : 1,
  );
  const drawn: UnitTimes = { start: end.slice(), end: end.slice(), isOpen, isTied };
  let place = 0;
  moments.forEach((moment, at) => {
    const last = at === 0 ? moment : moments[at - 1]!;
    const isSame = time(last) === time(moment) && ordinals[last] === ordinals[moment];
    if (!isSame) place += 1;
    (moment % 2 === 0 ? drawn.start : drawn.end)[moment >> 1] = place;
  });
  return drawn;
}
