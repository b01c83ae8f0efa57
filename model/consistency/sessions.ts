/**
 * The session guarantees read your writes (RYW), monotonic reads (MR), monotonic writes (MW) and writes follow reads (WFR), each with
 * an order of versions of its own for every session.
 *
 * Terry's definitions speak of servers and what they had applied. A history has none; what can be asked of it is an order of the
 * versions of each key, the initial one first, that makes a session's reads understandable:
 *
 * - RYW: own writes stand in the order in which they were made, and a read returns the last of those before it or a newer version.
 *   So it fails on an older own write or the initial version, and on nothing else: another session's write may be newer.
 * - MR: reads never go back. So it fails when a version comes again after another one, or the initial one after any.
 * - MW: nobody who read a write comes back to one that the same session made before it. Alone it asks nothing else: which of two
 *   writes came first only shows to a reader of both. (Adding the order of all sessions' writes to what MR asks of one session has
 *   a cycle exactly when MR fails or this does.)
 * - WFR: nobody who read a write comes back to what its session had read of that key before it, or to what came before that one in
 *   the same way. (With MR as above.)
 *
 * Only keys that hold one value are looked at. All but WFR are linear; WFR follows, for each session and key, what was read before
 * what, once: O(operations x sessions) at worst. Leaves out the forms with one order for all (shared-sessions.ts).
 */
import { ABSENT, type History, INITIAL, keyKind, operationKind } from "./history.ts";
import type { Judgement } from "./judgement.ts";
import { operationsOf } from "./orders/paths.ts";
import { ambiguousWrites, HOLDS, impossibleRead, notApplicable, readsOnlyOtherKinds, violated } from "./preliminary.ts";
import type { ReadsFrom } from "./reads-from.ts";
import { onRegister, readWriter } from "./registers.ts";
import type { Edge, Verdict } from "./verdict.ts";
import { followedCycle, ReadBefore } from "./writes-follow-reads.ts";

/** Read your writes. */
export function readYourWrites(judgement: Judgement): Verdict {
  return unfitForSessions(judgement) ?? decideOwnWrites(judgement.history, judgement.readsFrom);
}

/** Monotonic reads. */
export function monotonicReads(judgement: Judgement): Verdict {
  return unfitForSessions(judgement) ?? decideReads(judgement.history, judgement.readsFrom);
}

/** Monotonic writes. */
export function monotonicWrites(judgement: Judgement): Verdict {
  return unfitForSessions(judgement) ?? decideWrites(judgement);
}

/** Writes follow reads. */
export function writesFollowReads(judgement: Judgement): Verdict {
  return unfitForSessions(judgement) ?? decideFollowing(judgement);
}

/** Why a session guarantee says nothing of a history, or a read that none allows. */
export function unfitForSessions(judgement: Judgement): Verdict | null {
  const ambiguous = ambiguousWrites(judgement);
  if (ambiguous !== null) return ambiguous;
  if (readsOnlyOtherKinds(judgement, keyKind.register)) return notApplicable("no reads of single values");
  return impossibleRead(judgement);
}

const SESSION = { kind: "session" } as const;
const READS_FROM = { kind: "reads-from" } as const;

function decideOwnWrites(history: History, reads: ReadsFrom): Verdict {
  const { operationCount, kind, key, session } = history;
  /** By key: the last write of the session at hand. */
  const lastWrite = new Int32Array(history.keyCount).fill(ABSENT);
  for (let operation = 0; operation < operationCount; operation += 1) {
    if (!onRegister(history, reads, operation)) continue;
    const of = key[operation]!;
    if (kind[operation] !== operationKind.read) {
      lastWrite[of] = operation;
      continue;
    }
    const last = lastWrite[of]!;
    if (last === ABSENT || session[last] !== session[operation]) continue;
    const writer = readWriter(history, reads, operation);
    if (writer === ABSENT) {
      const edges: readonly Edge[] = [{ from: last, to: operation, why: SESSION }];
      return violated({ pattern: "WriteCOInitRead", operations: [last, operation], edges, cyclic: false });
    }
    if (session[writer] !== session[operation] || writer >= last) continue;
    const edges: readonly Edge[] = [
      { from: writer, to: last, why: SESSION },
      { from: last, to: operation, why: SESSION },
      { from: writer, to: operation, why: READS_FROM },
    ];
    return violated({ pattern: "WriteCORead", operations: operationsOf(edges), edges, cyclic: false });
  }
  return HOLDS;
}

function decideReads(history: History, reads: ReadsFrom): Verdict {
  const { operationCount, kind, key, session, versionCount, listed, listStart } = history;
  /** By key: the last read of the session at hand. By version: the last read of it. */
  const lastRead = new Int32Array(history.keyCount).fill(ABSENT);
  const lastOf = new Int32Array(versionCount).fill(ABSENT);
  for (let operation = 0; operation < operationCount; operation += 1) {
    if (kind[operation] !== operationKind.read || !onRegister(history, reads, operation)) continue;
    const of = key[operation]!;
    const version = listed[listStart[operation]!] ?? INITIAL;
    const before = lastRead[of]!;
    const isSameSession = before !== ABSENT && session[before] === session[operation];
    if (isSameSession && readWriter(history, reads, before) !== readWriter(history, reads, operation)) {
      if (version === INITIAL) return wentBack(history, reads, [before, operation]);
      const earlier = lastOf[version]!;
      if (earlier !== ABSENT && session[earlier] === session[operation])
        return wentBack(history, reads, [earlier, before, operation]);
    }
    lastRead[of] = operation;
    if (version !== INITIAL) lastOf[version] = operation;
  }
  return HOLDS;
}

/** Reads of one key in one session, the last of which is older again than the one before. */
function wentBack(history: History, reads: ReadsFrom, sequence: readonly number[]): Verdict {
  const edges: Edge[] = [];
  sequence.forEach((read, at) => {
    const writer = readWriter(history, reads, read);
    if (writer !== ABSENT) edges.push({ from: writer, to: read, why: READS_FROM });
    if (at + 1 < sequence.length) edges.push({ from: read, to: sequence[at + 1]!, why: SESSION });
  });
  return violated({ pattern: "NonMonotonicRead", operations: operationsOf(edges, ...sequence), edges, cyclic: false });
}

function decideWrites(judgement: Judgement): Verdict {
  const { history, readsFrom: reads, keyWrites } = judgement;
  const { operationCount, kind, session } = history;
  /** By run (a session's writes of one key): the read, of the session at hand, of the newest of them so far. */
  const newestRead = new Int32Array(keyWrites.runSession.length).fill(ABSENT);
  for (let operation = 0; operation < operationCount; operation += 1) {
    if (kind[operation] !== operationKind.read || !onRegister(history, reads, operation)) continue;
    const writer = readWriter(history, reads, operation);
    if (writer === ABSENT) continue;
    const run = keyWrites.runOf[writer]! - 1;
    const before = newestRead[run]!;
    const newest =
      before === ABSENT || session[before] !== session[operation] ? ABSENT : readWriter(history, reads, before);
    if (newest > writer)
      return violated({
        ...cameBack(history, reads, before, operation),
        edges: [
          { from: writer, to: newest, why: SESSION },
          { from: newest, to: before, why: READS_FROM },
          { from: before, to: operation, why: SESSION },
          { from: writer, to: operation, why: READS_FROM },
        ],
      });
    newestRead[run] = operation;
  }
  return HOLDS;
}

function cameBack(
  history: History,
  reads: ReadsFrom,
  first: number,
  second: number,
): { pattern: "WriteCORead"; operations: readonly number[]; cyclic: false } {
  const [newer, older] = [readWriter(history, reads, first), readWriter(history, reads, second)];
  return { pattern: "WriteCORead", operations: [older, newer, first, second], cyclic: false };
}

function decideFollowing(judgement: Judgement): Verdict {
  const { history, readsFrom: reads } = judgement;
  if (!judgement.causal.isAcyclic) {
    const cycle = followedCycle(history, reads);
    if (cycle !== null)
      return violated({ pattern: "CyclicCO", operations: operationsOf(cycle), edges: cycle, cyclic: true });
  }
  const before = new ReadBefore(history, reads);
  for (let operation = 0; operation < history.operationCount; operation += 1) {
    if (history.kind[operation] !== operationKind.read || !onRegister(history, reads, operation)) continue;
    const writer = readWriter(history, reads, operation);
    if (writer === ABSENT) continue;
    const newer = before.shownBefore(operation, writer);
    if (newer === ABSENT) {
      before.show(operation, writer);
      continue;
    }
    const way = before.way(writer, readWriter(history, reads, newer));
    const edges: readonly Edge[] = [
      ...way,
      { from: readWriter(history, reads, newer), to: newer, why: READS_FROM },
      { from: newer, to: operation, why: SESSION },
      { from: writer, to: operation, why: READS_FROM },
    ];
    return violated({ pattern: "WriteCORead", operations: operationsOf(edges), edges, cyclic: false });
  }
  return HOLDS;
}
