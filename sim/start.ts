// `npm start`: the first thing a stranger runs. A sweep over two thousand and more topologies of nine families (workloads/sweeps/start.yaml),
// under faults drawn from the whole table, each run judged on every property. It ends with a verdict, a summary, and a page to look at.
//
// It fails unless every run passes, every kind of fault is drawn somewhere, and every interesting case is met. Of another number of runs
// than the file's nothing is expected together: few runs cannot meet everything. Leaves out how sweeps are run (cli/conduct-sweep.ts).

import { Command, CommanderError, InvalidArgumentError } from "commander";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseDocument } from "yaml";
import { type Context, createContext, parseSeed, quoted } from "./cli/command.ts";
import { conductSweepFor } from "./cli/conduct-sweep.ts";
import { exitCodes } from "./cli/exit-codes.ts";
import type { Io } from "./cli/io.ts";
import { runOneCase } from "./cli/run-one-case.ts";
import { wallclockMilliseconds } from "./cli/wallclock.ts";
import { filesBeside } from "./cli/commands/sweep.ts";
import type { SweepPlan } from "./sweep/plan.ts";
import { readSweep } from "./sweep/read-sweep.ts";
import { ResultsTrouble } from "./sweep/trouble.ts";

interface Flags {
  readonly runs?: number;
  readonly seed?: string;
  readonly workers?: number;
  readonly out: string;
  readonly case?: number;
}

const SWEEP = fileURLToPath(new URL("../workloads/sweeps/start.yaml", import.meta.url));
/** Failures that are cut down to their smallest form. */
const SHRINKS = 3;

/**
 * Runs the whole of it.
 *
 * @param argv words after `npm start --`
 * @returns the exit code: the gravest of all runs
 */
export async function start(argv: readonly string[], io: Io): Promise<number> {
  const command = new Command("npm start --")
    .description("Sweeps over trees of nine families under faults of every kind, and judges every property.")
    .option("--runs <count>", "so many runs, and nothing is expected of them together", parseCount)
    .option("--seed <seed>", "what all runs are drawn from (default: 1)", parseSeed)
    .option("--workers <count>", "threads; default: as many as the machine has cores", parseCount)
    .option("--out <folder>", "where results go; those of an earlier start are replaced", join("results", "start"))
    .option("--case <number>", "run this one by itself and tell all of it", parseNumber)
    .allowExcessArguments(false)
    .configureOutput({ writeOut: io.stdout, writeErr: io.stderr })
    .exitOverride();
  try {
    command.parse(argv, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.passed : exitCodes.badInput;
    throw error;
  }
  const flags = command.opts<Flags>();
  const context = createContext(io);
  const began = wallclockMilliseconds();
  try {
    await run(context, flags);
  } catch (error) {
    if (!(error instanceof ResultsTrouble)) throw error;
    io.stderr(`${error.message}\n`);
    context.exitCode = exitCodes.badInput;
  }
  io.stderr(`${((wallclockMilliseconds() - began) / 1_000).toFixed(1)} s\n`);
  return context.exitCode;
}

async function run(context: Context, flags: Flags): Promise<void> {
  const plan = readPlan(flags);
  const { workers, runs, seed, out } = flags;
  const given = [
    ...(seed === undefined ? [] : [`--seed ${quoted(seed)}`]),
    ...(runs === undefined ? [] : [`--runs ${runs}`]),
  ];
  const repeat = `npm start --${given.map((word) => ` ${word}`).join("")}`;
  if (flags.case !== undefined) {
    await runOneCase(context, { plan, merges: [], index: flags.case, command: repeat, json: false });
    return;
  }
  await conductSweepFor(context, {
    plan,
    cases: { from: 0, to: plan.caseCount },
    path: resolve(context.io.cwd, out),
    resume: false,
    replaces: true,
    ...(workers !== undefined && { workerCount: workers }),
    shrinks: SHRINKS,
    json: false,
    command: repeat,
  });
}

/** The file's plan, with another seed or another number of runs. */
function readPlan({ runs, seed }: Flags): SweepPlan {
  const document = parseDocument(readFileSync(SWEEP, "utf8"));
  if (seed !== undefined) document.set("seed", seed);
  if (runs !== undefined) {
    document.set("choose", { latin: runs });
    document.delete("expectations");
  }
  const outcome = readSweep("start.yaml", document.toString({ lineWidth: 0 }), filesBeside(SWEEP));
  if (outcome.kind === "plan") return outcome.plan;
  throw new Error(outcome.problems.map(({ message }) => message).join("; "));
}

function parseCount(text: string): number {
  if (!/^[1-9][0-9]{0,5}$/.test(text)) throw new InvalidArgumentError("expected a whole number from 1 to 999999");
  return Number(text);
}

function parseNumber(text: string): number {
  if (!/^(0|[1-9][0-9]{0,5})$/.test(text)) throw new InvalidArgumentError("expected the number of a run");
  return Number(text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = await start(process.argv.slice(2), {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    isTerminal: process.stderr.isTTY,
    cwd: process.cwd(),
  });
}
