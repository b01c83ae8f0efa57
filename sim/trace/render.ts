// A trace as text: aligned columns for people, one JSON object per line for programs. Only made when somebody asks; the
// run itself never builds a string. Leaves out on purpose: files and pictures.

import { TRACE_NOBODY, traceKinds } from "./kinds.ts";
import type { TraceColumn, TraceKindSpec } from "./kinds.ts";
import type { TraceRow, TraceRows } from "./trace.ts";

/** What indices are called. */
export interface TraceNames {
  /** Name of a cloudlet as its topology has it. */
  cloudlet(index: number): string;
}

const TIME_WIDTH = 14;
const SEQ_WIDTH = 9;
const CLOUDLET_WIDTH = 14;
const KIND_WIDTH = Math.max(...traceKinds.map(({ name }) => name.length)) + 1;

/** The heading that fits `renderRow`. */
export function renderHeading(): string {
  const head = ["seconds".padStart(TIME_WIDTH), "seq".padStart(SEQ_WIDTH), "cloudlet".padEnd(CLOUDLET_WIDTH)];
  return `${head.join("  ")}  ${"event".padEnd(KIND_WIDTH)} details`;
}

/**
 * One event as a line for people, without a newline: seconds of true time, place in push order, cloudlet, kind, then
 * whatever the kind has to say.
 */
export function renderRow(row: TraceRow, names: TraceNames): string {
  const kind = traceKinds[row.kind];
  const details = kind === undefined ? row.values.map(String) : detailsOf(kind, row, names);
  const head = [
    seconds(row.at).padStart(TIME_WIDTH),
    String(row.seq).padStart(SEQ_WIDTH),
    nameOf(row.cloudlet, names).padEnd(CLOUDLET_WIDTH),
  ];
  return `${head.join("  ")}  ${(kind?.name ?? `kind ${row.kind}`).padEnd(KIND_WIDTH)} ${details.join(" ")}`.trimEnd();
}

/**
 * One event as a line of NDJSON, without a newline: `at` in microseconds, `seq`, `event`, `cloudlet` and `peer` by name
 * (absent when nobody), then the kind's own columns by name; numbers stay numbers, codes become their words.
 */
export function renderJson(row: TraceRow, names: TraceNames): string {
  const kind = traceKinds[row.kind];
  const members: [string, string | number][] = [
    ["at", row.at],
    ["seq", row.seq],
    ["event", kind?.name ?? row.kind],
  ];
  if (row.cloudlet !== TRACE_NOBODY) members.push(["cloudlet", names.cloudlet(row.cloudlet)]);
  if (row.peer !== TRACE_NOBODY) members.push(["peer", names.cloudlet(row.peer)]);
  for (const [place, column] of (kind?.columns ?? []).entries()) {
    members.push([column.name, jsonValue(column, row.values[place] ?? 0, names)]);
  }
  return `{${members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",")}}`;
}

/** Hands out each row as one line with its newline: what a sink writes into a file. */
export function* renderLines(rows: TraceRows, form: "columns" | "ndjson", names: TraceNames): Generator<string> {
  const render = form === "columns" ? renderRow : renderJson;
  for (let index = 0; index < rows.count; index += 1) yield `${render(rows.row(index), names)}\n`;
}

/** Whole microseconds as seconds with six decimals. */
export function seconds(at: number): string {
  const magnitude = Math.abs(at);
  const whole = Math.floor(magnitude / 1_000_000);
  const fraction = String(magnitude - whole * 1_000_000).padStart(6, "0");
  return `${at < 0 ? "-" : ""}${whole}.${fraction}`;
}

function detailsOf(kind: TraceKindSpec, row: TraceRow, names: TraceNames): string[] {
  const details = row.peer === TRACE_NOBODY ? [] : [`peer=${nameOf(row.peer, names)}`];
  for (const [place, column] of kind.columns.entries()) {
    details.push(`${column.name}=${text(column, row.values[place] ?? 0, names)}`);
  }
  return details;
}

function text({ unit }: TraceColumn, value: number, names: TraceNames): string {
  switch (unit.kind) {
    case "number":
      return String(value);
    case "instant":
    case "duration":
      return `${seconds(value)}s`;
    case "bytes":
      return `${value}B`;
    case "cloudlet":
      return nameOf(value, names);
    case "code":
      return unit.words[value] ?? String(value);
  }
}

function jsonValue({ unit }: TraceColumn, value: number, names: TraceNames): string | number {
  switch (unit.kind) {
    case "number":
    case "instant":
    case "duration":
    case "bytes":
      return value;
    case "cloudlet":
      return nameOf(value, names);
    case "code":
      return unit.words[value] ?? value;
  }
}

function nameOf(index: number, names: TraceNames): string {
  return index === TRACE_NOBODY ? "-" : names.cloudlet(index);
}
