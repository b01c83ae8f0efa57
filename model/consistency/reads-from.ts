/**
 * Who wrote what was read, and which operations take part at all.
 *
 * A failed operation did not happen, and a read that has no answer says nothing. A write whose outcome is unknown takes part if
 * somebody read it (that proves that it happened), and is left out otherwise: since nobody saw it, leaving it out can hide no
 * violation of a read, and counting it could only forbid what may have been. Failed writes stay findable, since reading one is
 * wrong in itself.
 *
 * Transactions happen whole: one of unknown outcome of which a write was read takes part with all that it wrote, and with those of
 * its reads of which the history tells what they returned if they happened. A chain: 1. A client asks to set x from 1 to 2 and
 * hears nothing. 2. Another one asks to set it from 2 to 3, and hears nothing either. 3. Somebody reads 3. So the second exchange
 * happened, and found 2; so the first one happened too, and found 1.
 *
 * Leaves out every order between operations.
 */
import { ABSENT, type History, INITIAL, operationKind, outcome } from "./history.ts";

/** What a history says about its reads, computed once for all checkers. */
export interface ReadsFrom {
  /** By version: the operation that wrote it and did not fail, else ABSENT. Version 0 has no writer. */
  readonly writerOf: Int32Array;
  /** By version: a failed operation that wrote it, else ABSENT. */
  readonly abortedWriterOf: Int32Array;
  /** By operation: 1 where it takes part. */
  readonly counts: Uint8Array;
  /** Writes of unknown outcome that take part because they or others of their transaction were read, at most 1 000. */
  readonly provenUnknown: readonly number[];
  readonly provenUnknownCount: number;
  /** Reads (that take part) of a version that nobody wrote and that is not initial; at most 1 000. */
  readonly thinAir: readonly number[];
  /** Reads (that take part) of a version that only a failed operation wrote; at most 1 000. */
  readonly aborted: readonly number[];
}

const KEPT = 1_000;

/** Finds the writers. Linear in the history. Where values were written twice, the first writer that did not fail stands. */
export function readsFrom(history: History): ReadsFrom {
  const { operationCount, kind, version, listStart, listed } = history;
  const writerOf = new Int32Array(history.versionCount).fill(ABSENT);
  const abortedWriterOf = new Int32Array(history.versionCount).fill(ABSENT);
  const counts = new Uint8Array(operationCount);
  for (let operation = 0; operation < operationCount; operation += 1) {
    const result = history.outcome[operation];
    counts[operation] = result === outcome.ok ? 1 : 0;
    if (kind[operation] === operationKind.read) continue;
    const written = version[operation]!;
    if (written === INITIAL) continue;
    const writers = result === outcome.failed ? abortedWriterOf : writerOf;
    if (writers[written] === ABSENT) writers[written] = operation;
  }
  const provenUnknown: number[] = [];
  let provenUnknownCount = 0;
  const thinAir: number[] = [];
  const aborted: number[] = [];
  /** Reads of unknown outcome that happened, in the order in which that was found out. */
  const provenReads: number[] = [];
  for (let place = 0; place < operationCount + provenReads.length; place += 1) {
    const isAnswered = place < operationCount;
    const operation = isAnswered ? place : provenReads[place - operationCount]!;
    if (isAnswered && (kind[operation] !== operationKind.read || history.outcome[operation] !== outcome.ok)) continue;
    for (let at = listStart[operation]!; at < listStart[operation + 1]!; at += 1) {
      const read = listed[at]!;
      if (read === INITIAL) continue;
      const writer = writerOf[read]!;
      if (writer === ABSENT) {
        const into = abortedWriterOf[read] === ABSENT ? thinAir : aborted;
        if (into.length < KEPT && into.at(-1) !== operation) into.push(operation);
        continue;
      }
      if (counts[writer] === 1) continue;
      // The transaction of the writer happened.
      const transaction = history.transaction?.[writer];
      const first = transaction === undefined ? writer : history.transactionStart![transaction]!;
      const end = transaction === undefined ? writer + 1 : history.transactionStart![transaction + 1]!;
      for (let part = first; part < end; part += 1) {
        if (history.outcome[part] !== outcome.unknown || counts[part] === 1) continue;
        if (kind[part] === operationKind.read) {
          if (listStart[part] === listStart[part + 1]) continue;
          provenReads.push(part);
        } else {
          provenUnknownCount += 1;
          if (provenUnknown.length < KEPT) provenUnknown.push(part);
        }
        counts[part] = 1;
      }
    }
  }
  return { writerOf, abortedWriterOf, counts, provenUnknown, provenUnknownCount, thinAir, aborted };
}
