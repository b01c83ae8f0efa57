// What runs under drawn faults have reached, as text. Leaves out the first and last line, which belong to whoever makes the runs.

import { renderTable } from "../cli/tables.ts";
import { quirkNames } from "../quirks/table.ts";
import type { SweepSummary } from "./sweep-summary.ts";

/** How often each interesting case was met. Quirks are among them where any was on. */
export function renderMarks({ marks }: SweepSummary): string {
  const isQuirk = (name: string): boolean => quirkNames.some((quirk) => quirk === name);
  const haveQuirks = marks.some(({ name, count }) => count > 0 && isQuirk(name));
  return renderTable(
    ["sometimes", "reached", "in runs"],
    marks
      .filter(({ name }) => haveQuirks || !isQuirk(name))
      .map(({ name, count, runCount }) => [name, count, runCount]),
  );
}
