// What was measured of links over time: whether they are up, how long messages take, how many are lost. A line's value holds until the next
// line of the same link and direction.
//
// Leaves out where the times begin, and what a run makes of it (sim/scenario/resolve-measured.ts).

import type { Fidelity } from "../importing/fidelity.ts";
import type { ImportProblem } from "../importing/outcome.ts";
import type { TextRow } from "../importing/table.ts";
import {
  cellOf,
  type Column,
  type ColumnChoice,
  type Columns,
  decimalOf,
  findColumns,
  timeColumns,
} from "./columns.ts";
import { type Moments, readMoments, type Zone } from "./moments.ts";

/** What a series is of. */
export type SeriesKind = "outages" | "delays" | "losses";

/** One line. The value: `outages` 1 where it is down and 0 where it is up; `delays` microseconds one way; `losses` parts per million. */
export interface SeriesLine {
  readonly line: number;
  /** Where its value stands, and where its two ends. */
  readonly column: number;
  readonly endsColumn: number;
  readonly from: string;
  readonly to: string;
  /** Microseconds, as `isAbsolute` says. */
  readonly time: number;
  readonly value: number;
  /** As it was written, for messages. */
  readonly text: string;
}

/** The lines of a table in order of time. */
export interface Series extends Pick<Moments, "isAbsolute"> {
  readonly kind: SeriesKind;
  /** Halves of round trips: they hold there and back. */
  readonly isRoundTrip: boolean;
  readonly lines: readonly SeriesLine[];
}

/** Lines of one table. */
const LINES_MAX = 200_000;
const valueNames: Readonly<Record<SeriesKind, readonly string[]>> = {
  outages: ["state"],
  delays: ["rtt_us", "rtt_ms", "rtt_s", "delay_us", "delay_ms", "delay_s"],
  losses: ["loss", "loss_percent"],
};
const units = new Map([
  ["us", 1],
  ["ms", 1_000],
  ["s", 1_000_000],
]);
/** A day. */
const DELAY_MAX = 86_400_000_000;
const MILLION = 1_000_000;

/** Reads one; null where the first line is refused. Lines that are refused are left out of it. */
export function readSeries(
  kind: SeriesKind,
  rows: readonly TextRow[],
  zone: Zone | null,
  problems: ImportProblem[],
  fidelity: Fidelity,
): Series | null {
  const choices: readonly ColumnChoice<"time" | "from" | "to" | "value">[] = [
    { meaning: "time", names: [...timeColumns.keys()] },
    { meaning: "from", names: ["from"] },
    { meaning: "to", names: ["to"] },
    { meaning: "value", names: valueNames[kind] },
  ];
  if (tooMany(rows, problems)) return null;
  const columns = findColumns(rows, choices, problems, fidelity) as Columns<string> | null;
  if (columns === null) return null;
  const { time, from, to, value } = columns as Readonly<Record<"time" | "from" | "to" | "value", Column>>;
  const { isAbsolute, times } = readMoments(rows, time, zone, problems, fidelity);
  const isRoundTrip = value.name.startsWith("rtt");
  const meant = valueReader(kind, value.name);
  const lines = rows.slice(1).flatMap((row, at): SeriesLine[] => {
    const moment = times[at] ?? null;
    const ends = [from, to].map((column) => cellOf(row, column));
    for (const end of ends) {
      if (end.text !== "") continue;
      problems.push({
        line: end.line,
        column: end.column,
        message: "expected the name of a cloudlet, found an empty cell; name one",
      });
    }
    const cell = cellOf(row, value);
    if (cell.text === "" && kind !== "outages") {
      fidelity.note("repaired", "an empty cell: what was before holds on", `line ${row.line}`);
      return [];
    }
    const number = meant.read(cell.text);
    if (number === null) {
      const found = cell.text === "" ? "an empty cell" : JSON.stringify(cell.text);
      problems.push({
        line: cell.line,
        column: cell.column,
        message: `expected ${meant.says}, found ${found}; mend it`,
      });
    }
    const [one, other] = ends;
    if (number === null || moment === null || one === undefined || other === undefined) return [];
    if (one.text === "" || other.text === "") return [];
    return [
      {
        line: row.line,
        column: cell.column,
        endsColumn: one.column,
        from: one.text,
        to: other.text,
        time: moment,
        value: number,
        text: cell.text,
      },
    ];
  });
  tell(kind, value.name, lines.length, fidelity);
  return { kind, isAbsolute, isRoundTrip, lines };
}

/** Refuses tables that no run would come through. */
export function tooMany(rows: readonly TextRow[], problems: ImportProblem[]): boolean {
  const extra = rows[LINES_MAX + 1];
  if (extra === undefined) return false;
  const message = `expected at most ${LINES_MAX} lines, found ${rows.length - 1}; keep the part that is to be replayed`;
  problems.push({ line: extra.line, column: 1, message });
  return true;
}

function valueReader(kind: SeriesKind, name: string): { readonly says: string; read(text: string): number | null } {
  if (kind === "outages") {
    const states = new Map([
      ["up", 0],
      ["down", 1],
    ]);
    return { says: "up or down", read: (text) => states.get(text.toLowerCase()) ?? null };
  }
  if (kind === "losses") {
    const whole = name === "loss" ? 1 : 100;
    const says = whole === 1 ? "a share from 0 to 1 (percent have a column loss_percent)" : "percent from 0 to 100";
    return { says, read: (text) => boundedBy(decimalOf(text), whole, MILLION / whole) };
  }
  const unit = name.slice(name.indexOf("_") + 1);
  const factor = units.get(unit) ?? 1;
  const share = name.startsWith("rtt") ? 2 : 1;
  const says = `${unit} from 0 up to a day`;
  return { says, read: (text) => boundedBy(decimalOf(text), DELAY_MAX / factor, factor / share) };
}

function boundedBy(value: number | null, most: number, factor: number): number | null {
  return value === null || value > most ? null : Math.round(value * factor);
}

function tell(kind: SeriesKind, name: string, count: number, fidelity: Fidelity): void {
  if (kind === "outages") {
    fidelity.note("read", "a line that says whether a link is up, in both directions", null, count);
    return;
  }
  if (kind === "losses") {
    fidelity.note("converted", `a loss (${name}) of one direction, to parts per million`, null, count);
    return;
  }
  const unit = name.slice(name.indexOf("_") + 1);
  const what = name.startsWith("rtt")
    ? `a round trip in ${unit}, halved, to microseconds one way`
    : `a delay one way in ${unit}, to microseconds`;
  fidelity.note("converted", what, null, count);
}
