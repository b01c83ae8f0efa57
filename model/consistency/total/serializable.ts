/**
 * Serializability in session order: can the transactions be run one after the other, each session's in its order, with the same
 * answers (Biswas, Enea, OOPSLA 2019, section 2.2)?
 *
 * Deciding it is NP-complete. First what is easy: a history that is not transactionally causal is not serializable; an order that
 * reads force may have a cycle; where only lists were read, that decides. Else a search, which gives up after `limits.searchSteps`. Times are only a hint where to begin.
 *
 * Leaves out strict serializability: an order may go against real time.
 */
import { type History, keyKind } from "../history.ts";
import type { Judgement } from "../judgement.ts";
import { graphOf, orderingOf, shortestCycle } from "../orders/graph.ts";
import { unclearRead } from "../nothing-reads.ts";
import { Teller } from "../transactions/cycle-evidence.ts";
import { checkTransactionalCausal } from "../transactions/models.ts";
import type { Verdict } from "../verdict.ts";
import { FORCED_MAX, forcedOrder } from "./forced.ts";
import { ReplayMoves } from "./replay-moves.ts";
import { type Found, type Moves, search } from "./search.ts";
import { serialEdges } from "./serial-edges.ts";
import { SerialMoves } from "./serial-moves.ts";

/** Operations that an evidence without a cycle names at most. */
const STUCK_MAX = 12;

/** Decides, or gives up. */
export function checkSerializable(judgement: Judgement): Verdict {
  const { history } = judgement;
  const kinds = history.keyKind;
  if (kinds.includes(keyKind.siblings)) {
    return { kind: "not-applicable", reason: "reads of siblings return what no serial order has side by side" };
  }
  const unclear = unclearRead(history);
  if (unclear !== null) return { kind: "not-applicable", reason: unclear };
  if (history.duplicateCount > 0) return replayed(judgement);
  const causal = checkTransactionalCausal(judgement);
  if (causal.kind !== "holds") return causal;
  const { transactions, order, edges } = judgement.commits;
  const forced = serialEdges(history, judgement.readsFrom, transactions);
  const graph = graphOf(transactions.count, transactions.chained, ...edges, forced);
  const ordering = orderingOf(graph);
  if (ordering.kind === "cyclic") {
    const teller = new Teller(history, judgement.readsFrom, transactions);
    return { kind: "violated", evidence: teller.cycle(shortestCycle(graph, ordering.cyclic)) };
  }
  if (!kinds.includes(keyKind.register)) return { kind: "holds" };
  const { searchSteps } = judgement.limits;
  if (transactions.count > searchSteps) {
    return {
      kind: "unknown",
      reason: `a search of ${searchSteps} steps cannot place ${transactions.count} transactions`,
    };
  }
  let before = graph;
  if (transactions.count <= FORCED_MAX) {
    const teller = new Teller(history, judgement.readsFrom, transactions);
    const reasoned = forcedOrder(history, transactions, [...edges, forced], teller);
    if (reasoned.kind === "cycle") return { kind: "violated", evidence: reasoned.evidence };
    before = reasoned.graph;
  }
  const moves = new SerialMoves(history, transactions, before, ranked(history, transactions.start, order));
  return verdictOf(history, transactions.start, moves, search(moves, searchSteps));
}

function replayed({ history, readsFrom, limits }: Judgement): Verdict {
  if (history.keyKind.includes(keyKind.list)) {
    return {
      kind: "not-applicable",
      reason: "values were written twice, and elements of lists could not be told apart",
    };
  }
  const [nowhere] = readsFrom.thinAir;
  if (nowhere !== undefined) {
    return { kind: "violated", evidence: { pattern: "ThinAirRead", operations: [nowhere], edges: [], cyclic: false } };
  }
  const start =
    history.transactionStart ?? Uint32Array.from({ length: history.operationCount + 1 }, (_, operation) => operation);
  const order = Uint32Array.from({ length: history.transactionCount }, (_, txn) => txn);
  const moves = new ReplayMoves(history, ranked(history, start, order));
  return verdictOf(history, start, moves, search(moves, limits.searchSteps));
}

/** By transaction: when it ended, where that is known of all; else its place in an order. */
function ranked({ end, transactionCount }: History, start: Uint32Array, order: Uint32Array): Float64Array {
  const rank = new Float64Array(transactionCount);
  for (let at = 0; at < order.length; at += 1) rank[order[at]!] = at;
  if (end === null) return rank;
  const ends = rank.map((_, txn) => (start[txn + 1]! > start[txn]! ? end[start[txn + 1]! - 1]! : Number.NaN));
  return ends.every((time) => time >= 0 && time < Number.POSITIVE_INFINITY) ? ends : rank;
}

function verdictOf(history: History, start: Uint32Array, moves: Moves, found: Found): Verdict {
  if (found.kind === "found") return { kind: "holds" };
  if (found.kind === "gave-up") {
    return { kind: "unknown", reason: `the search for a serial order gave up after ${found.steps} steps` };
  }
  return {
    kind: "violated",
    evidence: { pattern: "NoOrder", operations: stuckAt(history, start, moves, found.ways), edges: [], cyclic: false },
  };
}

/** The operations of the transactions that could not follow where the search came farthest. */
function stuckAt(history: History, start: Uint32Array, moves: Moves, ways: readonly number[]): readonly number[] {
  for (const way of ways) moves.place(way);
  const state = new Uint32Array(moves.stateWidth);
  moves.state(state);
  const operations: number[] = [];
  for (let session = 0; session < history.sessionCount; session += 1) {
    const next = state[session]!;
    if (next >= history.transactionCount || history.session[start[next]!] !== session) continue;
    for (let at = start[next]!; at < start[next + 1]! && operations.length < STUCK_MAX; at += 1) operations.push(at);
  }
  return operations;
}
