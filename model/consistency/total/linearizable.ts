/**
 * Linearizability: every operation takes effect at one moment between its beginning and its end (Herlihy, Wing, TOPLAS 1990).
 *
 * It is a matter of each key alone (their theorem 1). Registers whose values were written once and lists are decided without a
 * search, registers with a value that was written twice by one that may give up. A write of unknown outcome may take effect at any
 * time after its beginning, or never. A transaction on one register is one operation of it: a compare-and-set reads and writes at one
 * moment. Registers with such are first judged with their parts taken for operations that overlap, which finds most of what is
 * wrong and can explain it, and then searched.
 *
 * Where clocks are too coarse to show the order of a session (unit-times.ts) the history is judged twice, with moments that are
 * equal taken for concurrent, and with the sessions' order in them; where that makes a difference, the times do not say enough.
 *
 * Leaves out transactions of several keys and siblings, whose specification is not that of a register, and transactions on lists.
 */
import { keyText } from "../explain/words.ts";
import { type History, keyKind, outcome } from "../history.ts";
import type { Judgement } from "../judgement.ts";
import { unclearRead } from "../nothing-reads.ts";
import type { Evidence, Verdict } from "../verdict.ts";
import { levelFlaw } from "./list-levels.ts";
import { RealTimeMoves } from "./real-time-moves.ts";
import { search } from "./search.ts";
import { drawnApart, type UnitTimes, unitTimesOf } from "./unit-times.ts";
import { zoneFlaw } from "./zones.ts";

/** Decides, or gives up. */
export function checkLinearizable(judgement: Judgement): Verdict {
  const { history, readsFrom } = judgement;
  const reason = whyNotApplicable(history);
  if (reason !== null) return { kind: "not-applicable", reason };
  const times = unitTimesOf(history);
  if (typeof times === "string") return { kind: "not-applicable", reason: times };
  const flaw = history.duplicateCount === 0 ? judgement.commits.flaw : null;
  if (flaw !== null) return { kind: "violated", evidence: flaw };
  const [nowhere] = readsFrom.thinAir;
  if (nowhere !== undefined) {
    return { kind: "violated", evidence: { pattern: "ThinAirRead", operations: [nowhere], edges: [], cyclic: false } };
  }
  const verdict = judged(judgement, times);
  if (verdict.kind !== "holds" || !times.isTied) return verdict;
  const strict = judged(judgement, drawnApart(history, times));
  if (strict.kind !== "violated") return strict;
  return {
    kind: "unknown",
    reason: "the times are too coarse: it matters which of two operations of one session came first at the same moment",
  };
}

function whyNotApplicable(history: History): string | null {
  const { start, end, keyKind: kinds, duplicateCount } = history;
  if (start === null || end === null) return "the history has no times";
  if (kinds.includes(keyKind.siblings)) return "reads of siblings return what no linear order has side by side";
  if (duplicateCount > 0 && kinds.includes(keyKind.list)) {
    return "values were written twice, and elements of lists could not be told apart";
  }
  return unclearRead(history) ?? whatSpansKeys(history);
}

/** Why some transaction is not one operation of one register; null where each is. */
function whatSpansKeys({
  transactionStart,
  transactionCount,
  outcome: results,
  key,
  keyKind: kinds,
  line,
}: History): string | null {
  if (transactionStart === null) return null;
  for (let transaction = 0; transaction < transactionCount; transaction += 1) {
    const first = transactionStart[transaction]!;
    for (let at = first + 1; at < transactionStart[transaction + 1]!; at += 1) {
      if (results[at] === outcome.failed) continue;
      if (key[at] !== key[first]) return `transactions of several keys, as on line ${line[first]!}, are judged by SER`;
      if (kinds[key[at]!] === keyKind.list)
        return `transactions on lists, as on line ${line[first]!}, are judged by SER`;
    }
  }
  return null;
}

function judged(judgement: Judgement, times: UnitTimes): Verdict {
  const { history, readsFrom } = judgement;
  if (history.duplicateCount > 0) return searched(judgement, times, () => true);
  const flaw: Evidence | null =
    zoneFlaw(history, readsFrom, times) ?? levelFlaw(history, readsFrom, judgement.commits.transactions.lists, times);
  if (flaw !== null) return { kind: "violated", evidence: flaw };
  const { transactionStart, transaction } = history;
  if (transactionStart === null) return { kind: "holds" };
  const isWhole = new Uint8Array(history.keyCount).fill(1);
  for (let at = 1; at < history.operationCount; at += 1)
    if (transaction![at] === transaction![at - 1]) isWhole[history.key[at]!] = 0;
  return searched(judgement, times, (key) => isWhole[key] === 0);
}

/** Key after key by search; a key that is violated decides, whatever others do not say. */
function searched({ history, limits }: Judgement, times: UnitTimes, isAsked: (key: number) => boolean): Verdict {
  const { operationCount, key } = history;
  const operations: number[][] = Array.from({ length: history.keyCount }, () => []);
  for (let at = 0; at < operationCount; at += 1) {
    if (!Number.isNaN(times.end[at]) && isAsked(key[at]!)) operations[key[at]!]!.push(at);
  }
  let verdict: Verdict = { kind: "holds" };
  for (const ofKey of operations) {
    const moves = new RealTimeMoves(history, times, ofKey);
    const found = search(moves, limits.searchSteps);
    if (found.kind === "none") {
      for (const way of found.ways) moves.place(way);
      const evidence: Evidence = { pattern: "NoOrder", operations: moves.pending(), edges: [], cyclic: false };
      return { kind: "violated", evidence };
    }
    if (found.kind === "gave-up") {
      const name = keyText(history, key[ofKey[0]!]!);
      verdict = {
        kind: "unknown",
        reason: `the search for a linear order of ${name} gave up after ${found.steps} steps`,
      };
    }
  }
  return verdict;
}
