// Files that a document names, by their paths from there: profiles of a platform. None outside of the folder or archive is read.

import { realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, posix, relative, resolve, sep } from "node:path";
import { readFileBytes, SOURCE_SIZE_MAX, textOf } from "./read-text.ts";

/** The text of a file beside a document of a folder; null where it is not there, or cannot be read. */
export function besideInFolder(folder: string, document: string): (path: string) => string | null {
  return (path) => {
    try {
      const full = realpathSync(resolve(dirname(document), path));
      const inside = relative(realpathSync(folder), full);
      if (isAbsolute(inside) || inside.split(sep)[0] === "..") return null;
      const stat = statSync(full);
      return stat.isFile() ? textOrNull(readFileBytes(full, stat.size)) : null;
    } catch {
      // Not there, or a name that no file can have.
      return null;
    }
  };
}

/** The same of an archive, whose files are known by name. */
export function besideInArchive(
  files: ReadonlyMap<string, Uint8Array>,
  document: string,
): (path: string) => string | null {
  return (path) => {
    const bytes = files.get(posix.normalize(posix.join(posix.dirname(document), path)));
    return bytes === undefined || bytes.length > SOURCE_SIZE_MAX ? null : textOrNull(bytes);
  };
}

function textOrNull(bytes: Uint8Array | string): string | null {
  const read = textOf(bytes);
  return read.kind === "text" ? read.text : null;
}
