/**
 * Which versions of a key must be older than which, because a session read the one before it wrote the other; over any number of
 * such steps.
 *
 * This is no order of whole sessions: what a session wrote before says nothing here, so clocks do not fit. Instead it is followed
 * backwards from what a session reads, each operation at most once per session that reads the key.
 */
import { ABSENT, type History, INITIAL, operationKind } from "./history.ts";
import { EdgeLists } from "./orders/edge-lists.ts";
import { shortestCycleOf } from "./orders/small-cycle.ts";
import type { ReadsFrom } from "./reads-from.ts";
import { onRegister, readWriter } from "./registers.ts";
import type { Edge } from "./verdict.ts";

/** What a session that reads its history in order has been shown, with all that must be older. */
export class ReadBefore {
  readonly #history: History;
  readonly #reads: ReadsFrom;
  /** By operation: the operation before it in its session on the same key, or ABSENT. */
  readonly #previous: Int32Array;
  /** By operation, of a write: the read (of the session at hand) that showed something which must be newer; else from another. */
  readonly #shown: Int32Array;
  /** By operation: the session for which the part of its own session before it has been followed, plus 1. */
  readonly #followed: Uint32Array;

  constructor(history: History, reads: ReadsFrom) {
    this.#history = history;
    this.#reads = reads;
    this.#previous = new Int32Array(history.operationCount).fill(ABSENT);
    this.#shown = new Int32Array(history.operationCount).fill(ABSENT);
    this.#followed = new Uint32Array(history.operationCount);
    const last = new Int32Array(history.keyCount).fill(ABSENT);
    for (let operation = 0; operation < history.operationCount; operation += 1) {
      if (!onRegister(history, reads, operation)) continue;
      const before = last[history.key[operation]!]!;
      if (before !== ABSENT && history.session[before] === history.session[operation])
        this.#previous[operation] = before;
      last[history.key[operation]!] = operation;
    }
  }

  /** An earlier read of this session that showed something that must be newer than a write; ABSENT where none did. */
  shownBefore(read: number, write: number): number {
    const shown = this.#shown[write]!;
    return shown !== ABSENT && this.#history.session[shown] === this.#history.session[read] ? shown : ABSENT;
  }

  /** A read returned what a write wrote: all that must be older has been shown to be so. */
  show(read: number, write: number): void {
    const session = this.#history.session[read]! + 1;
    const open = [write];
    for (let newer = open.pop(); newer !== undefined; newer = open.pop()) {
      let at = this.#previous[newer]!;
      // The write itself marks how far its own session has been followed; what is followed once is followed for good.
      while (at !== ABSENT && this.#followed[at] !== session) {
        this.#followed[at] = session;
        if (this.#history.kind[at] === operationKind.read) {
          const older = readWriter(this.#history, this.#reads, at);
          if (older !== ABSENT && this.shownBefore(read, older) === ABSENT) {
            this.#shown[older] = read;
            open.push(older);
          }
        }
        at = this.#previous[at]!;
      }
    }
  }

  /** How an older write came to be before a newer one: read, then written, step by step. */
  way(older: number, newer: number): readonly Edge[] {
    const parent = new Map<number, Edge>();
    const queue = [newer];
    for (let next = 0; next < queue.length && !parent.has(older); next += 1) {
      const write = queue[next]!;
      for (let at = this.#previous[write]!; at !== ABSENT; at = this.#previous[at]!) {
        if (this.#history.kind[at] !== operationKind.read) continue;
        const before = readWriter(this.#history, this.#reads, at);
        if (before === ABSENT || before === newer || parent.has(before)) continue;
        parent.set(before, { from: at, to: write, why: { kind: "session" } });
        queue.push(before);
      }
    }
    const edges: Edge[] = [];
    for (let at = older; at !== newer;) {
      const step = parent.get(at)!;
      edges.push({ from: at, to: step.from, why: { kind: "reads-from" } }, step);
      at = step.to;
    }
    return edges;
  }
}

/**
 * A version that would have to be older than itself, or null. Only where session order and reads-from have a cycle can there be one:
 * every step here is one of each.
 */
export function followedCycle(history: History, reads: ReadsFrom): readonly Edge[] | null {
  const { operationCount, kind, listStart, listed } = history;
  // Edges from reads to the next write of the key in their session, and on from there as reads: a write passes nothing on but to
  // its readers. Each operation stands twice: as itself, and as "what was read of its key in its session up to here".
  const edges = new EdgeLists(operationCount * 2);
  const last = new Int32Array(history.keyCount).fill(ABSENT);
  for (let operation = 0; operation < operationCount; operation += 1) {
    if (!onRegister(history, reads, operation)) continue;
    const of = history.key[operation]!;
    const before = last[of]!;
    last[of] = operation;
    if (before !== ABSENT && history.session[before] === history.session[operation]) {
      edges.add(before * 2 + 1, operation * 2 + 1);
      if (kind[operation] !== operationKind.read) edges.add(before * 2 + 1, operation * 2);
    }
    if (kind[operation] !== operationKind.read || listed[listStart[operation]!] === INITIAL) continue;
    edges.add(readWriter(history, reads, operation) * 2, operation * 2 + 1);
  }
  const cycle = shortestCycleOf(edges, operationCount * 2);
  if (cycle === null) return null;
  const first = cycle.findIndex((edge) => edges.from(edge) % 2 === 0);
  const found: Edge[] = [];
  for (const edge of [...cycle.slice(first), ...cycle.slice(0, first)]) {
    const [from, to] = [edges.from(edge) >>> 1, edges.to(edge) >>> 1];
    const before = found.at(-1);
    if (edges.from(edge) % 2 === 0) found.push({ from, to, why: { kind: "reads-from" } });
    else if (before?.why.kind === "session") found[found.length - 1] = { ...before, to };
    else found.push({ from, to, why: { kind: "session" } });
  }
  return found;
}
