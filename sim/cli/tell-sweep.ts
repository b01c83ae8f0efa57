/**
 * What a sweep has come to, as text or as one JSON object: verdicts per property, what was never reached, runs that did not pass with the
 * command that repeats them, one verdict over all.
 *
 * Leaves out the report (sim/sweep/report) and the running (conduct-sweep.ts).
 */
import { ratio } from "./conduct-swarm.ts";
import type { Context } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { renderNumber, renderTable } from "./tables.ts";
import type { KeptFailure } from "../sweep/failures.ts";
import type { SweepTotals, SweepTrouble } from "../sweep/summary.ts";

/** What there is to tell. */
export interface SweepStory {
  readonly totals: SweepTotals;
  /** The results folder as a person in the working directory would write it. */
  readonly folder: string;
  /** By case: what was kept of failures. */
  readonly kept: ReadonlyMap<number, KeptFailure>;
  readonly json: boolean;
}

const TROUBLES_SHOWN_MAX = 5;

/** Prints it. */
export function tellSweep(context: Context, story: SweepStory): void {
  context.io.stdout(story.json ? asJson(story) : asText(context, story));
}

function asText({ colours }: Context, { totals, folder, kept }: SweepStory): string {
  const { outcomes, properties, marks, faults, runCount, missingCount, exitCode } = totals;
  const judged = properties.map(({ name, runsJudged, runsViolated, violations }) => {
    const rate = runsViolated === 0 && runsJudged > 0 ? `below ${ratio(runsJudged)}` : "";
    return [name, runsJudged, runsViolated, violations, rate];
  });
  const parts = [
    renderTable(["property", "runs", "violated", "violations", "rate at 95 %"], judged),
    renderTable(
      ["fault", "drawn", "runs"],
      faults.map(({ name, count, runCount: runs }) => [name, count, runs]),
    ),
    renderTable(
      ["mark", "reached", "runs"],
      marks.filter(({ count }) => count > 0).map(({ name, count, runCount: runs }) => [name, count, runs]),
    ),
    troublesText(totals, folder, kept),
  ];
  const ended = outcomes.filter(({ count }) => count > 0).map(({ name, count }) => `${renderNumber(count)} ${name}`);
  const lines = [
    `${renderNumber(totals.topologyCount)} different topologies, ${renderNumber(totals.requests)} requests, ${renderNumber(totals.steps)} steps`,
    ...totals.unmet.map((sentence) => `not as expected: ${sentence}`),
    ...(missingCount > 0 ? [`${renderNumber(missingCount)} runs are missing; --resume goes on`] : []),
    `results: ${folder}`,
    `ask: npx causeway query ${folder} "select outcome, count(*) from runs group by outcome"`,
  ];
  const passed = outcomes.find(({ name }) => name === "passed")?.count ?? 0;
  const bound = passed === runCount && runCount > 0 ? `: rate of failure below ${ratio(runCount)} at 95 %` : "";
  const verdict = exitCode === exitCodes.passed ? colours.green("passed") : colours.red("not passed");
  lines.push(`${verdict}: ${ended.join(", ") || "no runs"}${bound}, digest ${totals.digest}`);
  return `${parts.filter((part) => part !== "").join("\n")}\n${lines.join("\n")}\n`;
}

function troublesText({ troubles, runCount, outcomes }: SweepTotals, folder: string, kept: SweepStory["kept"]): string {
  if (troubles.length === 0) return "";
  const shown = troubles.filter(({ index }, at) => at < TROUBLES_SHOWN_MAX || kept.has(index));
  const passed = outcomes.find(({ name }) => name === "passed")?.count ?? 0;
  const more = runCount - passed - shown.length;
  const lines = shown.flatMap((trouble) => troubleLines(trouble, folder, kept.get(trouble.index)));
  return [...lines, ...(more > 0 ? [`and ${renderNumber(more)} more runs did not pass`] : []), ""].join("\n");
}

function troubleLines(
  { index, seed, outcome, why }: SweepTrouble,
  folder: string,
  kept: KeptFailure | undefined,
): string[] {
  const lines = [`run ${index} (seed ${seed}): ${outcome}: ${why}`];
  if (kept === undefined) return lines;
  const { place, target, cloudlets, runCount } = kept;
  const how =
    target === null
      ? "kept as it is"
      : `${cloudlets} cloudlets are left after ${renderNumber(runCount)} runs (${target})`;
  return [...lines, `  ${how}: ${folder}/${place}`, `  again: npx causeway replay ${folder}/${place}/replay.json`];
}

function asJson({ totals, folder, kept }: SweepStory): string {
  const { manifest, ...rest } = totals;
  const { engine, name, seed, fingerprint, caseCount, cases } = manifest;
  const failures = Array.from(kept, ([index, failure]) => ({ index, ...failure }));
  const told = { "causeway-sweep": 1, engine, name, seed, fingerprint, caseCount, cases, folder, ...rest, failures };
  return `${JSON.stringify(told, null, 2)}\n`;
}
