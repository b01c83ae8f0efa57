// A results folder that is written: made anew, or gone on with. Locked while it is open. Nothing that an earlier sweep has left is touched
// unless it is of the same plan and engine and somebody has said that it is to go on.
//
// Leaves out which rows there are and when (conduct.ts).

import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Range } from "./chunks.ts";
import { putFile, type WriteBytes } from "./files.ts";
import { JOURNAL, JournalWriter, type PartEntry } from "./journal.ts";
import { takeLock } from "./lock.ts";
import { difference, type Manifest, MANIFEST, readManifest, renderManifest } from "./manifest.ts";
import { openResults } from "./results.ts";
import { ResultsTrouble, whyNotWritten } from "./trouble.ts";

/** A folder that is ours to write. */
export interface SweepFolder {
  readonly path: string;
  readonly manifest: Manifest;
  /** Cases that are done already. */
  readonly done: readonly Range[];
  /** What there is to say before it goes on: a lock that was taken over. */
  readonly notes: readonly string[];
  /**
   * A part that is on the disk counts from now on.
   *
   * @param milliseconds what each of its runs has cost, on the wall
   * @throws ResultsTrouble when the journal cannot be written
   */
  finish(part: PartEntry, milliseconds: readonly number[]): void;
  close(): void;
}

/** How a folder is opened. */
export interface FolderOptions {
  /** Goes on with what is there; false: nothing may be there. */
  readonly resume: boolean;
  /** Throws away results that are there, of whatever sweep; anything else in the folder is refused as always. */
  readonly replaces?: boolean;
  readonly write?: WriteBytes;
}

/** What each run has cost on the wall: no part of the results, since it is another each time. */
export const COST = "cost.csv";

/**
 * Opens a folder for a sweep; makes it where there is none.
 *
 * @throws ResultsTrouble when it holds something else, is damaged, in use, or cannot be written
 */
export function openFolder(
  path: string,
  manifest: Manifest,
  { resume, replaces = false, write }: FolderOptions,
): SweepFolder {
  make(path);
  const lock = takeLock(path);
  try {
    if (replaces && existsSync(join(path, MANIFEST))) removeResults(path);
    const { done, soundBytes } = prepare(path, manifest, resume, write);
    const journal = attempt(path, () => new JournalWriter(join(path, JOURNAL), soundBytes, write));
    return {
      path,
      manifest,
      done,
      notes: lock.note === null ? [] : [lock.note],
      finish(part, milliseconds) {
        attempt(join(path, JOURNAL), () => journal.append(part));
        const lines = milliseconds.map((cost, at) => `${part.from + at},${Math.round(cost * 1_000) / 1_000}\n`);
        attempt(join(path, COST), () => appendFileSync(join(path, COST), lines.join("")));
      },
      close() {
        journal.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function make(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found !== undefined && !found.isDirectory()) {
    throw new ResultsTrouble(path, "expected a folder, found a file; name another one with --out");
  }
  attempt(path, () => mkdirSync(path, { recursive: true }));
}

function prepare(
  path: string,
  wanted: Manifest,
  resume: boolean,
  write: WriteBytes | undefined,
): { readonly done: readonly Range[]; readonly soundBytes: number } {
  const found = readManifest(path);
  if (found === null) {
    // The lock is there, and what processes that were stopped have left half written.
    const other = readdirSync(path).filter((name) => name !== "lock" && !name.endsWith(".part"));
    if (other.length > 0) {
      const why = `expected an empty folder or results of this sweep, found ${other.slice(0, 3).join(", ")}`;
      throw new ResultsTrouble(path, `${why}; name another folder with --out`);
    }
    attempt(join(path, MANIFEST), () => putFile(join(path, MANIFEST), renderManifest(wanted), write));
    attempt(join(path, COST), () => putFile(join(path, COST), "index,milliseconds\n", write));
    return { done: [], soundBytes: 0 };
  }
  const differs = difference(found, wanted) ?? differenceOfCases(found, wanted);
  if (differs !== null) throw new ResultsTrouble(path, differs);
  if (!resume) {
    throw new ResultsTrouble(
      path,
      "it holds results of this sweep; add --resume to go on with it, or name another folder with --out",
    );
  }
  removeUnfinished(path);
  const { parts, journalBytes } = openResults(path);
  return { done: parts, soundBytes: journalBytes };
}

function differenceOfCases({ cases: found }: Manifest, { cases: wanted }: Manifest): string | null {
  if (found.from === wanted.from && found.to === wanted.to) return null;
  const text = ({ from, to }: Range): string => `runs ${from} to ${to - 1}`;
  return `it is for ${text(found)}, this shard is ${text(wanted)}; give the same --shard, or name another folder with --out`;
}

/** The manifest last: a folder that is half removed is still one of results. */
function removeResults(path: string): void {
  const names = readdirSync(path).filter((name) => name !== "lock" && name !== MANIFEST);
  attempt(path, () => {
    for (const name of [...names, MANIFEST]) rmSync(join(path, name), { recursive: true, force: true });
  });
}

function removeUnfinished(path: string): void {
  for (const name of readdirSync(path)) if (name.endsWith(".part")) rmSync(join(path, name), { force: true });
}

function attempt<Result>(place: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw new ResultsTrouble(place, whyNotWritten(error));
  }
}
