/**
 * `causeway sweep FILE`: many runs on all processors, with results to query; and `causeway merge`, which puts shards together.
 *
 * Leaves out the running (conduct-sweep.ts) and what a sweep file says (sim/sweep/read-sweep.ts).
 */
import { type Command, InvalidArgumentError } from "commander";
import { readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { isMap, parseDocument } from "yaml";
import { TEXT_SIZE_MAX } from "../../scenario/document.ts";
import { readInputFile, whyUnreadable } from "../../scenario/file.ts";
import { renderProblems } from "../../scenario/problem.ts";
import { CASES_MAX } from "../../sweep/schema-sweep.ts";
import { shardRange } from "../../sweep/chunks.ts";
import { mergeResults } from "../../sweep/merge.ts";
import type { SweepPlan } from "../../sweep/plan.ts";
import { readSweep, type SweepFiles } from "../../sweep/read-sweep.ts";
import { openResults } from "../../sweep/results.ts";
import type { KeptFailure } from "../../sweep/failures.ts";
import { writeReports } from "../../sweep/report/write-reports.ts";
import { summarise } from "../../sweep/summary.ts";
import { ResultsTrouble } from "../../sweep/trouble.ts";
import { type Context, pathFrom, quoted, refuse, shownPath } from "../command.ts";
import { conductSweepFor } from "../conduct-sweep.ts";
import { runOneCase } from "../run-one-case.ts";
import { readShard, type Shard } from "../sweep-shard.ts";
import { tellSweep } from "../tell-sweep.ts";
import { allowCodeSays, loadPlanCode } from "../user-code.ts";
import { parseTime } from "./run.ts";

interface SweepCommandOptions {
  readonly out?: string;
  readonly workers?: number;
  readonly for?: number;
  readonly shard?: string;
  readonly resume?: boolean;
  readonly json?: boolean;
  readonly caseTime?: number;
  readonly caseMemory?: number;
  readonly shrink: number;
  readonly seedFromCommit?: string;
  readonly case?: number;
  readonly allowCode?: boolean;
}

interface MergeCommandOptions {
  readonly sweep?: string;
  readonly seedFromCommit?: string;
  readonly json?: boolean;
}

const WORKERS_MAX = 1_000;
/** With less than this a worker does not even start. */
const CASE_MEMORY_MIN = 64;
const CASE_MEMORY_MAX = 1_048_576;
const SHRINKS_DEFAULT = 3;

/** Adds the command to the program. */
export function addSweep(program: Command, context: Context): void {
  program
    .command("sweep")
    .summary("run many scenarios on all processors")
    .description(
      "Runs every case of a sweep file, and keeps a row of each in a results folder. Ends with the gravest of all verdicts. What was " +
        "interrupted goes on with --resume.",
    )
    .argument("<file>", "the sweep")
    .option("--out <folder>", "where results go (default: results/ and the sweep's name)")
    .option("--workers <count>", "threads (default: as many as the machine has cores)", countParser(1, WORKERS_MAX))
    .option("--for <duration>", "as many runs as fit into this time, such as 5m", parseTime)
    .option("--shard <i/n>", "the i-th of n parts; auto or auto/n: as Slurm or Kubernetes says")
    .option("--resume", "go on with what is in the folder")
    .option("--case-time <duration>", "what one run may take before it is given up (default: 2m)", parseTime)
    .option(
      "--case-memory <MiB>",
      "heap that one run may take (default: 2048)",
      countParser(CASE_MEMORY_MIN, CASE_MEMORY_MAX),
    )
    .option("--json", "print one JSON object instead of text")
    .option(
      "--shrink <count>",
      "how many failures to cut down to their smallest form",
      countParser(0, 1_000),
      SHRINKS_DEFAULT,
    )
    .option("--case <number>", "run this one by itself and tell all of it", countParser(0, CASES_MAX))
    .option("--seed-from-commit <sha>", "draw from this commit's hash instead of the file's seed", parseCommit)
    .option("--allow-code", allowCodeSays)
    .action(async (file: string, options: SweepCommandOptions) => {
      await guarded(context, () => sweep(context, file, options));
    });
}

/** Adds the command to the program. */
export function addMerge(program: Command, context: Context): void {
  program
    .command("merge")
    .summary("put the results of shards together")
    .description("Makes one results folder of those of all shards of a sweep. Nothing may be missing, or there twice.")
    .argument("<out>", "the new folder")
    .argument("<folder...>", "results folders of shards")
    .option("--sweep <file>", "the sweep's file: topologies are drawn by it, and commands that repeat a run name it")
    .option("--seed-from-commit <sha>", "with --sweep: what the shards were given", parseCommit)
    .option("--json", "print one JSON object instead of text")
    .action(async (out: string, folders: readonly string[], options: MergeCommandOptions) => {
      await guarded(context, () => merge(context, out, folders, options));
    });
}

async function merge(
  context: Context,
  out: string,
  folders: readonly string[],
  { sweep: file, seedFromCommit, json = false }: MergeCommandOptions,
): Promise<void> {
  const { io } = context;
  const shards = folders.map((folder) => pathFrom(io, folder));
  const plan = file === undefined ? null : readPlan(context, file, seedFromCommit);
  if (file !== undefined) {
    if (plan === null) return;
    if (shards.some((shard) => openResults(shard).manifest.fingerprint !== plan.fingerprint)) {
      const why =
        "expected the sweep that these are results of, found another; name the file that made them as it was then";
      refuse(context, `${file}: ${why}`);
      return;
    }
  }
  const path = pathFrom(io, out);
  const results = mergeResults(path, shards);
  const totals = await summarise(results);
  const kept = new Map<number, KeptFailure>();
  const repeat = repeating(file ?? "FILE", seedFromCommit);
  const text = await writeReports({ results, totals, plan, kept, repeat });
  tellSweep(context, { totals, text, folder: shownPath(io, path), kept, json });
  context.exitCode = totals.exitCode;
}

async function sweep(context: Context, file: string, options: SweepCommandOptions): Promise<void> {
  const shard = shardOf(context, options.shard);
  const plan = shard === "refused" ? null : readPlan(context, file, options.seedFromCommit);
  if (plan === null || shard === "refused") return;
  const merges = await loadPlanCode(context, plan, options.allowCode === true);
  if (merges === null) return;
  const command = `${repeating(file, options.seedFromCommit)}${plan.code === undefined ? "" : " --allow-code"}`;
  if (options.case !== undefined) {
    await runOneCase(context, { plan, merges, index: options.case, command, json: options.json === true });
    return;
  }
  const suffix = shard === null ? "" : `-shard-${shard.shard}-of-${shard.of}`;
  const {
    out = join("results", `${folderName(plan.name)}${suffix}`),
    workers,
    for: time,
    caseTime,
    caseMemory,
  } = options;
  const cases = shard === null ? { from: 0, to: plan.caseCount } : shardRange(plan.caseCount, shard.shard, shard.of);
  await conductSweepFor(context, {
    plan,
    merges,
    cases,
    path: pathFrom(context.io, out),
    resume: options.resume === true,
    ...(workers !== undefined && { workerCount: workers }),
    ...(time !== undefined && { time }),
    ...(caseTime !== undefined && { caseTime }),
    ...(caseMemory !== undefined && { caseMemory }),
    shrinks: options.shrink,
    json: options.json === true,
    command,
  });
}

/** A sweep's name as that of one folder: a file from elsewhere does not choose a place outside of results. */
function folderName(name: string): string {
  return name.replaceAll(/[/\\]/g, "-").replace(/^\.+$/, "-");
}

function repeating(file: string, commit: string | undefined): string {
  return `npx causeway sweep ${quoted(file)}${commit === undefined ? "" : ` --seed-from-commit ${commit}`}`;
}

function shardOf(context: Context, text: string | undefined): Shard | null | "refused" {
  if (text === undefined) return null;
  const outcome = readShard(text, process.env);
  if (outcome.kind === "shard") return outcome;
  refuse(context, `--shard ${text}: ${outcome.why}`);
  return "refused";
}

function readPlan(context: Context, file: string, commit: string | undefined): SweepPlan | null {
  const path = pathFrom(context.io, file);
  const content = readInputFile(path, TEXT_SIZE_MAX);
  if (content.kind === "refused") {
    refuse(context, `${file}: ${content.why}`);
    return null;
  }
  const text = commit === undefined ? content.text : seededBy(content.text, commit);
  const outcome = readSweep(file, text, filesBeside(path));
  if (outcome.kind === "plan") return outcome.plan;
  refuse(context, renderProblems(outcome.problems));
  return null;
}

/** Files that a sweep in this file names. */
export function filesBeside(path: string): SweepFiles {
  const folder = dirname(path);
  return {
    url: (name) => pathToFileURL(resolve(folder, name)).href,
    text: (name, sizeMax = TEXT_SIZE_MAX) => readInputFile(resolve(folder, name), sizeMax),
    list(name) {
      try {
        return { kind: "names", names: readdirSync(resolve(folder, name)) };
      } catch (error) {
        return { kind: "refused", why: whyUnreadable(error) };
      }
    },
  };
}

/** The text with another seed. What is wrong with it is told when it is read. */
function seededBy(text: string, commit: string): string {
  const document = parseDocument(text);
  if (!isMap(document.contents)) return text;
  document.set("seed", commit);
  return document.toString({ lineWidth: 0 });
}

async function guarded(context: Context, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ResultsTrouble)) throw error;
    refuse(context, error.message);
  }
}

function countParser(least: number, most: number): (text: string) => number {
  return (text) => {
    const count = /^(0|[1-9][0-9]{0,6})$/.test(text) ? Number(text) : Number.NaN;
    if (count >= least && count <= most) return count;
    throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}.`);
  };
}

function parseCommit(text: string): string {
  if (/^[0-9a-f]{7,64}$/i.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError("expected the hash of a commit: 7 to 64 hexadecimal digits.");
}
