// A sweep's summary as text: histograms of what was drawn, tables of properties and marks, and what went wrong. Leaves out
// the first and last line, which belong to whoever runs the sweep.

import { renderTable } from "../cli/tables.ts";
import { quirkNames } from "../quirks/table.ts";
import type { SweepSummary } from "./sweep-summary.ts";

const BAR_WIDTH = 40;

/** A bar per label, in the given order; the longest is 40 characters. */
export function renderHistogram(title: string, counts: readonly (readonly [label: string, count: number])[]): string {
  const most = Math.max(1, ...counts.map(([, count]) => count));
  const rows = counts.map(([label, count]) => [label, count, "#".repeat(Math.round((count / most) * BAR_WIDTH))]);
  return renderTable([title, "runs", ""], rows);
}

/** Verdict per property over all runs. `expected` properties must hold; clocks that are wrong may break the others (N3). */
export function renderProperties({ properties, runCount }: SweepSummary, expected: ReadonlySet<string>): string {
  const rows = properties.map(({ name, checks, violations, runsJudged, runsViolated }) => {
    const verdict = runsViolated > 0 ? "violated" : runsJudged > 0 ? "holds" : "not judged";
    const where = runsViolated > 0 ? `in ${runsViolated} of ${runCount} runs` : `in ${runsJudged} of ${runCount} runs`;
    return [name, verdict, checks, violations, where, expected.has(name) ? "yes" : "no (N3)"];
  });
  return renderTable(["property", "verdict", "checks", "violations", "where", "expected"], rows);
}

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
