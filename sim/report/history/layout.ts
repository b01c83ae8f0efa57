/**
 * Where the operations of a picture stand: sessions as rows, from left to right the order in which things happened.
 *
 * Of a short history everything is shown; of a long one the operations of the story with their neighbours in their sessions, and
 * how many were left out between. Where all of them have times, an operation stretches from its beginning to its end and everything
 * keeps its order in time (but not its distances); else an operation stands right of what it follows in its session and of what it
 * read. A cycle has no such order: the edge that closes it points to the left.
 *
 * Leaves out drawing (picture.ts).
 */
import { assert } from "../../../model/assert.ts";
import { ABSENT, type Explanation, type History, operationKind } from "../../../model/consistency/index.ts";

/** Histories of at most so many operations and sessions are shown whole. */
const WHOLE = { operations: 36, sessions: 9 };
/** Neighbours shown on either side of an operation of the story. */
const NEIGHBOURS = 1;

/** Pixels. */
const gap = { column: 46, event: 14, row: 46, mark: 64 };

/** Something in a row: an operation, or a mark that stands for operations left out. */
export type Item =
  | {
      readonly kind: "operation";
      readonly operation: number;
      readonly isTold: boolean;
      readonly x: number;
      readonly width: number;
    }
  | { readonly kind: "left-out"; readonly count: number; readonly x: number; readonly width: number };

/** One session of the picture. */
export interface Row {
  readonly session: number;
  /** From left to right. */
  readonly items: readonly Item[];
}

/** A picture's places. */
export interface Layout {
  readonly rows: readonly Row[];
  readonly width: number;
  readonly order: "time" | "order";
  /** Pairs of shown operations: who wrote and who read it. */
  readonly reads: readonly { readonly from: number; readonly to: number }[];
  readonly sessionsLeftOut: number;
  readonly operationsLeftOut: number;
}

/** What stands in a row before it has a place: an operation, or a negative count of those left out. */
type Entry = { readonly operation: number } | { readonly leftOut: number };

/** Places everything. `widthOf` is the width of an operation's box, in pixels. */
export function layOut(history: History, { operations }: Explanation, widthOf: (operation: number) => number): Layout {
  const told = new Set(operations.map(({ operation }) => operation));
  const rows = chooseRows(history, told);
  const shown = rows.flatMap(({ entries }) =>
    entries.flatMap((entry) => ("operation" in entry ? [entry.operation] : [])),
  );
  const reads = readsAmong(history, shown);
  const isTimed = shown.every((operation) => history.start !== null && !Number.isNaN(history.start[operation]!));
  const places = isTimed ? placeByTime(history, rows, widthOf) : placeByOrder(rows, reads, widthOf);
  const placed = rows.map(({ session, entries }) => ({
    session,
    items: entries.map((entry, index): Item => {
      const place = places.get(keyOf(session, index));
      assert(place !== undefined, "an entry without a place");
      return "operation" in entry
        ? { kind: "operation", operation: entry.operation, isTold: told.has(entry.operation), ...place }
        : { kind: "left-out", count: entry.leftOut, ...place };
    }),
  }));
  const width = placed.flatMap(({ items }) => items).reduce((most, { x, width: wide }) => Math.max(most, x + wide), 0);
  return {
    rows: placed,
    width,
    order: isTimed ? "time" : "order",
    reads,
    sessionsLeftOut: history.sessionCount - rows.length,
    operationsLeftOut: history.operationCount - shown.length,
  };
}

interface Place {
  readonly x: number;
  readonly width: number;
}

interface Chosen {
  readonly session: number;
  readonly entries: readonly Entry[];
}

const keyOf = (session: number, index: number): string => `${session} ${index}`;

function chooseRows(history: History, told: ReadonlySet<number>): readonly Chosen[] {
  const isWhole = history.operationCount <= WHOLE.operations && history.sessionCount <= WHOLE.sessions;
  const sessions = new Set(Array.from(told, (operation) => history.session[operation]!));
  const rows: Chosen[] = [];
  for (let session = 0; session < history.sessionCount; session += 1) {
    if (!isWhole && !sessions.has(session)) continue;
    const [from, to] = [history.sessionStart[session]!, history.sessionStart[session + 1]!];
    const wanted = new Set<number>();
    if (isWhole) for (let operation = from; operation < to; operation += 1) wanted.add(operation);
    for (const operation of told) {
      if (history.session[operation] !== session) continue;
      for (let near = operation - NEIGHBOURS; near <= operation + NEIGHBOURS; near += 1) {
        if (near >= from && near < to) wanted.add(near);
      }
    }
    const entries: Entry[] = [];
    let next = from;
    for (const operation of [...wanted].sort((a, b) => a - b)) {
      // A mark takes as much room as an operation: one that is left out alone may as well be shown.
      if (operation === next + 1) entries.push({ operation: next });
      else if (operation > next) entries.push({ leftOut: operation - next });
      entries.push({ operation });
      next = operation + 1;
    }
    if (to === next + 1) entries.push({ operation: next });
    else if (to > next) entries.push({ leftOut: to - next });
    if (entries.length > 0) rows.push({ session, entries });
  }
  return rows;
}

function readsAmong(history: History, shown: readonly number[]): Layout["reads"] {
  const writerOf = new Map<number, number>();
  for (const operation of shown) {
    if (history.kind[operation] !== operationKind.read) writerOf.set(history.version[operation]!, operation);
  }
  return shown.flatMap((read) => {
    if (history.kind[read] !== operationKind.read) return [];
    const versions = history.listed.subarray(history.listStart[read], history.listStart[read + 1]);
    return Array.from(versions).flatMap((version) => {
      const from = writerOf.get(version) ?? ABSENT;
      return from === ABSENT ? [] : [{ from, to: read }];
    });
  });
}

/** Columns: each operation right of what must come before it, as far to the left as that allows. */
function placeByOrder(
  rows: readonly Chosen[],
  reads: Layout["reads"],
  widthOf: (operation: number) => number,
): ReadonlyMap<string, Place> {
  const columnOf = new Map<number, number>();
  const columns: { readonly key: string; readonly width: number }[][] = [];
  const heads = rows.map(() => ({ index: 0, column: 0 }));
  const place = (row: number): void => {
    const { session, entries } = rows[row]!;
    const head = heads[row]!;
    const entry = entries[head.index]!;
    const isOperation = "operation" in entry;
    const after = isOperation ? writersOf(entry.operation).map((writer) => (columnOf.get(writer) ?? -1) + 1) : [];
    const column = Math.max(head.column, ...after);
    if (isOperation) columnOf.set(entry.operation, column);
    (columns[column] ??= []).push({
      key: keyOf(session, head.index),
      width: isOperation ? widthOf(entry.operation) : gap.mark,
    });
    heads[row] = { index: head.index + 1, column: column + 1 };
  };
  const writersOf = (read: number): readonly number[] => reads.filter(({ to }) => to === read).map(({ from }) => from);
  const isReady = (row: number): boolean => {
    const entry = rows[row]!.entries[heads[row]!.index];
    if (entry === undefined) return false;
    return !("operation" in entry) || writersOf(entry.operation).every((writer) => columnOf.has(writer));
  };
  const isOpen = (row: number): boolean => heads[row]!.index < rows[row]!.entries.length;
  const all = rows.map((_, row) => row);
  for (;;) {
    // Where everybody waits for somebody, there is a cycle: the first one goes ahead.
    const row = all.find(isReady) ?? all.find(isOpen);
    if (row === undefined) break;
    place(row);
  }
  const places = new Map<string, Place>();
  let x = 0;
  for (const column of columns) {
    const width = Math.max(...column.map((entry) => entry.width));
    for (const { key, width: own } of column) places.set(key, { x: x + (width - own) / 2, width: own });
    x += width + gap.column;
  }
  return places;
}

/** Beginnings and ends in the order of time, as close together as the boxes allow. */
function placeByTime(
  history: History,
  rows: readonly Chosen[],
  widthOf: (operation: number) => number,
): ReadonlyMap<string, Place> {
  const { start, end } = history;
  assert(start !== null, "times are asked for where there are some");
  interface Moment {
    readonly row: number;
    readonly index: number;
    readonly at: number;
    readonly isEnd: boolean;
  }
  const moments = rows.flatMap(({ entries }, row) => {
    let last = Number.NEGATIVE_INFINITY;
    return entries.flatMap((entry, index): readonly Moment[] => {
      if (!("operation" in entry)) {
        return [
          { row, index, at: last, isEnd: false },
          { row, index, at: last, isEnd: true },
        ];
      }
      const from = Math.max(last, start[entry.operation]!);
      const told = end === null ? from : end[entry.operation]!;
      const following = entries.slice(index + 1).find((next) => "operation" in next);
      const limit = following !== undefined ? start[following.operation]! : Number.POSITIVE_INFINITY;
      const to = Math.max(from, Math.min(told, limit));
      last = to;
      return [
        { row, index, at: from, isEnd: false },
        { row, index, at: to, isEnd: true },
      ];
    });
  });
  // Of equal moments an end that a beginning must follow in its session comes first: rows keep their own order.
  moments.sort((a, b) =>
    a.at === b.at ? a.row - b.row || a.index - b.index || Number(a.isEnd) - Number(b.isEnd) : a.at - b.at,
  );
  const begun = new Map<string, number>();
  const free = rows.map(() => 0);
  const places = new Map<string, Place>();
  let x = 0;
  let before = Number.NaN;
  for (const { row, index, at, isEnd } of moments) {
    const { session, entries } = rows[row]!;
    const key = keyOf(session, index);
    if (at !== before) x += gap.event;
    before = at;
    if (!isEnd) {
      x = Math.max(x, free[row]!);
      begun.set(key, x);
      continue;
    }
    const entry = entries[index]!;
    const from = begun.get(key)!;
    x = Math.max(x, from + ("operation" in entry ? widthOf(entry.operation) : gap.mark));
    places.set(key, { x: from, width: x - from });
    free[row] = x + gap.row;
  }
  return places;
}
