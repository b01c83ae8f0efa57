// A log of what people asked for: when, at which site, in which session, what, of which key, how large.
//
// Leaves out what a session does that shows up at another site, and whether sites have what is asked for (sim/scenario/measured-load.ts).

import type { Fidelity } from "../importing/fidelity.ts";
import type { ImportProblem } from "../importing/outcome.ts";
import type { TextRow } from "../importing/table.ts";
import { cellOf, type Column, type ColumnChoice, decimalOf, findColumns, timeColumns } from "./columns.ts";
import { type Moments, readMoments, type Zone } from "./moments.ts";
import { tooMany } from "./series.ts";

/** What a line may ask for. */
export const logVerbs = ["put", "get", "delete", "append", "scan"] as const;

/** One of them. */
export type LogVerb = (typeof logVerbs)[number];

/** A cell, where it stands. */
export interface Cell {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** One line. */
export interface LogLine {
  /** Microseconds, as `isAbsolute` says. */
  readonly time: number;
  readonly site: Cell;
  readonly session: Cell;
  readonly verb: LogVerb;
  readonly key: Cell;
  /** Bytes of what is written; null: the log does not say. */
  readonly size: number | null;
}

/** The lines of a table in order of time. */
export interface OperationLog extends Pick<Moments, "isAbsolute"> {
  readonly lines: readonly LogLine[];
}

/** More would not fit into one message. */
const SIZE_MAX = 16 * 1024 * 1024;
const NAME_MAX = 1_000;

type Meaning = "time" | "site" | "session" | "verb" | "key" | "size";

const choices: readonly ColumnChoice<Meaning>[] = [
  { meaning: "time", names: [...timeColumns.keys()] },
  { meaning: "site", names: ["site"] },
  { meaning: "session", names: ["session"] },
  { meaning: "verb", names: ["verb"] },
  { meaning: "key", names: ["key"] },
  { meaning: "size", names: ["size_bytes"], isOptional: true },
];

/** Reads one; null where the first line is refused. Lines that are refused are left out of it. */
export function readLog(
  rows: readonly TextRow[],
  zone: Zone | null,
  problems: ImportProblem[],
  fidelity: Fidelity,
): OperationLog | null {
  if (tooMany(rows, problems)) return null;
  const columns = findColumns(rows, choices, problems, fidelity);
  if (columns === null) return null;
  const { time, site, session, verb, key, size } = columns as Readonly<Record<Exclude<Meaning, "size">, Column>> & {
    readonly size: Column | null;
  };
  const { isAbsolute, times } = readMoments(rows, time, zone, problems, fidelity);
  const lines = rows.slice(1).flatMap((row, at): LogLine[] => {
    const before = problems.length;
    const named = (column: Column, what: string): Cell => {
      const cell = cellOf(row, column);
      const flaw = flawOfName(cell.text);
      if (flaw !== null)
        problems.push({ line: cell.line, column: cell.column, message: `expected ${what}, found ${flaw}` });
      return cell;
    };
    const asked = verbOf(cellOf(row, verb), problems);
    const line = {
      site: named(site, "the name of a cloudlet"),
      session: named(session, "the name of a session"),
      key: named(key, "a key"),
      size: size === null ? null : sizeOf(cellOf(row, size), problems),
    };
    const moment = times[at] ?? null;
    if (moment === null || asked === null || problems.length > before) return [];
    const isWritten = asked === "put" || asked === "append";
    if (isWritten && line.size === null) fidelity.note("assumed", "a write whose size the log does not say: 128 bytes");
    return [{ time: moment, verb: asked, ...line }];
  });
  fidelity.note("read", "a line that asks for something", null, lines.length);
  return { isAbsolute, lines };
}

function flawOfName(text: string): string | null {
  if (text === "") return "an empty cell; fill it in, or leave the line out";
  return text.length > NAME_MAX ? `${text.length} characters; ${NAME_MAX} are the most, shorten it` : null;
}

function verbOf({ text, line, column }: Cell, problems: ImportProblem[]): LogVerb | null {
  const known = logVerbs.find((verb) => verb === text.toLowerCase());
  if (known !== undefined) return known;
  const found = text === "" ? "an empty cell" : JSON.stringify(text);
  problems.push({
    line,
    column,
    message: `expected ${logVerbs.join(", ")}, found ${found}; write one of them, or leave the line out`,
  });
  return null;
}

function sizeOf({ text, line, column }: Cell, problems: ImportProblem[]): number | null {
  if (text === "") return null;
  const value = decimalOf(text);
  if (value !== null && Number.isInteger(value) && value <= SIZE_MAX) return value;
  const message = `expected whole bytes from 0 to ${SIZE_MAX}, found ${JSON.stringify(text)}; mend the cell, or leave it empty`;
  problems.push({ line, column, message });
  return null;
}
