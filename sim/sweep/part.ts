// One part of the results: a range of cases and their rows as a Parquet file in the folder. Named after its cases, so that a part that
// was not finished is replaced when its cases are run again.

import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Column } from "./columns.ts";
import { putFile, type WriteBytes } from "./files.ts";
import type { PartEntry } from "./journal.ts";
import { encodeRows } from "./parquet.ts";
import type { SweepRow } from "./row.ts";
import { whyNotWritten } from "./trouble.ts";

/** Where parts go, and what is in them. */
export interface PartPlace {
  readonly folder: string;
  readonly columns: readonly Column[];
  /** The plan's fingerprint. */
  readonly fingerprint: string;
}

/** The entry for the journal, or why the file was not written. */
export type PartOutcome =
  { readonly kind: "written"; readonly entry: PartEntry } | { readonly kind: "refused"; readonly why: string };

const DIGITS = 6;

/** The name of the file with these cases. */
export function partName(from: number, to: number): string {
  const padded = (index: number): string => String(index).padStart(DIGITS, "0");
  return `rows-${padded(from)}-${padded(to - 1)}.parquet`;
}

/** Writes the rows of the cases from `from` on. */
export function writePart(place: PartPlace, from: number, rows: readonly SweepRow[], write?: WriteBytes): PartOutcome {
  const to = from + rows.length;
  const file = partName(from, to);
  const bytes = encodeRows(place.columns, rows, place.fingerprint);
  try {
    putFile(join(place.folder, file), bytes, write);
  } catch (error) {
    return { kind: "refused", why: `${join(place.folder, file)}: ${whyNotWritten(error)}` };
  }
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { kind: "written", entry: { from, to, file, bytes: bytes.length, sha256 } };
}
