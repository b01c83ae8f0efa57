/**
 * The formats of histories as a table: their names, what they are called in messages, and what they mean by a beginning.
 *
 * Leaves out reading and writing them: one file each.
 */
import type { InitialValues } from "../history.ts";

/** What the table says of a format. */
interface FormatRow {
  readonly name: string;
  readonly title: string;
  /** Where first values come from unless the caller says otherwise. */
  readonly initialValues: InitialValues;
  /** The value that means "as in the beginning", beside nil and null; null where only those do. */
  readonly zero: number | null;
}

const table = [
  { name: "plume", title: "Plume text", initialValues: "implicit", zero: 0 },
  { name: "awdit", title: "AWDIT text", initialValues: "explicit", zero: 0 },
  { name: "dbcop", title: "dbcop's JSON", initialValues: "implicit", zero: null },
  { name: "jepsen-edn", title: "Jepsen's EDN", initialValues: "implicit", zero: null },
  { name: "jepsen-json", title: "Jepsen's JSON", initialValues: "implicit", zero: null },
  { name: "porcupine", title: "a log as Porcupine reads it", initialValues: "implicit", zero: null },
  { name: "jsonl", title: "causeway's JSON lines", initialValues: "implicit", zero: null },
] as const satisfies readonly FormatRow[];

/** All formats that can be read. */
export const formats: readonly Format[] = table;

/** Name of a format, as `--format` takes it. */
export type FormatName = (typeof table)[number]["name"];

/** A format that can be read. */
export interface Format extends FormatRow {
  readonly name: FormatName;
}

/** The format of this name. */
export function formatOf(name: FormatName): Format {
  return formats.find((format) => format.name === name)!;
}
