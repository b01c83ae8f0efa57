/**
 * Transactional causal consistency: a transaction sees all that comes before it by session order and reads-from, over any number of
 * steps (Biswas, Enea, OOPSLA 2019, section 2.2).
 *
 * Who sees whom is told by vector clocks, one number per transaction and session: how many transactions of that session come before.
 * They are not kept: sessions are taken a few at a time, and for these the clocks of all transactions are computed in causal order,
 * used, and overwritten by the next. Time O(n k) for n operations and k sessions, memory O(n) whatever k is.
 *
 * Of the writers of a key in one session that a read sees, the last one is enough; and where it comes before the transaction that was
 * read anyway, by the same clocks, nothing new is learnt. So few edges remain.
 *
 * Leaves out cycles (decide.ts).
 */
import { ABSENT, type History } from "../history.ts";
import { EdgeList } from "../orders/graph.ts";
import type { Inferred } from "./commit-order.ts";
import { Sight } from "./sight.ts";
import type { Transactions } from "./form.ts";

/** Sessions taken at a time: their clocks fill one or two lines of a processor's cache per transaction. */
const SESSIONS_AT_ONCE = 16;

/**
 * The edges that causal visibility adds.
 *
 * @param order of `orderingOf` of the causal graph
 */
export function causalRule(history: History, transactions: Transactions, order: Uint32Array): Inferred {
  const { count, session, sessionStart, writersStart, writer, writerOperation, readFrom, of, read } = transactions;
  const { sessionCount, keyCount } = history;
  const edges = new EdgeList();
  const sight = new Sight(history, transactions, edges);
  const readsOf = readsByKey(history, transactions);
  const width = Math.min(SESSIONS_AT_ONCE, sessionCount);
  const clocks = new Uint32Array(count * width);
  /** By key: its first writer in the sessions at hand; moves on with them. */
  const nextWriter = writersStart.slice(0, keyCount);
  /** By transaction read from: the last one seen in the session at hand that lost against it, and in which round that was. */
  const lostTo = new Uint32Array(count);
  const lostRound = new Uint32Array(count);
  let round = 0;
  for (let low = 0; low < sessionCount; low += width) {
    const high = Math.min(low + width, sessionCount);
    fillClocks(transactions, order, low, high, width, clocks);
    for (let key = 0; key < keyCount; key += 1) {
      const lastWriter = writersStart[key + 1]!;
      let first = nextWriter[key]!;
      while (first < lastWriter && writer[first]! < sessionStart[high]!) {
        const by = session[writer[first]!]!;
        let end = first + 1;
        while (end < lastWriter && writer[end]! < sessionStart[by + 1]!) end += 1;
        round += 1;
        const column = by - low;
        const base = sessionStart[by]!;
        for (let at = readsOf.start[key]!; at < readsOf.start[key + 1]!; at += 1) {
          const entry = readsOf.entry[at]!;
          const reader = of[read[entry]!]!;
          // What a transaction itself writes is not outside: its own clock counts it, its reads do not see it.
          const bound = session[reader] === by ? reader : base + clocks[reader * width + column]!;
          const place = lastBelow(writer, first, end, bound);
          if (place === ABSENT) continue;
          const seen = writer[place]!;
          const from = readFrom[entry]!;
          if (from !== ABSENT) {
            if (seen === from || seen < base + clocks[from * width + column]!) continue;
            if (lostRound[from] === round && lostTo[from]! >= seen) continue;
            lostRound[from] = round;
            lostTo[from] = seen;
          }
          sight.sees(entry, seen, writerOperation[place]!);
        }
        first = end;
      }
      nextWriter[key] = first;
    }
    if (sight.missed !== null) return { kind: "missed", ...sight.missed };
  }
  return { kind: "edges", edges };
}

/**
 * The clocks of sessions `low` to `high` - 1: by transaction and session, how many transactions of that session come before it or are
 * it.
 */
function fillClocks(
  { chained, session, sessionStart, source, sourceStart }: Transactions,
  order: Uint32Array,
  low: number,
  high: number,
  width: number,
  clocks: Uint32Array,
): void {
  for (const txn of order) {
    const into = txn * width;
    if (txn > 0 && chained[txn - 1] === 1) clocks.copyWithin(into, into - width, into);
    else clocks.fill(0, into, into + width);
    for (let at = sourceStart[txn]!; at < sourceStart[txn + 1]!; at += 1) {
      const from = source[at]! * width;
      for (let column = 0; column < width; column += 1) {
        const known = clocks[from + column]!;
        if (known > clocks[into + column]!) clocks[into + column] = known;
      }
    }
    const own = session[txn]!;
    if (own >= low && own < high) clocks[into + own - low] = txn - sessionStart[own]! + 1;
  }
}

/** The last place in a range of ascending numbers whose number is smaller than a bound, or ABSENT. */
function lastBelow(numbers: Uint32Array, first: number, end: number, bound: number): number {
  let low = first;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle]! < bound) low = middle + 1;
    else high = middle;
  }
  return low === first ? ABSENT : low - 1;
}

/** Outside reads (places in `Transactions.read`) sorted by key. */
function readsByKey(
  { key, keyCount }: History,
  { read }: Transactions,
): { readonly start: Uint32Array; readonly entry: Uint32Array } {
  const start = new Uint32Array(keyCount + 1);
  for (const operation of read) start[key[operation]! + 1]! += 1;
  for (let on = 0; on < keyCount; on += 1) start[on + 1]! += start[on]!;
  const next = start.slice(0, keyCount);
  const entry = new Uint32Array(read.length);
  for (let at = 0; at < read.length; at += 1) entry[next[key[read[at]!]!]!++] = at;
  return { start, entry };
}
