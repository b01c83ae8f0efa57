/**
 * Marks and views of a run, as text: who was marked what from when on, and how old what was shown of connected cloudlets was.
 *
 * Leaves out whether that was right: the properties say so.
 */
import type { AlivenessReport, MarkStretch } from "../run/report.ts";
import { renderMicros, renderTable } from "./tables.ts";

/** Stretches shown of one cloudlet. */
const STRETCHES_MAX = 12;

/** The section; empty where nobody is watched. */
export function renderMarks(aliveness: AlivenessReport | undefined, rowsMax: number): string {
  if (aliveness === undefined) return "";
  const { marks, ages } = aliveness;
  const lines = marks.map(({ cloudlet, upper, changes, stretches, moreCount }) => {
    const more = Math.max(0, stretches.length - STRETCHES_MAX) + moreCount;
    const told = stretches.slice(0, STRETCHES_MAX).map(stretchText).join(", ");
    return [cloudlet, upper, changes, more > 0 ? `${told}, and ${more} more` : told];
  });
  const byCloudlet = renderTable(["watched", "by", "changes", "marks, from when on"], lines, rowsMax);
  if (ages.length === 0) return byCloudlet;
  const rows = ages.map((one) => [one.class, one.looks, renderMicros(one.median), renderMicros(one.max)]);
  return `${byCloudlet}\n${renderTable(["view while connected", "looks", "age p50", "age max"], rows)}`;
}

function stretchText({ at, mark, was }: MarkStretch): string {
  const past = was === "" ? "" : ` (was ${was})`;
  return `${Math.round(at / 100_000) / 10}s ${mark ?? "nobody watches"}${past}`;
}
