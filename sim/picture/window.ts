/**
 * Which part of a run a picture shows. Around a violation: the events before it, back to the writing of the records that it is about
 * where that is near enough, and what was on its way then; at the cloudlets that have to do with it. Where a record is missing in
 * the end: what happened after it was written. Without a violation: the whole run, or what was asked for.
 */
import { TRACE } from "../trace/kinds.ts";
import type { TraceRow } from "../trace/trace.ts";
import { EVENTS_MAX, type RecordedRun } from "./record-run.ts";
import { shown, shownCoarsely } from "./shown.ts";

/** A part of a run. Times are microseconds of true time. */
export interface Window {
  readonly from: number;
  readonly until: number;
  /** Cloudlets that get a lane, as the tree lists them. */
  readonly lanes: readonly number[];
  /** Only what becomes of machines, and marks: requests, records and messages would be more than anybody could read. */
  readonly isCoarse: boolean;
}

/** What the user asked for; null for what he left open. */
export interface WindowWish {
  readonly from: number | null;
  readonly until: number | null;
  readonly allLanes: boolean;
}

export type WindowOutcome =
  { readonly kind: "window"; readonly window: Window } | { readonly kind: "refused"; readonly why: string };

/** Events that are drawn before a violation, and how far back its records may have been written to be drawn too. */
const EVENTS_BEFORE = 160;
const EVENTS_BEFORE_MAX = 600;
/** Events that are drawn after the writing of a record that is missing in the end. */
const EVENTS_AFTER = 200;
/** More lanes than these are drawn only where they have to do with the violation. */
const LANES_MAX = 12;
/** Without a violation and without a window, a picture of more is refused: nobody could read it. */
const EVENTS_WHOLE_MAX = 4_000;

/** Chooses. */
export function chooseWindow(run: RecordedRun, wish: WindowWish): WindowOutcome {
  const { rows, breach, end } = run;
  const related = wish.allLanes ? null : relatedLanes(run);
  const isShown = (row: TraceRow): boolean => shown.has(row.kind) && (related === null || related.has(row.cloudlet));
  const firstKept = rows.count === 0 ? 0 : rows.row(0).at;
  const isLate = breach !== null && breach.since !== null && rows.count > 0 && firstKept <= breach.since;
  const { from, until } = isLate
    ? { from: wish.from ?? breach.since, until: wish.until ?? endAfter(run, wish.from ?? breach.since, isShown) }
    : { from: wish.from ?? (breach === null ? 0 : startBefore(run, isShown)), until: wish.until ?? end };
  if (rows.first > 0 && from <= firstKept) {
    const why = `more than ${EVENTS_MAX} events lie between the beginning of the picture and its end`;
    return { kind: "refused", why: `${why}; begin later with --from` };
  }
  const found = new Set<number>();
  const counts = { all: 0, coarse: 0 };
  for (let index = 0; index < rows.count; index += 1) {
    const row = rows.row(index);
    if (row.at < from || row.at > until || !isShown(row)) continue;
    counts.all += 1;
    if (shownCoarsely.has(row.kind)) counts.coarse += 1;
    if (row.cloudlet >= 0) found.add(row.cloudlet);
    if (row.kind === TRACE.marked || row.kind === TRACE.confirmed) found.add(row.peer);
  }
  if (counts.all === 0)
    return {
      kind: "refused",
      why: "nothing happens between the beginning of the picture and its end; choose others with --from and --until",
    };
  const isOpen = wish.from === null && wish.until === null;
  const isMuch = breach === null && isOpen && counts.all > EVENTS_WHOLE_MAX;
  const isCoarse = isMuch && run.marked.length > 0 && counts.coarse <= EVENTS_WHOLE_MAX;
  if (isMuch && !isCoarse) {
    const why = `no property is violated, and the whole run is ${counts.all} events, which nobody could read in one picture`;
    return { kind: "refused", why: `${why}; choose a part with --from and --until` };
  }
  return { kind: "window", window: { from, until, lanes: inTreeOrder(run, found), isCoarse } };
}

/** Null: all. */
function relatedLanes({ topology, rows, breach }: RecordedRun): ReadonlySet<number> | null {
  if (breach === null || topology.cloudlets.length <= LANES_MAX) return null;
  const related = new Set<number>();
  if (breach.cloudlet !== null) related.add(breach.cloudlet);
  // Where records of the violation were written, and everywhere on their way: the newest first, until there are enough.
  for (let index = rows.count - 1; index >= 0 && related.size < LANES_MAX; index -= 1) {
    const row = rows.row(index);
    if (row.kind !== TRACE.applied || !breach.records.has(recordOf(row))) continue;
    related.add(row.cloudlet);
    if (row.peer >= 0) related.add(row.peer);
  }
  for (let index = rows.count - 1; index >= 0 && related.size < LANES_MAX; index -= 1) {
    const row = rows.row(index);
    if (row.kind !== TRACE.applied || row.peer >= 0 || !breach.past.has(recordOf(row))) continue;
    related.add(row.cloudlet);
  }
  return related.size === 0 ? null : related;
}

function startBefore({ rows, breach }: RecordedRun, isShown: (row: TraceRow) => boolean): number {
  let from = 0;
  let count = 0;
  for (let index = rows.count - 1; index >= 0 && count < EVENTS_BEFORE_MAX; index -= 1) {
    const row = rows.row(index);
    if (row.at > breach!.at || !isShown(row)) continue;
    count += 1;
    const isOwn = row.kind === TRACE.applied && row.peer < 0 && breach!.records.has(recordOf(row));
    if (count <= EVENTS_BEFORE || isOwn) from = row.at;
  }
  return count < EVENTS_BEFORE ? 0 : from;
}

/** What shows only in the end has its cause where the record was written, or soon after. */
function endAfter({ rows, end }: RecordedRun, from: number, isShown: (row: TraceRow) => boolean): number {
  let count = 0;
  for (let index = 0; index < rows.count; index += 1) {
    const row = rows.row(index);
    if (row.at < from || !isShown(row)) continue;
    count += 1;
    if (count > EVENTS_AFTER) return row.at;
  }
  return end;
}

function recordOf({ values: [origin = 0, incarnation = 0, stream = 0, sequence = 0] }: TraceRow): string {
  return `c${origin}.${incarnation}/t${stream}#${sequence}`;
}

/** Below each cloudlet those that report to it, so that most messages go between near lanes. */
function inTreeOrder({ topology }: RecordedRun, found: ReadonlySet<number>): readonly number[] {
  const order: number[] = [];
  const stack = topology.cloudlets
    .filter(({ upper }) => upper === null)
    .map(({ id }) => id as number)
    .reverse();
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (found.has(next)) order.push(next);
    stack.push(...[...(topology.cloudlets[next]?.lowers ?? [])].reverse());
  }
  return order;
}
