/**
 * Samples that no column holds by itself: how long things last, or how long it is from one to the next, from the times of a table's lines.
 *
 * Leaves out columns of durations (read-sample.ts).
 */
import type { Fidelity } from "../../workloads/importing/fidelity.ts";
import type { ImportProblem } from "../../workloads/importing/outcome.ts";
import type { TextRow } from "../../workloads/importing/table.ts";
import { cellOf, type Column } from "../../workloads/measured/columns.ts";
import { readMoments, type Zone } from "../../workloads/measured/moments.ts";
import { readSeries } from "../../workloads/measured/series.ts";

/** What reading a table comes to, and where problems with it go. */
export interface SpanReading {
  readonly rows: readonly TextRow[];
  readonly zone: Zone | null;
  readonly problems: ImportProblem[];
  readonly fidelity: Fidelity;
}

/**
 * From each line to the next one, in microseconds.
 *
 * @param by of lines that have the same in this column; null: of all
 */
export function gapsOf(
  { rows, zone, problems, fidelity }: SpanReading,
  column: Column,
  by: Column | null,
): readonly number[] {
  const { times } = readMoments(rows, column, zone, problems, fidelity);
  const last = new Map<string, number>();
  const gaps: number[] = [];
  for (const [at, row] of rows.slice(1).entries()) {
    const time = times[at] ?? null;
    if (time === null) continue;
    const whose = by === null ? "" : cellOf(row, by).text;
    const former = last.get(whose);
    if (former !== undefined) gaps.push(time - former);
    last.set(whose, time);
  }
  const what =
    by === null ? "the time from one line to the next" : `the time from one line to the next of the same ${by.name}`;
  fidelity.note("converted", `${what}, to microseconds`, null, gaps.length);
  return gaps;
}

/** How long links are down, or up, each time, in microseconds; from a table of outages. */
export function outagesOf({ rows, zone, problems, fidelity }: SpanReading, isDown: boolean): readonly number[] {
  const wanted = isDown ? 1 : 0;
  const series = readSeries("outages", rows, zone, problems, fidelity);
  const since = new Map<string, { readonly time: number; readonly value: number }>();
  const spans: number[] = [];
  for (const { from, to, time, value } of series?.lines ?? []) {
    const link = JSON.stringify([from, to].sort());
    const now = since.get(link);
    if (now?.value === value) continue;
    if (now?.value === wanted && time > now.time) spans.push(time - now.time);
    since.set(link, { time, value });
  }
  const word = isDown ? "down" : "up";
  fidelity.note("assumed", "a link's first line is when its state begins", null, since.size);
  fidelity.note("converted", `how long a link is ${word}, to microseconds`, null, spans.length);
  const open = [...since.values()].filter(({ value }) => value === wanted).length;
  fidelity.note("dropped", `a time at the end of the table in which a link is ${word}, which has no end`, null, open);
  return spans;
}
