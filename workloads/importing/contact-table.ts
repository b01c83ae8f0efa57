// Contacts as a table: from,to,start_s,end_s in seconds from the beginning, and where it has them rate_bps (bits per second) and delay_ms (one
// way). A contact holds in both directions. Other columns are dropped.

import { micros } from "../../model/units.ts";
import { mapOfContacts, type PlannedContact } from "./contact-plan.ts";
import type { Fidelity } from "./fidelity.ts";
import { BANDWIDTH_MAX, DELAY_MAX, measureIn, type MeasureRule, notMeasured } from "./measures.ts";
import { beginning, type ImportProblem, type MapOutcome, refused } from "./outcome.ts";
import { refuseLongRows, type TextRow } from "./table.ts";

const needed = ["from", "to", "start_s", "end_s"] as const;
const known: readonly string[] = [...needed, "rate_bps", "delay_ms"];

const rule = (says: string, bare: number, most: number, least = 0): MeasureRule => ({
  says,
  units: new Map(),
  bare,
  least,
  most,
});
const timeRule = rule("seconds from 0 up to a year, without a unit", 1_000_000, DELAY_MAX);
const rateRule = rule("bits per second from 1 up, without a unit", 1, BANDWIDTH_MAX, 1);
const delayRule = rule("milliseconds from 0 up, without a unit", 1_000, DELAY_MAX);

/** Does the first row name these columns? */
export function isContactTable([head]: readonly TextRow[]): boolean {
  return head !== undefined && needed.every((name) => head.cells.some((cell) => cell.trim().toLowerCase() === name));
}

/** Reads it. */
export function readContactTable(rows: readonly TextRow[], fidelity: Fidelity): MapOutcome {
  const [head, ...lines] = rows;
  const names = head?.cells.map((cell) => cell.trim().toLowerCase()) ?? [];
  const missing = needed.find((name) => !names.includes(name));
  if (missing !== undefined) {
    const message = `expected the columns ${needed.join(", ")}, found no ${missing}; is this a table of contacts?`;
    return refused(beginning, message);
  }
  for (const name of names) {
    if (!known.includes(name)) fidelity.note("dropped", "a column that contacts do not have", name);
  }
  const problems: ImportProblem[] = [];
  refuseLongRows(rows, problems);
  const planned = lines.flatMap((row): readonly PlannedContact[] => {
    const cell = (name: string): string => row.cells[names.indexOf(name)]?.trim() ?? "";
    const refuse = (name: string, message: string): void => {
      problems.push({ line: row.line, column: row.columns[names.indexOf(name)] ?? 1, message });
    };
    const measured = (name: string, how: MeasureRule, isNeeded: boolean): number | null => {
      const text = cell(name);
      if (text === "" && !isNeeded) return null;
      const value = measureIn(text, how);
      if (value === null) refuse(name, notMeasured(text, how));
      return value === null ? null : Math.round(value);
    };
    const [from, to] = [cell("from"), cell("to")];
    for (const name of ["from", "to"]) {
      if (cell(name) === "") refuse(name, "expected the name of a node, found nothing; name one");
    }
    if (from !== "" && from === to)
      refuse("to", `expected another node than ${from}, found it again; name the other one`);
    const [start, end] = [measured("start_s", timeRule, true), measured("end_s", timeRule, true)];
    const [rate, delay] = [measured("rate_bps", rateRule, false), measured("delay_ms", delayRule, false)];
    if (start === null || end === null) return [];
    if (end <= start) {
      refuse("end_s", `expected a time after start_s (${cell("start_s")}), found ${cell("end_s")}; let it end later`);
      return [];
    }
    const contact = {
      start,
      end,
      rate,
      delay: delay === null ? null : micros(delay),
    };
    return [
      { from, to, ...contact },
      { from: to, to: from, ...contact },
    ];
  });
  if (problems.length > 0) return { kind: "refused", problems };
  fidelity.note("assumed", "a contact holds in both directions", null, lines.length);
  return mapOfContacts(planned, fidelity);
}
