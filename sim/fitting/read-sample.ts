/**
 * A table as a sample of durations: the values of a column, or what follows from the times of its lines (spans.ts).
 *
 * Leaves out fitting (fits.ts).
 */
import { Fidelity, type FidelityNote } from "../../workloads/importing/fidelity.ts";
import type { ImportProblem } from "../../workloads/importing/outcome.ts";
import { refuseLongRows, type TextRow } from "../../workloads/importing/table.ts";
import { cellOf, type Column, decimalOf, timeColumns } from "../../workloads/measured/columns.ts";
import type { Zone } from "../../workloads/measured/moments.ts";
import { SAMPLE_MIN } from "./fits.ts";
import { gapsOf, outagesOf, type SpanReading } from "./spans.ts";

/** What the values are to stand for. */
export type SampleUse = "duration" | "delay" | "interarrival" | "down" | "up";

/** How a table is read. */
export interface SampleOptions {
  /** Null: none is named. */
  readonly column: string | null;
  readonly use: SampleUse;
  /** Of `interarrival`: between lines that have the same in this column; null: of all. */
  readonly by: string | null;
  /** Of values whose column does not say it. */
  readonly unit: string | null;
  readonly zone: Zone | null;
}

/** A sample, or what is wrong with its table. */
export type SampleOutcome =
  | {
      readonly kind: "sample";
      /** Whole microseconds from 0 up, in order. */
      readonly sorted: readonly number[];
      readonly notes: readonly FidelityNote[];
    }
  | { readonly kind: "refused"; readonly problems: readonly ImportProblem[] };

/** Units of durations, in microseconds. */
export const sampleUnits: ReadonlyMap<string, number> = new Map([
  ["us", 1],
  ["ms", 1_000],
  ["s", 1_000_000],
  ["min", 60_000_000],
  ["h", 3_600_000_000],
]);

/** A century: what a scenario can say at most. */
const MOST = 36_525 * 86_400_000_000;

/** Reads a sample. */
export function readSample(rows: readonly TextRow[], options: SampleOptions): SampleOutcome {
  const fidelity = new Fidelity();
  const problems: ImportProblem[] = [];
  const values = valuesOf({ rows, zone: options.zone, problems, fidelity }, options);
  if (problems.length > 0) return { kind: "refused", problems };
  if (values.length >= SAMPLE_MIN)
    return { kind: "sample", sorted: values.toSorted((one, other) => one - other), notes: fidelity.notes };
  const message = `expected at least ${SAMPLE_MIN} values, since fewer say nothing of a distribution, found ${values.length}; measure more`;
  return { kind: "refused", problems: [{ line: rows[0]?.line ?? 1, column: 1, message }] };
}

function valuesOf(reading: SpanReading, { column: named, use, by, unit: given }: SampleOptions): readonly number[] {
  const { rows, problems, fidelity } = reading;
  if (use === "down" || use === "up") return outagesOf(reading, use === "down");
  const [head, ...others] = rows;
  if (head === undefined) {
    const message = "expected a line of column names and a line for each value, found nothing";
    problems.push({ line: 1, column: 1, message });
    return [];
  }
  refuseLongRows(rows, problems);
  const column = columnOf(head, named ?? "", problems);
  const group = by === null ? null : columnOf(head, by, problems);
  if (column === null || (by !== null && group === null)) return [];
  const place = { line: head.line, column: head.columns[column.at] ?? 1 };
  if (use === "interarrival") {
    if (timeColumns.has(column.name)) return gapsOf(reading, column, group);
    const known = [...timeColumns.keys()].join(", ");
    problems.push({
      ...place,
      message: `expected a column of times (${known}), found ${column.name}; name one of these`,
    });
    return [];
  }
  const own = unitOf(column.name);
  if (own !== null && given !== null && own !== given) {
    const message = `expected the unit that --unit says (${given}), found ${column.name}, whose name says ${own}; leave --unit out, or rename the column`;
    problems.push({ ...place, message });
    return [];
  }
  const unit = given ?? own;
  if (unit !== null) return durations(others, column, unit, use, problems, fidelity);
  const known = [...sampleUnits.keys()].map((name) => `_${name}`).join(", ");
  const message = `expected a column whose name ends in its unit (${known}), found ${column.name}; say it with --unit`;
  problems.push({ ...place, message });
  return [];
}

function columnOf(head: TextRow, wanted: string, problems: ImportProblem[]): Column | null {
  const names = head.cells.map((cell) => cell.trim().toLowerCase());
  const at = names.indexOf(wanted.toLowerCase());
  if (at >= 0) return { at, name: names[at] as string };
  const message = `expected a column ${wanted}, found ${names.join(", ")}; name one of these`;
  problems.push({ line: head.line, column: 1, message });
  return null;
}

function unitOf(name: string): string | null {
  const own = name.slice(name.lastIndexOf("_") + 1);
  return name.includes("_") && sampleUnits.has(own) ? own : null;
}

function durations(
  rows: readonly TextRow[],
  column: Column,
  unit: string,
  use: SampleUse,
  problems: ImportProblem[],
  fidelity: Fidelity,
): readonly number[] {
  const factor = sampleUnits.get(unit) ?? 1;
  const isHalved = use === "delay" && column.name.startsWith("rtt");
  const values = rows.flatMap((row): number[] => {
    const { text, ...place } = cellOf(row, column);
    if (text === "") {
      fidelity.note("dropped", "an empty cell", `line ${row.line}`);
      return [];
    }
    const value = decimalOf(text);
    if (value !== null && value * factor <= MOST) return [Math.round((value * factor) / (isHalved ? 2 : 1))];
    problems.push({
      ...place,
      message: `expected ${unit} from 0 up, found ${JSON.stringify(text)}; mend the cell, or leave it empty`,
    });
    return [];
  });
  fidelity.note(
    "converted",
    isHalved ? `a round trip in ${unit}, halved, to microseconds one way` : `a value in ${unit}, to microseconds`,
    null,
    values.length,
  );
  return values;
}
