/**
 * Puts the operations of a history into a sequence that keeps session order, reads-from, and whatever other edges it is given; or
 * finds that there is none.
 *
 * Sessions are chains, so only one operation of each can be next. Each session runs as far as it can; where its next operation
 * needs one that has not been placed, it waits there and is woken by it. No recursion, no counting of edges: O(n + edges), and
 * O(1) per session of memory beyond marks.
 *
 * Leaves out which cycle it is when there is no sequence (paths.ts).
 */
import { ABSENT, type History, operationKind } from "../history.ts";
import type { ReadsFrom } from "../reads-from.ts";
import { type EdgeLists, NO_EDGE } from "./edge-lists.ts";
import type { Timeline } from "./timeline.ts";

/** What the sequence must keep beside session order and reads-from. */
export interface OrderRules {
  readonly edges?: EdgeLists | null;
  readonly timeline?: Timeline | null;
  /** Writes come after what they say they replace. */
  readonly replaces?: boolean;
}

/** A sequence, or as much of one as there is. */
export interface SortedOperations {
  /** The operations placed, in sequence; `order.length` is that of the history where there is no cycle. */
  readonly order: Uint32Array;
  readonly isAcyclic: boolean;
  /** By operation: 1 where it was placed. What was not lies on a cycle or behind one. */
  readonly placed: Uint8Array;
}

const NOT_BEGUN = -2;
const NOBODY = 0;

/** The sequence; the same history and rules give the same one. */
export function sortOperations(history: History, reads: ReadsFrom, rules: OrderRules = {}): SortedOperations {
  const { operationCount, sessionCount, sessionStart, kind, listStart, listed } = history;
  const { writerOf, counts } = reads;
  const edges = rules.edges ?? null;
  const timeline = rules.timeline ?? null;
  const placed = new Uint8Array(operationCount);
  const order = new Uint32Array(operationCount);
  let length = 0;
  const cursor = sessionStart.slice(0, sessionCount);
  /** By session: how far the needs of its next operation have been looked through. */
  const lookedAt = new Uint32Array(sessionCount);
  const lookedEdge = new Int32Array(sessionCount).fill(NOT_BEGUN);
  for (let session = 0; session < sessionCount; session += 1) lookedAt[session] = listStart[sessionStart[session]!]!;
  /** Lists of sessions (plus 1) that wait for an operation, and for a number of ends of a group. */
  const waitsFor = new Uint32Array(operationCount);
  const waitsForEnds = new Uint32Array(timeline === null ? 0 : timeline.byEnd.length + timeline.groupStart.length);
  const nextWaiter = new Uint32Array(sessionCount);
  /** By group: how many of its operations, by end, have been placed without a gap. */
  const endsPlaced = new Uint32Array(timeline === null ? 0 : timeline.groupStart.length - 1);
  /** A queue: who waited longest goes first, so that what happened at one time stays together. */
  const ready = new Uint32Array(sessionCount);
  let readyFirst = 0;
  let readyCount = sessionCount;
  for (let session = 0; session < sessionCount; session += 1) ready[session] = session;

  while (readyCount > 0) {
    const session = ready[readyFirst]!;
    readyFirst = (readyFirst + 1) % sessionCount;
    readyCount -= 1;
    const last = sessionStart[session + 1]!;
    let operation = cursor[session]!;
    running: while (operation < last) {
      if (counts[operation] === 1 && (kind[operation] === operationKind.read || rules.replaces === true)) {
        const listEnd = listStart[operation + 1]!;
        for (let at = lookedAt[session]!; at < listEnd; at += 1) {
          const writer = writerOf[listed[at]!]!;
          if (writer === ABSENT || placed[writer] === 1 || counts[writer] === 0) continue;
          lookedAt[session] = at;
          nextWaiter[session] = waitsFor[writer]!;
          waitsFor[writer] = session + 1;
          break running;
        }
        lookedAt[session] = listEnd;
      }
      if (edges !== null) {
        let edge = lookedEdge[session]!;
        if (edge === NOT_BEGUN) edge = edges.firstInto(operation);
        for (; edge !== NO_EDGE; edge = edges.nextInto(edge)) {
          const before = edges.from(edge);
          if (placed[before] === 1) continue;
          lookedEdge[session] = edge;
          nextWaiter[session] = waitsFor[before]!;
          waitsFor[before] = session + 1;
          break running;
        }
        lookedEdge[session] = NO_EDGE;
      }
      const group = timeline === null ? ABSENT : timeline.group[operation]!;
      if (timeline !== null && group !== ABSENT) {
        const needed = timeline.endedBefore[operation]!;
        if (endsPlaced[group]! < needed) {
          const list = timeline.groupStart[group]! + group + needed;
          nextWaiter[session] = waitsForEnds[list]!;
          waitsForEnds[list] = session + 1;
          break;
        }
      }
      placed[operation] = 1;
      order[length] = operation;
      length += 1;
      let waiter = waitsFor[operation]!;
      while (waiter !== NOBODY) {
        ready[(readyFirst + readyCount++) % sessionCount] = waiter - 1;
        waiter = nextWaiter[waiter - 1]!;
      }
      if (timeline !== null && group !== ABSENT) {
        const first = timeline.groupStart[group]!;
        const count = timeline.groupStart[group + 1]! - first;
        while (endsPlaced[group]! < count && placed[timeline.byEnd[first + endsPlaced[group]!]!] === 1) {
          endsPlaced[group]! += 1;
          waiter = waitsForEnds[first + group + endsPlaced[group]!]!;
          while (waiter !== NOBODY) {
            ready[(readyFirst + readyCount++) % sessionCount] = waiter - 1;
            waiter = nextWaiter[waiter - 1]!;
          }
        }
      }
      operation += 1;
      lookedAt[session] = listStart[operation]!;
      lookedEdge[session] = NOT_BEGUN;
    }
    cursor[session] = operation;
  }
  return { order: order.subarray(0, length), isAcyclic: length === operationCount, placed };
}
