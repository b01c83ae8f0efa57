// What a page tells of operations: a table per kind and plane, what stood in queues and when most, which cloudlets are exempt; and
// the plots of queues over time. Leaves out what was wrong with any of it: that stands among the properties.

import { renderBytes, renderMicros, renderNumber } from "../cli/tables.ts";
import type { OperationsReport, QueueFigures } from "../run/report.ts";
import { escaped, table, type TableColumn } from "./markup.ts";
import type { Plot, Time } from "./plot.ts";

/** Rows of one table; more are in the page's data. */
const ROWS_MAX = 200;
/** Lines of one plot: the cloudlets at which most stood. */
const LINES_MAX = 6;

const text = (title: string): TableColumn => ({ title });
const number = (title: string): TableColumn => ({ title, isNumber: true });

/** The tables; those without rows are left out. */
export function renderOperationTables({ kinds, queues, planeless }: OperationsReport): string {
  const time = (value: number | null): string => (value === null ? "" : renderMicros(value));
  const counts = kinds
    .slice(0, ROWS_MAX)
    .map((one) => [
      escaped(one.kind),
      one.plane,
      ...[one.accepted, one.refused, one.executed, one.queued, one.done, one.endedOtherwise, one.open].map(
        renderNumber,
      ),
      time(one.endP50),
      time(one.endP99),
    ]);
  const peaks = most(queues, ROWS_MAX).map(({ cloudlet, records, recordsAt, bytes, bytesAt }) => [
    escaped(cloudlet),
    renderNumber(records),
    renderMicros(recordsAt),
    renderBytes(bytes),
    renderMicros(bytesAt),
  ]);
  const exempt = planeless
    .slice(0, ROWS_MAX)
    .map(({ cloudlet, plane, byUpper, refused, why }) => [
      escaped(cloudlet),
      plane,
      renderNumber(byUpper),
      renderNumber(refused),
      escaped(why),
    ]);
  const heads = ["accepted", "refused", "executed", "queued", "done", "ended otherwise", "open", "end p50", "end p99"];
  return [
    table(
      "By kind and plane; queued: no end told when the load ended",
      [text("kind"), text("plane"), ...heads.map(number)],
      counts,
    ),
    peaks.length === 0
      ? ""
      : table(
          "The most that stood in queues, all targets together",
          [text("cloudlet"), number("operations"), number("at"), number("bytes"), number("at")],
          peaks,
        ),
    exempt.length === 0
      ? ""
      : table(
          "Exempt: cloudlets that have no plane of their own",
          [text("cloudlet"), text("plane"), number("done by its upper's"), number("refused there"), text("why")],
          exempt,
        ),
  ].join("");
}

/** Queues over time, in operations and in bytes; none where nothing ever stood. */
export function queuePlots(
  operations: OperationsReport | undefined,
  time: Pick<Time, "width" | "end">,
): readonly Plot[] {
  if (operations === undefined || operations.queues.length === 0) return [];
  const shown = most(operations.queues, LINES_MAX);
  const says = `What stood at a cloudlet for all its targets together, the most in each slice${
    shown.length < operations.queues.length ? `; the ${shown.length} cloudlets where most stood` : ""
  }.`;
  const lines = (of: "records" | "bytes"): Plot["lines"] =>
    shown.map(({ cloudlet, series }) => ({ label: cloudlet, values: valuesOf(series, of, time) }));
  return [
    {
      id: "queues",
      title: "Queued operations",
      axis: "operations",
      says,
      lines: lines("records"),
      scale: "linear",
      unit: "count",
      textOf: renderNumber,
    },
    {
      id: "queue-bytes",
      title: "Queued bytes",
      axis: "bytes",
      says,
      lines: lines("bytes"),
      scale: "linear",
      unit: "bytes",
      textOf: renderBytes,
    },
  ];
}

function most(queues: readonly QueueFigures[], count: number): readonly QueueFigures[] {
  if (queues.length <= count) return queues;
  const heaviest = new Set(queues.toSorted((a, b) => b.bytes - a.bytes).slice(0, count));
  return queues.filter((one) => heaviest.has(one));
}

// What the slices of the figures say, for those of the page: a value lasts until the next one.
function valuesOf(
  series: QueueFigures["series"],
  of: "records" | "bytes",
  { width, end }: Pick<Time, "width" | "end">,
): readonly number[] {
  const values: number[] = [];
  let at = 0;
  let last = 0;
  for (let from = 0; from < end; from += width) {
    let value = last;
    for (let next = series[at]; next !== undefined && next.at < from + width; next = series[at]) {
      last = next[of];
      value = Math.max(value, last);
      at += 1;
    }
    values.push(value);
  }
  return values;
}
