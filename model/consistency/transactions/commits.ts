/**
 * What the transactional checkers share of one history: its transactions, an order that keeps causes, and what is wrong under all models.
 *
 * Leaves out what single models add (models.ts).
 */
import type { History } from "../history.ts";
import { type EdgeList, orderingOf, shortestCycle } from "../orders/graph.ts";
import type { ReadsFrom } from "../reads-from.ts";
import type { Evidence } from "../verdict.ts";
import { causalGraph, listEdges, readsFromEdges } from "./commit-order.ts";
import { Teller } from "./cycle-evidence.ts";
import type { Transactions } from "./form.ts";
import { transactionsOf } from "./transactions.ts";

/** Computed once per history. */
export interface Commits {
  readonly transactions: Transactions;
  /** An order of the transactions that keeps sessions and reads-from; empty where `flaw` is not null. */
  readonly order: Uint32Array;
  /** What is wrong under every transactional model. */
  readonly flaw: Evidence | null;
  /** Of every commit order: reads-from and the order of lists. */
  readonly edges: readonly EdgeList[];
}

/** Linear in the history and its lists. */
export function commitsOf(history: History, readsFrom: ReadsFrom): Commits {
  const transactions = transactionsOf(history, readsFrom);
  const none = new Uint32Array(0);
  if (transactions.flaw !== null) return { transactions, order: none, flaw: transactions.flaw, edges: [] };
  const edges = [readsFromEdges(transactions), listEdges(history, readsFrom, transactions)];
  const causal = causalGraph(transactions);
  const ordering = orderingOf(causal);
  if (ordering.kind === "order") return { transactions, order: ordering.order, flaw: null, edges };
  const teller = new Teller(history, readsFrom, transactions);
  return { transactions, order: none, flaw: teller.cycle(shortestCycle(causal, ordering.cyclic)), edges };
}
