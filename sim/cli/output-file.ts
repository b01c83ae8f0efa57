/**
 * Output files that are never half-written: checked before the work begins, written under a temporary name beside the
 * target, renamed when complete.
 *
 * Leaves out creating directories: a misspelt path should be noticed.
 */
import { accessSync, closeSync, constants, openSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** A file being written. Exactly one of `commit` and `discard` ends it; both may be called again without harm. */
export interface OutputFile {
  write(text: string): void;
  /** Puts the file in place under its name. */
  commit(): void;
  /** Leaves no trace of it. */
  discard(): void;
}

/** The open file, or why it cannot be written, as a message without the file's name. */
export type OutputOutcome =
  { readonly kind: "open"; readonly file: OutputFile } | { readonly kind: "refused"; readonly why: string };

/** Opens a temporary file beside `path`, so that a path that cannot be written is known at once. */
export function openOutput(path: string, { overwrite }: { readonly overwrite: boolean }): OutputOutcome {
  const folder = dirname(path);
  try {
    if (!statSync(folder).isDirectory())
      return { kind: "refused", why: `${folder} is no directory; name another path` };
  } catch {
    return { kind: "refused", why: `there is no directory ${folder}; make it first, or name another path` };
  }
  const existing = statSync(path, { throwIfNoEntry: false });
  if (existing !== undefined) {
    if (existing.isDirectory()) return { kind: "refused", why: "it is a directory; name a file in it" };
    if (!overwrite)
      return { kind: "refused", why: "it exists and is not overwritten; choose another name, or remove it" };
    try {
      accessSync(path, constants.W_OK);
    } catch {
      return { kind: "refused", why: "it may not be written; change its permissions, or name another path" };
    }
  }
  const temporary = join(folder, `.${basename(path)}.${process.pid}.part`);
  let descriptor: number;
  try {
    descriptor = openSync(temporary, "w");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    return { kind: "refused", why: `it cannot be written (${code}); name another path` };
  }
  let isOpen = true;
  const close = (): boolean => {
    if (!isOpen) return false;
    isOpen = false;
    closeSync(descriptor);
    return true;
  };
  const file: OutputFile = {
    write(text) {
      const content = Buffer.from(text);
      for (let done = 0; done < content.length;) done += writeSync(descriptor, content, done);
    },
    commit() {
      if (close()) renameSync(temporary, path);
    },
    discard() {
      if (close()) rmSync(temporary, { force: true });
    },
  };
  return { kind: "open", file };
}
