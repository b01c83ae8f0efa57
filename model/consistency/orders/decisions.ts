/**
 * What reads say of the order by which all decide: who lost a conflict against whom, which element of a list stands before which.
 *
 * A list's elements stand in that order, each edge from one element to the next. Two lists neither of which begins the other are
 * no contradiction yet: their readers may have seen different appends. They are one where together they form a cycle.
 *
 * Leaves out real time.
 */
import { UintColumn } from "../columns.ts";
import { ABSENT, type History, INITIAL, keyKind, operationKind } from "../history.ts";
import type { ReadsFrom } from "../reads-from.ts";
import { EdgeLists } from "./edge-lists.ts";
import { sortOperations, type SortedOperations } from "./sort-operations.ts";
import type { Visibility } from "./visibility.ts";

/** The edges beside session order and reads-from, and whether there is a sequence that keeps all of them. */
export interface Decisions {
  /** Conflict edges of registers first, then edges of lists. */
  readonly edges: EdgeLists;
  readonly conflictCount: number;
  /** By edge of a list, from `conflictCount`: a read that shows it. */
  readonly listedBy: UintColumn;
  readonly sorted: SortedOperations;
}

/** Gathers and sorts them. */
export function decisions(history: History, reads: ReadsFrom, { conflicts }: Visibility): Decisions {
  const edges = new EdgeLists(history.operationCount);
  for (let edge = 0; edge < conflicts.count; edge += 1)
    if (history.keyKind[history.key[conflicts.to(edge)]!] === keyKind.register)
      edges.add(conflicts.from(edge), conflicts.to(edge));
  const conflictCount = edges.count;
  const listedBy = new UintColumn();
  addLists(history, reads, edges, listedBy);
  return { edges, conflictCount, listedBy, sorted: sortOperations(history, reads, { edges }) };
}

/** Neighbours in lists, each pair once. */
function addLists(history: History, reads: ReadsFrom, edges: EdgeLists, listedBy: UintColumn): void {
  const { operationCount, kind, key, keyKind: kinds, listStart, listed } = history;
  for (let read = 0; read < operationCount; read += 1) {
    if (kind[read] !== operationKind.read || reads.counts[read] === 0 || kinds[key[read]!] !== keyKind.list) continue;
    let before = ABSENT;
    for (let at = listStart[read]!; at < listStart[read + 1]!; at += 1) {
      const writer = listed[at] === INITIAL ? ABSENT : reads.writerOf[listed[at]!]!;
      if (writer === ABSENT) continue;
      if (before !== ABSENT && !has(edges, before, writer)) {
        edges.add(before, writer);
        listedBy.push(read);
      }
      before = writer;
    }
  }
}

/** An element rarely has more than one neighbour before it. */
function has(edges: EdgeLists, from: number, to: number): boolean {
  for (let edge = edges.firstInto(to); edge !== -1; edge = edges.nextInto(edge))
    if (edges.from(edge) === from) return true;
  return false;
}
