// The table of what became of members that were detached: decisions, refusals, returns, and what went on without what is lost.

import { renderMicros } from "../cli/tables.ts";
import type { RunReport } from "../run/report.ts";
import { escaped, table } from "./markup.ts";

/** Rows of the table; more are counted, and are all in the page's data. */
const ROWS_MAX = 200;

/** The table. */
export function renderAbsences({ absences }: Pick<RunReport, "absences">): string {
  const rows = absences
    .slice(0, ROWS_MAX)
    .map(({ at, kind, cloudlet, member, what }) => [
      renderMicros(at),
      escaped(cloudlet),
      kind,
      escaped(member),
      escaped(what),
    ]);
  const more = absences.length > ROWS_MAX ? `, the first ${ROWS_MAX} of ${absences.length}` : "";
  const head = [
    { title: "at", isNumber: true },
    { title: "where" },
    { title: "what" },
    { title: "who" },
    { title: "how" },
  ] as const;
  return table(`Decisions about members, and what came of them${more}`, head, rows);
}
