/**
 * What every model of single operations asks first: does it apply, and did each read return what somebody wrote?
 *
 * Leaves out everything that needs an order.
 */
import { keyText, valueText } from "./explain/words.ts";
import { ABSENT, type History, keyKind, operationKind } from "./history.ts";
import type { Judgement } from "./judgement.ts";
import { unclearRead } from "./nothing-reads.ts";
import type { Edge, Evidence, Verdict } from "./verdict.ts";

/** The verdict that stands. */
export const HOLDS: Verdict = { kind: "holds" };

export function violated(evidence: Evidence): Verdict {
  return { kind: "violated", evidence };
}

export function notApplicable(reason: string): Verdict {
  return { kind: "not-applicable", reason };
}

/** Where values were written twice, or versions not named, nobody knows what was read: not applicable, with the first. Else null. */
export function ambiguousWrites({ history }: Judgement): Verdict | null {
  const unclear = unclearRead(history);
  if (unclear !== null) return notApplicable(unclear);
  const pair = history.duplicates[0];
  if (pair === undefined) return null;
  const key = keyText(history, history.key[pair.second]!);
  const value = valueText(history, history.version[pair.second]!);
  const lines =
    pair.first === ABSENT
      ? `line ${history.line[pair.second]} writes what was there in the beginning`
      : `lines ${history.line[pair.first]} and ${history.line[pair.second]}`;
  return notApplicable(`values must be written once per key; ${value} is written to ${key} twice (${lines})`);
}

/** Nothing was found to be wrong: holds, unless there were sets that could not be judged. */
export function judgedSets({ visibility }: Judgement): Verdict {
  if (!visibility.isUndecided) return HOLDS;
  const reason = "sets with deletes are judged in histories of few sessions only, unless writes say what they replace";
  return { kind: "unknown", reason };
}

/** A read of what nobody wrote, of what only a failed operation wrote, or of one element twice: violated. Else null. */
export function impossibleRead(judgement: Judgement): Verdict | null {
  const { history, readsFrom } = judgement;
  const repeated = repeatedElement(judgement);
  if (repeated !== null) return repeated;
  const fromNowhere = readsFrom.thinAir[0];
  if (fromNowhere !== undefined)
    return violated({ pattern: "ThinAirRead", operations: [fromNowhere], edges: [], cyclic: false });
  const fromFailed = readsFrom.aborted[0];
  if (fromFailed === undefined) return null;
  const { listStart, listed } = history;
  for (let at = listStart[fromFailed]!; at < listStart[fromFailed + 1]!; at += 1) {
    const writer = readsFrom.abortedWriterOf[listed[at]!]!;
    if (writer === ABSENT || readsFrom.writerOf[listed[at]!] !== ABSENT) continue;
    const edges = [{ from: writer, to: fromFailed, why: { kind: "reads-from" } }] as const;
    return violated({ pattern: "AbortedRead", operations: [writer, fromFailed], edges, cyclic: false });
  }
  return violated({ pattern: "AbortedRead", operations: [fromFailed], edges: [], cyclic: false });
}

function repeatedElement({ history, readsFrom }: Judgement): Verdict | null {
  const { operationCount, kind, key, keyKind: kinds, listStart, listed } = history;
  for (let read = 0; read < operationCount; read += 1) {
    if (kind[read] !== operationKind.read || readsFrom.counts[read] === 0 || kinds[key[read]!] !== keyKind.list)
      continue;
    const elements = listed.subarray(listStart[read], listStart[read + 1]);
    if (new Set(elements).size === elements.length) continue;
    const twice = elements.find((element, at) => elements.indexOf(element) !== at)!;
    const writer = readsFrom.writerOf[twice]!;
    const edges: readonly Edge[] = writer === ABSENT ? [] : [{ from: writer, to: read, why: { kind: "reads-from" } }];
    const operations = writer === ABSENT ? [read] : [writer, read];
    return violated({ pattern: "RepeatedElement", operations, edges, cyclic: false });
  }
  return null;
}

/** Whether some read that takes part is of a key of one of these kinds. */
export function readsKind({ history, readsFrom }: Judgement, ...kinds: readonly number[]): boolean {
  return someRead(history, readsFrom.counts, (key) => kinds.includes(history.keyKind[key]!));
}

/** Whether there are reads, and none of them of a key of these kinds: then a model of such keys says nothing. */
export function readsOnlyOtherKinds(judgement: Judgement, ...kinds: readonly number[]): boolean {
  return someRead(judgement.history, judgement.readsFrom.counts, () => true) && !readsKind(judgement, ...kinds);
}

function someRead(history: History, counts: Uint8Array, isWanted: (key: number) => boolean): boolean {
  for (let operation = 0; operation < history.operationCount; operation += 1)
    if (history.kind[operation] === operationKind.read && counts[operation] === 1 && isWanted(history.key[operation]!))
      return true;
  return false;
}
