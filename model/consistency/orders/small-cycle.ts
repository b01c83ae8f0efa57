/**
 * A shortest cycle in a graph that is nothing but a list of edges.
 *
 * Leaves out session order and reads-from, which paths.ts walks without writing them down.
 */
import type { EdgeLists } from "./edge-lists.ts";

/** Edges that a search for a shorter cycle may look at. */
const PATIENCE = 4_000_000;
const NONE = 0xffff_ffff;

/** Numbers of edges, each beginning where the one before ends; null where there is no cycle. Linear where there is none. */
export function shortestCycleOf(edges: EdgeLists, nodeCount: number): readonly number[] | null {
  const { start, edges: outgoing } = edges.byBeginning();
  const open = new Uint32Array(nodeCount);
  for (let edge = 0; edge < edges.count; edge += 1) open[edges.to(edge)]! += 1;
  const ready: number[] = [];
  for (let node = 0; node < nodeCount; node += 1) if (open[node] === 0) ready.push(node);
  let left = nodeCount;
  for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
    left -= 1;
    for (let at = start[node]!; at < start[node + 1]!; at += 1) {
      const to = edges.to(outgoing[at]!);
      open[to]! -= 1;
      if (open[to] === 0) ready.push(to);
    }
  }
  if (left === 0) return null;

  let best: readonly number[] | null = null;
  let looked = 0;
  const how = new Uint32Array(nodeCount);
  for (let first = 0; first < nodeCount && (best === null || looked < PATIENCE); first += 1) {
    if (open[first] === 0) continue;
    // Breadth first from one node until it comes round; nodes that lie on no cycle are walked over in vain.
    how.fill(NONE);
    const queue = [first];
    for (let at = 0; at < queue.length && how[first] === NONE; at += 1) {
      for (let place = start[queue[at]!]!; place < start[queue[at]! + 1]!; place += 1) {
        const edge = outgoing[place]!;
        looked += 1;
        const to = edges.to(edge);
        if (open[to] === 0 || how[to] !== NONE) continue;
        how[to] = edge;
        queue.push(to);
      }
    }
    if (how[first] === NONE) continue;
    const cycle: number[] = [];
    let node = first;
    do {
      cycle.push(how[node]!);
      node = edges.from(how[node]!);
    } while (node !== first);
    if (best === null || cycle.length < best.length) best = cycle.reverse();
    if (best.length <= 2) break;
  }
  return best;
}
