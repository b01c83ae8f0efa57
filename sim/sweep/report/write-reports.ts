// Puts the reports of a sweep into its results folder: the page, the text, and JUnit XML, each whole or not at all. The same results give the
// same bytes.
//
// Leaves out the results themselves, and what the command prints (cli/tell-sweep.ts).

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { MergeFunctions } from "../../../model/replication/resolver.ts";
import { renderNumber } from "../../cli/tables.ts";
import { failurePlace, keptBefore, type KeptFailure } from "../failures.ts";
import { putFile } from "../files.ts";
import type { SweepPlan } from "../plan.ts";
import type { Results } from "../results.ts";
import type { SweepTotals } from "../summary.ts";
import { ResultsTrouble, whyNotWritten } from "../trouble.ts";
import { renderJunit } from "./junit.ts";
import { noMaps, showMaps } from "./maps.ts";
import { renderSweepPage, type ShownFailure } from "./page.ts";
import { readRunColumns } from "./page-data.ts";
import { showTopologies, type ShownTopology } from "./shown.ts";
import { renderSweepText, type SweepText } from "./text.ts";

/** What reports are made from. */
export interface ReportOrder {
  readonly results: Results;
  readonly totals: SweepTotals;
  /** Null where it is not at hand, as where shards are merged without it: then no topology is drawn. */
  readonly plan: SweepPlan | null;
  /** The code of its sources, where that may be run; left out, runs with code are not drawn. */
  readonly merges?: readonly MergeFunctions[];
  /** Runs that are drawn already, by their index. */
  readonly drawn?: ReadonlyMap<number, ShownTopology>;
  /** By run: what was kept of failures. */
  readonly kept: ReadonlyMap<number, KeptFailure>;
  /** The command that repeats the sweep. */
  readonly repeat: string;
}

/** The page's name in the results folder. */
export const PAGE = "report.html";

/**
 * Writes them.
 *
 * @returns the text
 * @throws ResultsTrouble when one cannot be written; the others, and those of before, stay
 */
export async function writeReports({
  results,
  totals,
  plan,
  merges,
  drawn,
  kept,
  repeat,
}: ReportOrder): Promise<SweepText> {
  const { folder } = results;
  const againOf = (index: number): string => `${repeat} --case ${index}`;
  const runs = await readRunColumns(results);
  const topologies = plan === null ? [] : await showTopologies(plan, results, merges, drawn);
  const maps = plan === null ? noMaps : await showMaps(plan, results);
  const failures = totals.troubles.map((trouble): ShownFailure => {
    const place = join(folder, failurePlace(trouble.index));
    return {
      ...trouble,
      again: againOf(trouble.index),
      scenario: readIfThere(join(place, "scenario.yaml")),
      picture: readIfThere(join(place, "picture.svg")),
    };
  });
  const text = renderSweepText(totals, runs, {
    againOf,
    keptOf: (index) => keptLines(kept.get(index) ?? keptBefore(folder, index)),
  });
  const files: readonly (readonly [string, string])[] = [
    [PAGE, renderSweepPage({ totals, runs, topologies, maps, failures, repeat })],
    ["summary.txt", `${text.head}\n\n${text.body}\n${text.verdict}\n`],
    ["junit.xml", renderJunit(totals, againOf)],
  ];
  for (const [name, content] of files) {
    try {
      putFile(join(folder, name), content);
    } catch (error) {
      throw new ResultsTrouble(join(folder, name), whyNotWritten(error));
    }
  }
  return text;
}

function keptLines(kept: KeptFailure | string | null): readonly string[] {
  if (kept === null) return [];
  if (typeof kept === "string") return [`kept before: ${kept}/replay.json`];
  const { place, target, cloudlets, runCount } = kept;
  const how =
    target === null
      ? "kept as it is"
      : `${cloudlets} cloudlets are left after ${renderNumber(runCount)} runs (${target})`;
  return [`${how}: ${place}/replay.json`];
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
