/**
 * Output files that are never half-written: checked before the work begins, written under a temporary name beside the
 * target, renamed when complete.
 *
 * A rename replaces whatever stands under the name, so links are followed first, and only a regular file that is not an
 * input of the same command is ever replaced. Leaves out creating directories: a misspelt path should be noticed.
 */
import {
  accessSync,
  closeSync,
  constants,
  lstatSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";

/** A file being written. Exactly one of `commit` and `discard` ends it; both may be called again without harm. */
export interface OutputFile {
  /** @throws OutputFailure when the system takes no more; nothing of the file is left then */
  write(text: string): void;
  /**
   * Puts the file in place under its name.
   *
   * @throws OutputFailure when the system does not let it; nothing of the file is left then
   */
  commit(): void;
  /** Leaves no trace of it. */
  discard(): void;
}

/** The open file, or why it cannot be written, as a message without the file's name. */
export type OutputOutcome =
  { readonly kind: "open"; readonly file: OutputFile } | { readonly kind: "refused"; readonly why: string };

/** The system refused a write: a full disk, a quota, a limit. The message says why, without the file's name. */
export class OutputFailure extends Error {
  constructor(cause: unknown) {
    super(`cannot be written (${codeOf(cause)})`, { cause });
    this.name = "OutputFailure";
  }
}

/** How an output is opened. */
export interface OutputOptions {
  readonly overwrite: boolean;
  /** Paths of files that the same command reads: none of them is replaced, whatever name it goes by. */
  readonly inputs?: readonly string[];
}

/** Opens a temporary file beside `path`, so that a path that cannot be written is known at once. */
export function openOutput(path: string, { overwrite, inputs = [] }: OutputOptions): OutputOutcome {
  const folder = dirname(path);
  try {
    if (!statSync(folder).isDirectory())
      return { kind: "refused", why: `${folder} is no directory; name another path` };
  } catch {
    return { kind: "refused", why: `there is no directory ${folder}; make it first, or name another path` };
  }
  let target = path;
  try {
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) {
      if (!overwrite)
        return { kind: "refused", why: "it exists and is not overwritten; choose another name, or remove it" };
      target = realpathSync(path);
      const flaw = flawOfTarget(target, inputs);
      if (flaw !== null) return { kind: "refused", why: flaw };
    }
  } catch (error) {
    const code = codeOf(error);
    const leadsNowhere = code === "ENOENT" || code === "ELOOP";
    const why = leadsNowhere
      ? "it is a symbolic link that leads to no file; remove it, or name another path"
      : `it cannot be written (${code}); name another path`;
    return { kind: "refused", why };
  }
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.part`);
  let descriptor: number;
  try {
    // What an earlier process of this number left is removed, never written through.
    rmSync(temporary, { force: true });
    descriptor = openSync(temporary, "wx");
  } catch (error) {
    return { kind: "refused", why: `it cannot be written (${codeOf(error)}); name another path` };
  }
  let isOpen = true;
  const discard = (): void => {
    if (!isOpen) return;
    isOpen = false;
    try {
      closeSync(descriptor);
    } finally {
      rmSync(temporary, { force: true });
    }
  };
  const orNothing = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      if (isOpen) discard();
      else rmSync(temporary, { force: true });
      throw new OutputFailure(error);
    }
  };
  const file: OutputFile = {
    write(text) {
      orNothing(() => {
        const content = Buffer.from(text);
        for (let done = 0; done < content.length;) done += writeSync(descriptor, content, done);
      });
    },
    commit() {
      if (!isOpen) return;
      isOpen = false;
      orNothing(() => {
        closeSync(descriptor);
        renameSync(temporary, target);
      });
    },
    discard,
  };
  return { kind: "open", file };
}

/** Why what stands there is not to be replaced; null when it may be. */
function flawOfTarget(target: string, inputs: readonly string[]): string | null {
  const existing = statSync(target, { bigint: true });
  if (existing.isDirectory()) return "it is a directory; name a file in it";
  if (!existing.isFile()) return "it is a device, a pipe or a socket, no regular file; name another path";
  for (const input of inputs) {
    const read = statSync(input, { bigint: true, throwIfNoEntry: false });
    if (read !== undefined && read.dev === existing.dev && read.ino === existing.ino)
      return "it is the file that this command reads; name another path";
  }
  try {
    accessSync(target, constants.W_OK);
  } catch {
    return "it may not be written; change its permissions, or name another path";
  }
  return null;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
