/**
 * What a sweep has come to, as text or as one JSON object, and where its results are.
 *
 * Leaves out the text itself (sim/sweep/report/text.ts) and the running (conduct-sweep.ts).
 */
import { type Context, quoted } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import type { KeptFailure } from "../sweep/failures.ts";
import type { SweepText } from "../sweep/report/text.ts";
import { PAGE } from "../sweep/report/write-reports.ts";
import type { SweepTotals } from "../sweep/summary.ts";

/** What there is to tell. */
export interface SweepStory {
  readonly totals: SweepTotals;
  readonly text: SweepText;
  /** The results folder as a person in the working directory would write it. */
  readonly folder: string;
  /** By case: what was kept of failures. */
  readonly kept: ReadonlyMap<number, KeptFailure>;
  readonly json: boolean;
}

/** Prints it. */
export function tellSweep(context: Context, story: SweepStory): void {
  context.io.stdout(story.json ? asJson(story) : asText(context, story));
}

function asText({ colours }: Context, { totals, folder, text }: SweepStory): string {
  const { body, verdict } = text;
  const lines = [
    ...(totals.missingCount > 0 ? ["--resume goes on with what was not run"] : []),
    `report: ${folder}/${PAGE}`,
    `ask: npx causeway query ${quoted(folder)} "select outcome, count(*) from runs group by outcome"`,
  ];
  const coloured = totals.exitCode === exitCodes.passed ? colours.green : colours.red;
  // The first words alone: a whole line in one colour is hard to read.
  const [word = ""] = verdict.split(":");
  return `${body}\n${lines.join("\n")}\n${coloured(word)}${verdict.slice(word.length)}\n`;
}

function asJson({ totals, folder, kept }: SweepStory): string {
  const { manifest, ...rest } = totals;
  const { engine, name, seed, fingerprint, caseCount, cases } = manifest;
  const failures = Array.from(kept, ([index, failure]) => ({ index, ...failure }));
  const told = { "causeway-sweep": 1, engine, name, seed, fingerprint, caseCount, cases, folder, ...rest, failures };
  return `${JSON.stringify(told, null, 2)}\n`;
}
