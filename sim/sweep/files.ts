// Files of a results folder: there as a whole or not at all, and on the disk when they are there. Written under another name beside their
// own, synced, renamed.
//
// Leaves out what is in them.

import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** How bytes reach a file: a test puts a disk that is full in its place. */
export type WriteBytes = (descriptor: number, bytes: Uint8Array, from: number) => number;

const usual: WriteBytes = (descriptor, bytes, from) => writeSync(descriptor, bytes, from);

/** Writes all of it; the system may take less at once. */
export function writeAll(descriptor: number, bytes: Uint8Array, write: WriteBytes = usual): void {
  for (let done = 0; done < bytes.length;) done += write(descriptor, bytes, done);
}

/** Puts a whole file in place of whatever has its name. Throws what the system throws, and leaves no trace then. */
export function putFile(path: string, content: string | Uint8Array, write: WriteBytes = usual): void {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  const temporary = `${path}.${process.pid}.part`;
  try {
    const descriptor = openSync(temporary, "w");
    try {
      writeAll(descriptor, bytes, write);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
}

/** A rename is on the disk once its folder is. */
function syncFolder(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } catch {
    // Some systems sync no folders; a rename is then as safe as they make it.
  } finally {
    closeSync(descriptor);
  }
}
