// What a sweep has come to, as text: outcomes, verdict per property, what was reached and drawn, what failed. For terminals and logs, and
// beside the page as summary.txt.
//
// Leaves out how long it took, which is another each time.

import { renderNumber, renderTable } from "../../cli/tables.ts";
import { canReach, type OracleName } from "../../oracles/names.ts";
import type { Occurrence, PropertyCount, SweepTotals, SweepTrouble } from "../summary.ts";
import type { RunColumns } from "./page-data.ts";
import { failureText } from "./interval.ts";

const BAR = 40;
const TROUBLES_MAX = 10;
/** Ranges that sizes are told in. */
const SIZE_RANGES = [2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024];

/** The text in parts, so that a command may say where its results are before the verdict. */
export interface SweepText {
  /** Which sweep it is. */
  readonly head: string;
  readonly body: string;
  /** The last line, without its end. */
  readonly verdict: string;
}

/** What to tell beside the numbers. */
export interface TextOptions {
  /** The command that runs the run of a number again. */
  readonly againOf: (index: number) => string;
  /** What was kept of a failure, a line each. */
  readonly keptOf: (index: number) => readonly string[];
}

/** The text. */
export function renderSweepText(totals: SweepTotals, runs: RunColumns, { againOf, keptOf }: TextOptions): SweepText {
  const { manifest, runCount, missingCount, outcomes, topologyCount, steps, requests, unmet, troubles } = totals;
  const passed = passedCount(totals);
  const parts = [
    renderTable(
      ["outcome", "runs"],
      outcomes.filter(({ count }) => count > 0).map(({ name, count }) => [name, count]),
    ),
    ...runs.words
      .filter(({ name, words }) => name !== "outcome" && words.length > 1)
      .map(({ name, words, codes }) =>
        bars(
          name,
          words.map((word, code) => [word, countOf(codes, code)]),
        ),
      ),
    bars("cloudlets", sizes(runs)),
    totals.faults.every(({ count }) => count === 0) ? "" : bars("fault", occurring(totals.faults)),
    renderTable(
      ["property", "verdict", "runs judged", "violated", "share that breaks it"],
      totals.properties.map(propertyRow),
    ),
    renderTable(
      ["situation", "times", "in runs"],
      totals.marks.flatMap(({ name, count, runCount: runsWith }) => (count === 0 ? [] : [[name, count, runsWith]])),
    ),
    neverText(totals),
    troublesText(troubles, runCount - passed, { againOf, keptOf }),
    unmet.map((sentence) => `not as expected: ${sentence}\n`).join(""),
    `${renderNumber(topologyCount)} different topologies, ${renderNumber(requests)} requests, ${renderNumber(steps)} steps\n`,
  ];
  const missing = missingCount === 0 ? "" : `, ${renderNumber(missingCount)} not run`;
  const failed = runCount === 0 ? "" : `, failed ${failureText(runCount - passed, runCount)}`;
  return {
    head: `sweep ${manifest.name}, seed ${manifest.seed}, engine ${manifest.engine}`,
    body: parts.filter((part) => part !== "").join("\n"),
    verdict: `${verdictWord(totals)}: ${renderNumber(passed)} of ${renderNumber(runCount)} runs${missing}${failed}, digest ${totals.digest}`,
  };
}

function troublesText(troubles: readonly SweepTrouble[], count: number, { againOf, keptOf }: TextOptions): string {
  const shown = troubles.filter(({ index }, at) => at < TROUBLES_MAX || keptOf(index).length > 0);
  const told = shown.flatMap(({ index, seed, outcome, why }) => [
    `run ${index}, seed ${seed}: ${outcome}`,
    `  ${why}`,
    ...keptOf(index).map((line) => `  ${line}`),
    `  again: ${againOf(index)}`,
  ]);
  const more = count - shown.length;
  if (more > 0) told.push(`and ${renderNumber(more)} more`);
  return told.map((line) => `${line}\n`).join("");
}

/** What the exit code means. */
export function verdictWord({ exitCode }: Pick<SweepTotals, "exitCode">): string {
  return exitCode === 0 ? "passed" : exitCode === 3 ? "undecided" : "not passed";
}

/** Runs that passed. */
export function passedCount({ outcomes }: Pick<SweepTotals, "outcomes">): number {
  return outcomes.find(({ name }) => name === "passed")?.count ?? 0;
}

function propertyRow({ name, runsJudged, runsViolated, runsBroken }: PropertyCount): readonly (string | number)[] {
  const verdict =
    runsJudged === 0
      ? "not judged"
      : runsBroken > 0
        ? "violated"
        : runsViolated > 0
          ? "violated where not promised"
          : "holds";
  return [name, verdict, runsJudged, runsViolated, runsJudged === 0 ? "" : failureText(runsBroken, runsJudged)];
}

/** What no run has reached, by name; where nobody asked for operations or nobody was watched, none of what that takes. */
function neverText({ marks, properties }: SweepTotals): string {
  const isJudged = (name: OracleName): boolean => properties.some((one) => one.name === name && one.runsJudged > 0);
  const draws = { operations: isJudged("operation-ends"), aliveness: isJudged("mark-rules") };
  const names = marks.filter(({ name, count }) => count === 0 && canReach(name, draws)).map(({ name }) => name);
  return names.length === 0 ? "" : `never reached: ${names.join(", ")}\n`;
}

function occurring<Name extends string>(list: readonly Occurrence<Name>[]): readonly (readonly [string, number])[] {
  return list.map(({ name, runCount }) => [name, runCount]);
}

function countOf(codes: readonly number[], code: number): number {
  return codes.reduce((count, found) => count + (found === code ? 1 : 0), 0);
}

/** A bar per label, the longest of 40 characters. */
function bars(title: string, counts: readonly (readonly [string, number])[]): string {
  const most = Math.max(1, ...counts.map(([, count]) => count));
  return renderTable(
    [title, "runs", ""],
    counts.map(([label, count]) => [label, count, "#".repeat(Math.ceil((count / most) * BAR))]),
  );
}

function sizes({ numbers }: RunColumns): readonly (readonly [string, number])[] {
  const values = numbers.find(({ name }) => name === "cloudlets")?.values ?? [];
  const counts = SIZE_RANGES.map((end, at) => {
    const begin = (SIZE_RANGES[at - 1] ?? 0) + 1;
    const isLast = at === SIZE_RANGES.length - 1;
    const label = isLast ? `${begin} or more` : begin === end ? `${end}` : `${begin} to ${end}`;
    return [label, values.filter((size) => size !== null && size >= begin && (isLast || size <= end)).length] as const;
  });
  return counts.filter(([, count]) => count > 0);
}
