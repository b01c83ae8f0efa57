// Strongly connected components of a small directed graph: the nodes that reach each other. Tarjan's algorithm (Depth-first
// search and linear graph algorithms, 1972) with a stack of its own instead of recursion, so that a path of any length fits.

/** A directed graph over 0 .. nodes - 1: the heads of node n's edges are `heads[from[n]] .. heads[from[n + 1] - 1]`. */
export interface Graph {
  readonly nodes: number;
  readonly from: Int32Array;
  readonly heads: Int32Array;
}

/** Makes a graph from edges tails[i] -> heads[i]. */
export function graphOf(nodes: number, tails: ArrayLike<number>, heads: ArrayLike<number>): Graph {
  // While edges are put in place, from[n + 1] is where the next one of node n goes; in the end that is where those of n + 1 begin.
  const from = new Int32Array(nodes + 2);
  for (let edge = 0; edge < tails.length; edge += 1) from[tails[edge]! + 2]! += 1;
  for (let node = 2; node < from.length; node += 1) from[node]! += from[node - 1]!;
  const sorted = new Int32Array(tails.length);
  for (let edge = 0; edge < tails.length; edge += 1) {
    const next = tails[edge]! + 1;
    sorted[from[next]!] = heads[edge]!;
    from[next]! += 1;
  }
  return { nodes, from, heads: sorted };
}

/** Finds components in one graph after another, in the same space. */
export class Components {
  /** The component of each node of the last graph, numbered so that an edge between two of them leads from a higher number to a lower. */
  readonly componentOf: Int32Array;
  // When a node was met, from 1; the least such number known to be reachable from it within its component.
  readonly #met: Int32Array;
  readonly #low: Int32Array;
  readonly #edge: Int32Array;
  readonly #trail: Int32Array;
  readonly #open: Int32Array;

  /** @param nodesMax of any of the graphs */
  constructor(nodesMax: number) {
    const space = (): Int32Array => new Int32Array(nodesMax);
    this.componentOf = space();
    this.#met = space();
    this.#low = space();
    this.#edge = space();
    this.#trail = space();
    this.#open = space();
  }

  /** How many there are; `componentOf` says which is whose. */
  find({ nodes, from, heads }: Graph): number {
    const componentOf = this.componentOf;
    const met = this.#met;
    const low = this.#low;
    const edge = this.#edge;
    const trail = this.#trail;
    const open = this.#open;
    for (let node = 0; node < nodes; node += 1) {
      componentOf[node] = -1;
      met[node] = 0;
      edge[node] = from[node]!;
    }
    let meetings = 0;
    let openCount = 0;
    let count = 0;
    for (let start = 0; start < nodes; start += 1) {
      if (met[start] !== 0) continue;
      let depth = 0;
      trail[0] = start;
      while (depth >= 0) {
        const node = trail[depth]!;
        if (met[node] === 0) {
          meetings += 1;
          met[node] = meetings;
          low[node] = meetings;
          open[openCount] = node;
          openCount += 1;
        }
        if (edge[node]! < from[node + 1]!) {
          const head = heads[edge[node]!]!;
          edge[node]! += 1;
          if (met[head] === 0) {
            depth += 1;
            trail[depth] = head;
          } else if (componentOf[head] === -1 && met[head]! < low[node]!) low[node] = met[head]!;
          continue;
        }
        if (low[node] === met[node]) {
          let member: number;
          do {
            openCount -= 1;
            member = open[openCount]!;
            componentOf[member] = count;
          } while (member !== node);
          count += 1;
        }
        depth -= 1;
        if (depth >= 0 && low[node]! < low[trail[depth]!]!) low[trail[depth]!] = low[node]!;
      }
    }
    return count;
  }
}
