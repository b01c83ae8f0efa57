/**
 * Linearizability: every operation takes effect at one moment between its beginning and its end (Herlihy, Wing, TOPLAS 1990).
 *
 * It is a matter of each key alone (their theorem 1). Registers whose values were written once and lists are decided without a
 * search, registers with a value that was written twice by one that may give up. A write of unknown outcome may take effect at any
 * time after its beginning, or never.
 *
 * Clocks may be too coarse: where an operation begins at the very moment at which the one before it in its session ended, their order
 * is known although the times do not show it. Such a history is judged twice, with moments that are equal taken for concurrent, and
 * with the sessions' order in them; where that makes a difference, the times do not say enough.
 *
 * Leaves out transactions and siblings, whose specification is not that of a register.
 */
import { ABSENT, type History, keyKind, operationKind, outcome } from "../history.ts";
import type { Judgement, Limits } from "../judgement.ts";
import type { Evidence, Verdict } from "../verdict.ts";
import { levelFlaw } from "./list-levels.ts";
import { RealTimeMoves } from "./real-time-moves.ts";
import { search } from "./search.ts";
import { type Intervals, zoneFlaw } from "./zones.ts";

/** Decides, or gives up. */
export function checkLinearizable(judgement: Judgement): Verdict {
  const { history, readsFrom } = judgement;
  const reason = whyNotApplicable(history);
  if (reason !== null) return { kind: "not-applicable", reason };
  const times = timesOf(history);
  if (typeof times === "string") return { kind: "not-applicable", reason: times };
  const flaw = history.duplicateCount === 0 ? judgement.commits.flaw : null;
  if (flaw !== null) return { kind: "violated", evidence: flaw };
  const [nowhere] = readsFrom.thinAir;
  if (nowhere !== undefined) {
    return { kind: "violated", evidence: { pattern: "ThinAirRead", operations: [nowhere], edges: [], cyclic: false } };
  }
  const verdict = judged(judgement, times.intervals);
  if (verdict.kind !== "holds" || !times.isTied) return verdict;
  const strict = judged(judgement, withSessions(history, times.intervals));
  if (strict.kind !== "violated") return strict;
  return {
    kind: "unknown",
    reason: "the times are too coarse: it matters which of two operations of one session came first at the same moment",
  };
}

function whyNotApplicable({ start, end, keyKind: kinds, transactionStart, duplicateCount }: History): string | null {
  if (start === null || end === null) return "the history has no times";
  if (transactionStart !== null) return "transactions of several operations are judged by SER";
  if (kinds.includes(keyKind.siblings)) return "reads of siblings return what no linear order has side by side";
  if (duplicateCount > 0 && kinds.includes(keyKind.list)) {
    return "values were written twice, and elements of lists could not be told apart";
  }
  return null;
}

interface Times {
  readonly intervals: Intervals;
  /** Whether some operation begins at the moment at which the one before it in its session ended. */
  readonly isTied: boolean;
}

/** The times of what may have happened; or why there are none that could be judged. */
function timesOf(history: History): Times | string {
  const { operationCount, line, session } = history;
  const start = history.start!;
  /** No number where an operation did not happen, so that no comparison with it holds. */
  const end = new Float64Array(operationCount).fill(Number.NaN);
  let isTied = false;
  let before = ABSENT;
  for (let at = 0; at < operationCount; at += 1) {
    const result = history.outcome[at];
    const isGone = result === outcome.failed || (result === outcome.unknown && history.kind[at] === operationKind.read);
    if (isGone) continue;
    end[at] = history.end![at]!;
    if (!(start[at]! <= end[at]!)) return `the operation on line ${line[at]!} has no times, or ends before it begins`;
    if (before !== ABSENT && session[before] === session[at]) {
      if (end[before] === Number.POSITIVE_INFINITY) {
        return `the operation on line ${line[at]!} follows one of its session whose end is not known, on line ${line[before]!}`;
      }
      if (start[at]! < end[before]!) {
        return `the operation on line ${line[at]!} begins before the one before it in its session, on line ${line[before]!}, has ended`;
      }
      isTied ||= start[at] === end[before];
    }
    before = at;
  }
  return { intervals: { start, end }, isTied };
}

function judged(judgement: Judgement, intervals: Intervals): Verdict {
  const { history, readsFrom, limits } = judgement;
  if (history.duplicateCount > 0) return searched(history, intervals, limits);
  const flaw: Evidence | null =
    zoneFlaw(history, readsFrom, intervals) ??
    levelFlaw(history, readsFrom, judgement.commits.transactions.lists, intervals);
  return flaw === null ? { kind: "holds" } : { kind: "violated", evidence: flaw };
}

/** Key after key by search; a key that is violated decides, whatever others do not say. */
function searched(history: History, intervals: Intervals, { searchSteps }: Limits): Verdict {
  const { operationCount, key, kind } = history;
  const operations: number[][] = Array.from({ length: history.keyCount }, () => []);
  for (let at = 0; at < operationCount; at += 1) {
    const result = history.outcome[at];
    if (result === outcome.ok || (result === outcome.unknown && kind[at] !== operationKind.read)) {
      operations[key[at]!]!.push(at);
    }
  }
  let verdict: Verdict = { kind: "holds" };
  for (const ofKey of operations) {
    const moves = new RealTimeMoves(history, intervals, ofKey);
    const found = search(moves, searchSteps);
    if (found.kind === "none") {
      for (const way of found.ways) moves.place(way);
      const evidence: Evidence = { pattern: "NoOrder", operations: moves.pending(), edges: [], cyclic: false };
      return { kind: "violated", evidence };
    }
    if (found.kind === "gave-up") {
      const name = history.keys.of(key[ofKey[0]!]!);
      verdict = {
        kind: "unknown",
        reason: `the search for a linear order of ${name} gave up after ${found.steps} steps`,
      };
    }
  }
  return verdict;
}

/**
 * Times in which equal moments are drawn apart: at one moment first all beginnings, then all ends, and for every operation of the same
 * session that ended there before, one round later.
 */
function withSessions({ operationCount, session }: History, { start, end }: Intervals): Intervals {
  const ordinals = new Float64Array(2 * operationCount);
  let before = ABSENT;
  for (let at = 0; at < operationCount; at += 1) {
    if (Number.isNaN(end[at])) continue;
    const isLater = before !== ABSENT && session[before] === session[at] && end[before] === start[at];
    // A beginning is even, the end of an operation without length follows in the same round.
    ordinals[2 * at] = isLater ? ordinals[2 * before + 1]! + 1 : 0;
    ordinals[2 * at + 1] = end[at] === start[at] ? ordinals[2 * at]! + 1 : 1;
    before = at;
  }
  const time = (moment: number): number => (moment % 2 === 0 ? start : end)[moment >> 1]!;
  const moments = Uint32Array.from({ length: 2 * operationCount }, (_, moment) => moment).filter(
    (moment) => !Number.isNaN(end[moment >> 1]!),
  );
  moments.sort((one, other) =>
    time(one) === time(other) ? ordinals[one]! - ordinals[other]! : time(one) < time(other) ? -1 : 1,
  );
  const drawn: Intervals = { start: end.slice(), end: end.slice() };
  let place = 0;
  moments.forEach((moment, at) => {
    const last = at === 0 ? moment : moments[at - 1]!;
    const isSame = time(last) === time(moment) && ordinals[last] === ordinals[moment];
    if (!isSame) place += 1;
    (moment % 2 === 0 ? drawn.start : drawn.end)[moment >> 1] = place;
  });
  return drawn;
}
