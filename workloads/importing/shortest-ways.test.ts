// Shortest ways and the centre against the plainest way to find them: all pairs, by trying every node between.

import fc from "fast-check";
import { expect, test } from "vitest";
import { prop } from "../../properties/prop.ts";
import { centreOf, shortestFrom, type WayEdge, waysOf } from "./shortest-ways.ts";

/** A connected map: a random tree, and some edges more. Few different delays, so that many ways are as short. */
const maps = fc
  .tuple(
    fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 4 })), { minLength: 1, maxLength: 14 }),
    fc.array(fc.tuple(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 4 })), { maxLength: 12 }),
  )
  .map(([tree, more]) => {
    const nodeCount = tree.length + 1;
    const edges: WayEdge[] = tree.map(([upper, delay], at) => ({ a: at + 1, b: upper % (at + 1), delay }));
    for (const [a, b, delay] of more)
      if (a % nodeCount !== b % nodeCount) edges.push({ a: a % nodeCount, b: b % nodeCount, delay });
    return { nodeCount, edges };
  });

function allPairs(nodeCount: number, edges: readonly WayEdge[]): number[][] {
  const far = Array.from({ length: nodeCount }, (_, a) =>
    Array.from({ length: nodeCount }, (_, b) => (a === b ? 0 : Infinity)),
  );
  for (const { a, b, delay } of edges) {
    far[a]![b] = Math.min(far[a]![b]!, delay);
    far[b]![a] = far[a]![b]!;
  }
  for (let by = 0; by < nodeCount; by += 1) {
    for (let a = 0; a < nodeCount; a += 1) {
      for (let b = 0; b < nodeCount; b += 1) far[a]![b] = Math.min(far[a]![b]!, far[a]![by]! + far[by]![b]!);
    }
  }
  return far;
}

prop(
  "shortest ways are as long as those that trying every node between finds, and lead along edges",
  maps,
  ({ nodeCount, edges }) => {
    const far = allPairs(nodeCount, edges);
    const ways = waysOf(nodeCount, edges);
    for (let root = 0; root < nodeCount; root += 1) {
      const { delay, before, over, farthest } = shortestFrom(ways, root);
      expect([...delay]).toEqual(far[root]);
      expect(delay[farthest]).toBe(Math.max(...far[root]!));
      for (let node = 0; node < nodeCount; node += 1) {
        if (node === root) continue;
        const edge = edges[over[node]!]!;
        expect([edge.a, edge.b].sort()).toEqual([node, before[node]!].sort());
        expect(delay[node]).toBe(delay[before[node]!]! + edge.delay);
      }
    }
  },
);

prop(
  "the centre is the node from which the farthest is nearest, then the one with most edges, then the first",
  maps,
  ({ nodeCount, edges }) => {
    const far = allPairs(nodeCount, edges).map((row) => Math.max(...row));
    const degree = (node: number): number => edges.filter(({ a, b }) => a === node || b === node).length;
    const order = Array.from({ length: nodeCount }, (_, node) => node).sort(
      (a, b) => far[a]! - far[b]! || degree(b) - degree(a) || a - b,
    );
    expect(centreOf(waysOf(nodeCount, edges))).toBe(order[0]);
  },
);

test("of two ways that are as long the one with fewer edges counts", () => {
  const edges = [
    { a: 0, b: 1, delay: 1 },
    { a: 1, b: 2, delay: 1 },
    { a: 0, b: 2, delay: 2 },
  ];
  expect([...shortestFrom(waysOf(3, edges), 0).before]).toEqual([-1, 0, 0]);
});
