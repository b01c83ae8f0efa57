/**
 * Strong eventual convergence (SEC): replicas that have the same updates answer alike.
 *
 * A history shows this in two ways. Reads marked final were made after everything had been delivered: all final reads of a key
 * agree. And where answers carry a mark of what their replica had applied, reads of a key under equal marks agree, at any time.
 *
 * Only answers are compared, key by key. So where replicas hold parts of the data, only those that answered for a key are
 * compared, and a mark must stand for all that its replica had applied, of whatever keys. Registers agree in their version, sets in
 * their versions, lists in their order too. That everything is delivered at last is not asked: the recorder who calls a read final
 * says so. A read of nothing that may have returned the beginning or a delete agrees with either. Linear.
 */
import { type History, INITIAL, keyKind, operationKind } from "./history.ts";
import type { Judgement } from "./judgement.ts";
import { HOLDS, impossibleRead, notApplicable, violated } from "./preliminary.ts";
import type { Verdict } from "./verdict.ts";

/** Decides SEC. */
export function convergence(judgement: Judgement): Verdict {
  return judgement.remember("SEC", decide);
}

function decide(judgement: Judgement): Verdict {
  const { history, readsFrom } = judgement;
  if (history.final === null && history.seen === null)
    return notApplicable("no read is marked as final, and none says what its replica had applied");
  const impossible = impossibleRead(judgement);
  if (impossible !== null) return impossible;
  /** By key, and by key and mark: the first read. */
  const finalOf = new Map<number, number>();
  const markedOf = new Map<number, Map<number, number>>();
  for (let read = 0; read < history.operationCount; read += 1) {
    if (history.kind[read] !== operationKind.read || readsFrom.counts[read] === 0) continue;
    const key = history.key[read]!;
    if (history.final?.[read] === 1) {
      const first = finalOf.get(key);
      if (first !== undefined && !sameAnswer(judgement, first, read))
        return diverged(first, read, "both reads are final");
      if (first === undefined || history.isUnnamed?.[first] === 1) finalOf.set(key, read);
    }
    const mark = history.seen?.[read] ?? 0;
    if (mark === 0) continue;
    const marked = markedOf.get(mark) ?? new Map<number, number>();
    markedOf.set(mark, marked);
    const first = marked.get(key);
    if (first !== undefined && !sameAnswer(judgement, first, read))
      return diverged(first, read, "both replicas had applied the same updates");
    if (first === undefined || history.isUnnamed?.[first] === 1) marked.set(key, read);
  }
  return HOLDS;
}

function diverged(first: number, second: number, note: string): Verdict {
  return violated({ pattern: "Diverged", operations: [first, second], edges: [], cyclic: false, note });
}

function sameAnswer(judgement: Judgement, one: number, other: number): boolean {
  const { history } = judgement;
  const { isUnnamed, keyKind: kinds, key } = history;
  if (kinds[key[one]!] === keyKind.register && (isUnnamed?.[one] === 1 || isUnnamed?.[other] === 1))
    return isNothing(judgement, one) && isNothing(judgement, other);
  const [first, second] = [answerOf(history, one), answerOf(history, other)];
  return first.length === second.length && first.every((version, at) => version === second[at]);
}

/** Whether a read of a single value found nothing: the beginning, or a delete. */
function isNothing({ history: { isDelete, listStart, listed }, readsFrom }: Judgement, read: number): boolean {
  const version = listed[listStart[read]!]!;
  return version === INITIAL || isDelete?.[readsFrom.writerOf[version]!] === 1;
}

/** Versions as they were listed, those of a set sorted. */
function answerOf({ key, keyKind: kinds, listStart, listed }: History, read: number): readonly number[] {
  const versions = [...listed.subarray(listStart[read], listStart[read + 1])].filter((version) => version !== INITIAL);
  if (kinds[key[read]!] === keyKind.list) return versions;
  return [...new Set(versions)].sort((a, b) => a - b);
}
