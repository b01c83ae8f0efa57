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
  const from = new Int32Array(nodes + 1);
  for (let edge = 0; edge < tails.length; edge += 1) from[tails[edge]! + 1]! += 1;
  for (let node = 0; node < nodes; node += 1) from[node + 1]! += from[node]!;
  const next = from.slice(0, nodes);
  const sorted = new Int32Array(tails.length);
  for (let edge = 0; edge < tails.length; edge += 1) {
    const tail = tails[edge]!;
    sorted[next[tail]!] = heads[edge]!;
    next[tail]! += 1;
  }
  return { nodes, from, heads: sorted };
}

/** The component of each node, numbered so that an edge between two components leads from a higher number to a lower. */
export function stronglyConnected(graph: Graph): { readonly count: number; readonly componentOf: Int32Array } {
  const { nodes, from, heads } = graph;
  const componentOf = new Int32Array(nodes).fill(-1);
  // When a node was met, from 1; the least such number known to be reachable from it within its component.
  const met = new Int32Array(nodes);
  const low = new Int32Array(nodes);
  const edge = from.slice(0, nodes);
  const trail = new Int32Array(nodes);
  const open = new Int32Array(nodes);
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
  return { count, componentOf };
}
