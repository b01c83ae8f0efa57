// Rows as a Parquet file, and columns out of one: what every tool for data can read. Text is UTF-8, integers are of 64 bits, other numbers
// doubles; a value that is missing is null. The same rows give the same bytes.
//
// Leaves out which files there are (folder.ts), and where a file may be wrong (results.ts).

import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetScan } from "hyparquet";
import { type BasicType, ByteWriter, parquetWrite } from "hyparquet-writer";
import { assert } from "../../model/assert.ts";
import type { Column, ColumnKind } from "./columns.ts";
import type { ParameterValue } from "./plan.ts";
import type { SweepRow } from "./row.ts";

const types: Readonly<Record<ColumnKind, BasicType>> = { text: "STRING", integer: "INT64", number: "DOUBLE" };

/** Key of the file's own metadata under which it says which sweep it is of. */
const SWEEP_KEY = "causeway.sweep";

/**
 * The bytes of a Parquet file with these rows.
 *
 * @param sweep which sweep they are of: written into the file, for whoever finds it alone
 */
export function encodeRows(columns: readonly Column[], rows: readonly SweepRow[], sweep: string): Uint8Array {
  const columnData = columns.map(({ name, kind }, at) => ({
    name,
    type: types[kind],
    // One of few values each, mostly, which a dictionary of its own says best; bounds of values help nobody in so small a file.
    statistics: false,
    data: rows.map((row) => encoded(row[at] ?? null, kind)),
  }));
  const writer = new ByteWriter();
  // All at once: a file has as many rows as a worker makes in a minute.
  const options = { rowGroupSize: Math.max(1, rows.length), kvMetadata: [{ key: SWEEP_KEY, value: sweep }] };
  void parquetWrite({ writer, columnData, createdBy: "causeway", ...options });
  return writer.getBytes();
}

function encoded(value: ParameterValue, kind: ColumnKind): string | number | bigint | null {
  if (value === null) return null;
  if (kind === "text") return String(value);
  assert(typeof value === "number", "a text in a column of numbers");
  if (kind === "number") return value;
  assert(Number.isSafeInteger(value), "no whole number in a column of integers");
  return BigInt(value);
}

/** A Parquet file that is open for reading. */
export interface RowsFile {
  readonly rowCount: number;
  /** As they stand in the file. */
  readonly columnNames: readonly string[];
  /** All values of one column, in the order of the rows. */
  column(name: string): Promise<readonly ParameterValue[]>;
  close(): void;
}

/** Opens a file that `encodeRows` made. Throws whatever the system or the decoder throws. */
export async function openRows(path: string): Promise<RowsFile> {
  const descriptor = openSync(path, "r");
  try {
    const file = bufferOf(descriptor);
    const metadata = await parquetMetadataAsync(file);
    // One for all columns: each looks through the whole list of them, of which there are hundreds.
    const scan = await parquetScan({ file, metadata });
    return {
      rowCount: Number(metadata.num_rows),
      columnNames: namesOf(metadata),
      async column(name) {
        const rowEnd = Number(metadata.num_rows);
        if (rowEnd === 0) return [];
        const values = await scan.readColumn({ column: name, rowStart: 0, rowEnd });
        return Array.from(values as ArrayLike<unknown>, decoded);
      },
      close: () => closeSync(descriptor),
    };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

function namesOf({ schema }: FileMetaData): string[] {
  return schema.slice(1).map(({ name }) => name);
}

function bufferOf(descriptor: number): AsyncBuffer {
  const byteLength = fstatSync(descriptor).size;
  return {
    byteLength,
    slice(start, end = byteLength) {
      const bytes = new Uint8Array(end - start);
      for (let done = 0; done < bytes.length;) {
        const count = readSync(descriptor, bytes, done, bytes.length - done, start + done);
        if (count === 0) throw new RangeError("the file ends before it should");
        done += count;
      }
      return bytes.buffer;
    },
  };
}

function decoded(value: unknown): ParameterValue {
  if (typeof value === "bigint") return Number(value);
  return typeof value === "string" || typeof value === "number" ? value : null;
}
