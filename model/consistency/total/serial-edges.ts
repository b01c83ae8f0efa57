/**
 * What must come before what in every serial order, as far as that can be read off directly: a read of the beginning before all who
 * write that key, and a read of a list before what is appended to it next.
 *
 * Of other reads of a register it depends on the order itself whom they come before: that is what is left to search.
 *
 * Leaves out session order, reads-from and the order of lists (transactions/commit-order.ts).
 */
import { ABSENT, type History, keyKind, operationKind } from "../history.ts";
import { EdgeList } from "../orders/graph.ts";
import type { ReadsFrom } from "../reads-from.ts";
import { edgeLabel } from "../transactions/commit-order.ts";
import type { Transactions } from "../transactions/form.ts";

/**
 * Edges from readers to writers, labelled with the read. Of the readers in one session the last one is enough, of the writers the first:
 * so there are no more for a key than pairs of sessions.
 */
export function serialEdges(history: History, { writerOf }: ReadsFrom, transactions: Transactions): EdgeList {
  const { key, listStart, listed } = history;
  const { of, read, readFrom, session, lists } = transactions;
  const edges = new EdgeList();
  const later = laterWriters(history, transactions);
  /** By key: the last read, in the session at hand, that comes before all of `later`. */
  const lastRead = new Int32Array(history.keyCount).fill(ABSENT);
  let touched: number[] = [];
  const endSession = (): void => {
    for (const on of touched) {
      const at = lastRead[on]!;
      for (const next of later(on))
        if (next !== of[at]) edges.push(of[at]!, next, edgeLabel.of(at, edgeLabel.overwritten));
      lastRead[on] = ABSENT;
    }
    touched = [];
  };
  for (let entry = 0; entry < read.length; entry += 1) {
    const at = read[entry]!;
    if (entry > 0 && session[of[read[entry - 1]!]!] !== session[of[at]!]) endSession();
    const on = key[at]!;
    if (history.keyKind[on] === keyKind.list) {
      const length = listStart[at + 1]! - listStart[at]!;
      const longest = lists.longest[on]!;
      if (length < listStart[longest + 1]! - listStart[longest]!) {
        const next = of[writerOf[listed[listStart[longest]! + length]!]!]!;
        if (next !== of[at]) edges.push(of[at]!, next, edgeLabel.of(at, edgeLabel.overwritten));
        continue;
      }
    } else if (readFrom[entry] !== ABSENT) continue;
    if (lastRead[on] === ABSENT) touched.push(on);
    lastRead[on] = at;
  }
  endSession();
  return edges;
}

/**
 * By key, the first transaction of each session that writes after everything that was read: of a register any writer (a read of the
 * beginning asks), of a list those whose appends no list holds.
 */
function laterWriters(history: History, transactions: Transactions): (key: number) => readonly number[] {
  const { counts, of, lists, session, writersStart, writer } = transactions;
  const found = new Map<number, number[]>();
  const add = (on: number, txn: number): void => {
    const writers = found.get(on) ?? [];
    const last = writers.at(-1);
    if (last === undefined || session[last] !== session[txn]) writers.push(txn);
    found.set(on, writers);
  };
  for (let at = 0; at < history.operationCount && lists.longest.length > 0; at += 1) {
    if (counts[at] === 0 || history.kind[at] === operationKind.read) continue;
    const on = history.key[at]!;
    if (history.keyKind[on] === keyKind.list && lists.position[history.version[at]!] === ABSENT) add(on, of[at]!);
  }
  return (on) => {
    if (history.keyKind[on] !== keyKind.list && !found.has(on)) {
      found.set(on, []);
      for (let place = writersStart[on]!; place < writersStart[on + 1]!; place += 1) add(on, writer[place]!);
    }
    return found.get(on) ?? [];
  };
}
