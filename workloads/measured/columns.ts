// Which columns a measured table has: found by the names in its first line, whose units are part of the names.
//
// Leaves out what the cells hold (moments.ts, series.ts, log.ts).

import type { Fidelity } from "../importing/fidelity.ts";
import type { ImportProblem } from "../importing/outcome.ts";
import { refuseLongRows, type TextRow } from "../importing/table.ts";

/** Columns of one meaning, of which a table has exactly one; or at most one, where it may be left out. */
export interface ColumnChoice<Meaning extends string> {
  readonly meaning: Meaning;
  readonly names: readonly string[];
  readonly isOptional?: true;
}

/** Where a column is, and which name it has. */
export interface Column {
  readonly at: number;
  readonly name: string;
}

/** The columns of a table; null: none of that meaning. */
export type Columns<Meaning extends string> = Readonly<Record<Meaning, Column | null>>;

/** Names of the columns that may say a time, and microseconds per unit; null: a date and a time of day. */
export const timeColumns: ReadonlyMap<string, { readonly unit: number; readonly isUnix: boolean } | null> = new Map([
  ["time", null],
  ["time_us", { unit: 1, isUnix: false }],
  ["time_ms", { unit: 1_000, isUnix: false }],
  ["time_s", { unit: 1_000_000, isUnix: false }],
  ["unix_us", { unit: 1, isUnix: true }],
  ["unix_ms", { unit: 1_000, isUnix: true }],
  ["unix_s", { unit: 1_000_000, isUnix: true }],
]);

/** Finds them; null where the first line is refused, or others have more cells than it. Columns of other names are passed over. */
export function findColumns<Meaning extends string>(
  rows: readonly TextRow[],
  choices: readonly ColumnChoice<Meaning>[],
  problems: ImportProblem[],
  fidelity: Fidelity,
): Columns<Meaning> | null {
  const [head] = rows;
  const wanted = choices
    .map(({ names, isOptional }) => `${names.join(" or ")}${isOptional === true ? " (may be left out)" : ""}`)
    .join(", ");
  if (head === undefined || rows.length < 2) {
    const found = head === undefined ? "nothing" : "one line alone";
    const place = { line: head?.line ?? 1, column: 1 };
    problems.push({
      ...place,
      message: `expected a line of column names (${wanted}) and a line for each entry, found ${found}`,
    });
    return null;
  }
  const before = problems.length;
  const names = head.cells.map((cell) => cell.trim().toLowerCase());
  const placeOf = (at: number) => ({ line: head.line, column: head.columns[at] ?? 1 });
  const found = choices.map(({ meaning, names: known, isOptional }): readonly [Meaning, Column | null] => {
    const at = names.findIndex((name) => known.includes(name));
    const again = names.findIndex((name, index) => index > at && known.includes(name));
    if (again > at && at >= 0) {
      const message = `expected one column of ${known.join(" or ")}, found ${names[at] ?? ""} and ${names[again] ?? ""}; leave one out`;
      problems.push({ ...placeOf(again), message });
    }
    if (at < 0 && isOptional !== true) {
      const message = `expected a column ${known.join(" or ")}, found ${names.join(", ")}; name it in the first line, with its unit`;
      problems.push({ line: head.line, column: 1, message });
    }
    return [meaning, at < 0 ? null : { at, name: names[at] as string }];
  });
  refuseLongRows(rows, problems);
  const all = new Set(choices.flatMap(({ names: known }) => known));
  for (const name of names) {
    if (!all.has(name))
      fidelity.note("dropped", "a column that is not asked for", name === "" ? "without a name" : name);
  }
  return problems.length > before ? null : (Object.fromEntries(found) as Columns<Meaning>);
}

/** A cell without the blanks around it, and where it begins. */
export function cellOf(
  row: TextRow,
  { at }: Column,
): { readonly text: string; readonly line: number; readonly column: number } {
  const cell = row.cells[at] ?? "";
  const column = row.columns[at] ?? row.columns.at(-1) ?? 1;
  return { text: cell.trim(), line: row.line, column };
}

/** A plain decimal from 0 up; null: something else. */
export function decimalOf(text: string): number | null {
  if (!/^\+?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/u.test(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}
