/**
 * Read committed: what a transaction has read from another one is seen by all its later reads (Biswas, Enea, OOPSLA 2019, section 2.2).
 *
 * A transaction is walked backwards, with the next read of every key at hand: where another transaction is first read from, the next
 * reads of the keys that it writes see it. Reads further on need not be looked at, because each read of a key also sees what the read
 * of that key before it returned. Time: for every pair of reader and source the smaller of what one reads and the other writes,
 * O(n^1.5) over all.
 *
 * Leaves out cycles (decide.ts).
 */
import { ABSENT, type History } from "../history.ts";
import { EdgeList } from "../orders/graph.ts";
import type { Inferred } from "./commit-order.ts";
import { Sight } from "./sight.ts";
import { lastWriteOf, type Transactions } from "./form.ts";

/** The edges that read committed adds. */
export function readCommittedRule(history: History, transactions: Transactions): Inferred {
  const { count, read, readStart, readFrom, source, sourceStart, sourceRead } = transactions;
  const { written, writtenStart, lastWrite } = transactions;
  const { key } = history;
  const edges = new EdgeList();
  const sight = new Sight(history, transactions, edges);
  /** By key: the next read of it in the transaction, as a place in `read`; of another transaction where it is out of range. */
  const nextOf = new Int32Array(history.keyCount).fill(ABSENT);
  for (let txn = 0; txn < count; txn += 1) {
    const firstEntry = readStart[txn]!;
    const endEntry = readStart[txn + 1]!;
    let from = sourceStart[txn + 1]! - 1;
    let entry = endEntry - 1;
    // A transaction whose only outside read is its first one sees nothing before it.
    if (from < sourceStart[txn]! || entry < firstEntry) continue;
    while (from >= sourceStart[txn]! || entry >= firstEntry) {
      const readAt = entry >= firstEntry ? read[entry]! : ABSENT;
      const sourceAt = from >= sourceStart[txn]! ? sourceRead[from]! : ABSENT;
      if (sourceAt >= readAt) {
        seenBelow(source[from]!, firstEntry, endEntry, entry);
        from -= 1;
        continue;
      }
      const on = key[readAt]!;
      const next = nextOf[on]!;
      const before = readFrom[entry]!;
      if (next > entry && next < endEntry && before !== ABSENT)
        sight.sees(next, before, lastWriteOf(transactions, before, on));
      nextOf[on] = entry;
      entry -= 1;
    }
  }
  return sight.missed === null ? { kind: "edges", edges } : { kind: "missed", ...sight.missed };

  /** All reads of the transaction after the entry see `seen`; `nextOf` knows those after the entry, of each key the next. */
  function seenBelow(seen: number, firstEntry: number, endEntry: number, entry: number): void {
    const writes = writtenStart[seen + 1]! - writtenStart[seen]!;
    if (writes <= endEntry - entry - 1) {
      for (let at = writtenStart[seen]!; at < writtenStart[seen + 1]!; at += 1) {
        const next = nextOf[written[at]!]!;
        if (next > entry && next >= firstEntry && next < endEntry) sight.sees(next, seen, lastWrite[at]!);
      }
      return;
    }
    for (let next = entry + 1; next < endEntry; next += 1) {
      const on = key[read[next]!]!;
      if (nextOf[on] !== next) continue;
      const write = lastWriteOf(transactions, seen, on);
      if (write !== ABSENT) sight.sees(next, seen, write);
    }
  }
}
