/**
 * Deletes of sets that do not say what they replace, and what reads that need not list them may hold.
 *
 * A delete replaces what its session had seen, as any write does, but there is no value of it to return: a read lists it or not. So what
 * a set lacks may have been deleted, and who asks whether it lacks something must know the deletes that its reader had seen, of all
 * sessions at a time.
 *
 * Leaves out clocks (clock-block.ts), and deletes that say what they replace (siblings.ts).
 */
import { type History, keyKind, operationKind } from "../history.ts";
import type { ReadsFrom } from "../reads-from.ts";
import { type KeyWrites, keyWrites, seenOfRun } from "./key-writes.ts";

/** The deletes of a history, where there are any that matter. */
export interface Deletes {
  /** By key: 1 where it holds siblings and something was deleted. */
  readonly ofKey: Uint8Array;
  /** The deletes alone, by key and session. */
  readonly runs: KeyWrites;
}

/** Null where no key of siblings was deleted, or writes say what they replace. */
export function deletesOf(history: History, reads: ReadsFrom): Deletes | null {
  const { isDelete, hasReplaced, operationCount, kind, key, keyKind: kinds } = history;
  if (isDelete === null || hasReplaced) return null;
  const counts = new Uint8Array(operationCount);
  const ofKey = new Uint8Array(history.keyCount);
  for (let operation = 0; operation < operationCount; operation += 1) {
    if (isDelete[operation] === 0 || kind[operation] === operationKind.read || reads.counts[operation] === 0) continue;
    if (kinds[key[operation]!] !== keyKind.siblings) continue;
    counts[operation] = 1;
    ofKey[key[operation]!] = 1;
  }
  return ofKey.includes(1) ? { ofKey, runs: keyWrites(history, { ...reads, counts }) } : null;
}

/** The newest operations of a key that a clock has seen, one of each session that has some: `clock[at]` is the entry of session `at`. */
export function newestSeen(writes: KeyWrites, key: number, clock: Uint32Array): readonly number[] {
  const { keyRuns, runSession, runStart, writes: byRun } = writes;
  const newest: number[] = [];
  for (let run = keyRuns[key]!; run < keyRuns[key + 1]!; run += 1) {
    const seen = seenOfRun(writes, run, clock[runSession[run]!]!);
    if (seen > 0) newest.push(byRun[runStart[run]! + seen - 1]!);
  }
  return newest;
}
