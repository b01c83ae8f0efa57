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

/** Edges from readers to writers, labelled with the read. */
export function serialEdges(history: History, { writerOf }: ReadsFrom, transactions: Transactions): EdgeList {
  const { key, listStart, listed } = history;
  const { of, read, readFrom, writersStart, writer, lists } = transactions;
  const edges = new EdgeList();
  const unlisted = unlistedWriters(history, transactions);
  for (let entry = 0; entry < read.length; entry += 1) {
    const at = read[entry]!;
    const reader = of[at]!;
    const on = key[at]!;
    const label = edgeLabel.of(at, edgeLabel.overwritten);
    if (history.keyKind[on] === keyKind.list) {
      const length = listStart[at + 1]! - listStart[at]!;
      const longest = lists.longest[on]!;
      if (length < listStart[longest + 1]! - listStart[longest]!) {
        const next = of[writerOf[listed[listStart[longest]! + length]!]!]!;
        if (next !== reader) edges.push(reader, next, label);
      } else for (const next of unlisted.get(on) ?? []) if (next !== reader) edges.push(reader, next, label);
    } else if (readFrom[entry] === ABSENT) {
      for (let next = writersStart[on]!; next < writersStart[on + 1]!; next += 1) {
        if (writer[next] !== reader) edges.push(reader, writer[next]!, label);
      }
    }
  }
  return edges;
}

/** By list: the transactions with appends that no list holds. */
function unlistedWriters(
  history: History,
  { counts, of, lists }: Transactions,
): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, number[]>();
  if (lists.longest.length === 0) return found;
  for (let at = 0; at < history.operationCount; at += 1) {
    if (counts[at] === 0 || history.kind[at] === operationKind.read) continue;
    const on = history.key[at]!;
    if (history.keyKind[on] !== keyKind.list || lists.position[history.version[at]!] !== ABSENT) continue;
    const writers = found.get(on) ?? [];
    if (writers.at(-1) !== of[at]) writers.push(of[at]!);
    found.set(on, writers);
  }
  return found;
}
