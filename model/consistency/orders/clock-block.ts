/**
 * Which operations come causally before which, without ever holding a clock of all sessions for all operations.
 *
 * The past of an operation is known by one number per session: the end of the part of that session which it contains. All of
 * them for a million operations and a thousand sessions would be four gigabytes; so they are computed for a block of sessions at
 * a time, in one walk through the operations in causal order per block. A walk keeps the clocks of the sessions as they stand and
 * one clock for every write that somebody read. Time is O(operations x sessions) as it must be, memory O(writes x block), whatever
 * the shape of the history; keeping only clocks "still needed" would do better on some histories and no better on the worst.
 *
 * Leaves out what is asked of the clocks (visibility.ts, precedence.ts).
 */
import { ABSENT, type History, INITIAL, operationKind } from "../history.ts";
import type { ReadsFrom } from "../reads-from.ts";

/** Clocks of a block may take this many numbers for all writes together. */
const BLOCK_NUMBERS = 48 * 1024 * 1024;
const WIDEST = 256;

/** Slots of clocks; `slotOf` is by operation, of a write that was read its slot, else ABSENT. */
export interface ReadWrites {
  readonly slotOf: Int32Array;
  /** By slot: the write. */
  readonly writes: Uint32Array;
}

/**
 * Gives every write that was read a slot, in causal order: what is read is mostly what was written shortly before, and then its
 * clock is still near.
 *
 * @param keysOfAll by key: 1 where writes that nobody read get a slot, too; null where there are no such keys
 */
export function readWrites(
  history: History,
  { writerOf, counts }: ReadsFrom,
  order: Uint32Array,
  keysOfAll: Uint8Array | null = null,
): ReadWrites {
  const { operationCount, kind, listStart, listed } = history;
  const slotOf = new Int32Array(operationCount).fill(ABSENT);
  for (let operation = 0; operation < operationCount; operation += 1) {
    if (kind[operation] !== operationKind.read || counts[operation] === 0) continue;
    for (let at = listStart[operation]!; at < listStart[operation + 1]!; at += 1) {
      const version = listed[at]!;
      const writer = version === INITIAL ? ABSENT : writerOf[version]!;
      if (writer !== ABSENT) slotOf[writer] = 0;
    }
  }
  if (keysOfAll !== null)
    for (let operation = 0; operation < operationCount; operation += 1)
      if (kind[operation] !== operationKind.read && counts[operation] === 1 && keysOfAll[history.key[operation]!] === 1)
        slotOf[operation] = 0;
  let slots = 0;
  for (const operation of order) if (slotOf[operation] !== ABSENT) slotOf[operation] = slots++;
  const writes = new Uint32Array(slots);
  for (let operation = 0; operation < operationCount; operation += 1)
    if (slotOf[operation] !== ABSENT) writes[slotOf[operation]!] = operation;
  return { slotOf, writes };
}

/** How many sessions to take at a time. */
export function blockWidth(sessionCount: number, slotCount: number): number {
  const affordable = Math.floor(BLOCK_NUMBERS / Math.max(1, slotCount));
  return Math.max(1, Math.min(sessionCount, WIDEST, Math.max(8, affordable)));
}

/**
 * The clocks of one block while a walk goes on. An entry is one more than the number of the last operation seen of its session, 0
 * for none: operation o of session s is in a past whose entry for s is above o.
 */
export class ClockBlock {
  readonly width: number;
  /** First session of the block, and the first one behind it. */
  first = 0;
  end = 0;
  /** By session (all of them), `width` entries: what it has seen. */
  readonly sessions: Uint32Array;
  /** By slot, `width` entries: what the write of that slot had seen, itself included. */
  readonly writes: Uint32Array;

  constructor(sessionCount: number, slotCount: number) {
    this.width = blockWidth(sessionCount, slotCount);
    this.sessions = new Uint32Array(sessionCount * this.width);
    this.writes = new Uint32Array(slotCount * this.width);
  }

  /** Turns to the block that begins with a session. */
  begin(first: number, sessionCount: number): void {
    this.first = first;
    this.end = Math.min(first + this.width, sessionCount);
    this.sessions.fill(0);
  }

  /** A session learns what the write of a slot had seen. */
  learn(session: number, slot: number): void {
    const { width, sessions, writes } = this;
    const to = session * width;
    const from = slot * width;
    for (let at = 0; at < width; at += 1) {
      const entry = writes[from + at]!;
      if (entry > sessions[to + at]!) sessions[to + at] = entry;
    }
  }

  /** A session has come to an operation. */
  reach(session: number, operation: number): void {
    if (session >= this.first && session < this.end)
      this.sessions[session * this.width + session - this.first] = operation + 1;
  }

  /** The write of a slot has seen what its session has. */
  keep(session: number, slot: number): void {
    const { width, sessions, writes } = this;
    const from = session * width;
    const to = slot * width;
    for (let at = 0; at < width; at += 1) writes[to + at] = sessions[from + at]!;
  }
}
