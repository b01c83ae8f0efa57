/**
 * What a shrink leaves: the smallest world as a scenario file, a replay of it, and a few lines of text or one JSON object.
 *
 * Leaves out the search (sim/shrink).
 */
import { statSync } from "node:fs";
import { join } from "node:path";
import { InvariantViolation } from "../../model/assert.ts";
import type { RunReport } from "../run/report.ts";
import { runScenario, type RunOptions } from "../run/runner.ts";
import { formOf } from "../scenario/form-of.ts";
import { withModules } from "../scenario/form-of-modules.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { renderForm } from "../scenario/write.ts";
import type { Shrunk } from "../shrink/shrink.ts";
import { sizeOf } from "../shrink/size.ts";
import { targetName, type Target } from "../shrink/target.ts";
import { type Context, pathFrom, refuse, shownPath } from "./command.ts";
import { engineName } from "./engine.ts";
import { OutputFailure, openOutput } from "./output-file.ts";
import { renderReplay } from "./replay-file.ts";
import { renderNumber, renderTable } from "./tables.ts";

/** Where a shrink is written. */
export interface ShrunkPlace {
  /** Absolute. */
  readonly folder: string;
  readonly name: string;
  /** The file that was read, absolute: never written over. */
  readonly input: string;
}

/** What there is to tell. */
export interface ShrunkStory {
  readonly outcome: Shrunk;
  readonly target: Target;
  readonly run: RunOptions;
  readonly plant: string | null;
  readonly budget: number;
  /** One JSON object in place of the lines. */
  readonly json: boolean;
}

/** Sees that the files can be written before the work begins; null when they cannot, and everything has been said. */
export function openShrunk(
  context: Context,
  { file, folder, scenario }: { readonly file: string; readonly folder: string; readonly scenario: Scenario },
): ShrunkPlace | null {
  const path = pathFrom(context.io, folder);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) {
    refuse(context, `--out ${folder}: expected a directory, found none; make it first, or name another one`);
    return null;
  }
  const name = `${scenario.name.replace(/[^\w.-]+/g, "-").slice(0, 80)}-shrunk`;
  const place = { folder: path, name, input: pathFrom(context.io, file) };
  const output = openOutput(join(path, `${name}.yaml`), { overwrite: true, inputs: [place.input] });
  if (output.kind === "open") {
    output.file.discard();
    return place;
  }
  refuse(context, `${join(folder, `${name}.yaml`)}: ${output.why}`);
  return null;
}

/** Writes both files and says what came of it; false when one of them could not be written. */
export function tellShrunk(context: Context, place: ShrunkPlace, story: ShrunkStory): boolean {
  const { io } = context;
  const { outcome, run, plant } = story;
  const scenario: Scenario = { ...outcome.smallest.scenario, name: place.name };
  const text = renderForm(withModules(formOf(scenario), scenario, place.folder));
  const report = reportOf(scenario, run);
  const digest = report?.digest ?? "";
  const files: [path: string, text: string][] = [
    [join(place.folder, `${place.name}.yaml`), text],
    [
      join(place.folder, `causeway-replay-${place.name}.json`),
      renderReplay({ engine: engineName(), digest, verdict: report?.verdict ?? "", plant, drawn: [], scenario }),
    ],
  ];
  for (const [path, content] of files) if (!write(context, path, content, place.input)) return false;
  const left: Left = { scenario, text, report, paths: files.map(([path]) => shownPath(io, path)) as [string, string] };
  io.stdout(story.json ? asJson(story, left) : asText(story, left));
  return true;
}

/** What is left, as it was written. */
interface Left {
  readonly scenario: Scenario;
  readonly text: string;
  /** Null where a broken invariant stops the run. */
  readonly report: RunReport | null;
  readonly paths: readonly [scenario: string, replay: string];
}

function asText(story: ShrunkStory, { scenario, text, report, paths: [scenarioPath, replayPath] }: Left): string {
  const { outcome, target, plant } = story;
  const notes = [
    outcome.isMaterialised ? "" : "its clients draw their requests: written down as a script they do not show it\n",
    outcome.isThereAnyway ? `without the planted bug it is there, too: nothing is said about ${plant}\n` : "",
  ];
  const sentences = evidenceOf(target, report).map((sentence) => `${sentence}\n`);
  const code = scenario.resolvers.length === 0 ? "" : " --allow-code";
  const planted = plant === null ? "" : ` --plant ${plant}`;
  return [
    `${tableOf(outcome)}\n${ending(story)}\n`,
    ...notes,
    `\n${text}\n`,
    ...sentences,
    `scenario: npx causeway run ${scenarioPath}${planted}${code}\n`,
    `replay: npx causeway replay ${replayPath}${code}\n`,
  ].join("");
}

/** One JSON object, with the smallest world in it. */
function asJson(story: ShrunkStory, { scenario, text, report, paths: [scenarioPath, replayPath] }: Left): string {
  const { outcome, target, plant, budget } = story;
  const { first, materialised, isMaterialised, isThereAnyway, runCount, ending } = outcome;
  const before = { ...materialised.size, lines: linesOf(materialised.text) };
  const after = { ...sizeOf(scenario), lines: linesOf(text) };
  const shrunk = {
    "causeway-shrink": 1,
    engine: engineName(),
    scenario: first.name,
    seed: first.seed,
    plant,
    target: targetName(target),
    ending,
    runs: runCount,
    budget,
    isMaterialised,
    isThereAnyway,
    before,
    after,
    evidence: evidenceOf(target, report),
    digest: report?.digest ?? null,
    files: { scenario: scenarioPath, replay: replayPath },
    smallest: text,
  };
  return `${JSON.stringify(shrunk, null, 2)}\n`;
}

/** What its run does not keep, in words; the broken invariant where that stops it. */
function evidenceOf(target: Target, report: RunReport | null): readonly string[] {
  return report === null ? [targetName(target)] : report.unmet;
}

function reportOf(scenario: Scenario, run: RunOptions): RunReport | null {
  try {
    return runScenario(scenario, run).report;
  } catch (error) {
    // What is left is a world that a broken invariant stops: it has no report.
    if (error instanceof InvariantViolation) return null;
    throw error;
  }
}

function tableOf({ materialised, smallest }: Shrunk): string {
  const [before, after] = [materialised.size, sizeOf(smallest.scenario)];
  const rows = (Object.keys(before) as (keyof typeof before)[]).map((what) => [what, before[what], after[what]]);
  return renderTable(["", "before", "after"], [...rows, ["lines", linesOf(materialised.text), linesOf(smallest.text)]]);
}

function linesOf(text: string): number {
  return text.split("\n").length - 1;
}

function ending({ outcome, budget }: ShrunkStory): string {
  const runs = `${renderNumber(outcome.runCount)} runs`;
  switch (outcome.ending) {
    case "smallest":
      return `${runs}: nothing more can be taken away`;
    case "budget":
      return `${runs}: the budget is used up, and more might go; --budget ${budget * 2} goes on`;
    case "time":
      return `${runs}: the time is up; on another machine less or more may be left (--budget counts runs instead)`;
    case "interrupted":
      return `${runs}: interrupted; this is the smallest world so far`;
  }
}

function write(context: Context, path: string, text: string, input: string): boolean {
  const shown = shownPath(context.io, path);
  const output = openOutput(path, { overwrite: true, inputs: [input] });
  if (output.kind === "refused") {
    refuse(context, `${shown}: ${output.why}`);
    return false;
  }
  try {
    output.file.write(text);
    output.file.commit();
    return true;
  } catch (error) {
    if (!(error instanceof OutputFailure)) throw error;
    refuse(context, `${shown}: ${error.message}`);
    return false;
  }
}
