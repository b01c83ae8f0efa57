// Where two runs part: the first event that differs between two traces that should be equal. A digest says that a run was
// not repeated; this says from which event on. Leaves out on purpose: judging whether a difference matters.

import { TRACE_NOBODY, traceKinds } from "./kinds.ts";
import type { TraceNames } from "./render.ts";
import { renderRow, seconds } from "./render.ts";
import type { TraceRow, TraceRows } from "./trace.ts";

/** The first difference between two traces. */
export interface TraceDifference {
  /** Place of the event in the whole trace, 0 for the first. */
  readonly index: number;
  /** The event in either trace, null when that trace had ended. */
  readonly left: TraceRow | null;
  readonly right: TraceRow | null;
  /** Names of the columns that differ; empty when one trace had ended. */
  readonly columns: readonly string[];
}

/**
 * Compares two traces row by row, from the first row that both still have.
 *
 * @returns null when they are equal
 */
export function firstDifference(left: TraceRows, right: TraceRows): TraceDifference | null {
  const from = Math.max(left.first, right.first);
  const leftEnd = left.first + left.count;
  const rightEnd = right.first + right.count;
  for (let index = from; index < Math.max(leftEnd, rightEnd); index += 1) {
    const leftRow = index < leftEnd ? left.row(index - left.first) : null;
    const rightRow = index < rightEnd ? right.row(index - right.first) : null;
    if (leftRow === null || rightRow === null) return { index, left: leftRow, right: rightRow, columns: [] };
    const columns = differingColumns(leftRow, rightRow);
    if (columns.length > 0) return { index, left: leftRow, right: rightRow, columns };
  }
  return null;
}

/** A difference in words: what the first event that differs is, when and where, then the event in either run. Four lines. */
export function renderDifference(difference: TraceDifference, names: TraceNames): string {
  const { index, left, right, columns } = difference;
  const what = columns.length > 0 ? `differ in ${columns.join(", ")}` : "do not end together";
  const side = (row: TraceRow | null): string => (row === null ? "(no more events)" : renderRow(row, names));
  const sides = `  first   ${side(left)}\n  second  ${side(right)}\n`;
  const event = left ?? right;
  const says = event === null ? "" : `  ${sentence(event, names)}\n`;
  return `the runs ${what} at event ${index}:\n${says}${sides}`;
}

function sentence({ at, kind, cloudlet }: TraceRow, names: TraceNames): string {
  const where = cloudlet === TRACE_NOBODY ? "" : `, at ${names.cloudlet(cloudlet)}`;
  return `${seconds(at)} s after the beginning${where}: ${traceKinds[kind]?.meaning ?? `an event of kind ${kind}`}`;
}

function differingColumns(left: TraceRow, right: TraceRow): readonly string[] {
  const columns: string[] = [];
  if (left.at !== right.at) columns.push("at");
  if (left.seq !== right.seq) columns.push("seq");
  if (left.kind !== right.kind) columns.push("kind");
  if (left.cloudlet !== right.cloudlet) columns.push("cloudlet");
  if (left.peer !== right.peer) columns.push("peer");
  for (const [place, value] of left.values.entries()) {
    if (value === right.values[place]) continue;
    columns.push(traceKinds[left.kind]?.columns[place]?.name ?? `column ${place + 1}`);
  }
  return columns;
}
