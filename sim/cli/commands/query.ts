/**
 * `causeway query`: SQL over the results of sweeps, and their rows as CSV.
 *
 * Leaves out the engine (sim/sweep/query.ts).
 */
import type { Command } from "commander";
import { statSync } from "node:fs";
import { type Answer, csvLine, csvOf, filesOf, query } from "../../sweep/query.ts";
import { openResults } from "../../sweep/results.ts";
import { ResultsTrouble } from "../../sweep/trouble.ts";
import { type Context, pathFrom, refuse } from "../command.ts";
import { renderTable } from "../tables.ts";

interface QueryOptions {
  readonly csv?: boolean;
}

const ROWS_SHOWN_MAX = 1_000;

/** Adds the command to the program. */
export function addQuery(program: Command, context: Context): void {
  program
    .command("query")
    .summary("ask the results of sweeps in SQL")
    .description(
      "Answers a question in SQL over the rows of results folders (docs/sweeps.md has their columns): the table is called runs. " +
        "Without SQL, --csv prints whole rows.",
    )
    .argument(
      "<place...>",
      'results folders or Parquet files, and then the SQL: "select outcome, count(*) from runs group by 1"',
    )
    .option("--csv", "print CSV instead of a table")
    .action(async (words: readonly string[], options: QueryOptions) => {
      try {
        await ask(context, words, options.csv === true);
      } catch (error) {
        if (!(error instanceof ResultsTrouble)) throw error;
        refuse(context, error.message);
      }
    });
}

async function ask(context: Context, words: readonly string[], isCsv: boolean): Promise<void> {
  const { io } = context;
  const last = words.at(-1) ?? "";
  const isPlace = statSync(pathFrom(io, last), { throwIfNoEntry: false }) !== undefined;
  const places = (isPlace ? words : words.slice(0, -1)).map((word) => pathFrom(io, word));
  if (isPlace && isCsv) {
    for await (const text of csvOf(places.map(openResults))) io.stdout(text);
    return;
  }
  if (isPlace || places.length === 0) {
    const found = isPlace ? "no SQL behind the folders" : `only ${last}`;
    refuse(
      context,
      `expected results folders and then SQL, found ${found}; add "select * from runs", or --csv for whole rows`,
    );
    return;
  }
  const outcome = await query(filesOf(places), last);
  if (outcome.kind === "refused") {
    const remedy = 'docs/sweeps.md has the columns of runs; names with dots need "double quotes"';
    refuse(context, outcome.isSql ? `SQL: ${outcome.why.trimEnd()}\n${remedy}` : outcome.why);
    return;
  }
  io.stdout(isCsv ? asCsv(outcome.answer) : asTable(outcome.answer));
}

function asCsv({ columns, rows }: Answer): string {
  return [columns, ...rows].map(csvLine).join("");
}

function asTable({ columns, rows }: Answer): string {
  const cells = rows.map((row) => row.map((value) => value ?? "-"));
  return renderTable(columns, cells, ROWS_SHOWN_MAX);
}
