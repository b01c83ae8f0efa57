// `npm start`: the first thing a stranger runs. Figure 1 of the position paper under partitions and skewed clocks, then a
// few hundred different random trees with their own troubles, and half of them once more under faults drawn from the whole table,
// each judged on every property.
//
// It fails unless every run passes, every kind of fault is drawn somewhere and every interesting case is met. Leaves out nothing of what it finds: a run
// that does not pass leaves a replay file and prints the command that repeats it.

import { Command, CommanderError, InvalidArgumentError } from "commander";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { engineName } from "./cli/engine.ts";
import { exitCodes } from "./cli/exit-codes.ts";
import type { Io } from "./cli/io.ts";
import { openOutput } from "./cli/output-file.ts";
import { startProgress } from "./cli/progress.ts";
import { renderReplay } from "./cli/replay-file.ts";
import { renderNumber } from "./cli/tables.ts";
import { wallclockMilliseconds } from "./cli/wallclock.ts";
import { type FaultName, faultNames } from "./faults/table.ts";
import { generatedScenario, generateScenario, sweepMarks } from "./run/generate.ts";
import { renderHistogram, renderMarks, renderProperties } from "./run/render-sweep.ts";
import { summariseSweep, type SweepTrouble } from "./run/sweep-summary.ts";
import { scenarioOf, type SweepJob, type SweepResult } from "./run/sweep.ts";
import { gravestExitCode } from "./run/verdict.ts";
import { readScenario } from "./scenario/read.ts";
import type { Scenario } from "./scenario/scenario.ts";
import { runJobs } from "./workers/pool.ts";
import { type FamilyName, TREE_SHAPES } from "../workloads/topologies/index.ts";

const RUN_COUNT_DEFAULT = 220;
const REQUESTS_MIN = 50;
/** Every so many trees are run once more, under faults from the table; each of these runs takes so many kinds for certain. */
const TREES_PER_FAULTS = 2;
const KINDS_PER_RUN = 2;
const TROUBLES_SHOWN_MAX = 5;
const JOB_TIME_LIMIT = 60_000;

interface Flags {
  readonly runs: number;
  readonly seed: string;
  readonly workers?: number;
}

/** A tree of the sweep. */
interface DrawnTree {
  readonly seed: string;
  readonly shape: FamilyName;
  readonly cloudlets: number;
}

/**
 * Runs the whole of it.
 *
 * @param argv words after `npm start --`
 * @returns the exit code: the gravest of all runs
 */
export async function start(argv: readonly string[], io: Io): Promise<number> {
  const command = new Command("npm start --")
    .description("Runs Figure 1 and a sweep over random trees, and judges every property.")
    .option("--runs <count>", "how many different trees", parseCount, RUN_COUNT_DEFAULT)
    .option("--seed <seed>", "what all trees are drawn from", "1")
    .option("--workers <count>", "threads; default: as many as the machine has cores", parseCount)
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
  const began = wallclockMilliseconds();
  io.stdout(`seed ${flags.seed}, ${flags.runs} trees, engine ${engineName()}\n\n`);

  const figure = readFigure1();
  const trees = drawTrees(flags);
  const jobs: SweepJob[] = [
    { kind: "scenario", scenario: figure },
    ...trees.map(({ seed }): SweepJob => ({ kind: "seed", seed })),
    ...faultJobs(trees),
  ];
  const progress = startProgress(io);
  let doneCount = 0;
  const outcomes = await runJobs<SweepJob, SweepResult>(
    jobs,
    {
      entry: workerEntry(),
      timeLimitMilliseconds: JOB_TIME_LIMIT,
      ...(flags.workers !== undefined && { workerCount: flags.workers }),
    },
    () => progress.advance((doneCount += 1) / jobs.length),
  ).finally(progress.stop);

  const whole = summariseSweep(outcomes, []);
  const first = summariseSweep(outcomes.slice(0, 1), []);
  const plain = summariseSweep(outcomes.slice(1, 1 + trees.length), []);
  const sweep = summariseSweep(outcomes.slice(1), sweepMarks);
  io.stdout(`Figure 1 under partitions, a crash and skewed clocks: ${renderNumber(first.requests)} requests, `);
  io.stdout(`${renderNumber(first.steps)} steps, ${first.passedCount === 1 ? "passed" : "not passed"}\n\n`);
  io.stdout(`${renderHistogram("cloudlets", sizeHistogram(trees))}\n`);
  io.stdout(
    `${renderHistogram(
      "shape",
      TREE_SHAPES.map((shape) => [shape, countOf(trees, shape)]),
    )}\n`,
  );
  io.stdout(
    `${renderHistogram(
      "fault",
      sweep.faults.map(({ name, runCount }) => [name, runCount]),
    )}\n`,
  );
  io.stdout(`${renderProperties(sweep, new Set(expectedProperties(trees)))}\n`);
  io.stdout(`${renderMarks(sweep)}\n`);

  const unmet: string[] = sweep.missedMarks.map((name) => `${name} was to be reached somewhere, and never was`);
  for (const { name, runCount } of sweep.faults) {
    if (runCount === 0) unmet.push(`a fault of kind ${name} was to be drawn somewhere, and never was`);
  }
  if (plain.requestsMin < REQUESTS_MIN)
    unmet.push(`a run had ${plain.requestsMin} requests, fewer than ${REQUESTS_MIN}`);
  for (const sentence of unmet) io.stdout(`not as expected: ${sentence}\n`);
  tellTroubles(io, jobs, whole.troubles);

  const exitCode = gravestExitCode([whole.exitCode, unmet.length > 0 ? exitCodes.failed : exitCodes.passed]);
  io.stderr(`${((wallclockMilliseconds() - began) / 1_000).toFixed(1)} s\n`);
  const verdict = exitCode === exitCodes.passed ? "passed" : "not passed";
  const runs = `${whole.passedCount} of ${whole.runCount} runs`;
  io.stdout(`${verdict}: ${runs}, ${renderNumber(whole.steps)} steps, digest ${whole.digest}\n`);
  return exitCode;
}

/** workloads/figure-1.yaml. */
function readFigure1(): Scenario {
  const file = fileURLToPath(new URL("../workloads/figure-1.yaml", import.meta.url));
  const read = readScenario(readFileSync(file, "utf8"), { file });
  if (read.kind === "invalid") throw new Error(read.problems.map(({ message }) => message).join("; "));
  return read.scenario;
}

/** Every other tree again; taken together these runs want every kind of fault, in turn. */
function faultJobs(trees: readonly DrawnTree[]): readonly SweepJob[] {
  return trees
    .filter((_, index) => index % TREES_PER_FAULTS === 0)
    .map(({ seed }, index): SweepJob => {
      const wanted = Array.from({ length: KINDS_PER_RUN }, (_, more) => {
        return faultNames[(index * KINDS_PER_RUN + more) % faultNames.length] as FaultName;
      });
      return { kind: "seed", seed, wanted };
    });
}

/** So many trees, no two alike in what matters. */
function drawTrees({ runs, seed }: Flags): readonly DrawnTree[] {
  const seen = new Set<string>();
  const trees: DrawnTree[] = [];
  for (let draw = 0; trees.length < runs; draw += 1) {
    const name = `${seed}-${draw}`;
    const { scenario, shape, fingerprint } = generateScenario(name);
    if (seen.has(fingerprint)) continue;
    seen.add(fingerprint);
    trees.push({ seed: name, shape, cloudlets: scenario.topology.cloudlets.length });
  }
  return trees;
}

function sizeHistogram(trees: readonly DrawnTree[]): readonly (readonly [string, number])[] {
  const bounds = [3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33];
  return bounds.slice(0, -1).map((from, index) => {
    const until = bounds[index + 1] as number;
    return [`${from} to ${until - 1}`, trees.filter(({ cloudlets }) => cloudlets >= from && cloudlets < until).length];
  });
}

function countOf(trees: readonly DrawnTree[], shape: FamilyName): number {
  return trees.filter((tree) => tree.shape === shape).length;
}

function expectedProperties(trees: readonly DrawnTree[]): readonly string[] {
  const [tree] = trees;
  if (tree === undefined) return [];
  const { always, eventually } = generatedScenario(tree.seed).expectations;
  return [...always, ...eventually];
}

function tellTroubles(io: Io, jobs: readonly SweepJob[], troubles: readonly SweepTrouble[]): void {
  for (const { index, result, why } of troubles.slice(0, TROUBLES_SHOWN_MAX)) {
    const job = jobs[index] as SweepJob;
    const { scenario } = scenarioOf(job);
    io.stdout(`${scenario.name}: ${result?.verdict ?? "no result"}\n`);
    for (const sentence of why) io.stdout(`  ${sentence}\n`);
    const name = `causeway-replay-${scenario.name}.json`;
    const output = openOutput(`${io.cwd}/${name}`, { overwrite: true });
    if (output.kind === "refused") {
      io.stdout(`  no replay file was left: ${output.why}\n`);
      continue;
    }
    const { digest, verdict } = result ?? { digest: "", verdict: "" };
    output.file.write(renderReplay({ engine: engineName(), digest, verdict, plant: null, drawn: [], scenario }));
    output.file.commit();
    io.stdout(`  replay: npx causeway replay ${name}\n`);
    io.stdout(`  shrink: npx causeway shrink ${name}\n`);
  }
  if (troubles.length > TROUBLES_SHOWN_MAX) {
    io.stdout(`and ${troubles.length - TROUBLES_SHOWN_MAX} more runs did not pass\n`);
  }
}

/** The worker's file: the source in a checkout. */
function workerEntry(): URL {
  return new URL("./workers/simulation-worker.ts", import.meta.url);
}

function parseCount(text: string): number {
  if (!/^[1-9][0-9]{0,5}$/.test(text)) throw new InvalidArgumentError("expected a whole number from 1 to 999999");
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
