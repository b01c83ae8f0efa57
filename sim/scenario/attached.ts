/**
 * The tables that a scenario names beside itself: which ones, read from its folder, and taken apart once however often the scenario is read.
 *
 * Leaves out what they mean (resolve-measured.ts).
 */
import { dirname, isAbsolute, posix, resolve } from "node:path";
import { type CsvOutcome, readCsv } from "../importing/read-csv.ts";
import type { DocumentOutcome } from "./document.ts";
import { type FileOutcome, readInputFile } from "./file.ts";
import type { Problem } from "./problem.ts";
import { isPlainMap } from "./settings.ts";

/** Texts by the names that the scenario has for them; plain data that crosses threads. */
export type Attached = Readonly<Record<string, string>>;

/** A table, taken apart. */
export interface Table {
  /** How messages name it. */
  readonly file: string;
  readonly csv: CsvOutcome;
}

/** Tables by the names that the scenario has for them. */
export type Tables = ReadonlyMap<string, Table>;

/** Larger tables are refused unread. */
export const TABLE_SIZE_MAX = 64 * 1024 * 1024;

/** Keys of `measured` that name tables. */
export const tableKeys = ["outages", "delays", "losses", "operations"] as const;

/** One of them. */
export type TableKey = (typeof tableKeys)[number];

/** Takes the tables of a scenario apart that messages call `file`. */
export function tablesOf(file: string, attached: Attached): Tables {
  return new Map(
    Object.entries(attached).map(([name, text]) => [name, { file: nameBeside(file, name), csv: readCsv(text) }]),
  );
}

/** A name that stands in this file, as the same that one would write who stands where this file's name is from. */
export function nameBeside(file: string, name: string): string {
  return isAbsolute(name) ? name : posix.join(posix.dirname(file), name);
}

/** Are they the same, name by name? */
export function sameTexts(one: Attached, other: Attached = {}): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

/** A scenario that has been taken apart. */
interface Naming {
  readonly file: string;
  readonly parsed: DocumentOutcome;
}

/** What a scenario names, or what is wrong with it. */
export type AttachedOutcome =
  | { readonly kind: "attached"; readonly attached: Attached }
  | { readonly kind: "invalid"; readonly problems: readonly Problem[] };

/** Reads the tables of a scenario that stands in `path`. */
export function readAttached(source: Naming, path: string): AttachedOutcome {
  return attachedBy(source, (name) => readInputFile(resolve(dirname(path), name), TABLE_SIZE_MAX));
}

/** Reads the tables of a scenario by a function that finds files by their names in it. */
export function attachedBy({ file, parsed }: Naming, read: (name: string) => FileOutcome): AttachedOutcome {
  if (parsed.kind === "invalid") return { kind: "attached", attached: {} };
  const { document } = parsed;
  const measured = isPlainMap(document.value) ? document.value["measured"] : undefined;
  const attached: Record<string, string> = {};
  const problems: Problem[] = [];
  if (!isPlainMap(measured)) return { kind: "attached", attached };
  for (const key of tableKeys) {
    const name = measured[key];
    if (typeof name !== "string" || name === "" || Object.hasOwn(attached, name)) continue;
    const outcome = read(name);
    if (outcome.kind === "text") {
      attached[name] = outcome.text;
      continue;
    }
    const place = document.placeOf(["measured", key]);
    problems.push({ file, ...place, message: `measured.${key}: ${name}: ${outcome.why}` });
  }
  return problems.length > 0 ? { kind: "invalid", problems } : { kind: "attached", attached };
}
