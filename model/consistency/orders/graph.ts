/**
 * Directed graphs as columns, with the three questions that checkers ask of them: an order that keeps all edges, a shortest cycle,
 * a shortest path.
 *
 * Some edges form chains (session order): `chain` edges lead from a node to the next one of its session. Since session order is
 * transitive, a walk along a chain counts as one step however long it is, and is told as one edge.
 *
 * Everything is iterative. Leaves out what the nodes are and why an edge is there: a label leads back to that.
 */
import { assert } from "../../assert.ts";
import { UintColumn } from "../columns.ts";

/** Edges before they are sorted; labels are the caller's own numbers. */
export class EdgeList {
  readonly from = new UintColumn();
  readonly to = new UintColumn();
  readonly label = new UintColumn();

  push(from: number, to: number, label: number): void {
    this.from.push(from);
    this.to.push(to);
    this.label.push(label);
  }
}

/** Edges by the node that they leave. */
export interface Graph {
  readonly nodeCount: number;
  /** By node: 1 where the next node follows it in its chain. */
  readonly chained: Uint8Array;
  /** By node, and one more: its first edge in `target` and `label`. */
  readonly start: Uint32Array;
  readonly target: Uint32Array;
  readonly label: Uint32Array;
}

/** One step of a walk: along an edge (its label), or along a chain (label ABSENT). */
export interface Step {
  readonly from: number;
  readonly to: number;
  readonly label: number;
}

const CHAIN = -1;
const NONE = -1;
/** Edges that the search for a shortest cycle looks at before it is content with the shortest one found. */
const CYCLE_BUDGET = 20_000_000;

/** Sorts edges by their beginnings. Loops and repeated edges are kept. */
export function graphOf(nodeCount: number, chained: Uint8Array, ...lists: readonly EdgeList[]): Graph {
  const start = new Uint32Array(nodeCount + 1);
  let edges = 0;
  for (const list of lists) {
    edges += list.from.length;
    for (let edge = 0; edge < list.from.length; edge += 1) start[list.from.data[edge]! + 1]! += 1;
  }
  for (let node = 0; node < nodeCount; node += 1) start[node + 1]! += start[node]!;
  const next = start.slice(0, nodeCount);
  const target = new Uint32Array(edges);
  const label = new Uint32Array(edges);
  for (const list of lists) {
    for (let edge = 0; edge < list.from.length; edge += 1) {
      const at = next[list.from.data[edge]!]!++;
      target[at] = list.to.data[edge]!;
      label[at] = list.label.data[edge]!;
    }
  }
  return { nodeCount, chained, start, target, label };
}

/** An order of all nodes that keeps all edges and chains, or the nodes that none can place. */
export type Ordering =
  | { readonly kind: "order"; readonly order: Uint32Array }
  /** By node: 1 for those on a cycle or on a path from one cycle to another. */
  | { readonly kind: "cyclic"; readonly cyclic: Uint8Array };

/** Linear in the graph. */
export function orderingOf(graph: Graph): Ordering {
  const { nodeCount, chained, start, target } = graph;
  const degree = new Uint32Array(nodeCount);
  for (const node of target) degree[node]! += 1;
  for (let node = 0; node < nodeCount; node += 1) if (chained[node] === 1) degree[node + 1]! += 1;
  const order = new Uint32Array(nodeCount);
  let placed = 0;
  for (let node = 0; node < nodeCount; node += 1) if (degree[node] === 0) order[placed++] = node;
  for (let at = 0; at < placed; at += 1) {
    const node = order[at]!;
    for (let edge = start[node]!; edge < start[node + 1]!; edge += 1) {
      const to = target[edge]!;
      if ((degree[to]! -= 1) === 0) order[placed++] = to;
    }
    if (chained[node] === 1 && (degree[node + 1]! -= 1) === 0) order[placed++] = node + 1;
  }
  if (placed === nodeCount) return { kind: "order", order };
  const left = new Uint8Array(nodeCount).fill(1);
  for (let at = 0; at < placed; at += 1) left[order[at]!] = 0;
  trimEnds(graph, left);
  return { kind: "cyclic", cyclic: left };
}

/** Takes away nodes that lead to no node of the set, again and again: what only follows after cycles. */
function trimEnds({ nodeCount, chained, start, target }: Graph, left: Uint8Array): void {
  const out = new Uint32Array(nodeCount);
  const into = new EdgeList();
  for (let node = 0; node < nodeCount; node += 1) {
    if (left[node] === 0) continue;
    for (let edge = start[node]!; edge < start[node + 1]!; edge += 1) {
      const to = target[edge]!;
      if (left[to] === 0) continue;
      out[node]! += 1;
      into.push(to, node, 0);
    }
    if (chained[node] === 1 && left[node + 1] === 1) {
      out[node]! += 1;
      into.push(node + 1, node, 0);
    }
  }
  const back = graphOf(nodeCount, new Uint8Array(nodeCount), into);
  const todo: number[] = [];
  for (let node = 0; node < nodeCount; node += 1) if (left[node] === 1 && out[node] === 0) todo.push(node);
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    left[node] = 0;
    for (let edge = back.start[node]!; edge < back.start[node + 1]!; edge += 1) {
      const before = back.target[edge]!;
      if ((out[before]! -= 1) === 0) todo.push(before);
    }
  }
}

/**
 * A shortest cycle among the nodes of `cyclic`, walks along chains counted as one step. Exact on small graphs; on large ones the
 * shortest found within a budget of edges, which is always a cycle.
 *
 * @param cyclic of `orderingOf`; must hold a cycle
 */
export function shortestCycle(graph: Graph, cyclic: Uint8Array): readonly Step[] {
  const search = new Search(graph, cyclic);
  let best: readonly Step[] | null = null;
  const tried = new Uint8Array(graph.nodeCount);
  // Every cycle has an edge beside the chains, and so is found from where that edge ends.
  for (let node = 0; node < graph.nodeCount; node += 1) {
    if (cyclic[node] === 0) continue;
    for (let edge = graph.start[node]!; edge < graph.start[node + 1]!; edge += 1) {
      const begin = graph.target[edge]!;
      if (cyclic[begin] === 0 || tried[begin] === 1) continue;
      tried[begin] = 1;
      const found = search.walk(begin, begin, best === null ? Number.POSITIVE_INFINITY : best.length - 1);
      if (found !== null) best = found;
      if (best !== null && search.looked > CYCLE_BUDGET) return best;
    }
  }
  assert(best !== null, "nodes that cannot be ordered hold a cycle");
  return best;
}

/** A path with the fewest steps from one node to another, walks along chains counted as one; null where there is none. */
export function shortestPath(graph: Graph, from: number, to: number): readonly Step[] | null {
  return new Search(graph, null).walk(from, to, Number.POSITIVE_INFINITY);
}

/**
 * Breadth first. A node can be reached twice: by an edge, and along its chain; who came along a chain need not go on along it,
 * since all that follow in the chain were reached by the same step.
 */
class Search {
  /** Edges looked at so far, over all walks. */
  looked = 0;
  readonly #graph: Graph;
  readonly #within: Uint8Array | null;
  /** By node: the node from which an edge led here, and that edge; and the node from which a chain led here. */
  readonly #before: Int32Array;
  readonly #edge: Int32Array;
  readonly #chainFrom: Int32Array;
  readonly #touched: number[] = [];

  constructor(graph: Graph, within: Uint8Array | null) {
    this.#graph = graph;
    this.#within = within;
    this.#before = new Int32Array(graph.nodeCount).fill(NONE);
    this.#edge = new Int32Array(graph.nodeCount);
    this.#chainFrom = new Int32Array(graph.nodeCount).fill(NONE);
  }

  /** A walk of at least one and at most `most` steps. */
  walk(from: number, to: number, most: number): readonly Step[] | null {
    for (const node of this.#touched) {
      this.#before[node] = NONE;
      this.#chainFrom[node] = NONE;
    }
    this.#touched.length = 0;
    const { chained, start, target } = this.#graph;
    const within = this.#within;
    // Nodes with how they were reached: 2 * node for an edge, 2 * node + 1 for a chain.
    let round: number[] = [2 * from];
    for (let steps = 1; steps <= most && round.length > 0; steps += 1) {
      const next: number[] = [];
      for (const state of round) {
        const node = state >> 1;
        this.looked += 1 + start[node + 1]! - start[node]!;
        for (let edge = start[node]!; edge < start[node + 1]!; edge += 1) {
          const reached = target[edge]!;
          if (this.#before[reached] !== NONE || (within !== null && within[reached] === 0)) continue;
          this.#before[reached] = state;
          this.#edge[reached] = edge;
          this.#touched.push(reached);
          if (reached === to) return this.#told(2 * to, 2 * from, steps);
          next.push(2 * reached);
        }
        if ((state & 1) === 1) continue;
        for (let at = node; chained[at] === 1; at += 1) {
          const reached = at + 1;
          if (this.#chainFrom[reached] !== NONE || (within !== null && within[reached] === 0)) break;
          this.#chainFrom[reached] = node;
          this.#touched.push(reached);
          if (reached === to) return this.#told(2 * to + 1, 2 * from, steps);
          next.push(2 * reached + 1);
        }
      }
      round = next;
    }
    return null;
  }

  #told(end: number, begin: number, count: number): readonly Step[] {
    const steps: Step[] = [];
    let state = end;
    for (let left = count; left > 0; left -= 1) {
      const to = state >> 1;
      if ((state & 1) === 1) {
        const from = this.#chainFrom[to]!;
        steps.push({ from, to, label: CHAIN });
        state = 2 * from;
      } else {
        const before = this.#before[to]!;
        steps.push({ from: before >> 1, to, label: this.#graph.label[this.#edge[to]!]! });
        state = before;
      }
    }
    assert(state === begin, "a walk begins where it was asked to");
    return steps.reverse();
  }
}
