/**
 * Orders of transactions that reads force in every serial order, over as many steps of reasoning as it takes: whoever writes a key and
 * must come before a reader comes before what that reader returned; whoever must come after what it returned comes after the reader.
 *
 * Each round draws conclusions from what the rounds before have shown, so that every conclusion can be told with the way on which it
 * rests. A cycle decides without a search, and can be explained; where there is none, the search has less to try. Cubic at worst, so
 * only for a few thousand transactions.
 *
 * Leaves out reads of the beginning and of lists, whose orders need no reasoning (serial-edges.ts).
 */
import { ABSENT, type History, keyKind } from "../history.ts";
import { EdgeList, type Graph, graphOf, orderingOf, shortestCycle, shortestPath } from "../orders/graph.ts";
import { edgeLabel } from "../transactions/commit-order.ts";
import { lastWriteOf, type Transactions } from "../transactions/form.ts";
import type { Teller } from "../transactions/cycle-evidence.ts";
import type { Edge, Evidence } from "../verdict.ts";

/** Transactions up to which conclusions are drawn. */
export const FORCED_MAX = 2_000;

/** What must be, or why it cannot. */
export type Forced =
  { readonly kind: "edges"; readonly graph: Graph } | { readonly kind: "cycle"; readonly evidence: Evidence };

/** @param known edges that every serial order has; without a cycle */
export function forcedOrder(
  history: History,
  transactions: Transactions,
  known: readonly EdgeList[],
  teller: Teller,
): Forced {
  const { count, chained } = transactions;
  const lists = [...known];
  const graphs: Graph[] = [];
  /** By conclusion: the round that drew it. */
  const roundOf = new Map<string, number>();
  for (let round = 0; ; round += 1) {
    const graph = graphOf(count, chained, ...lists);
    graphs.push(graph);
    const ordering = orderingOf(graph);
    if (ordering.kind === "cyclic") {
      return { kind: "cycle", evidence: teller.cycle(shortestCycle(graph, ordering.cyclic), via) };
    }
    const drawn = conclusions(history, transactions, reachedFrom(graph, ordering.order));
    if (drawn.from.length === 0) return { kind: "edges", graph };
    for (let at = 0; at < drawn.from.length; at += 1) {
      roundOf.set(nameOf(drawn.from.data[at]!, drawn.to.data[at]!, drawn.label.data[at]!), round);
    }
    lists.push(drawn);
  }

  /** The way on which a conclusion rests; undefined for what is known without one. */
  function via(from: number, to: number, label: number): readonly Edge[] | undefined {
    const round = roundOf.get(nameOf(from, to, label));
    if (round === undefined) return undefined;
    const read = edgeLabel.operation(label);
    const key = history.key[read]!;
    const isHidden = edgeLabel.kind(label) === edgeLabel.hidden;
    const source = teller.returnedBy(read);
    const [first, last] = isHidden
      ? [lastWriteOf(transactions, from, key), read]
      : [source, teller.overwriterOf(read, to)];
    const way = shortestPath(graphs[round]!, transactions.of[first]!, transactions.of[last]!);
    return teller.path(first, way ?? [], last, via);
  }
}

function nameOf(from: number, to: number, label: number): string {
  return `${from} ${to} ${label}`;
}

/** By transaction: a row of bits, one for every transaction that must come after it. */
interface Reached {
  readonly words: number;
  readonly bits: Uint32Array;
}

function reachedFrom({ nodeCount, chained, start, target }: Graph, order: Uint32Array): Reached {
  const words = (nodeCount + 31) >>> 5;
  const bits = new Uint32Array(nodeCount * words);
  const add = (node: number, after: number): void => {
    for (let word = 0; word < words; word += 1) bits[node * words + word]! |= bits[after * words + word]!;
    bits[node * words + (after >>> 5)]! |= 1 << (after & 31);
  };
  for (let at = nodeCount - 1; at >= 0; at -= 1) {
    const node = order[at]!;
    for (let edge = start[node]!; edge < start[node + 1]!; edge += 1) add(node, target[edge]!);
    if (chained[node] === 1) add(node, node + 1);
  }
  return { words, bits };
}

/** What follows from an order in one step and is not in it yet. */
function conclusions(history: History, transactions: Transactions, { words, bits }: Reached): EdgeList {
  const { of, read, readFrom, writersStart, writer } = transactions;
  const drawn = new EdgeList();
  const isBefore = (one: number, other: number): boolean =>
    ((bits[one * words + (other >>> 5)]! >>> (other & 31)) & 1) === 1;
  for (let entry = 0; entry < read.length; entry += 1) {
    const at = read[entry]!;
    const key = history.key[at]!;
    const from = readFrom[entry]!;
    if (from === ABSENT || history.keyKind[key] !== keyKind.register) continue;
    const reader = of[at]!;
    for (let place = writersStart[key]!; place < writersStart[key + 1]!; place += 1) {
      const other = writer[place]!;
      if (other === from || other === reader) continue;
      if (isBefore(other, reader) && !isBefore(other, from))
        drawn.push(other, from, edgeLabel.of(at, edgeLabel.hidden));
      if (isBefore(from, other) && !isBefore(reader, other)) {
        drawn.push(reader, other, edgeLabel.of(at, edgeLabel.overwritten));
      }
    }
  }
  return drawn;
}
