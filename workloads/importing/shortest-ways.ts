// Shortest ways in a map, by delay: from one node to all others, and the node from which the farthest is nearest.
//
// Leaves out what becomes of them (become-topology.ts).

/** A connected map as flat lists: of node n the ways `first[n]` up to `first[n + 1]`, each to `to` over edge `edge`, in `delay` microseconds. */
export interface Ways {
  readonly nodeCount: number;
  readonly first: Int32Array;
  readonly to: Int32Array;
  readonly edge: Int32Array;
  readonly delay: Float64Array;
}

/** From one node to all others. */
export interface Reached {
  /** Microseconds; infinity where no way leads. */
  readonly delay: Float64Array;
  /** The node before, on the shortest way; -1 for the first node, and where no way leads. */
  readonly before: Int32Array;
  /** The edge from there. */
  readonly over: Int32Array;
  /** The farthest that can be reached. */
  readonly farthest: number;
}

const looksMax = 256;

/** One edge, as `waysOf` takes it. */
export interface WayEdge {
  readonly a: number;
  readonly b: number;
  /** Microseconds, the larger one of both directions: what is near is so both ways. */
  readonly delay: number;
}

/** Makes flat lists of edges. */
export function waysOf(nodeCount: number, edges: readonly WayEdge[]): Ways {
  const first = new Int32Array(nodeCount + 1);
  for (const { a, b } of edges) {
    first[a + 1]! += 1;
    first[b + 1]! += 1;
  }
  for (let node = 0; node < nodeCount; node += 1) first[node + 1]! += first[node] as number;
  const at = first.slice();
  const count = edges.length * 2;
  const ways = {
    nodeCount,
    first,
    to: new Int32Array(count),
    edge: new Int32Array(count),
    delay: new Float64Array(count),
  };
  for (const [number, { a, b, delay }] of edges.entries()) {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const place = at[from] as number;
      at[from] = place + 1;
      ways.to[place] = to;
      ways.edge[place] = number;
      ways.delay[place] = delay;
    }
  }
  return ways;
}

/** All shortest ways from a node (Dijkstra). Of two that are as short the one with fewer edges counts, then the one found first. */
export function shortestFrom(ways: Ways, root: number): Reached {
  const { nodeCount, first, to, edge, delay: length } = ways;
  const delay = new Float64Array(nodeCount).fill(Infinity);
  const hops = new Int32Array(nodeCount);
  const before = new Int32Array(nodeCount).fill(-1);
  const over = new Int32Array(nodeCount).fill(-1);
  const isDone = new Uint8Array(nodeCount);
  const heap = new NodeHeap(nodeCount, (a, b) => {
    const nearer = (delay[a] as number) - (delay[b] as number) || (hops[a] as number) - (hops[b] as number);
    return nearer === 0 ? a < b : nearer < 0;
  });
  delay[root] = 0;
  heap.put(root);
  let farthest = root;
  for (let node = heap.take(); node >= 0; node = heap.take()) {
    isDone[node] = 1;
    farthest = node;
    for (let at = first[node] as number; at < (first[node + 1] as number); at += 1) {
      const next = to[at] as number;
      if (isDone[next] === 1) continue;
      const there = (delay[node] as number) + (length[at] as number);
      const steps = (hops[node] as number) + 1;
      if (there > (delay[next] as number) || (there === delay[next] && steps >= (hops[next] as number))) continue;
      delay[next] = there;
      hops[next] = steps;
      before[next] = node;
      over[next] = edge[at] as number;
      heap.put(next);
    }
  }
  return { delay, before, over, farthest };
}

/**
 * The centre of a connected map: the node from which the farthest is nearest; of several the one with most edges, then the first one.
 *
 * Of each node looked at, how far it is to it bounds from below how far the farthest of any other can be; only nodes whose bound may
 * still win are looked at (after Takes and Kosters, "Computing the eccentricity distribution of large graphs", Algorithms 6, 2013), and no
 * more than 256: where nearly all are alike, as in a ring, the best of these counts.
 */
export function centreOf(ways: Ways): number {
  const { nodeCount, first } = ways;
  const bound = new Float64Array(nodeCount);
  const isOut = new Uint8Array(nodeCount);
  const degree = (node: number): number => (first[node + 1] as number) - (first[node] as number);
  const isPreferred = (node: number, other: number): boolean =>
    degree(node) > degree(other) || (degree(node) === degree(other) && node < other);
  let best = -1;
  let bestFar = Infinity;
  for (let looked = 0; looked < looksMax; looked += 1) {
    let node = -1;
    for (let other = 0; other < nodeCount; other += 1) {
      if (isOut[other] === 1) continue;
      const nearer = node < 0 ? -1 : (bound[other] as number) - (bound[node] as number);
      if (nearer < 0 || (nearer === 0 && isPreferred(other, node))) node = other;
    }
    if (node < 0) return best;
    isOut[node] = 1;
    const { delay, farthest } = shortestFrom(ways, node);
    const far = delay[farthest] as number;
    if (far < bestFar || (far === bestFar && isPreferred(node, best))) [best, bestFar] = [node, far];
    for (let other = 0; other < nodeCount; other += 1) {
      if (isOut[other] === 1) continue;
      const there = delay[other] as number;
      const least = Math.max(bound[other] as number, there, far - there);
      bound[other] = least;
      if (least > bestFar || (least === bestFar && !isPreferred(other, best))) isOut[other] = 1;
    }
  }
  return best;
}

/** Nodes by nearness; one that came nearer takes its new place. */
class NodeHeap {
  readonly #nodes: Int32Array;
  readonly #places: Int32Array;
  readonly #isBefore: (a: number, b: number) => boolean;
  #size = 0;

  constructor(nodeCount: number, isBefore: (a: number, b: number) => boolean) {
    this.#nodes = new Int32Array(nodeCount);
    this.#places = new Int32Array(nodeCount).fill(-1);
    this.#isBefore = isBefore;
  }

  put(node: number): void {
    let at = this.#places[node] as number;
    if (at < 0) {
      at = this.#size;
      this.#size += 1;
    }
    while (at > 0) {
      const above = (at - 1) >> 1;
      const other = this.#nodes[above] as number;
      if (!this.#isBefore(node, other)) break;
      this.#set(at, other);
      at = above;
    }
    this.#set(at, node);
  }

  /** -1 where none is left. */
  take(): number {
    if (this.#size === 0) return -1;
    const first = this.#nodes[0] as number;
    this.#size -= 1;
    const last = this.#nodes[this.#size] as number;
    if (this.#size === 0) return first;
    let at = 0;
    for (;;) {
      let below = at * 2 + 1;
      if (below >= this.#size) break;
      if (below + 1 < this.#size && this.#isBefore(this.#nodes[below + 1] as number, this.#nodes[below] as number))
        below += 1;
      const other = this.#nodes[below] as number;
      if (!this.#isBefore(other, last)) break;
      this.#set(at, other);
      at = below;
    }
    this.#set(at, last);
    return first;
  }

  #set(at: number, node: number): void {
    this.#nodes[at] = node;
    this.#places[node] = at;
  }
}
