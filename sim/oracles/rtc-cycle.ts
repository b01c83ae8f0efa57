// Looks for a cycle of happens-before (CO), hidden-before-returned (CF) and answered-before-asked (RT) among all writes of
// a run. Linear in what the run wrote and read: the nearest pasts stand for CO, and RT goes over a time line, a chain of
// one node per write in the order of requests: an ended write points to the first moment after its end, each moment to
// its write, where a client asked for that, and to the next moment. Called once, at the end; the argument is in rtc.ts.
//
// Where records were given up (giving-up.ts) only the ends of CF edges are nodes, which are all kept. Any path between two of them
// over other writes is one of happens-before, which their clocks tell exactly, or has an RT edge and then is one such edge:
// the first answer to what follows the one, before the request of the other. So there is a cycle in the one graph exactly
// when there is one in the other.

import { writesOf, type Clock } from "./clock.ts";
import type { Truth } from "./truth.ts";

/** One step of a cycle: this record, and how the next one follows from it. */
export interface CycleStep {
  readonly record: number;
  readonly how: "precedes" | "loses to" | "ended before the start of";
}

/**
 * A cycle, as short as the search from one of its CF edges finds it; null when there is none.
 *
 * @param lost the first ends of the CF edges, and `won` their second ends
 * @param ends when each write, or the first operation that follows it, was answered; infinity when none was
 */
export function findCycle(
  truth: Truth,
  lost: readonly number[],
  won: readonly number[],
  ends: Float64Array,
): readonly CycleStep[] | null {
  const all = Array.from({ length: truth.recordCount }, (_, record) => record);
  const graph = new Graph(truth, all, (record) => truth.nearest.of(record), lost, won, ends);
  const component = graph.components();
  for (let edge = 0; edge < lost.length; edge += 1) {
    const from = lost[edge] as number;
    const to = won[edge] as number;
    if (component[from] === component[to]) return graph.cycleThrough(from, to, component);
  }
  return null;
}

/** Is there a cycle? For a truth that has given records up, but none of these. */
export function hasCycle(truth: Truth, lost: readonly number[], won: readonly number[], ends: Float64Array): boolean {
  const nodes = [...new Set([...lost, ...won])].sort((a, b) => a - b);
  const placeOf = new Map(nodes.map((record, place) => [record, place]));
  // By session: places of its writes among the nodes, in its order.
  const bySession = new Map<number, number[]>();
  for (const [place, record] of nodes.entries()) {
    const session = truth.sessionOf.data[record] as number;
    const own = bySession.get(session);
    if (own === undefined) bySession.set(session, [place]);
    else own.push(place);
  }
  // The last write of each session in the past of this one stands for those before it.
  const past = (place: number): number[] => {
    const record = nodes[place] as number;
    const found: number[] = [];
    for (const [session, own] of bySession) {
      const count = writesOf(truth.clocks[record] as Clock, session);
      const last = own.findLast(
        (other) => other < place && (truth.ordinalOf.data[nodes[other] as number] as number) <= count,
      );
      if (last !== undefined) found.push(last);
    }
    return found;
  };
  const places = (records: readonly number[]): number[] => records.map((record) => placeOf.get(record) as number);
  const [losers, winners] = [places(lost), places(won)];
  const component = new Graph(truth, nodes, past, losers, winners, ends).components();
  return losers.some((loser, edge) => component[loser] === component[winners[edge] as number]);
}

// Nodes: writes 0 to n - 1, in the order of their requests, and moments n to 2n - 1 (moment n + i is the request of write i).
class Graph {
  readonly #count: number;
  readonly #firstEdge: Int32Array;
  readonly #heads: Int32Array;
  readonly #kinds: Uint8Array;

  /**
   * @param nodes numbers of the writes that are nodes
   * @param past nodes before a node in happens-before; what is before these may be left out
   * @param lost the first ends of the CF edges, as nodes, and `won` their second ends
   * @param ends by record
   */
  constructor(
    truth: Truth,
    nodes: readonly number[],
    past: (node: number) => readonly number[],
    lost: readonly number[],
    won: readonly number[],
    ends: Float64Array,
  ) {
    const count = nodes.length;
    const requestedAt = Float64Array.from(nodes, (record) => truth.requestedAt.data[record] as number);
    this.#count = count;
    const tails: number[] = [];
    const heads: number[] = [];
    const kinds: number[] = [];
    const edge = (tail: number, head: number, kind: number): void => {
      tails.push(tail);
      heads.push(head);
      kinds.push(kind);
    };
    for (let node = 0; node < count; node += 1) {
      const record = nodes[node] as number;
      for (const earlier of past(node)) edge(earlier, node, PRECEDES);
      if (!truth.unasked.has(record)) edge(count + node, node, MOMENT);
      if (node + 1 < count) edge(count + node, count + node + 1, MOMENT);
      const end = ends[record] as number;
      const next = end === Infinity ? count : firstAfter(requestedAt, count, end);
      if (next < count) edge(node, count + next, ENDED);
    }
    for (let index = 0; index < lost.length; index += 1) edge(lost[index] as number, won[index] as number, LOSES);

    this.#firstEdge = new Int32Array(2 * count + 1);
    for (const tail of tails) this.#firstEdge[tail + 1] = (this.#firstEdge[tail + 1] as number) + 1;
    for (let node = 0; node < 2 * count; node += 1) {
      this.#firstEdge[node + 1] = (this.#firstEdge[node + 1] as number) + (this.#firstEdge[node] as number);
    }
    const filled = this.#firstEdge.slice();
    this.#heads = new Int32Array(heads.length);
    this.#kinds = new Uint8Array(heads.length);
    for (let index = 0; index < heads.length; index += 1) {
      const tail = tails[index] as number;
      const place = filled[tail] as number;
      filled[tail] = place + 1;
      this.#heads[place] = heads[index] as number;
      this.#kinds[place] = kinds[index] as number;
    }
  }

  // Strongly connected components by Tarjan's algorithm, with a stack of its own instead of recursion.
  components(): Int32Array {
    const nodes = 2 * this.#count;
    const component = new Int32Array(nodes).fill(-1);
    const order = new Int32Array(nodes).fill(-1);
    const low = new Int32Array(nodes);
    const cursor = this.#firstEdge.slice();
    const open: number[] = [];
    const path: number[] = [];
    let visited = 0;
    let found = 0;
    for (let root = 0; root < nodes; root += 1) {
      if (order[root] !== -1) continue;
      path.push(root);
      while (path.length > 0) {
        const node = path.at(-1) as number;
        if (order[node] === -1) {
          order[node] = visited;
          low[node] = visited;
          visited += 1;
          open.push(node);
        }
        let isDone = true;
        while ((cursor[node] as number) < (this.#firstEdge[node + 1] as number)) {
          const head = this.#heads[cursor[node] as number] as number;
          if (order[head] === -1) {
            path.push(head);
            isDone = false;
            break;
          }
          if (component[head] === -1) low[node] = Math.min(low[node] as number, low[head] as number);
          cursor[node] = (cursor[node] as number) + 1;
        }
        if (!isDone) continue;
        path.pop();
        if (low[node] !== order[node]) continue;
        for (let member = open.pop(); member !== undefined; member = open.pop()) {
          component[member] = found;
          if (member === node) break;
        }
        found += 1;
      }
    }
    return component;
  }

  // The edge from -> to closed by the shortest way back inside their component.
  cycleThrough(from: number, to: number, component: Int32Array): readonly CycleStep[] {
    const reachedBy = new Int32Array(2 * this.#count).fill(-1);
    const tailOf = new Int32Array(2 * this.#count).fill(-1);
    const queue = [to];
    reachedBy[to] = LOSES;
    tailOf[to] = from;
    for (let at = 0; at < queue.length && reachedBy[from] === -1; at += 1) {
      const node = queue[at] as number;
      for (let edge = this.#firstEdge[node] as number; edge < (this.#firstEdge[node + 1] as number); edge += 1) {
        const head = this.#heads[edge] as number;
        if (reachedBy[head] !== -1 || component[head] !== component[from]) continue;
        reachedBy[head] = this.#kinds[edge] as number;
        tailOf[head] = node;
        queue.push(head);
      }
    }
    const steps: CycleStep[] = [];
    let node = from;
    let how: CycleStep["how"] | null = null;
    do {
      const kind = reachedBy[node] as number;
      const tail = tailOf[node] as number;
      if (kind === ENDED) how = "ended before the start of";
      else if (kind !== MOMENT) how = kind === LOSES ? "loses to" : "precedes";
      if (tail < this.#count && how !== null) steps.push({ record: tail, how });
      node = tail;
    } while (node !== from);
    return steps.reverse();
  }
}

const PRECEDES = 0;
const LOSES = 1;
const ENDED = 2;
const MOMENT = 3;

// Index of the first write that was asked for after this instant; requests are in order.
function firstAfter(requestedAt: Float64Array, count: number, instant: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((requestedAt[middle] as number) <= instant) low = middle + 1;
    else high = middle;
  }
  return low;
}
