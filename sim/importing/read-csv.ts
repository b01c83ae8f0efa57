// CSV text as rows of text with places (workloads/importing/table.ts). Commas, or tabs where the first line has more of them; quotes as usual.
// Leaves out what the cells mean.

import { parse } from "csv-parse/sync";
import type { ImportProblem } from "../../workloads/importing/outcome.ts";
import type { TextRow } from "../../workloads/importing/table.ts";

/** The rows, or what is wrong with the text. */
export type CsvOutcome =
  | { readonly kind: "rows"; readonly rows: readonly TextRow[] }
  | { readonly kind: "refused"; readonly problems: readonly ImportProblem[] };

const RECORD_MAX = 1_000_000;

interface Parsed {
  readonly record: readonly string[];
  readonly raw: string;
  readonly info: { readonly lines: number };
}

/** Reads a table; lines that are empty or begin with # are passed over. */
export function readCsv(text: string): CsvOutcome {
  const [first = ""] = text.split(/\r?\n/u, 1);
  const delimiter = first.split("\t").length > first.split(",").length ? "\t" : ",";
  try {
    const parsed = parse(text, {
      delimiter,
      bom: true,
      comment: "#",
      comment_no_infix: true,
      info: true,
      raw: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: RECORD_MAX,
    }) as unknown as readonly Parsed[];
    const rows = parsed.map(({ record, raw, info }): TextRow => {
      // Rows that were passed over stand before it.
      const own = raw.replace(/^[\r\n]+|\r?\n$/gu, "");
      return { line: info.lines - (own.match(/\n/gu)?.length ?? 0), cells: record, columns: columnsOf(record, own) };
    });
    return { kind: "rows", rows };
  } catch (error) {
    const { lines = 1, column = 0 } = error as { readonly lines?: number; readonly column?: number };
    const what = error instanceof Error ? error.message : String(error);
    return {
      kind: "refused",
      problems: [
        {
          line: lines,
          column: column + 1,
          message: `expected a table of comma-separated values, found ${JSON.stringify(what)}; mend the line`,
        },
      ],
    };
  }
}

// Known only where no quotes stand between.
function columnsOf(cells: readonly string[], raw: string): readonly number[] {
  if (raw.includes('"')) return cells.map(() => 1);
  let at = 1;
  return cells.map((cell) => {
    const begins = at;
    at += cell.length + 1;
    return begins;
  });
}
