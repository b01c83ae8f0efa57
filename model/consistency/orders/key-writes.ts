/**
 * The writes of a history by key, and within a key by the session that made them.
 *
 * Only writes and appends that take part. All writes of one session to one key stand in session order, so the newest of them that
 * is visible somewhere is found by halving. Leaves out reads.
 */
import { type History, operationKind } from "../history.ts";
import type { ReadsFrom } from "../reads-from.ts";

/** Runs of writes: one run for every pair of key and session that wrote it. */
export interface KeyWrites {
  /** By key, and one more: its first run. Runs of a key stand in the order of their sessions. */
  readonly keyRuns: Uint32Array;
  /** By run: the session. */
  readonly runSession: Uint32Array;
  /** By run, and one more: its first place in `writes`. */
  readonly runStart: Uint32Array;
  /** Operations. */
  readonly writes: Uint32Array;
  /** By operation: its run, plus 1; 0 for what is no write that takes part. */
  readonly runOf: Uint32Array;
}

/** Sorts the writes; linear, since operations are numbered by session. */
export function keyWrites(history: History, { counts }: ReadsFrom): KeyWrites {
  const { operationCount, keyCount, key, kind, session } = history;
  const keyStart = new Uint32Array(keyCount + 1);
  for (let operation = 0; operation < operationCount; operation += 1)
    if (kind[operation] !== operationKind.read && counts[operation] === 1) keyStart[key[operation]! + 1]! += 1;
  for (let of = 0; of < keyCount; of += 1) keyStart[of + 1]! += keyStart[of]!;
  const writes = new Uint32Array(keyStart[keyCount]!);
  const next = keyStart.slice();
  for (let operation = 0; operation < operationCount; operation += 1)
    if (kind[operation] !== operationKind.read && counts[operation] === 1) writes[next[key[operation]!]!++] = operation;

  const keyRuns = new Uint32Array(keyCount + 1);
  const runSession = new Uint32Array(writes.length);
  const runStart = new Uint32Array(writes.length + 1);
  const runOf = new Uint32Array(operationCount);
  let runs = 0;
  for (let of = 0; of < keyCount; of += 1) {
    keyRuns[of] = runs;
    for (let at = keyStart[of]!; at < keyStart[of + 1]!; at += 1) {
      const write = writes[at]!;
      if (at === keyStart[of] || session[write] !== session[writes[at - 1]!]) {
        runSession[runs] = session[write]!;
        runStart[runs] = at;
        runs += 1;
      }
      runOf[write] = runs;
    }
  }
  keyRuns[keyCount] = runs;
  runStart[runs] = writes.length;
  return {
    keyRuns,
    runSession: runSession.slice(0, runs),
    runStart: runStart.slice(0, runs + 1),
    writes,
    runOf,
  };
}

/** How many writes of a run are operations below a bound: those that a clock of that bound has seen. */
export function seenOfRun({ runStart, writes }: KeyWrites, run: number, bound: number): number {
  const first = runStart[run]!;
  let low = first;
  let high = runStart[run + 1]!;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (writes[middle]! < bound) low = middle + 1;
    else high = middle;
  }
  return low - first;
}
