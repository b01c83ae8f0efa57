/**
 * A file on the disk in pieces, for readers that take no more of it into memory than they need.
 *
 * Leaves out what is in it. Smaller files that must be whole are read by scenario/file.ts.
 */
import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { whyUnreadable } from "../scenario/file.ts";

/** Bytes read at once. */
const PIECE = 1 << 20;

/** What came of the work, or why the system does not let the file be read, as a message without its name. */
export type PiecesOutcome<T> =
  { readonly kind: "done"; readonly value: T } | { readonly kind: "unreadable"; readonly why: string };

/** Opens a file, hands its pieces to `work`, and closes it whatever happens. What `work` itself throws is passed on. */
export function withPieces<T>(path: string, work: (pieces: Iterable<Uint8Array>) => T): PiecesOutcome<T> {
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
    return { kind: "done", value: work(piecesOf(descriptor)) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { kind: "unreadable", why: error.message };
  } finally {
    closeSync(descriptor);
  }
}

/** The system refused in the middle of a file. */
class Unreadable extends Error {}

function* piecesOf(descriptor: number): Generator<Uint8Array> {
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
