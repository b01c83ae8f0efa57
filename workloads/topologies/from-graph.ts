// A connected graph as a member of a family, by the rules by which an imported map becomes a topology (importing/become-topology.ts): the root
// is the centre, the node from which the farthest is nearest by delay, where none is given; the shortest ways from it make the tree; all
// other edges stay as spare links.

import { assert } from "../../model/assert.ts";
import { type Duration, micros } from "../../model/units.ts";
import { centreOf, shortestFrom, waysOf } from "../importing/shortest-ways.ts";
import type { DrawnFamily, SpareLink } from "./member.ts";

/**
 * Makes a member of it. Cloudlets are numbered anew: the root is 0, and every upper comes before its lowers.
 *
 * @param edges each pair once, no node with itself
 * @param root the node that is to be the root; left out: the centre
 */
export function memberOfGraph(nodeCount: number, edges: readonly SpareLink[], root?: number): DrawnFamily {
  const ways = waysOf(nodeCount, edges);
  const { before, over } = shortestFrom(ways, root ?? centreOf(ways));
  const below = Array.from({ length: nodeCount }, (): number[] => []);
  let first = -1;
  for (const [node, upper] of before.entries()) {
    if (upper >= 0) below[upper]?.push(node);
    else {
      assert(first < 0, "a graph in pieces");
      first = node;
    }
  }
  const places = new Int32Array(nodeCount).fill(-1);
  const uppers: number[] = [];
  const delays: Duration[] = [];
  const isOfTree = new Uint8Array(edges.length);
  const open = [first];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    places[node] = uppers.length;
    const upper = before[node] as number;
    const edge = over[node] as number;
    uppers.push(upper < 0 ? -1 : (places[upper] as number));
    delays.push(edges[edge]?.delay ?? micros(0));
    if (edge >= 0) isOfTree[edge] = 1;
    for (const lower of (below[node] ?? []).toReversed()) open.push(lower);
  }
  const spares = edges.flatMap(({ a, b, delay }, at) => {
    return isOfTree[at] === 1 ? [] : [{ a: places[a] as number, b: places[b] as number, delay }];
  });
  return { uppers, names: null, delays, shortcuts: [], spares };
}
