/**
 * `causeway check`: judges recorded histories against every consistency model, and explains what is violated.
 *
 * Leaves out reading and judging (model/consistency) and what is told of them (sim/check).
 */
import { existsSync } from "node:fs";
import { type Command, InvalidArgumentError } from "commander";
import {
  type CheckOutcome,
  type CheckReport,
  type FormatName,
  formats,
  type InitialValues,
  type ModelName,
  models,
  type Verdict,
} from "../../../model/consistency/index.ts";
import { checkFile, type CheckJob, type FileOutcome, type Unread } from "../../check/check-file.ts";
import { checkStream } from "../../check/check-stream.ts";
import { checkMany, type GivenUp } from "../../check/check-many.ts";
import { findFiles } from "../../check/find-files.ts";
import { renderPage } from "../../check/page.ts";
import { judgedVerdict, renderLine, renderReport, renderTally, renderUnread, unreadJson } from "../../check/render.ts";
import { drawExplanation } from "../../report/history/picture.ts";
import { type Context, pathFrom, refuse } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { OutputFailure, openOutput, type OutputFile } from "../output-file.ts";
import { known, parseFormat, parseInit, parseZero } from "../history-options.ts";
import { startProgress } from "../progress.ts";

const WORKERS_MAX = 1_000;

/** Options of the command. */
interface CheckCommandOptions {
  readonly model?: ModelName;
  readonly only?: readonly ModelName[];
  readonly format?: FormatName;
  readonly init?: InitialValues;
  readonly zero?: number | string;
  readonly explain?: boolean;
  readonly shrink?: boolean;
  readonly json?: boolean;
  readonly html?: string;
  readonly svg?: string;
  readonly workers?: number;
}

/** Adds the command to the program. */
export function addCheck(program: Command, context: Context): void {
  program
    .command("check")
    .summary("judge recorded histories against every consistency model")
    .description(
      "Judges recorded histories against every consistency model, names the weakest one violated and the strongest one " +
        "satisfied, and explains. A folder stands for all files in and below it; patterns are *, ?, **, [a-z], {a,b}.",
    )
    .argument("<file...>", "files, folders or patterns; - for JSON lines from standard input, checked as they come in")
    .option("--model <name>", "the model that the exit code judges; default: CCv, TCC for transactions", parseModel)
    .option(
      "--only <names>",
      "check only these models, with commas between them, and the judged one; may be repeated",
      collectModels,
    )
    .option(
      "--format <name>",
      `format of the files; default: told from the content (${formats.map(({ name }) => name).join(", ")})`,
      parseFormat,
    )
    .option("--init <policy>", "initial values: implicit, explicit or none; default: as the format has them", parseInit)
    .option(
      "--zero <value>",
      "a value that keys have in the beginning, such as 0; default: as the format has it",
      parseZero,
    )
    .option("--explain", "explain every violated model, not only the judged one")
    .option("--shrink", "find the smallest part of the history that violates the judged model, and explain that")
    .option("--json", "print one JSON object per file")
    .option("--html <file>", "write the report on one history as a page for a browser to this file")
    .option("--svg <file>", "write the picture of the violation to this file")
    .option("--workers <count>", "threads for many files; default: as many as the machine has cores", parseWorkers)
    .addHelpText("after", exitCodesHelp)
    .action(async (argv: readonly string[], options: CheckCommandOptions) => {
      await checkFiles(context, argv, options);
    });
}

const exitCodesHelp = `
Exit codes: 0 the judged model holds, 1 it is violated (in some file), 2 nothing violated, but a file cannot be
read, 3 undecided: a search gave up, or the model does not apply to this history.`;

async function checkFiles(context: Context, argv: readonly string[], options: CheckCommandOptions): Promise<void> {
  if (argv.includes("-")) {
    await tellStream(context, argv, options);
    return;
  }
  const { files, areMany, problems } = findFiles(context.io.cwd, argv);
  const { only } = options;
  const stray = only === undefined ? undefined : argv.find((name) => isMeantAsModel(context, name));
  if (only !== undefined && stray !== undefined) {
    const meant = [...only, stray].join(",");
    refuse(
      context,
      `${stray}: expected a file, found the name of a model; several are named with commas: --only ${meant}`,
    );
    return;
  }
  if (problems.length > 0) {
    refuse(context, problems.join("\n"));
    return;
  }
  const judged = options.model ?? null;
  const jobs = files.map(({ path, file }): CheckJob => ({
    path,
    file,
    format: options.format ?? null,
    init: options.init ?? null,
    zero: options.zero ?? null,
    judged,
    shrink: options.shrink === true,
    models:
      options.only === undefined
        ? null
        : [...options.only, ...(judged === null ? (["CCv", "TCC"] as const) : [judged])],
  }));
  const [job] = jobs;
  if (areMany || job === undefined) {
    for (const name of ["html", "svg"] as const) {
      if (options[name] === undefined) continue;
      refuse(context, `--${name}: expected one file to draw, found ${jobs.length}; name one of them`);
      return;
    }
    await tellMany(context, jobs, options);
  } else if (options.html !== undefined && options.svg !== undefined && isOneFile(context, options.html, options.svg)) {
    refuse(context, `--svg ${options.svg}: it is the file that --html names; name another path`);
  } else tellOne(context, job, options);
}

/** A word behind `--only MR` that names another model, and no file. */
function isMeantAsModel({ io }: Context, argument: string): boolean {
  return models.some(({ name }) => name === argument) && !existsSync(pathFrom(io, argument));
}

/** The second of two outputs in one file would take the first one's place. */
function isOneFile({ io }: Context, one: string, other: string): boolean {
  return pathFrom(io, one) === pathFrom(io, other);
}

// --- one file ---

function tellOne(context: Context, job: CheckJob, options: CheckCommandOptions): void {
  // Only to see that they can be written, before the work begins.
  for (const name of ["html", "svg"] as const) {
    const sample = openNamed(context, job, name, options[name]);
    if (sample === "refused") return;
    sample?.discard();
  }
  const outcome = checkFile(job);
  if (outcome.kind !== "checked") {
    tellUnread(context, job.file, outcome, options);
    return;
  }
  const { report } = outcome;
  const judged = options.model ?? report.defaultModel;
  tellReport(context, report, judged, options);
  writePictures(context, job, options, outcome, judged);
}

function tellReport(context: Context, report: CheckReport, judged: ModelName, options: CheckCommandOptions): void {
  const { io } = context;
  if (options.json === true) io.stdout(`${JSON.stringify(report, null, 2)}\n`);
  else io.stdout(renderReport(report, { judged, explain: options.explain === true }));
  context.exitCode = exitCodeOf(judgedVerdict(report, judged));
}

function tellUnread(context: Context, file: string, unread: Unread, options: CheckCommandOptions): void {
  if (options.json === true) context.io.stdout(`${JSON.stringify(unreadJson(file, unread), null, 2)}\n`);
  refuse(context, renderUnread(file, unread));
}

function writePictures(
  context: Context,
  job: CheckJob,
  options: CheckCommandOptions,
  { report, history, part }: Extract<CheckOutcome, { kind: "checked" }>,
  judged: ModelName,
): void {
  if (options.html !== undefined)
    write(context, job, "html", options.html, renderPage(report, { history, part }, judged));
  if (options.svg === undefined) return;
  const drawn =
    report.shrunk?.explanation ??
    report.explanations.find((told) => told.models.includes(judged)) ??
    report.explanations[0];
  if (drawn === undefined) context.io.stderr(`--svg ${options.svg}: nothing is violated, so nothing was drawn\n`);
  else
    write(
      context,
      job,
      "svg",
      options.svg,
      `${drawExplanation(part ?? history, drawn, { id: "picture", isAlone: true })}\n`,
    );
}

function write(context: Context, job: CheckJob, name: "html" | "svg", path: string, text: string): void {
  const file = openNamed(context, job, name, path);
  if (file === "refused" || file === null) return;
  try {
    file.write(text);
    file.commit();
  } catch (error) {
    if (!(error instanceof OutputFailure)) throw error;
    refuse(context, `--${name} ${path}: ${error.message}`);
  }
}

function openNamed(
  context: Context,
  job: CheckJob,
  name: "html" | "svg",
  path: string | undefined,
): OutputFile | "refused" | null {
  if (path === undefined) return null;
  const output = openOutput(pathFrom(context.io, path), { overwrite: true, inputs: [job.path] });
  if (output.kind === "open") return output.file;
  refuse(context, `--${name} ${path}: ${output.why}`);
  return "refused";
}

function exitCodeOf(verdict: Verdict["kind"]): ExitCode {
  switch (verdict) {
    case "holds":
      return exitCodes.passed;
    case "violated":
      return exitCodes.failed;
    case "unknown":
    case "not-applicable":
      return exitCodes.undecided;
  }
}

// --- a stream ---

async function tellStream(context: Context, argv: readonly string[], options: CheckCommandOptions): Promise<void> {
  const { io } = context;
  const unfit = (["html", "svg", "only", "shrink", "zero"] as const).find((name) => options[name] !== undefined);
  if (argv.length > 1 || unfit !== undefined || (options.format ?? "jsonl") !== "jsonl") {
    const what =
      argv.length > 1 ? "other files beside it" : unfit !== undefined ? `--${unfit}` : `--format ${options.format}`;
    refuse(
      context,
      `-: expected JSON lines from standard input and nothing else, found ${what}; record a file and check that`,
    );
    return;
  }
  const judged = options.model ?? null;
  const outcome = await checkStream(io.stdin?.() ?? noInput(), { file: "-", init: options.init ?? null, judged });
  if (outcome.kind === "checked") tellReport(context, outcome.report, judged ?? outcome.report.defaultModel, options);
  else tellUnread(context, "-", outcome, options);
}

async function* noInput(): AsyncGenerator<Uint8Array> {
  // Where nobody gave an input, it has ended.
}

// --- many files ---

async function tellMany(context: Context, jobs: readonly CheckJob[], options: CheckCommandOptions): Promise<void> {
  const { io } = context;
  const tally = { holds: 0, violated: 0, undecided: 0, unread: 0 };
  const progress = startProgress(io);
  const tell = (job: CheckJob, outcome: FileOutcome | GivenUp, done: number): void => {
    progress.advance(done / jobs.length);
    if (outcome.kind === "checked") {
      const judged = options.model ?? outcome.report.defaultModel;
      const verdict = judgedVerdict(outcome.report, judged);
      tally[verdict === "holds" || verdict === "violated" ? verdict : "undecided"] += 1;
      io.stdout(options.json === true ? `${JSON.stringify(outcome.report)}\n` : renderLine(outcome.report, judged));
    } else if (outcome.kind === "given-up") {
      tally.undecided += 1;
      io.stdout(
        options.json === true
          ? `${JSON.stringify({ file: job.file, undecided: outcome.why })}\n`
          : `${job.file}: undecided: ${outcome.why}\n`,
      );
    } else {
      tally.unread += 1;
      const { file } = job;
      io.stdout(options.json === true ? `${JSON.stringify(unreadJson(file, outcome))}\n` : renderUnread(file, outcome));
    }
  };
  await checkMany(jobs, options.workers ?? null, tell).finally(progress.stop);
  // One JSON object per file is all that a program is to read.
  (options.json === true ? io.stderr : io.stdout)(renderTally(tally));
  if (tally.violated > 0) context.exitCode = exitCodes.failed;
  else if (tally.unread > 0) context.exitCode = exitCodes.badInput;
  else if (tally.undecided > 0) context.exitCode = exitCodes.undecided;
}

// --- options ---

const modelNames = models.map(({ name }) => name);

function parseModel(text: string): ModelName {
  return known(text, modelNames, "the name of a model");
}

function collectModels(text: string, chosen: readonly ModelName[] | undefined): readonly ModelName[] {
  return [...(chosen ?? []), ...text.split(",").map((name) => parseModel(name.trim()))];
}

function parseWorkers(text: string): number {
  const count = /^[1-9][0-9]{0,3}$/.test(text) ? Number(text) : Number.NaN;
  if (count <= WORKERS_MAX) return count;
  throw new InvalidArgumentError(`expected a whole number from 1 to ${WORKERS_MAX}.`);
}
