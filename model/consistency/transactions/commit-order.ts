/**
 * The commit order as a graph of transactions: what every model has in it, and what the rules of the models add.
 *
 * Session order and reads-from are in every commit order, and so is the order of elements in lists. A model adds edges "t2 before t1"
 * where a transaction t3 reads a key from t1 although it sees t2, which writes that key too: t2 lost against t1. The models
 * differ in what "sees" means (Biswas, Enea, OOPSLA 2019, section 2.2, figure 2). A commit order exists exactly if the graph has no
 * cycle.
 *
 * Leaves out which edges a model adds (read-committed.ts, read-atomic.ts, transactional-causal.ts) and how a cycle is told
 * (cycle-evidence.ts).
 */
import { ABSENT, type History, operationKind, keyKind } from "../history.ts";
import { EdgeList, type Graph, graphOf } from "../orders/graph.ts";
import type { ReadsFrom } from "../reads-from.ts";
import type { Transactions } from "./form.ts";

/** What a model finds beyond session order, reads-from and lists. */
export type Inferred =
  /** Edges "t2 before t1", labelled with the outside read of t3 that shows it. */
  | { readonly kind: "edges"; readonly edges: EdgeList }
  | ({ readonly kind: "missed" } & Missed)
  /** A transaction read one key of others twice and got two values. */
  | { readonly kind: "non-repeatable"; readonly first: number; readonly second: number };

/** A read that returned the beginning, or a list, and sees a write of its key that is in neither: no order can help it. */
export interface Missed {
  readonly read: number;
  readonly missed: number;
}

/** Labels of edges: an operation, and what it shows about the edge. */
export const edgeLabel = {
  of: (operation: number, kind: number): number => operation * 4 + kind,
  operation: (label: number): number => Math.floor(label / 4),
  kind: (label: number): number => label % 4,
  /** The operation read what `from` wrote. */
  readsFrom: 0,
  /** The operation sees a write of `from` and returned what `to` wrote. */
  hidden: 1,
  /** The operation returned a list which orders the two. */
  listed: 2,
  /** The operation, of `from`, read something older than what `to` wrote. */
  overwritten: 3,
} as const;

/** Reads-from, labelled with the read. */
export function readsFromEdges({ count, sourceStart, source, sourceRead }: Transactions): EdgeList {
  const edges = new EdgeList();
  for (let txn = 0; txn < count; txn += 1) {
    for (let at = sourceStart[txn]!; at < sourceStart[txn + 1]!; at += 1) {
      edges.push(source[at]!, txn, edgeLabel.of(sourceRead[at]!, edgeLabel.readsFrom));
    }
  }
  return edges;
}

/** Session order and reads-from: the causal order, without its closure. */
export function causalGraph(transactions: Transactions): Graph {
  return graphOf(transactions.count, transactions.chained, readsFromEdges(transactions));
}

/**
 * The order that lists show: of neighbours in the longest list of a key, and of its last element before all that no list holds.
 * Labelled with the read that returned the longest list.
 */
export function listEdges(history: History, { writerOf }: ReadsFrom, transactions: Transactions): EdgeList {
  const { listStart, listed, version } = history;
  const { of, lists } = transactions;
  const edges = new EdgeList();
  if (lists.longest.length === 0) return edges;
  for (const read of lists.longest) {
    if (read === ABSENT) continue;
    for (let entry = listStart[read]! + 1; entry < listStart[read + 1]!; entry += 1) {
      const before = of[writerOf[listed[entry - 1]!]!]!;
      const after = of[writerOf[listed[entry]!]!]!;
      if (before !== after) edges.push(before, after, edgeLabel.of(read, edgeLabel.listed));
    }
  }
  for (let operation = 0; operation < history.operationCount; operation += 1) {
    if (transactions.counts[operation] === 0 || history.kind[operation] === operationKind.read) continue;
    const key = history.key[operation]!;
    if (history.keyKind[key] !== keyKind.list || lists.position[version[operation]!] !== ABSENT) continue;
    const read = lists.longest[key]!;
    if (read === ABSENT || listStart[read] === listStart[read + 1]) continue;
    const last = of[writerOf[listed[listStart[read + 1]! - 1]!]!]!;
    if (last !== of[operation]) edges.push(last, of[operation]!, edgeLabel.of(read, edgeLabel.listed));
  }
  return edges;
}
