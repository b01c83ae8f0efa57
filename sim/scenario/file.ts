/**
 * Reading an input file: refused with a reason before it is opened when it is too large or no file at all.
 *
 * Leaves out what is in it.
 */
import { closeSync, fstatSync, openSync, readFileSync, statSync } from "node:fs";

/** The text, or why there is none, as a message without the file's name. */
export type FileOutcome =
  { readonly kind: "text"; readonly text: string } | { readonly kind: "refused"; readonly why: string };

/**
 * Reads a whole UTF-8 file.
 *
 * @param sizeMax bytes; a larger file is refused unread
 */
export function readInputFile(path: string, sizeMax: number): FileOutcome {
  try {
    // Looked at before it is opened: opening a named pipe would wait for somebody to write.
    const flaw = flawOfFile(statSync(path), sizeMax);
    if (flaw !== null) return { kind: "refused", why: flaw };
    const descriptor = openSync(path, "r");
    try {
      const grown = flawOfFile(fstatSync(descriptor), sizeMax);
      if (grown !== null) return { kind: "refused", why: grown };
      const content = readFileSync(descriptor);
      if (content.includes(0))
        return { kind: "refused", why: "expected a text file, found a binary one; name another file" };
      return { kind: "text", text: new TextDecoder("utf-8", { fatal: true }).decode(content) };
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    return { kind: "refused", why: whyUnreadable(error) };
  }
}

function flawOfFile(
  stat: { isDirectory(): boolean; isFile(): boolean; readonly size: number },
  sizeMax: number,
): string | null {
  if (stat.isDirectory()) return "expected a file, found a directory; name a file in it";
  if (!stat.isFile()) return "expected a file, found a device or a pipe; name a file";
  if (stat.size <= sizeMax) return null;
  const most = `${(sizeMax / 1_048_576).toFixed(0)} MiB`;
  return `expected at most ${most}, found ${(stat.size / 1_048_576).toFixed(1)} MiB; it was not read, split it or generate less`;
}

/** What the system or the decoder said, in words. */
export function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  switch (code) {
    case "ENOENT":
      return "there is no such file; check the path";
    case "ENOTDIR":
      return "a part of this path is no directory; check the path";
    case "EACCES":
    case "EPERM":
      return "it may not be read; change its permissions";
    case "ENAMETOOLONG":
      return "this path is too long; check the path";
    case "ERR_ENCODING_INVALID_ENCODED_DATA":
      return "expected UTF-8 text, found other bytes; save it as UTF-8";
    case "ERR_INVALID_ARG_VALUE":
      return "this path holds a character that no path may hold; check the path";
    default:
      return `it cannot be read (${code === "" ? String(error) : code})`;
  }
}
