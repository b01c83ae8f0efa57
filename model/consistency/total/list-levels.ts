/**
 * Linearizability of lists whose elements were appended once: without a search, since the longest list that was read says where
 * everything belongs.
 *
 * Every operation gets a level: a read of m elements 2m, the append of the element at place p 2p + 1, an append that no list holds the
 * level after the last. There is an order exactly if nothing that ended before something else began is on a higher level than that:
 * then sorting by level, and by time within a level, is one.
 *
 * O(n log n). Leaves out lists that are not beginnings of each other (transactions/lists.ts).
 */
import { ABSENT, type History, INITIAL, keyKind, operationKind } from "../history.ts";
import type { ReadsFrom } from "../reads-from.ts";
import type { Lists } from "../transactions/lists.ts";
import type { Edge, Evidence } from "../verdict.ts";
import type { Intervals } from "./zones.ts";

/** What contradicts real time on some list; null where nothing does. */
export function levelFlaw(
  history: History,
  readsFrom: ReadsFrom,
  lists: Lists,
  { start, end }: Intervals,
): Evidence | null {
  const { key, operationCount } = history;
  const byStart: number[] = [];
  for (let at = 0; at < operationCount; at += 1) {
    if (readsFrom.counts[at] === 1 && history.keyKind[key[at]!] === keyKind.list) byStart.push(at);
  }
  const byEnd = [...byStart];
  byStart.sort((one, other) => start[one]! - start[other]!);
  // Infinite ends are equal to each other, and a difference of them is no number.
  byEnd.sort((one, other) => (end[one] === end[other] ? 0 : end[one]! - end[other]!));
  /** By key: what ended so far and is on the highest level. */
  const highest = new Int32Array(history.keyCount).fill(ABSENT);
  let ended = 0;
  for (const at of byStart) {
    while (ended < byEnd.length && end[byEnd[ended]!]! < start[at]!) {
      const done = byEnd[ended]!;
      const best = highest[key[done]!]!;
      if (best === ABSENT || levelOf(history, lists, done) > levelOf(history, lists, best)) highest[key[done]!] = done;
      ended += 1;
    }
    const best = highest[key[at]!]!;
    if (best !== ABSENT && levelOf(history, lists, best) > levelOf(history, lists, at)) {
      return evidenceOf(history, readsFrom, lists, best, at);
    }
  }
  return null;
}

function levelOf({ kind, key, listStart, version }: History, { longest, position }: Lists, operation: number): number {
  if (kind[operation] === operationKind.read) return 2 * (listStart[operation + 1]! - listStart[operation]!);
  const place = position[version[operation]!]!;
  if (place !== ABSENT) return 2 * place + 1;
  const read = longest[key[operation]!]!;
  return read === ABSENT ? 1 : 2 * (listStart[read + 1]! - listStart[read]!) + 1;
}

/** `early` ended before `late` began and belongs after it. */
function evidenceOf(
  { kind, key, listed, listStart, version }: History,
  { writerOf }: ReadsFrom,
  { longest, position }: Lists,
  early: number,
  late: number,
): Evidence {
  const inTime: Edge = { from: early, to: late, why: { kind: "real-time" } };
  const isRead = (operation: number): boolean => kind[operation] === operationKind.read;
  if (!isRead(late)) {
    if (isRead(early)) {
      // The list held what had not begun to be appended, or the neighbour of that.
      const holds = listed.subarray(listStart[early], listStart[early + 1]).includes(version[late]!);
      const edges: readonly Edge[] = holds
        ? [inTime, { from: late, to: early, why: { kind: "reads-from" } }]
        : [inTime];
      return { pattern: "ReadFromFuture", operations: [early, late], edges, cyclic: holds };
    }
    const shows = longest[key[early]!]!;
    const why = { kind: position[version[early]!] === ABSENT ? "unlisted" : "listed", by: shows } as const;
    return {
      pattern: "CyclicRealTime",
      operations: [early, late, shows],
      edges: [inTime, { from: late, to: early, why }],
      cyclic: true,
    };
  }
  if (!isRead(early)) return { pattern: "MissingElement", operations: [early, late], edges: [inTime], cyclic: false };
  // An element that the early list held and the late one lacks.
  const missing = listed[listStart[early]! + listStart[late + 1]! - listStart[late]!]!;
  const append = missing === INITIAL ? ABSENT : writerOf[missing]!;
  return {
    pattern: "MissingElement",
    operations: [append, early, late],
    edges: [{ from: append, to: early, why: { kind: "reads-from" } }, inTime],
    cyclic: false,
  };
}
