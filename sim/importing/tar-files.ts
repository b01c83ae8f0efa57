// The files in a tar archive, with their names. A library reads it; what it takes on trust is looked at before: that every header is whole, and
// that every file ends inside of the archive. Names in the headers of POSIX (pax) are read here, since the library ends them at a blank.
//
// Leaves out what unfolds the archive, and its limits (sources.ts).

import { posix } from "node:path";
import { parseTar } from "nanotar";

/** A file: its name inside the archive, which never leads out of it, and what it holds; null of what leads elsewhere. */
export interface TarFile {
  readonly name: string;
  readonly data: Uint8Array | null;
}

const BLOCK = 512;
const SIZE = { at: 124, length: 12 };
const CHECKSUM = { at: 148, length: 8 };
const KIND_AT = 156;
const text = new TextDecoder();
/** Headers that say something of the next entry, or of all: no entries of their own. */
const extended = new Set(["x", "g", "L", "N", "K"]);

/** The files, in the order of the archive; null: it is none, or is cut short. */
export function tarFiles(bytes: Uint8Array): readonly TarFile[] | null {
  const names = paxNames(bytes);
  if (names === null) return null;
  // The library reads all of the memory that a view is of.
  const own = bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
  return parseTar(own).flatMap(({ name, type, data = new Uint8Array() }, at): readonly TarFile[] => {
    const isLink = type === "symbolicLink" || type === "hardLink";
    return type === "file" || isLink ? [{ name: inside(names[at] ?? name), data: isLink ? null : data }] : [];
  });
}

/** For each entry the name that a pax header says, or null; null for all where a header is broken. */
function paxNames(bytes: Uint8Array): readonly (string | null)[] | null {
  const names: (string | null)[] = [];
  let next: string | null = null;
  for (let at = 0; at + BLOCK <= bytes.length;) {
    const header = bytes.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) break;
    const size = octal(header, SIZE);
    if (size === null || octal(header, CHECKSUM) !== checksum(header)) return null;
    const begins = at + BLOCK;
    if (begins + size > bytes.length) return null;
    const kind = String.fromCharCode(header[KIND_AT] ?? 0);
    if (kind === "x") next = paxPath(bytes.subarray(begins, begins + size)) ?? next;
    if (!extended.has(kind)) {
      names.push(next);
      next = null;
    }
    at = begins + Math.ceil(size / BLOCK) * BLOCK;
  }
  return names;
}

function octal(header: Uint8Array, { at, length }: typeof SIZE): number | null {
  const digits = text
    .decode(header.subarray(at, at + length))
    .replace(/[\0 ]+$/u, "")
    .trimStart();
  return /^[0-7]+$/u.test(digits) ? Number.parseInt(digits, 8) : null;
}

/** The sum of all bytes, where those of the sum itself count as blanks. */
function checksum(header: Uint8Array): number {
  return header.reduce(
    (sum, byte, at) => sum + (at >= CHECKSUM.at && at < CHECKSUM.at + CHECKSUM.length ? 32 : byte),
    0,
  );
}

/** Records are "LENGTH KEY=VALUE\n", with the length of the whole record in bytes. */
function paxPath(records: Uint8Array): string | null {
  let path: string | null = null;
  for (let at = 0; at < records.length;) {
    const blank = records.indexOf(32, at);
    const length = blank < 0 ? 0 : Number(text.decode(records.subarray(at, blank)));
    if (!Number.isInteger(length) || length <= blank - at) break;
    const record = text.decode(records.subarray(blank + 1, at + length - 1));
    if (record.startsWith("path=")) path = record.slice("path=".length);
    at += length;
  }
  return path;
}

/** Such a name without what would lead out of the archive. */
function inside(name: string): string {
  return posix.normalize(`/${name.replaceAll("\\", "/")}`).slice(1);
}
