// A table of text: what importers of CSV are given. Leaves out how it is read (sim/importing/read-csv.ts).

/** A row. */
export interface TextRow {
  /** Of its text, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
  /** Where each cell begins in its line, from 1. */
  readonly columns: readonly number[];
}
