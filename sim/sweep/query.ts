// Questions to results in SQL, by the embedded engine that an installation may have (DuckDB), and whole rows as CSV without it. The table
// `runs` has the rows of all parts that the journals list, and nothing else that lies in the folders.
//
// One thread answers, since sums of fractions depend on their order: the same question has the same answer, to the last digit.

import type * as Engine from "@duckdb/node-api";
import { statSync } from "node:fs";
import { join } from "node:path";
import { openResults, type Results } from "./results.ts";
import { ResultsTrouble } from "./trouble.ts";

/** An answer. Numbers too large for a double are texts; what is missing is null. */
export interface Answer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** The answer, or why there is none: a mistake in the SQL, or no engine. */
export type QueryOutcome =
  | { readonly kind: "answer"; readonly answer: Answer }
  | { readonly kind: "refused"; readonly isSql: boolean; readonly why: string };

/** Loads the engine; fails where it is not installed. */
export type LoadEngine = () => Promise<Pick<typeof Engine, "DuckDBInstance">>;

/** The package that `loadEngine` loads, as package.json names it. */
const ENGINE = "@duckdb/node-api@1.5.5-r.5";

const loadEngine: LoadEngine = () => import("@duckdb/node-api");

/**
 * Parquet files of results folders, and files named themselves.
 *
 * @throws ResultsTrouble when one is neither
 */
export function filesOf(places: readonly string[]): readonly string[] {
  const files = places.flatMap((place) => {
    const found = statSync(place, { throwIfNoEntry: false });
    if (found?.isFile() === true) return [place];
    const { parts } = openResults(place);
    return parts.map(({ file }) => join(place, file));
  });
  const [first = ""] = places;
  if (files.length === 0)
    throw new ResultsTrouble(first, "there are no runs in it yet; go on with the sweep (--resume)");
  return files;
}

/** Answers. Throws nothing for mistakes in the SQL. */
export async function query(files: readonly string[], sql: string, load = loadEngine): Promise<QueryOutcome> {
  let engine: Awaited<ReturnType<LoadEngine>>;
  try {
    engine = await load();
  } catch {
    const why = "SQL needs a package that is not installed, since it is optional";
    return {
      kind: "refused",
      isSql: false,
      why: `${why}; npm install ${ENGINE}, or take whole rows: causeway query FOLDER --csv`,
    };
  }
  const instance = await engine.DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  try {
    const list = files.map((file) => `'${file.replaceAll("'", "''")}'`).join(", ");
    await connection.run(`create view runs as select * from read_parquet([${list}], union_by_name = true)`);
    const reader = await connection.runAndReadAll(sql);
    const rows = reader.getRows().map((row) => row.map(plain));
    return { kind: "answer", answer: { columns: reader.columnNames(), rows } };
  } catch (error) {
    return { kind: "refused", isSql: true, why: error instanceof Error ? error.message : String(error) };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function plain(value: unknown): string | number | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "number" || typeof value === "string") return value;
  if (typeof value === "boolean") return String(value);
  if (typeof value === "bigint") {
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value);
  }
  // Dates, intervals, lists: objects of the engine's, of which each says itself as a text.
  const text: () => string = value.toString.bind(value);
  return text();
}

/**
 * Whole rows, part by part, as lines of CSV with one head; the same for each, so that millions need little memory.
 *
 * @throws ResultsTrouble when they have other columns than the first: then no head is right for all
 */
export async function* csvOf(all: readonly Results[]): AsyncIterable<string> {
  const [first] = all;
  if (first === undefined) return;
  const names = first.manifest.columns.map(({ name }) => name);
  for (const { folder, manifest } of all) {
    const differs = manifest.columns.find(({ name }, at) => name !== names[at])?.name ?? names[manifest.columns.length];
    if (differs === undefined) continue;
    const why = `expected the columns of ${first.folder}, since all rows have one head, found others (${differs})`;
    throw new ResultsTrouble(folder, `${why}; ask for each by itself, or in SQL`);
  }
  yield csvLine(names);
  for (const results of all) {
    for await (const batch of results.batches(names)) {
      const columns = names.map(batch.column);
      const lines: string[] = [];
      for (let at = 0; at < batch.count; at += 1) lines.push(csvLine(columns.map((column) => column[at] ?? null)));
      yield lines.join("");
    }
  }
}

/** RFC 4180, with line feeds alone: quoted where it must be; what is missing is empty. */
export function csvLine(values: readonly (string | number | null)[]): string {
  const cells = values.map((value) => {
    const text = value === null ? "" : String(value);
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  });
  return `${cells.join(",")}\n`;
}
