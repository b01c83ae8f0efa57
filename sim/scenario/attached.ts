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

/** A table that a value from outside the scenario's text names: in place of one of its own, or where it has none. */
export interface OtherTable {
  /** As the scenario would have it. */
  readonly name: string;
  /** Reports a problem with it. */
  readonly refuse: (message: string) => void;
}

/** The tables that these values would name, by the path that each is put at. */
export function otherTables(
  values: Iterable<readonly [string, unknown]>,
  refuse: (path: string, message: string) => void,
): readonly OtherTable[] {
  return [...values].flatMap(([path, value]): OtherTable[] => {
    if (!tableKeys.some((key) => path === `measured.${key}`) || typeof value !== "string" || value === "") return [];
    return [
      {
        name: value,
        refuse: (message) => {
          refuse(path, message);
        },
      },
    ];
  });
}

/** Reads the tables of a scenario that stands in `path`. */
export function readAttached(source: Naming, path: string, others: readonly OtherTable[]): AttachedOutcome {
  return attachedBy(source, (name) => readInputFile(resolve(dirname(path), name), TABLE_SIZE_MAX), others);
}

/** Reads the tables of a scenario by a function that finds files by their names in it. */
export function attachedBy(
  { file, parsed }: Naming,
  read: (name: string) => FileOutcome,
  others: readonly OtherTable[],
): AttachedOutcome {
  if (parsed.kind === "invalid") return { kind: "attached", attached: {} };
  const { document } = parsed;
  const measured = isPlainMap(document.value) ? document.value["measured"] : undefined;
  const own = tableKeys.map((key): readonly [string, unknown] => [
    `measured.${key}`,
    isPlainMap(measured) ? measured[key] : undefined,
  ]);
  const problems: Problem[] = [];
  const inFile = (path: string, message: string): void =>
    void problems.push({ file, ...document.placeOf(path.split(".")), message: `${path}: ${message}` });
  const attached: Record<string, string> = {};
  for (const { name, refuse } of [...otherTables(own, inFile), ...others]) {
    if (Object.hasOwn(attached, name)) continue;
    const outcome = read(name);
    if (outcome.kind === "text") attached[name] = outcome.text;
    else refuse(`${name}: ${outcome.why}`);
  }
  return problems.length > 0 ? { kind: "invalid", problems } : { kind: "attached", attached };
}
