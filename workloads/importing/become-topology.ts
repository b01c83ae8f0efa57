// How a map becomes a replication topology, so that every connected one is usable:
//
// 1. An edge of a node with itself is dropped. Of several between the same two nodes the fastest counts: the one of least delay, of several
//    the one of most bandwidth, and one that says none after those that do.
// 2. Where the map is in pieces the largest counts, of several the one with the first node; the others are dropped, or the map is refused.
// 3. The root is the one that is named, else the root of the source where that is a tree, else the centre: the node from which the farthest
//    is nearest.
// 4. Who is above whom: as in the source where that is a tree; else the shortest ways from the root by delay make the tree, and layers are
//    steps from the root.
// 5. All other edges stay as links that no flow takes until a route needs them: spare links.
//
// Leaves out how delays are found (placing.ts) and ways are searched (shortest-ways.ts).

import type { CloudletSpec, LinkDirectionSpec, LinkSpec } from "../../model/topology/spec.ts";
import type { Duration } from "../../model/units.ts";
import type { Fidelity } from "./fidelity.ts";
import { cloudletNames } from "./names.ts";
import type { MapEdge, MapWay, SourceMap } from "./map.ts";
import { beginning, type ImportProblem } from "./outcome.ts";
import { isFaster, type Swiftness } from "./one-way.ts";
import { edgeDelays } from "./placing.ts";
import { type MapEvent, namedEvents } from "./schedule.ts";
import { centreOf, shortestFrom, waysOf } from "./shortest-ways.ts";

/** What people may choose. */
export interface BecomeOptions {
  /** The label or id of the node that is to be the root; left out: the centre. */
  readonly root?: string;
  /** Of a map in pieces: the largest one (default), or none. */
  readonly pieces?: "largest" | "refuse";
}

/** The forest and the links of a topology; scopes and flows are a scenario's. */
export interface ImportedTopology {
  readonly cloudlets: readonly CloudletSpec[];
  readonly links: readonly LinkSpec[];
  /** Links that are not between a cloudlet and its adjacent upper. */
  readonly spareCount: number;
  /** Steps from the root to whoever is farthest by steps. */
  readonly depth: number;
  /** What happens at a time, in names. */
  readonly events: readonly MapEvent<string>[];
}

/** A topology, or why there is none. */
export type BecomeOutcome =
  | { readonly kind: "topology"; readonly topology: ImportedTopology }
  | { readonly kind: "refused"; readonly problems: readonly ImportProblem[] };

interface Joined extends MapEdge {
  /** Microseconds there and back. */
  readonly delays: readonly [forth: Duration, back: Duration];
}

/** Makes a topology of a map, and notes what was done. */
export function becomeTopology(map: SourceMap, options: BecomeOptions, fidelity: Fidelity): BecomeOutcome {
  const joined = withoutRepeats(withDelays(map, fidelity), map, fidelity);
  const whole = waysFor(map.nodes.length, joined);
  const pieces = piecesOf(whole);
  if (pieces.length > 1 && options.pieces === "refuse") {
    const sizes = pieces.map(({ length }) => length).sort((a, b) => b - a);
    const shown = `${sizes.slice(0, 5).join(", ")}${sizes.length > 5 ? " and so on" : ""}`;
    return no(
      `expected a map in one piece, found ${pieces.length} of ${shown} nodes; join them, or take the largest with --pieces largest`,
    );
  }
  const named = options.root === undefined ? null : rootNamed(map, options.root);
  if (named !== null && named.length !== 1) {
    const found = named.length === 0 ? "none" : `${named.length}`;
    return no(
      `expected one node called ${JSON.stringify(options.root)}, found ${found}; name a label or an id that one node has`,
    );
  }
  const [wanted = null] = named ?? [];
  const taken = pieces.find((piece) => wanted !== null && piece.includes(wanted)) ?? largest(pieces);
  if (taken.length < 2)
    return no("expected two nodes that are joined by an edge, found none; name a map that has some");
  const left = map.nodes.length - taken.length;
  if (left > 0) {
    const label = (node: number): string => map.nodes[node]?.label ?? map.nodes[node]?.id ?? "";
    const outside = pieces.filter((piece) => piece !== taken).flat();
    fidelity.note(
      "dropped",
      "a node that no way leads to from the piece of the map that is taken",
      label(outside[0] ?? 0),
      left,
    );
  }
  return { kind: "topology", topology: treeOf(map, taken, joined, wanted, fidelity) };
}

function treeOf(
  map: SourceMap,
  taken: readonly number[],
  joined: readonly Joined[],
  wanted: number | null,
  fidelity: Fidelity,
): ImportedTopology {
  const place = new Map(taken.map((node, at) => [node, at]));
  const edges = joined.flatMap((edge) => {
    const [a, b] = [place.get(edge.a), place.get(edge.b)];
    return a === undefined || b === undefined ? [] : [{ ...edge, a, b }];
  });
  const ways = waysFor(taken.length, edges);
  const given = wanted === null ? givenTree(map, taken, place) : null;
  const root = given?.root ?? (wanted === null ? centreOf(ways) : (place.get(wanted) ?? 0));
  const { before } = given ?? shortestFrom(ways, root);
  const nodes = taken.map((node) => map.nodes[node] as SourceMap["nodes"][number]);
  const names = cloudletNames(nodes, fidelity);
  const below = nodes.map((): number[] => []);
  for (const [node, upper] of before.entries()) if (upper >= 0) below[upper]?.push(node);
  const cloudlets: CloudletSpec[] = [];
  // Order has a meaning: the root first, and each above those below it.
  const open: (readonly [node: number, layer: number])[] = [[root, 0]];
  let depth = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [node, layer] = next;
    const upper = before[node] as number;
    depth = Math.max(depth, layer);
    cloudlets.push({ name: names[node] as string, ...(upper >= 0 && { upper: names[upper] as string }) });
    for (const lower of (below[node] ?? []).toReversed()) open.push([lower, layer + 1]);
  }
  const isOfTree = ({ a, b }: MapEdge): boolean => before[a] === b || before[b] === a;
  const inOrder = new Map(cloudlets.map(({ name }, at) => [name, at]));
  const lower = ({ a, b }: MapEdge): number => inOrder.get(names[before[b] === a ? b : a] as string) as number;
  const ofTree = edges.filter(isOfTree).sort((one, other) => lower(one) - lower(other));
  const spare = edges.filter((edge) => !isOfTree(edge));
  const how = given === null ? "who is above whom: the shortest ways from the root by delay" : null;
  if (how !== null) fidelity.note("assumed", how, names[root]);
  fidelity.note("read", "a node", null, nodes.length);
  fidelity.note("read", "an edge, as a link of the tree", null, ofTree.length);
  fidelity.note("read", "an edge, as a spare link", null, spare.length);
  const nameOf = (node: number): string | null => names[place.get(node) ?? -1] ?? null;
  return {
    cloudlets,
    links: [...ofTree, ...spare].map((edge) => linkOf(edge, names, before)),
    spareCount: spare.length,
    depth,
    events: namedEvents(map.events ?? [], nameOf, fidelity),
  };
}

/** The tree that the source has: null where it has none, or not of all that is taken. */
function givenTree(
  { nodes }: SourceMap,
  taken: readonly number[],
  place: ReadonlyMap<number, number>,
): { readonly root: number; readonly before: Int32Array } | null {
  const before = new Int32Array(taken.length).fill(-1);
  const roots: number[] = [];
  for (const [at, node] of taken.entries()) {
    const upper = nodes[node]?.upper ?? null;
    if (upper === null) roots.push(at);
    else before[at] = place.get(upper) ?? -1;
  }
  const [root] = roots;
  return roots.length === 1 && root !== undefined ? { root, before } : null;
}

function linkOf(edge: Joined, names: readonly string[], before: Int32Array): LinkSpec {
  const isTurned = before[edge.a] === edge.b;
  const [a, b] = isTurned ? [edge.b, edge.a] : [edge.a, edge.b];
  const there = directionOf(edge.forth, edge.delays[0]);
  const ofBack = directionOf(edge.back ?? edge.forth, edge.delays[1]);
  const [forth, back] = isTurned ? [ofBack, there] : [there, ofBack];
  const isAlike = JSON.stringify(forth) === JSON.stringify(back);
  return { a: names[a] as string, b: names[b] as string, forth, ...(!isAlike && { back }) };
}

function directionOf({ jitter, bandwidth, loss }: MapWay, delay: Duration): LinkDirectionSpec {
  return {
    delay,
    ...(jitter !== null && jitter > 0 && { jitter }),
    ...(bandwidth !== null && { bandwidth }),
    ...(loss !== null && loss > 0 && { loss }),
  };
}

function withDelays(map: SourceMap, fidelity: Fidelity): readonly Joined[] {
  const delays = edgeDelays(map, fidelity);
  return map.edges.map((edge, at): Joined => {
    const forth = delays[at] as Duration;
    return { ...edge, delays: [forth, edge.back?.delay ?? forth] };
  });
}

function withoutRepeats(edges: readonly Joined[], { nodes }: SourceMap, fidelity: Fidelity): readonly Joined[] {
  const kept = new Map<number, Joined>();
  const label = (node: number): string => nodes[node]?.label ?? nodes[node]?.id ?? "";
  for (const edge of edges) {
    if (edge.a === edge.b) {
      fidelity.note("repaired", "an edge of a node with itself: it is left out", label(edge.a));
      continue;
    }
    const pair = Math.min(edge.a, edge.b) * nodes.length + Math.max(edge.a, edge.b);
    const other = kept.get(pair);
    if (other !== undefined) {
      fidelity.note(
        "repaired",
        "a further edge between the same two nodes: the fastest counts",
        `${label(edge.a)} and ${label(edge.b)}`,
      );
      if (!isFaster(swiftnessOf(edge), swiftnessOf(other))) continue;
    }
    kept.set(pair, edge);
  }
  return [...kept.values()];
}

function swiftnessOf(edge: Joined): Swiftness {
  const { forth, back } = edge;
  return { delay: longest(edge), bandwidth: Math.min(forth.bandwidth ?? 0, (back ?? forth).bandwidth ?? 0) };
}

function longest({ delays: [forth, back] }: Joined): number {
  return Math.max(forth, back);
}

function waysFor(nodeCount: number, edges: readonly Joined[]): ReturnType<typeof waysOf> {
  return waysOf(
    nodeCount,
    edges.map((edge) => ({ a: edge.a, b: edge.b, delay: longest(edge) })),
  );
}

/** The nodes of each connected piece, ascending; pieces in the order of their first nodes. */
function piecesOf({ nodeCount, first, to }: ReturnType<typeof waysOf>): readonly (readonly number[])[] {
  const isSeen = new Uint8Array(nodeCount);
  const pieces: number[][] = [];
  for (let start = 0; start < nodeCount; start += 1) {
    if (isSeen[start] === 1) continue;
    isSeen[start] = 1;
    const piece = [start];
    for (let at = 0; at < piece.length; at += 1) {
      const node = piece[at] as number;
      for (let way = first[node] as number; way < (first[node + 1] as number); way += 1) {
        const next = to[way] as number;
        if (isSeen[next] === 1) continue;
        isSeen[next] = 1;
        piece.push(next);
      }
    }
    pieces.push(piece.sort((a, b) => a - b));
  }
  return pieces;
}

function largest(pieces: readonly (readonly number[])[]): readonly number[] {
  return pieces.reduce((most, piece) => (piece.length > most.length ? piece : most));
}

function rootNamed({ nodes }: SourceMap, name: string): readonly number[] {
  const byLabel = nodes.flatMap(({ label }, at) => (label === name ? [at] : []));
  return byLabel.length > 0 ? byLabel : nodes.flatMap(({ id }, at) => (id === name ? [at] : []));
}

function no(message: string): BecomeOutcome {
  return { kind: "refused", problems: [{ ...beginning, message }] };
}
