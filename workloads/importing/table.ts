// A table of text: what importers of CSV are given. Leaves out how it is read (sim/importing/read-csv.ts).

import type { ImportProblem } from "./outcome.ts";

/** A row. */
export interface TextRow {
  /** Of its text, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
  /** Where each cell begins in its line, from 1. */
  readonly columns: readonly number[];
}

/** Refuses rows that have more cells than the first one names: a decimal comma or a name with one makes two cells of one, which would be misread. */
export function refuseLongRows([head, ...rows]: readonly TextRow[], problems: ImportProblem[]): void {
  const most = head?.cells.length ?? 0;
  for (const { line, cells, columns } of rows) {
    if (cells.slice(most).every((cell) => cell.trim() === "")) continue;
    const message = `expected no more cells than the ${most} of the first line, found ${cells.length}; put cells with a comma in quotes, and write decimals with a point`;
    problems.push({ line, column: columns[most] ?? 1, message });
  }
}
