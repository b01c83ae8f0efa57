/**
 * One run from the command line, for `run` and `replay` alike: outputs checked first, then the run, then what it says.
 *
 * Leaves out where the scenario comes from.
 */
import type { RunReport, RunVerdict } from "../run/report.ts";
import { plantTable } from "../plants/plants.ts";
import { checkDeterminism, runScenario } from "../run/runner.ts";
import type { Drawn } from "../scenario/expand-topology.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { renderDifference } from "../trace/compare.ts";
import { renderLines, type TraceNames } from "../trace/render.ts";
import { type Context, pathFrom, refuse } from "./command.ts";
import { engineName } from "./engine.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { openOutput, type OutputFile } from "./output-file.ts";
import { startProgress } from "./progress.ts";
import { renderReport } from "./render-report.ts";
import { renderReplay } from "./replay-file.ts";
import { toRunResult } from "./run-result.ts";
import { renderNumber } from "./tables.ts";

/** What to run and what to do with it. */
export interface RunOrder {
  readonly scenario: Scenario;
  readonly drawn: readonly Drawn[];
  /** A planted bug, or null. */
  readonly plant: string | null;
  /** Where to write the trace, as the user named it, or null. */
  readonly trace: string | null;
  readonly json: boolean;
  /** True: see first that the run repeats itself, event by event. */
  readonly twice: boolean;
  /** The digest that a replay expects; null for a first run. */
  readonly expected: string | null;
}

const verdictExitCodes: Readonly<Record<RunVerdict, ExitCode>> = {
  passed: exitCodes.passed,
  failed: exitCodes.failed,
  undecided: exitCodes.undecided,
};

/** Runs, prints, and sets the exit code. */
export function conductRun(context: Context, order: RunOrder): void {
  const { io, colours } = context;
  const { scenario, drawn, plant } = order;
  const traceFile = order.trace === null ? null : openTrace(context, order.trace);
  if (traceFile === "refused") return;
  if (!order.json) {
    io.stdout(`${["seed " + scenario.seed, ...drawn.map(([what, value]) => `${what} ${value}`)].join(", ")}\n`);
    const shows = scenario.shows.length === 0 ? "" : ` (${scenario.shows.join(", ")})`;
    const planted = plant === null ? "" : `, planted bug ${plant}`;
    io.stdout(`scenario ${scenario.name}${shows}, engine ${engineName()}${planted}\n\n`);
  }
  if (order.twice && !repeats(context, order)) {
    traceFile?.discard();
    return;
  }
  const report = execute(context, order, traceFile);
  const replay = report.verdict === "passed" || order.expected !== null ? null : leaveReplay(context, order, report);
  if (order.json) {
    io.stdout(`${JSON.stringify(toRunResult(report, drawn, replay), null, 2)}\n`);
  } else {
    io.stdout(`${renderReport(report, scenario, colours)}\n`);
    if (replay !== null) io.stdout(`replay: ${replay}\n`);
    const paint = report.verdict === "passed" ? colours.green : colours.red;
    io.stdout(`${paint(report.verdict)}: ${renderNumber(report.steps)} steps, digest ${report.digest}\n`);
  }
  context.exitCode = verdictExitCodes[report.verdict];
  if (order.expected === null) return;
  if (report.digest === order.expected) {
    io.stderr("the digest is the recorded one\n");
  } else {
    io.stderr(`expected digest ${order.expected}, found ${report.digest}: this is not the recorded run\n`);
    context.exitCode = exitCodes.failed;
  }
}

// A run that does not repeat itself is a bug of the simulator or of a plugged-in core, whatever its verdict would be.
function repeats(context: Context, { scenario, plant }: RunOrder): boolean {
  const planted = plantTable.find(({ name }) => name === plant);
  const repetition = checkDeterminism(scenario, planted === undefined ? {} : { plant: planted.rules });
  if (repetition.kind === "same") {
    context.io.stderr(`twice the same, event by event: digest ${repetition.digest}\n`);
    return true;
  }
  const { difference } = repetition;
  const where =
    difference === null ? "only the random streams end differently" : renderDifference(difference, namesOf(scenario));
  context.io.stderr(`the run does not repeat itself:\n${where}\n`);
  context.exitCode = exitCodes.internal;
  return false;
}

function execute(context: Context, order: RunOrder, traceFile: OutputFile | null): RunReport {
  const { scenario, plant } = order;
  const progress = startProgress(context.io);
  try {
    const names = namesOf(scenario);
    const planted = plantTable.find(({ name }) => name === plant);
    const { report } = runScenario(scenario, {
      ...(planted !== undefined && { plant: planted.rules }),
      ...(traceFile !== null && {
        trace: { sink: (rows) => traceFile.write([...renderLines(rows, "ndjson", names)].join("")) },
      }),
      engine: engineName(),
      onProgress: progress.advance,
    });
    traceFile?.commit();
    return report;
  } finally {
    progress.stop();
    traceFile?.discard();
  }
}

function namesOf(scenario: Scenario): TraceNames {
  return { cloudlet: (index) => scenario.topology.cloudlets[index]?.name ?? `c${index}` };
}

function openTrace(context: Context, argument: string): OutputFile | "refused" {
  const output = openOutput(pathFrom(context.io, argument), { overwrite: true });
  if (output.kind === "open") return output.file;
  refuse(context, `--trace ${argument}: ${output.why}`);
  return "refused";
}

/** Writes what is needed to repeat the run; returns the command, or null when nothing could be written. */
function leaveReplay(context: Context, { scenario, drawn, plant }: RunOrder, report: RunReport): string | null {
  const name = `causeway-replay-${report.digest.slice(0, 8)}.json`;
  const output = openOutput(pathFrom(context.io, name), { overwrite: true });
  if (output.kind === "refused") {
    context.io.stderr(`no replay file was left: ${name}: ${output.why}\n`);
    return null;
  }
  const { engine, digest, verdict } = report;
  output.file.write(renderReplay({ engine, digest, verdict, plant, drawn, scenario }));
  output.file.commit();
  return `npx causeway replay ${name}`;
}
