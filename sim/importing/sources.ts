// The documents that an import is of: a file, all files of a folder and of those in it, or those in an archive. Texts in UTF-8, with limits on
// their size and number, also of what an archive unfolds to. Nothing is unpacked: names in an archive only become names of scenarios.
//
// Leaves out what the documents say (import-text.ts).

import { type Dirent, readdirSync, readFileSync, lstatSync, statSync } from "node:fs";
import { dirname, join, posix, relative, sep } from "node:path";
import { gunzipSync } from "node:zlib";
import { besideInArchive, besideInFolder } from "./beside.ts";
import { readFileBytes, SOURCE_SIZE_MAX, textOf, tooLarge } from "./read-text.ts";
import { tarFiles } from "./tar-files.ts";

/** A document. */
export interface Source {
  /** As it is shown to people. */
  readonly shown: string;
  /** From the folder or archive that was named, with /; the file's own name where it was named itself. */
  readonly path: string;
  readonly text: string;
  /** Of a file beside it, by its path from there; null where there is none. */
  readonly fileOf: (path: string) => string | null;
}

/** One that cannot be read, and why. */
export interface Unread {
  readonly shown: string;
  readonly why: string;
}

/** What was found, in the order of paths; or why nothing was looked for. */
export type SourcesOutcome =
  | { readonly kind: "sources"; readonly sources: readonly Source[]; readonly unread: readonly Unread[] }
  | { readonly kind: "refused"; readonly why: string };

const MIB = 1024 * 1024;
/** Of an archive, unfolded. */
export const ARCHIVE_SIZE_MAX = 512 * MIB;
const FILES_MAX = 20_000;
const TAR_BLOCK = 512;

/** Is this the name of something that may hold a map? Others in folders and archives are passed over. */
const mayHoldMap = /\.(graphml|gml|xml|json|yaml|yml|csv|tsv)$/iu;

const leadsElsewhere = "expected a file, found a link to another one, which is not followed; name that one";

/** Finds them. `named`: as the user wrote it; `path`: where that is. */
export function findSources(named: string, path: string): SourcesOutcome {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined)
    return {
      kind: "refused",
      why: "expected a file, a folder or a .tar.gz, found nothing there; name one that exists",
    };
  if (stat.isDirectory()) return inFolder(named, path);
  if (!stat.isFile())
    return { kind: "refused", why: "expected a file, a folder or a .tar.gz, found something else; name one of these" };
  if (/\.(tar\.gz|tgz)$/iu.test(path)) return inArchive(named, path, stat.size);
  const own = posix.basename(path.split(sep).join("/"));
  const read = textOf(readFileBytes(path, stat.size));
  return read.kind === "text"
    ? {
        kind: "sources",
        sources: [{ shown: named, path: own, text: read.text, fileOf: besideInFolder(dirname(path), path) }],
        unread: [],
      }
    : { kind: "sources", sources: [], unread: [{ shown: named, why: read.why }] };
}

function inFolder(named: string, path: string): SourcesOutcome {
  const entries: Dirent[] = readdirSync(path, { withFileTypes: true, recursive: true });
  const files = entries
    .filter((entry) => (entry.isFile() || entry.isSymbolicLink()) && mayHoldMap.test(entry.name))
    .map((entry) => relative(path, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
  const none = whyNot(files.length);
  if (none !== null) return { kind: "refused", why: none };
  const sources: Source[] = [];
  const unread: Unread[] = [];
  for (const file of files) {
    const full = join(path, file);
    const stat = lstatSync(full);
    const bytes = stat.isSymbolicLink() ? leadsElsewhere : readFileBytes(full, stat.size);
    take({ sources, unread }, posix.join(named, file), file, bytes, besideInFolder(path, full));
  }
  return { kind: "sources", sources, unread };
}

function inArchive(named: string, path: string, size: number): SourcesOutcome {
  if (size > ARCHIVE_SIZE_MAX) return { kind: "refused", why: tooLarge(size, ARCHIVE_SIZE_MAX) };
  let bytes: Uint8Array;
  try {
    bytes = gunzipSync(readFileSync(path), { maxOutputLength: ARCHIVE_SIZE_MAX });
  } catch (error) {
    const isTooMuch = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    const found = isTooMuch
      ? `one that unfolds to more than ${ARCHIVE_SIZE_MAX / MIB} MiB`
      : "something else, or one that is cut short";
    const remedy = isTooMuch ? "import its files in parts" : "see whether it was loaded whole";
    return { kind: "refused", why: `expected a gzip archive, found ${found}; ${remedy}` };
  }
  const isWhole = bytes.length >= 2 * TAR_BLOCK && bytes.length % TAR_BLOCK === 0;
  const entries = isWhole ? tarFiles(bytes) : null;
  if (entries === null) {
    const why =
      "expected a tar archive inside, found something else, or one that is cut short; pack the files anew with tar";
    return { kind: "refused", why };
  }
  const sources: Source[] = [];
  const unread: Unread[] = [];
  const files = entries
    .filter(({ name }) => mayHoldMap.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const none = whyNot(files.length);
  if (none !== null) return { kind: "refused", why: none };
  const byName = new Map(entries.flatMap(({ name, data }) => (data === null ? [] : [[name, data] as const])));
  for (const { name, data } of files) {
    const shown = `${named}:${name}`;
    take(
      { sources, unread },
      shown,
      name,
      data === null ? leadsElsewhere : data.length > SOURCE_SIZE_MAX ? tooLarge(data.length, SOURCE_SIZE_MAX) : data,
      besideInArchive(byName, name),
    );
  }
  return { kind: "sources", sources, unread };
}

function take(
  into: { readonly sources: Source[]; readonly unread: Unread[] },
  shown: string,
  path: string,
  bytes: Uint8Array | string,
  fileOf: Source["fileOf"],
): void {
  const read = textOf(bytes);
  if (read.kind === "text") into.sources.push({ shown, path, text: read.text, fileOf });
  else into.unread.push({ shown, why: read.why });
}

function whyNot(count: number): string | null {
  if (count === 0)
    return "expected files that end in .graphml, .gml, .xml, .json, .yaml, .csv or .tsv, found none; name a place that has some";
  if (count > FILES_MAX) return `expected at most ${FILES_MAX} files, found ${count}; import them in parts`;
  return null;
}
