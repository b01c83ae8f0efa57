/**
 * Checks one file on the disk: read in pieces, judged, explained. What a thread of its own does for each of many files.
 *
 * Leaves out finding files (find-files.ts) and telling what came of it (render.ts).
 */
import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import {
  check,
  type CheckOutcome,
  type CheckReport,
  type FormatName,
  type FormatProblem,
  type InitialValues,
  type ModelName,
} from "../../model/consistency/index.ts";
import { whyUnreadable } from "../scenario/file.ts";

/** One file to check; crosses to a thread. */
export interface CheckJob {
  /** Absolute. */
  readonly path: string;
  /** As reports name it. */
  readonly file: string;
  readonly format: FormatName | null;
  readonly init: InitialValues | null;
  /** Null for all. */
  readonly models: readonly ModelName[] | null;
}

/** A file without a report: what is wrong in it, or why the system does not let it be read. */
export type Unread =
  | { readonly kind: "refused"; readonly problems: readonly FormatProblem[] }
  | { readonly kind: "unreadable"; readonly why: string };

/** What a thread sends back: the report without the history. */
export type FileOutcome = { readonly kind: "checked"; readonly report: CheckReport } | Unread;

/** Bytes read at once. */
const PIECE = 1 << 20;

/** Checks, and keeps the history for who wants to draw it. */
export function checkFile({ path, file, format, init, models }: CheckJob): CheckOutcome | Unread {
  let descriptor: number;
  try {
    // Looked at before it is opened: opening a named pipe would wait for somebody to write.
    const flaw = flawOf(statSync(path));
    if (flaw !== null) return { kind: "unreadable", why: flaw };
    descriptor = openSync(path, "r");
  } catch (error) {
    return { kind: "unreadable", why: whyUnreadable(error) };
  }
  try {
    const flaw = flawOf(fstatSync(descriptor));
    if (flaw !== null) return { kind: "unreadable", why: flaw };
    return check(pieces(descriptor), {
      fileName: file,
      ...(format !== null && { format }),
      ...(init !== null && { init }),
      ...(models !== null && { models }),
    });
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { kind: "unreadable", why: error.message };
  } finally {
    closeSync(descriptor);
  }
}

/** The system refused in the middle of a file. */
class Unreadable extends Error {}

function* pieces(descriptor: number): Generator<Uint8Array> {
  for (;;) {
    // A new one each time: the reader keeps what it has not finished.
    const piece = new Uint8Array(PIECE);
    let size: number;
    try {
      size = readSync(descriptor, piece);
    } catch (error) {
      throw new Unreadable(whyUnreadable(error), { cause: error });
    }
    if (size === 0) return;
    yield piece.subarray(0, size);
  }
}

function flawOf(stat: { isDirectory(): boolean; isFile(): boolean }): string | null {
  if (stat.isDirectory()) return "expected a file, found a directory; name a file in it";
  return stat.isFile() ? null : "expected a file, found a device or a pipe; name a file";
}
