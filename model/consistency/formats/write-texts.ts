/**
 * Writes Plume's text and dbcop's JSON: transactions of reads and writes of single values, everything in whole numbers.
 *
 * Leaves out sets and lists, which these formats do not know: `writeHistory` refuses them before.
 */
import { type History, INITIAL, operationKind, outcome } from "../history.ts";
import { decidedOperations, noteLosses, numberingOf } from "./numbering.ts";

const ABORTED = -1;

/** Plume's text, line by line, session after session. */
export function writePlume(history: History, notes: string[]): Iterable<string> {
  const numbering = numberingOf(history, { zeroIsInitial: true, uniqueOverKeys: false }, notes);
  const isWritten = decidedOperations(history, notes);
  noteLosses(history, true, notes);
  return (function* () {
    for (let operation = 0; operation < history.operationCount; operation += 1) {
      if (isWritten[operation] === 0) continue;
      const isRead = history.kind[operation] === operationKind.read;
      const version = versionOf(history, operation);
      const value = version === INITIAL ? 0 : numbering.value(version);
      const hasFailed = history.outcome[operation] === outcome.failed;
      const transaction = hasFailed ? ABORTED : (history.transaction?.[operation] ?? operation);
      const key = numbering.key(history.key[operation]!);
      const session = numbering.session(history.session[operation]!);
      yield `${isRead ? "r" : "w"}(${key},${value},${session},${transaction})\n`;
    }
  })();
}

/** dbcop's bare array of sessions, one transaction per line. */
export function writeDbcop(history: History, notes: string[]): Iterable<string> {
  const numbering = numberingOf(history, { zeroIsInitial: false, uniqueOverKeys: true }, notes);
  const isWritten = decidedOperations(history, notes);
  noteLosses(history, true, notes);
  if (history.sessionCount > 0) notes.push("sessions are numbered from 1 by their places");
  return (function* () {
    yield "[";
    for (let session = 0; session < history.sessionCount; session += 1) {
      yield session === 0 ? "[" : ",\n[";
      let events = "";
      let isFirst = true;
      const end = history.sessionStart[session + 1]!;
      for (let operation = history.sessionStart[session]!; operation < end; operation += 1) {
        if (isWritten[operation] === 1) {
          const kind = history.kind[operation] === operationKind.read ? "Read" : "Write";
          const version = versionOf(history, operation);
          const value = version === INITIAL ? null : numbering.value(version);
          const variable = numbering.key(history.key[operation]!);
          events += `${events === "" ? "" : ","}{"${kind}":{"variable":${variable},"version":${value}}}`;
        }
        if (events === "" || (operation + 1 < end && belongTogether(history, operation, isWritten))) continue;
        const committed = history.outcome[operation] !== outcome.failed;
        yield `${isFirst ? "" : ","}\n{"events":[${events}],"committed":${committed}}`;
        events = "";
        isFirst = false;
      }
      yield "]";
    }
    yield "]\n";
  })();
}

/** Whether the next operation goes into the same transaction: one that is left out goes anywhere. */
function belongTogether(history: History, operation: number, isWritten: Uint8Array): boolean {
  const { transaction } = history;
  if (transaction === null || transaction[operation] !== transaction[operation + 1]) return false;
  const hasFailed = (each: number): boolean => history.outcome[each] === outcome.failed;
  return isWritten[operation + 1] === 0 || hasFailed(operation) === hasFailed(operation + 1);
}

function versionOf(history: History, operation: number): number {
  const isRead = history.kind[operation] === operationKind.read;
  return isRead ? history.listed[history.listStart[operation]!]! : history.version[operation]!;
}
