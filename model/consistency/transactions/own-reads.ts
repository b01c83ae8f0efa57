/**
 * What one transaction's reads must be whatever the others do: values that somebody wrote and did not take back, its own last write
 * of a key once it has one, and of others nothing but what they left behind.
 *
 * These are the anomalies that need no order: thin-air, aborted, future and intermediate reads, and the two ways to miss an own
 * write (patterns a to f of Plume: Liu et al., Plume, OOPSLA 2024, section 4). All transactional models forbid them.
 *
 * A story told by other checkers' mistakes. 1. A transaction reads x = 1 of another one. 2. It reads x again, and gets the same:
 * fine. 3. It writes x = 2 and reads 2: fine. 4. It writes x = 3: fine, and the read of 2 is not intermediate, since it was its own.
 *
 * Leaves out orders between transactions, and sets of siblings beyond who wrote them.
 */
import { ABSENT, type History, INITIAL, keyKind, operationKind } from "../history.ts";
import type { ReadsFrom } from "../reads-from.ts";
import type { Edge, Evidence, PatternName } from "../verdict.ts";
import { type Frame, lastWriteOf, type Writes } from "./form.ts";

/** The first read, in order of operations, that is wrong in itself; null where all are right. Linear in the history. */
export function ownReadFlaw(
  history: History,
  { writerOf, abortedWriterOf }: ReadsFrom,
  { count, start, of, counts }: Frame,
  writes: Writes,
): Evidence | null {
  const { kind, key, version, listStart, listed } = history;
  /** By key: the last write of it, in the order in which operations are looked at; older than the transaction if not its own. */
  const lastOf = new Int32Array(history.keyCount).fill(ABSENT);
  for (let txn = 0; txn < count; txn += 1) {
    const first = start[txn]!;
    for (let at = first; at < start[txn + 1]!; at += 1) {
      if (counts[at] === 0) continue;
      const on = key[at]!;
      if (kind[at] !== operationKind.read) {
        lastOf[on] = at;
        continue;
      }
      const own = lastOf[on]!;
      for (let entry = listStart[at]!; entry < listStart[at + 1]!; entry += 1) {
        const returned = listed[entry]!;
        if (returned === INITIAL) continue;
        const writer = writerOf[returned]!;
        if (writer === ABSENT) {
          const failed = abortedWriterOf[returned]!;
          return failed === ABSENT
            ? flaw("ThinAirRead", [at], [])
            : flaw("AbortedRead", [failed, at], [from(failed, at)]);
        }
        if (of[writer] === txn && writer > at) {
          return { ...flaw("FutureRead", [at, writer], [together(at, writer), from(writer, at)]), cyclic: true };
        }
      }
      if (history.keyKind[on] === keyKind.siblings) continue;
      if (history.keyKind[on] === keyKind.list) {
        const wrong = ofList(at, own >= first);
        if (wrong !== null) return wrong;
        continue;
      }
      const returned = listed[listStart[at]!] ?? INITIAL;
      const writer = returned === INITIAL ? ABSENT : writerOf[returned]!;
      if (own >= first) {
        if (version[own] === returned) continue;
        if (writer === ABSENT) return flaw("NotMyOwnWrite", [own, at], [together(own, at)]);
        const mine = of[writer] === txn;
        return flaw(
          mine ? "NotMyLastWrite" : "NotMyOwnWrite",
          [writer, own, at],
          [...(mine ? [together(writer, own)] : []), together(own, at), from(writer, at)],
        );
      }
      if (writer === ABSENT) continue;
      const last = lastWriteOf(writes, of[writer]!, on);
      if (last !== writer)
        return flaw("IntermediateRead", [writer, last, at], [together(writer, last), from(writer, at)]);
    }
  }
  return null;

  /**
   * A list must hold all own appends so far, in their order, and of every other transaction all its appends or none.
   *
   * @param appended whether the transaction appended to it before
   */
  function ofList(read: number, appended: boolean): Evidence | null {
    const txn = of[read]!;
    /** The own append that comes next in the list, found by walking the transaction. */
    let expected = appended ? nextAppend(start[txn]!, read) : ABSENT;
    const seen = new Map<number, number>();
    let before = ABSENT;
    for (let entry = listStart[read]!; entry < listStart[read + 1]!; entry += 1) {
      const writer = listed[entry] === INITIAL ? ABSENT : writerOf[listed[entry]!]!;
      if (writer === ABSENT) continue;
      const by = of[writer]!;
      seen.set(by, (seen.get(by) ?? 0) + 1);
      // Neighbours of one transaction stand as it appended them; what stands between others is a matter of the commit order.
      if (before > writer && of[before] === by) {
        return flaw("IncompatibleOrder", [writer, before, read], [together(writer, before)]);
      }
      before = writer;
      if (by === txn && writer === expected) expected = nextAppend(writer + 1, read);
    }
    if (expected !== ABSENT) {
      const isThere = listed.subarray(listStart[read], listStart[read + 1]).includes(version[expected]!);
      return flaw(isThere ? "IncompatibleOrder" : "NotMyOwnWrite", [expected, read], [together(expected, read)]);
    }
    for (let entry = listStart[read]!; entry < listStart[read + 1]!; entry += 1) {
      const writer = listed[entry] === INITIAL ? ABSENT : writerOf[listed[entry]!]!;
      if (writer === ABSENT || of[writer] === txn) continue;
      const by = of[writer]!;
      const missing = missingAppend(by, read, seen.get(by)!);
      if (missing !== ABSENT) {
        return flaw("IntermediateRead", [writer, missing, read], [together(writer, missing), from(writer, read)]);
      }
    }
    return null;
  }

  /** The first append to the key of `read` from here on and before `read`. */
  function nextAppend(operation: number, read: number): number {
    for (let at = operation; at < read; at += 1) {
      if (counts[at] === 1 && kind[at] !== operationKind.read && key[at] === key[read]) return at;
    }
    return ABSENT;
  }

  /** An append of a transaction to the key of `read` that is not in its list, of which `seen` are. */
  function missingAppend(by: number, read: number, seen: number): number {
    let appends = 0;
    for (let entry = writes.writtenStart[by]!; entry < writes.writtenStart[by + 1]!; entry += 1) {
      if (writes.written[entry] === key[read]) appends = writes.writeCount[entry]!;
    }
    if (seen >= appends) return ABSENT;
    const returned = new Set(listed.subarray(listStart[read], listStart[read + 1]));
    for (let at = start[by]!; at < start[by + 1]!; at += 1) {
      const isAppend = counts[at] === 1 && kind[at] !== operationKind.read && key[at] === key[read];
      if (isAppend && !returned.has(version[at]!)) return at;
    }
    return ABSENT;
  }
}

function flaw(pattern: PatternName, operations: readonly number[], edges: readonly Edge[]): Evidence {
  return { pattern, operations, edges, cyclic: false };
}

function from(writer: number, read: number): Edge {
  return { from: writer, to: read, why: { kind: "reads-from" } };
}

function together(one: number, other: number): Edge {
  return { from: one, to: other, why: { kind: "transaction" } };
}
