/**
 * One run from the command line, for `run` and `replay` alike: outputs checked first, then the run, then what it says.
 *
 * Leaves out where the scenario comes from.
 */
import { setImmediate as turn } from "node:timers/promises";
import type { MergeFunctions } from "../../model/replication/resolver.ts";
import { HistoryText } from "../history/history-text.ts";
import { GivenUpRecord } from "../oracles/given-up.ts";
import { ResolverFailed } from "../resolvers/guard.ts";
import { renderPage } from "../report/page.ts";
import { SeriesWatcher } from "../report/series.ts";
import type { RunReport, RunVerdict } from "../run/report.ts";
import type { RunOutcome } from "../run/runner.ts";
import { bugOptions } from "../plants/leaks.ts";
import { runScenarioInSlices, type RunOptions } from "../run/runner.ts";
import type { Drawn } from "../scenario/expand-topology.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { renderLines } from "../trace/render.ts";
import type { TraceRows } from "../trace/trace.ts";
import { type Context, pathFrom, refuse } from "./command.ts";
import { engineName } from "./engine.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { watchInterruption } from "./interruption.ts";
import { OutputFailure, openOutput, type OutputFile } from "./output-file.ts";
import { startProgress } from "./progress.ts";
import { renderReport } from "./render-report.ts";
import { renderReplay } from "./replay-file.ts";
import { namesOf, repeatsItself } from "./repeat.ts";
import { toRunResult } from "./run-result.ts";
import { renderNumber } from "./tables.ts";

/** What to run and what to do with it. */
export interface RunOrder {
  readonly scenario: Scenario;
  /** The users' resolvers that its scopes name. */
  readonly resolvers: MergeFunctions;
  readonly drawn: readonly Drawn[];
  /** What else was drawn for it, in words: printed before the report. */
  readonly preface?: string;
  /** A planted bug, or null. */
  readonly plant: string | null;
  /** Where to write the trace, as the user named it, or null. */
  readonly trace: string | null;
  /** Where to write the report as a page, as the user named it, or null. */
  readonly html: string | null;
  /** Where to write what clients asked and were answered, as the user named it, or null. */
  readonly history: string | null;
  /** The command that gives this order again, for the page. */
  readonly command: string;
  /** The file that the order was read from, as the user named it: never written over. */
  readonly input: string;
  readonly json: boolean;
  /** True: see first that the run repeats itself, event by event, in another thread. */
  readonly twice: boolean;
  /** The digest that a replay expects; null for a first run. */
  readonly expected: string | null;
}

/** An option that names a file to write. */
type Output = "trace" | "html" | "history";

const verdictExitCodes: Readonly<Record<RunVerdict, ExitCode>> = {
  passed: exitCodes.passed,
  failed: exitCodes.failed,
  undecided: exitCodes.undecided,
};

/** Runs, prints, and sets the exit code. */
export async function conductRun(context: Context, order: RunOrder): Promise<void> {
  try {
    await runAndTell(context, order);
  } catch (error) {
    // Inputs that no law was tried on: the mistake is in the user's file all the same.
    if (!(error instanceof ResolverFailed)) throw error;
    refuse(context, error.message);
  }
}

async function runAndTell(context: Context, order: RunOrder): Promise<void> {
  const { io, colours } = context;
  const { scenario, drawn, plant } = order;
  // Only to see that it can be written: what comes before the run is not to leave a file when it is interrupted.
  if (areOneFile(context, order)) return;
  for (const option of ["trace", "html", "history"] as const) {
    const sample = openNamed(context, order, option);
    if (sample === "refused") return;
    sample?.discard();
  }
  if (!order.json) {
    io.stdout(`${["seed " + scenario.seed, ...drawn.map(([what, value]) => `${what} ${value}`)].join(", ")}\n`);
    const shows = scenario.shows.length === 0 ? "" : ` (${scenario.shows.join(", ")})`;
    const planted = plant === null ? "" : `, planted bug ${plant}`;
    const protocol = scenario.protocol === "causeway" ? "" : `, protocol ${scenario.protocol}`;
    io.stdout(`scenario ${scenario.name}${shows}${protocol}, engine ${engineName()}${planted}\n\n`);
    if (order.preface !== undefined) io.stdout(order.preface);
  }
  if (order.twice && !(await repeatsItself(context, order))) return;
  const ran = await execute(context, order);
  if (ran === null) return;
  const { report } = ran.outcome;
  const replay = report.verdict === "passed" || order.expected !== null ? null : leaveReplay(context, order, report);
  if (order.json) {
    io.stdout(`${JSON.stringify(toRunResult(report, drawn, replay), null, 2)}\n`);
  } else {
    io.stdout(`${renderReport(report, scenario, colours)}\n`);
    if (replay !== null) io.stdout(`replay: ${replay}\n`);
    if (replay !== null && isShrinkable(report, scenario)) {
      io.stdout(`shrink: ${replay.replace(" replay ", " shrink ")}\n`);
    }
    const paint = report.verdict === "passed" ? colours.green : colours.red;
    io.stdout(`${paint(report.verdict)}: ${renderNumber(report.steps)} steps, digest ${report.digest}\n`);
  }
  context.exitCode = verdictExitCodes[report.verdict];
  if (!writePage(context, order, ran, replay)) return;
  if (order.expected === null) return;
  if (report.digest === order.expected) {
    io.stderr("the digest is the recorded one\n");
  } else {
    io.stderr(`expected digest ${order.expected}, found ${report.digest}: this is not the recorded run\n`);
    context.exitCode = exitCodes.failed;
  }
}

// A mark that was not reached is not reached by the empty world either.
function isShrinkable({ properties }: RunReport, { expectations: { always, eventually, bounds } }: Scenario): boolean {
  const isViolated = properties.some(
    ([name, { verdict }]) => verdict === "violated" && (always.includes(name) || eventually.includes(name)),
  );
  return isViolated || bounds.length > 0;
}

/** A run that was carried out, and what followed it. */
interface Ran {
  readonly outcome: RunOutcome;
  /** Null where no page was asked for. */
  readonly watcher: SeriesWatcher | null;
}

/** Runs, and repeats that with all records kept where one that was given up turns out to matter; outputs begin anew then. */
async function execute(context: Context, order: RunOrder): Promise<Ran | null> {
  try {
    return await executeOnce(context, order, {});
  } catch (error) {
    if (!(error instanceof GivenUpRecord)) throw error;
    return executeOnce(context, order, { givesUpFrom: Infinity });
  }
}

/** Runs, and writes trace and history; null when one of them was given up, and everything has been said. */
async function executeOnce(context: Context, order: RunOrder, more: RunOptions): Promise<Ran | null> {
  const { scenario, plant } = order;
  const trace = openNamed(context, order, "trace");
  if (trace === "refused") return null;
  const history = openNamed(context, order, "history");
  if (history === "refused") {
    trace?.discard();
    return null;
  }
  const interruption = trace === null && history === null ? null : watchInterruption();
  const progress = startProgress(context.io);
  let writing: Output = "trace";
  const intoTrace = (text: string): void => {
    writing = "trace";
    trace?.write(text);
  };
  const intoHistory = (text: string): void => {
    writing = "history";
    history?.write(text);
  };
  try {
    const names = namesOf(scenario);
    const recording = history === null ? null : new HistoryText(scenario, intoHistory);
    let watcher: SeriesWatcher | null = null;
    const options: RunOptions = {
      ...more,
      ...(order.html !== null && {
        watch: (world, truth, redundancy) => (watcher = new SeriesWatcher(scenario, world, truth, redundancy)),
      }),
      ...bugOptions(plant),
      ...(trace !== null && {
        trace: { sink: (rows: TraceRows) => intoTrace([...renderLines(rows, "ndjson", names)].join("")) },
      }),
      ...(recording !== null && { observers: [recording.observer] }),
      resolvers: order.resolvers,
      engine: engineName(),
      onProgress: progress.advance,
    };
    const outcome = await runScenarioInSlices(scenario, options, async () => {
      if (interruption === null) return;
      await turn();
      const code = interruption.found();
      if (code !== null) throw new Interrupted(code);
    });
    recording?.end();
    writing = "trace";
    trace?.commit();
    writing = "history";
    history?.commit();
    if (recording !== null) context.io.stderr(recording.summary());
    return { outcome, watcher };
  } catch (error) {
    if (error instanceof OutputFailure) {
      refuse(context, `--${writing} ${order[writing]}: ${error.message}`);
      return null;
    }
    if (!(error instanceof Interrupted)) throw error;
    for (const option of ["trace", "history"] as const)
      if (order[option] !== null) context.io.stderr(`interrupted; --${option} ${order[option]}: was not written\n`);
    context.exitCode = error.code;
    return null;
  } finally {
    progress.stop();
    trace?.discard();
    history?.discard();
    interruption?.stop();
  }
}

/** Thrown between two slices of a run; never leaves this file. */
class Interrupted extends Error {
  readonly code: ExitCode;

  constructor(code: ExitCode) {
    super("interrupted");
    this.code = code;
  }
}

/** The output that an option names, begun; null where it is not given. */
function openNamed(context: Context, order: RunOrder, option: Output): OutputFile | "refused" | null {
  const path = order[option];
  if (path === null) return null;
  const inputs = [pathFrom(context.io, order.input)];
  const output = openOutput(pathFrom(context.io, path), { overwrite: true, inputs });
  if (output.kind === "open") return output.file;
  refuse(context, `--${option} ${path}: ${output.why}`);
  return "refused";
}

/** Two outputs in one file would leave one of them. */
function areOneFile(context: Context, order: RunOrder): boolean {
  const named = (["trace", "html", "history"] as const).filter((option) => order[option] !== null);
  const pathOf = (option: Output): string => pathFrom(context.io, order[option] ?? "");
  for (const [index, option] of named.entries()) {
    const other = named.slice(0, index).find((earlier) => pathOf(earlier) === pathOf(option));
    if (other === undefined) continue;
    refuse(context, `--${option} ${order[option]}: it is the file that --${other} names; name another path`);
    return true;
  }
  return false;
}

/** Writes the page, where one was asked for; false when it could not be, and everything has been said. */
function writePage(context: Context, order: RunOrder, { outcome, watcher }: Ran, replay: string | null): boolean {
  if (watcher === null) return true;
  const file = openNamed(context, order, "html");
  if (file === "refused" || file === null) return false;
  const { report, topology } = outcome;
  const { scenario, drawn, plant, command } = order;
  const series = watcher.series();
  try {
    file.write(renderPage({ report, scenario, topology, series, drawn, plant, repeat: replay ?? command }));
    file.commit();
  } catch (error) {
    if (!(error instanceof OutputFailure)) throw error;
    refuse(context, `--html ${order.html}: ${error.message}`);
    return false;
  }
  return true;
}

/** Writes what is needed to repeat the run; returns the command, or null when nothing could be written. */
function leaveReplay(context: Context, { scenario, drawn, plant, input }: RunOrder, report: RunReport): string | null {
  const name = `causeway-replay-${report.digest.slice(0, 8)}.json`;
  const output = openOutput(pathFrom(context.io, name), {
    overwrite: true,
    inputs: [pathFrom(context.io, input)],
  });
  if (output.kind === "refused") {
    context.io.stderr(`no replay file was left: ${name}: ${output.why}\n`);
    return null;
  }
  const { engine, digest, verdict } = report;
  try {
    output.file.write(renderReplay({ engine, digest, verdict, plant, drawn, scenario }));
    output.file.commit();
  } catch (error) {
    if (!(error instanceof OutputFailure)) throw error;
    context.io.stderr(`no replay file was left: ${name}: ${error.message}\n`);
    return null;
  }
  return `npx causeway replay ${name}${scenario.resolvers.length === 0 ? "" : " --allow-code"}`;
}
