/**
 * Evidence from cycles and paths of transactions: the operations of which their steps consist, and a name.
 *
 * A step between transactions becomes an edge between two of their operations; where one step ends at another operation of a
 * transaction than the next one begins at, an edge inside the transaction joins them. Session order has no operations of its own and
 * takes those of its neighbours.
 *
 * Names, weakest first: a write that an earlier read of the same transaction had shown is a non-monotonic read, one of a transaction
 * that is read from at all a fractured read, one that is only in the causal past the pattern of that name in POPL 2017, Table 2.
 * These are the patterns g to n of Plume (Liu et al., OOPSLA 2024, section 4), without its split by how the cycle closes.
 *
 * Leaves out words.
 */
import { ABSENT, type History, INITIAL, operationKind } from "../history.ts";
import type { Step } from "../orders/graph.ts";
import type { ReadsFrom } from "../reads-from.ts";
import type { Edge, Evidence, PatternName } from "../verdict.ts";
import { edgeLabel, type Missed } from "./commit-order.ts";
import { lastWriteOf, type Transactions } from "./form.ts";

/** How a read sees a write that lost; weaker models know the first ones. */
const sight = { earlierRead: 0, source: 1, causal: 2 } as const;

/** The way on which an edge between two transactions rests; undefined where none needs to be told. */
export type Via = (from: number, to: number, label: number) => readonly Edge[] | undefined;

/** Tells cycles and paths of one history. */
export class Teller {
  readonly #history: History;
  readonly #readsFrom: ReadsFrom;
  readonly #transactions: Transactions;

  constructor(history: History, readsFrom: ReadsFrom, transactions: Transactions) {
    this.#history = history;
    this.#readsFrom = readsFrom;
    this.#transactions = transactions;
  }

  /**
   * A cycle of the commit order.
   *
   * @param via on which way a step rests that session order and reads-from alone do not show
   */
  cycle(steps: readonly Step[], via?: Via): Evidence {
    const edges = rotated(this.#closed(steps.map((step) => this.#edge(step, via))));
    return { pattern: this.#nameOf(edges), operations: operationsOf(edges), edges, cyclic: true };
  }

  /** A read that sees a write and returned the beginning, or a list without it; `path` leads from one's transaction to the other's. */
  missed({ read, missed }: Missed, path: readonly Step[]): Evidence {
    const { listStart, listed, keyKind, key } = this.#history;
    const edges = this.#joined(
      missed,
      path.map((step) => this.#edge(step)),
      read,
    );
    const isRegister = keyKind[key[read]!] === 0 && listed[listStart[read]!] === INITIAL;
    const how = this.#sightOf(this.#transactions.of[missed]!, read);
    const pattern: PatternName = !isRegister
      ? "MissingElement"
      : how === sight.earlierRead
        ? "NonMonotonicRead"
        : how === sight.source
          ? "FracturedRead"
          : "WriteCOInitRead";
    return { pattern, operations: operationsOf(edges), edges, cyclic: false };
  }

  /** The edges of a path between two operations, whose transactions the steps join. */
  path(first: number, steps: readonly Step[], last: number, via: Via): readonly Edge[] {
    return this.#joined(
      first,
      steps.map((step) => this.#edge(step, via)),
      last,
    );
  }

  /** A transaction that read one key twice, and two values. */
  nonRepeatable(first: number, second: number): Evidence {
    const edges: Edge[] = [];
    const operations: number[] = [];
    for (const read of [first, second]) {
      const writer = this.returnedBy(read);
      if (writer !== ABSENT) {
        edges.push({ from: writer, to: read, why: { kind: "reads-from" } });
        operations.push(writer);
      }
      operations.push(read);
    }
    edges.push({ from: first, to: second, why: { kind: "transaction" } });
    return { pattern: "NonRepeatableRead", operations: [...new Set(operations)], edges, cyclic: false };
  }

  /** Who wrote the last version that a read returned from another transaction, or ABSENT. */
  returnedBy(read: number): number {
    const { listStart, listed } = this.#history;
    const { of } = this.#transactions;
    for (let entry = listStart[read + 1]! - 1; entry >= listStart[read]!; entry -= 1) {
      const writer = listed[entry] === INITIAL ? ABSENT : this.#readsFrom.writerOf[listed[entry]!]!;
      if (writer !== ABSENT && of[writer] !== of[read]) return writer;
    }
    return ABSENT;
  }

  /** The edge of a step; null for session order, which takes its ends from its neighbours. */
  #edge({ from, to, label }: Step, via?: Via): Edge | null {
    if (label === ABSENT) return null;
    const read = edgeLabel.operation(label);
    switch (edgeLabel.kind(label)) {
      case edgeLabel.readsFrom:
        return { from: this.#returnedOf(read, from), to: read, why: { kind: "reads-from" } };
      case edgeLabel.hidden: {
        const lost = lastWriteOf(this.#transactions, from, this.#history.key[read]!);
        const way = via?.(from, to, label);
        const why = { kind: "hidden-by", by: read, ...(way !== undefined && { via: way }) } as const;
        return { from: lost, to: this.returnedBy(read), why };
      }
      case edgeLabel.overwritten: {
        const way = via?.(from, to, label);
        const why = { kind: "overwritten-by", ...(way !== undefined && { via: way }) } as const;
        return { from: read, to: this.overwriterOf(read, to), why };
      }
      default:
        return this.#listed(read, from, to);
    }
  }

  /** The operation of a transaction whose version a read returned. */
  #returnedOf(read: number, transaction: number): number {
    const { listStart, listed } = this.#history;
    for (let entry = listStart[read]!; entry < listStart[read + 1]!; entry += 1) {
      const writer = listed[entry] === INITIAL ? ABSENT : this.#readsFrom.writerOf[listed[entry]!]!;
      if (writer !== ABSENT && this.#transactions.of[writer] === transaction) return writer;
    }
    return ABSENT;
  }

  /** The first write of a transaction to the key of a read that the read did not return. */
  overwriterOf(read: number, transaction: number): number {
    const { start, counts } = this.#transactions;
    const { kind, key, version, listed, listStart } = this.#history;
    const returned = listed.subarray(listStart[read], listStart[read + 1]);
    for (let at = start[transaction]!; at < start[transaction + 1]!; at += 1) {
      const isWrite = counts[at] === 1 && kind[at] !== operationKind.read && key[at] === key[read];
      if (isWrite && !returned.includes(version[at]!)) return at;
    }
    return ABSENT;
  }

  /** Neighbours in a list, or its last element and one that it lacks. */
  #listed(read: number, from: number, to: number): Edge {
    const { listStart, listed, key, version } = this.#history;
    const { of, lists } = this.#transactions;
    const { writerOf } = this.#readsFrom;
    const end = listStart[read + 1]!;
    for (let entry = listStart[read]! + 1; entry < end; entry += 1) {
      const before = writerOf[listed[entry - 1]!]!;
      const after = writerOf[listed[entry]!]!;
      if (of[before] === from && of[after] === to)
        return { from: before, to: after, why: { kind: "listed", by: read } };
    }
    const last = writerOf[listed[end - 1]!]!;
    let unlisted = lastWriteOf(this.#transactions, to, key[read]!);
    for (let at = this.#transactions.start[to]!; at < this.#transactions.start[to + 1]!; at += 1) {
      const isLacking = key[at] === key[read] && version[at] !== INITIAL && lists.position[version[at]!] === ABSENT;
      if (this.#transactions.counts[at] === 1 && isLacking) unlisted = at;
    }
    return { from: last, to: unlisted, why: { kind: "unlisted", by: read } };
  }

  /** Fills in session order and joins the steps of a cycle inside transactions. */
  #closed(told: readonly (Edge | null)[]): readonly Edge[] {
    const edges: Edge[] = [];
    told.forEach((edge, at) => {
      const before = told[(at + told.length - 1) % told.length];
      const after = told[(at + 1) % told.length];
      if (edge === null) edges.push({ from: before!.to, to: after!.from, why: { kind: "session" } });
      else {
        edges.push(edge);
        // Session order begins where this edge ends.
        if (after !== null && after!.from !== edge.to) edges.push(together(edge.to, after!.from));
      }
    });
    return edges;
  }

  /** The same for a path between two operations. */
  #joined(first: number, told: readonly (Edge | null)[], last: number): readonly Edge[] {
    const edges: Edge[] = [];
    let at = first;
    told.forEach((edge, index) => {
      if (edge === null) {
        const to = told[index + 1]?.from ?? last;
        edges.push({ from: at, to, why: { kind: "session" } });
        at = to;
        return;
      }
      if (edge.from !== at) edges.push(together(at, edge.from));
      edges.push(edge);
      at = edge.to;
    });
    if (at !== last) edges.push(together(at, last));
    return edges;
  }

  #nameOf(edges: readonly Edge[]): PatternName {
    if (edges.some(({ why }) => why.kind === "overwritten-by" || "via" in why)) return "NoOrder";
    let hidden = 0;
    let listed = 0;
    let strongest = 0;
    for (const { from, why } of edges) {
      if (why.kind === "listed" || why.kind === "unlisted") listed += 1;
      if (why.kind !== "hidden-by") continue;
      hidden += 1;
      strongest = Math.max(strongest, this.#sightOf(this.#transactions.of[from]!, why.by));
    }
    if (hidden === 0) return listed === 0 ? "CyclicCO" : "CyclicCF";
    if (strongest === sight.earlierRead) return "NonMonotonicRead";
    if (strongest === sight.source) return "FracturedRead";
    return hidden === 1 && listed === 0 ? "WriteCORead" : "CyclicCF";
  }

  #sightOf(seen: number, read: number): number {
    const { of, source, sourceStart, sourceRead } = this.#transactions;
    const reader = of[read]!;
    for (let at = sourceStart[reader]!; at < sourceStart[reader + 1]!; at += 1) {
      if (source[at] === seen) return sourceRead[at]! < read ? sight.earlierRead : sight.source;
    }
    return sight.causal;
  }
}

function together(from: number, to: number): Edge {
  return { from, to, why: { kind: "transaction" } };
}

/** A cycle told from its earliest operation on, and so that it ends with a conclusion (an order that reads show) where it has one. */
function rotated(edges: readonly Edge[]): readonly Edge[] {
  const isShown = ({ why }: Edge): boolean =>
    why.kind === "reads-from" || why.kind === "session" || why.kind === "transaction";
  const ends = edges.map((_, at) => at).filter((at) => !isShown(edges[at]!));
  const starts = (ends.length === 0 ? edges.map((_, at) => at) : ends.map((at) => (at + 1) % edges.length)).sort(
    (one, other) => edges[one]!.from - edges[other]!.from,
  );
  return [...edges.slice(starts[0]), ...edges.slice(0, starts[0])];
}

/** The ends of edges in the order told, and the reads that justify them. */
function operationsOf(edges: readonly Edge[]): readonly number[] {
  const operations = new Set<number>();
  for (const { from, to, why } of edges) {
    operations.add(from);
    if ("by" in why) operations.add(why.by);
    operations.add(to);
  }
  return [...operations];
}
