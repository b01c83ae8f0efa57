/**
 * The transactional models: each one's rule, then a cycle of the commit order or none.
 *
 * A history that a weaker model refuses is refused by the stronger one with the same evidence, so that what is told is the simplest
 * thing that is wrong.
 *
 * Leaves out the rules (read-committed.ts, read-atomic.ts, transactional-causal.ts).
 */
import { causalConvergence } from "../causal.ts";
import { keyText, valueText } from "../explain/words.ts";
import { type History, keyKind } from "../history.ts";
import type { Judgement } from "../judgement.ts";
import { type Graph, graphOf, orderingOf, shortestCycle, shortestPath } from "../orders/graph.ts";
import { unclearRead } from "../nothing-reads.ts";
import type { Verdict } from "../verdict.ts";
import { causalGraph, type Inferred } from "./commit-order.ts";
import { Teller } from "./cycle-evidence.ts";
import type { Transactions } from "./form.ts";
import { readAtomicRule } from "./read-atomic.ts";
import { readCommittedRule } from "./read-committed.ts";
import { causalRule } from "./transactional-causal.ts";

/** Transactional read committed. */
export function checkReadCommitted(judgement: Judgement): Verdict {
  return decide(judgement, readCommittedRule, null);
}

/** Read atomic. */
export function checkReadAtomic(judgement: Judgement): Verdict {
  return decide(judgement, readAtomicRule, checkReadCommitted);
}

/**
 * Transactional causal consistency. Where every transaction is one operation on a register it is causal convergence, whose checker is
 * faster on many sessions because it knows of no transactions (a property in the suite).
 */
export function checkTransactionalCausal(judgement: Judgement): Verdict {
  const { transactionStart, keyKind: kinds, duplicateCount } = judgement.history;
  const isPlain = transactionStart === null && duplicateCount === 0 && kinds.every((kind) => kind === keyKind.register);
  if (isPlain) return causalConvergence(judgement);
  return decide(judgement, causalRule, checkReadAtomic);
}

/** The edges that a model adds, given a causal order. */
type Rule = (history: History, transactions: Transactions, order: Uint32Array) => Inferred;

/** @param weaker the next weaker model, asked for a simpler evidence when this one is violated */
function decide(judgement: Judgement, rule: Rule, weaker: ((judgement: Judgement) => Verdict) | null): Verdict {
  const reason = whyNotApplicable(judgement.history);
  if (reason !== null) return { kind: "not-applicable", reason };
  const { transactions, order, flaw, edges } = judgement.commits;
  if (flaw !== null) return { kind: "violated", evidence: flaw };
  const inferred = rule(judgement.history, transactions, order);
  let graph: Graph | null = null;
  let cyclic: Uint8Array | null = null;
  if (inferred.kind === "edges") {
    graph = graphOf(transactions.count, transactions.chained, ...edges, inferred.edges);
    const ordering = orderingOf(graph);
    if (ordering.kind === "order") return { kind: "holds" };
    cyclic = ordering.cyclic;
  }
  const simpler = weaker?.(judgement);
  if (simpler?.kind === "violated") return simpler;
  const teller = new Teller(judgement.history, judgement.readsFrom, transactions);
  if (graph !== null && cyclic !== null) {
    return { kind: "violated", evidence: teller.cycle(shortestCycle(graph, cyclic)) };
  }
  if (inferred.kind === "non-repeatable") {
    return { kind: "violated", evidence: teller.nonRepeatable(inferred.first, inferred.second) };
  }
  const missed = inferred as Extract<Inferred, { kind: "missed" }>;
  const [from, to] = [transactions.of[missed.missed]!, transactions.of[missed.read]!];
  const path = shortestPath(causalGraph(transactions), from, to);
  return { kind: "violated", evidence: teller.missed(missed, path ?? []) };
}

/** Why these models say nothing about a history; null where they do. */
export function whyNotApplicable(history: History): string | null {
  const unclear = unclearRead(history);
  if (unclear !== null) return unclear;
  const [pair] = history.duplicates;
  if (pair !== undefined) return duplicateReason(history, pair.first, pair.second);
  const hasSets = history.keyKind.includes(keyKind.siblings);
  const hasValues = history.keyKind.includes(keyKind.register) || history.keyKind.includes(keyKind.list);
  return hasSets && !hasValues ? "all reads return sets of siblings, none a single value" : null;
}

function duplicateReason(history: History, first: number, second: number): string {
  const { key, version, line } = history;
  const what = `${valueText(history, version[second]!)} is written to ${keyText(history, key[second]!)}`;
  if (first < 0)
    return `${what} on line ${line[second]!}, and is the initial value too, so that who was read cannot be told`;
  return `${what} on lines ${line[first]!} and ${line[second]!}, so that who was read cannot be told`;
}
