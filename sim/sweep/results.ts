// A results folder as it is read: its manifest, the parts that its journal lists, and columns by name, part by part in the order of
// cases. Of millions of rows only the columns that somebody asks for, of one part, are in memory at once.
//
// Everything is compared with the journal when the folder is opened: a part that is missing, shorter or another than it was is told with
// its name. Leaves out writing (folder.ts, conduct.ts).

import { createHash } from "node:crypto";
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { missingChunks, type Range } from "./chunks.ts";
import { JOURNAL, type PartEntry, readJournal } from "./journal.ts";
import { type Manifest, MANIFEST, readManifest } from "./manifest.ts";
import { openRows } from "./parquet.ts";
import type { ParameterValue } from "./plan.ts";
import { ResultsTrouble } from "./trouble.ts";

/** Columns of the rows of one part. */
export interface Batch {
  /** The first case. */
  readonly from: number;
  readonly count: number;
  /** The values of a column that was asked for, in the order of cases. */
  readonly column: (name: string) => readonly ParameterValue[];
}

/** Results that may be read. */
export interface Results {
  readonly folder: string;
  readonly manifest: Manifest;
  /** In the order of cases. */
  readonly parts: readonly PartEntry[];
  /** How many runs there are rows of. */
  readonly rowCount: number;
  /** Cases that were to be run and are not there. */
  readonly missing: readonly Range[];
  /** Bytes of the journal that are sound; a line that was not finished stands behind them. */
  readonly journalBytes: number;
  /** Part by part in the order of cases. Throws ResultsTrouble when a part does not hold what the journal says. */
  batches(names: readonly string[]): AsyncIterable<Batch>;
}

/**
 * Opens a results folder.
 *
 * @throws ResultsTrouble when there is none, or it is damaged
 */
export function openResults(folder: string): Results {
  const manifest = readManifest(folder);
  if (manifest === null) {
    const found = statSync(folder, { throwIfNoEntry: false }) === undefined ? "no such folder" : `no ${MANIFEST} in it`;
    throw new ResultsTrouble(
      folder,
      `expected a results folder, found ${found}; name the folder that a sweep has written`,
    );
  }
  const { parts, soundBytes } = readJournal(join(folder, JOURNAL));
  for (const part of parts) checkPart(folder, manifest, part);
  return {
    folder,
    manifest,
    parts,
    rowCount: parts.reduce((sum, { from, to }) => sum + to - from, 0),
    // Of any size: what is missing is told, not run.
    missing: missingChunks(manifest.cases, parts, Number.MAX_SAFE_INTEGER),
    journalBytes: soundBytes,
    async *batches(names) {
      for (const part of parts) yield await readPart(folder, part, names);
    },
  };
}

const PIECE = 1 << 20;

function checkPart(folder: string, { cases }: Manifest, part: PartEntry): void {
  const path = join(folder, part.file);
  const trouble = (why: string): ResultsTrouble => {
    const runs = `runs ${part.from} to ${part.to - 1}`;
    return new ResultsTrouble(
      path,
      `${why}; bring it back from a copy, or remove the line of ${runs} from ${JOURNAL} and go on with --resume`,
    );
  };
  if (part.from < cases.from || part.to > cases.to) throw trouble("it holds runs that are not of this folder");
  let descriptor: number;
  try {
    descriptor = openSync(path, "r");
  } catch {
    throw trouble("it is in the journal, and cannot be read");
  }
  try {
    const hash = createHash("sha256");
    const piece = new Uint8Array(PIECE);
    for (let count = readSync(descriptor, piece); count > 0; count = readSync(descriptor, piece)) {
      hash.update(piece.subarray(0, count));
    }
    if (hash.digest("hex") !== part.sha256) throw trouble("it is damaged: not what it was when it was written");
  } finally {
    closeSync(descriptor);
  }
}

async function readPart(folder: string, part: PartEntry, names: readonly string[]): Promise<Batch> {
  const path = join(folder, part.file);
  const count = part.to - part.from;
  const columns = new Map<string, readonly ParameterValue[]>();
  const rows = await openRows(path);
  try {
    if (rows.rowCount !== count) {
      throw new ResultsTrouble(path, `expected ${count} runs, found ${rows.rowCount}; begin anew in another folder`);
    }
    const indexes = await rows.column("index");
    if (!indexes.every((index, at) => index === part.from + at)) {
      throw new ResultsTrouble(
        path,
        `expected runs ${part.from} to ${part.to - 1} in order, found others; begin anew in another folder`,
      );
    }
    for (const name of names) columns.set(name, await rows.column(name));
  } finally {
    rows.close();
  }
  const column = (name: string): readonly ParameterValue[] => {
    const values = columns.get(name);
    if (values === undefined) throw new RangeError(`nobody asked for the column ${name}`);
    return values;
  };
  return { from: part.from, count, column };
}
