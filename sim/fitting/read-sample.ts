/**
 * A column of a table as a sample of durations: its values, or the times between its moments.
 *
 * Leaves out fitting (fits.ts).
 */
import { Fidelity, type FidelityNote } from "../../workloads/importing/fidelity.ts";
import type { ImportProblem } from "../../workloads/importing/outcome.ts";
import type { TextRow } from "../../workloads/importing/table.ts";
import { cellOf, type Column, decimalOf, timeColumns } from "../../workloads/measured/columns.ts";
import { readMoments, type Zone } from "../../workloads/measured/moments.ts";
import { SAMPLE_MIN } from "./fits.ts";

/** What the values are to stand for. */
export type SampleUse = "duration" | "delay" | "interarrival";

/** How a column is read. */
export interface SampleOptions {
  readonly column: string;
  readonly use: SampleUse;
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
  const [head, ...others] = rows;
  const refused = (message: string, line = 1, column = 1): SampleOutcome => ({
    kind: "refused",
    problems: [{ line, column, message }],
  });
  if (head === undefined) return refused("expected a line of column names and a line for each value, found nothing");
  const names = head.cells.map((cell) => cell.trim().toLowerCase());
  const at = names.indexOf(options.column.toLowerCase());
  if (at < 0)
    return refused(`expected a column ${options.column}, found ${names.join(", ")}; name one of these`, head.line);
  const column: Column = { at, name: names[at] as string };
  const fidelity = new Fidelity();
  const problems: ImportProblem[] = [];
  const place = head.columns[at] ?? 1;
  if (options.use === "interarrival" && !timeColumns.has(column.name)) {
    const known = [...timeColumns.keys()].join(", ");
    return refused(`expected a column of times (${known}), found ${column.name}; name one of these`, head.line, place);
  }
  const unit = options.use === "interarrival" ? "" : unitOf(column.name, options.unit);
  if (unit === null) {
    const known = [...sampleUnits.keys()].join(", ");
    const message = `expected a column whose name ends in its unit (_${known.replaceAll(", ", ", _")}), found ${column.name}; say it with --unit`;
    return refused(message, head.line, place);
  }
  const values =
    options.use === "interarrival"
      ? between(rows, column, options.zone, problems, fidelity)
      : durations(others, column, unit, options.use, problems, fidelity);
  if (problems.length > 0) return { kind: "refused", problems };
  if (values.length < SAMPLE_MIN) {
    const message = `expected at least ${SAMPLE_MIN} values of ${column.name}, since fewer say nothing of a distribution, found ${values.length}; measure more`;
    return refused(message, head.line, place);
  }
  return { kind: "sample", sorted: values.toSorted((one, other) => one - other), notes: fidelity.notes };
}

function unitOf(name: string, given: string | null): string | null {
  const own = name.slice(name.lastIndexOf("_") + 1);
  return given ?? (name.includes("_") && sampleUnits.has(own) ? own : null);
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

function between(
  rows: readonly TextRow[],
  column: Column,
  zone: Zone | null,
  problems: ImportProblem[],
  fidelity: Fidelity,
): readonly number[] {
  const { times } = readMoments(rows, column, zone, problems, fidelity);
  const values = times.flatMap((time, at) => {
    const former = times[at - 1];
    return at === 0 || time === null || former === null || former === undefined ? [] : [time - former];
  });
  fidelity.note("converted", "the time from one line to the next, to microseconds", null, values.length);
  return values;
}
