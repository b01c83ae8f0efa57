/**
 * What reads of nothing returned, where the key was deleted and the read does not name a version: the beginning, or one of the deletes?
 *
 *  1. Not the beginning, if the session had written the key before, or had read a version of it: a session that finds nothing after its
 *     own delete found that.
 *  2. Not a delete that the same session made only later, or that began after the read had ended.
 *  3. If one version is left, it was that. If several are, nobody knows, and whoever needs to know says nothing of the history; calling
 *     the read one of the beginning would make violations that there are none of.
 *
 * Leaves out keys of several values, whose reads need not list deletes.
 */
import { keyText } from "./explain/words.ts";
import { ABSENT, type History, INITIAL, keyKind, operationKind, outcome } from "./history.ts";

/** The history with names for what its reads of nothing can only have returned; those that are left without one are unclear. Linear. */
export function withNothingsNamed(history: History): History {
  const { isUnnamed, operationCount, key, listStart, version } = history;
  if (isUnnamed === null) return history;
  const deletes = deletesByKey(history);
  const listed = history.listed.slice();
  const unclear = new Uint8Array(operationCount);
  /** By key: the last session that had seen a version of it. */
  const seenBy = new Int32Array(history.keyCount).fill(ABSENT);
  for (let operation = 0; operation < operationCount; operation += 1) {
    const of = key[operation]!;
    const session = history.session[operation]!;
    const ofKey = isUnnamed[operation] === 1 ? deletes.get(of) : undefined;
    if (ofKey === undefined) {
      if (showsVersion(history, operation)) seenBy[of] = session;
      continue;
    }
    const at = listStart[operation]!;
    const mayBeInitial = listed[at] === INITIAL && seenBy[of] !== session;
    let candidates = mayBeInitial ? 1 : 0;
    let only = INITIAL;
    for (let place = 0; place < ofKey.length && candidates < 2; place += 1) {
      if (!mayHaveReturned(history, operation, ofKey[place]!)) continue;
      candidates += 1;
      only = version[ofKey[place]!]!;
    }
    if (candidates > 1) unclear[operation] = 1;
    else if (only !== INITIAL) listed[at] = only;
  }
  return { ...history, listed, isUnnamed: unclear.includes(1) ? unclear : null };
}

/** Why nobody knows what some read of nothing returned; null where none is unclear. */
export function unclearRead(history: History): string | null {
  const { isUnnamed, operationCount, key, line } = history;
  if (isUnnamed === null) return null;
  const deletes = deletesByKey(history);
  for (let read = 0; read < operationCount; read += 1) {
    if (isUnnamed[read] === 0 || !deletes.has(key[read]!)) continue;
    const name = keyText(history, key[read]!);
    return `the read of nothing on line ${line[read]!} may have returned the beginning of ${name} or a delete of it, and does not name the version`;
  }
  return null;
}

/** Deletes of registers that may have happened, by key. */
function deletesByKey(history: History): ReadonlyMap<number, readonly number[]> {
  const { isDelete, outcome: results, key, keyKind: kinds, operationCount } = history;
  const deletes = new Map<number, number[]>();
  for (let operation = 0; isDelete !== null && operation < operationCount; operation += 1) {
    const of = key[operation]!;
    if (isDelete[operation] === 0 || results[operation] === outcome.failed || kinds[of] !== keyKind.register) continue;
    const known = deletes.get(of);
    if (known === undefined) deletes.set(of, [operation]);
    else known.push(operation);
  }
  return deletes;
}

/** Whether an operation shows its session a version other than the beginning. */
function showsVersion({ outcome: results, kind, listStart, listed, isUnnamed }: History, operation: number): boolean {
  if (results[operation] !== outcome.ok || isUnnamed![operation] === 1) return false;
  if (kind[operation] !== operationKind.read) return true;
  const at = listStart[operation]!;
  return at < listStart[operation + 1]! && listed[at] !== INITIAL;
}

function mayHaveReturned({ session, start, end }: History, read: number, remove: number): boolean {
  if (session[read] === session[remove] && remove > read) return false;
  return start === null || end === null || !(end[read]! < start[remove]!);
}
