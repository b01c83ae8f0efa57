/**
 * Read atomic: a transaction sees as a whole whom it reads from, and all that its own session did before (Biswas, Enea, OOPSLA 2019,
 * section 2.2; Bailis et al., SIGMOD 2014).
 *
 * Of the own session the last writer of a key is enough: the earlier ones come before it. Time: for every pair of reader and source
 * the smaller of what one reads and the other writes, O(n^1.5) over all.
 *
 * Leaves out cycles (decide.ts).
 */
import { ABSENT, type History } from "../history.ts";
import { EdgeList } from "../orders/graph.ts";
import type { Inferred } from "./commit-order.ts";
import { Sight } from "./sight.ts";
import { lastWriteOf, type Transactions } from "./form.ts";

/** The edges that read atomic adds. */
export function readAtomicRule(history: History, transactions: Transactions): Inferred {
  const { count, read, readStart, readFrom, source, sourceStart, session, sessionStart } = transactions;
  const { written, writtenStart, lastWrite } = transactions;
  const { key } = history;
  const edges = new EdgeList();
  const sight = new Sight(history, transactions, edges);
  /** By key: the transaction's read of it, as a place in `read`; of an earlier transaction where it is too small. */
  const readOf = new Int32Array(history.keyCount).fill(ABSENT);
  /** By key: the last write of it so far, as a place in `written`; of another session where it is too small. */
  const writerOf = new Int32Array(history.keyCount).fill(ABSENT);
  for (let txn = 0; txn < count; txn += 1) {
    const first = readStart[txn]!;
    const end = readStart[txn + 1]!;
    const sessionFirst = writtenStart[sessionStart[session[txn]!]!]!;
    for (let entry = first; entry < end; entry += 1) {
      const on = key[read[entry]!]!;
      const earlier = readOf[on]!;
      if (earlier >= first) {
        if (readFrom[earlier] === readFrom[entry]) continue;
        return { kind: "non-repeatable", first: read[earlier]!, second: read[entry]! };
      }
      readOf[on] = entry;
      const write = writerOf[on]!;
      if (write >= sessionFirst) sight.sees(entry, transactions.of[lastWrite[write]!]!, lastWrite[write]!);
    }
    for (let at = sourceStart[txn]!; at < sourceStart[txn + 1]!; at += 1) {
      const seen = source[at]!;
      if (writtenStart[seen + 1]! - writtenStart[seen]! <= end - first) {
        for (let write = writtenStart[seen]!; write < writtenStart[seen + 1]!; write += 1) {
          const entry = readOf[written[write]!]!;
          if (entry >= first) sight.sees(entry, seen, lastWrite[write]!);
        }
        continue;
      }
      for (let entry = first; entry < end; entry += 1) {
        const on = key[read[entry]!]!;
        if (readOf[on] !== entry) continue;
        const write = lastWriteOf(transactions, seen, on);
        if (write !== ABSENT) sight.sees(entry, seen, write);
      }
    }
    for (let write = writtenStart[txn]!; write < writtenStart[txn + 1]!; write += 1) writerOf[written[write]!] = write;
  }
  return sight.missed === null ? { kind: "edges", edges } : { kind: "missed", ...sight.missed };
}
