/**
 * Many swarm runs of one scenario, for `--runs` and `--for`: until there are so many, the time is over, or one did not pass. What they
 * prove is said as a bound: when none of n runs fails, fewer than 3 in n do, with 95 % confidence (Hanley and Lippman-Hand, "If
 * nothing goes wrong, is everything all right?", JAMA 1983).
 *
 * Leaves out what is drawn (swarm.ts) and single runs (conduct-run.ts).
 */
import { faultNames, type FaultName } from "../faults/table.ts";
import { summariseSweep } from "../run/sweep-summary.ts";
import { type SweepJob, type SweepResult, sweepResultOf } from "../run/sweep.ts";
import { renderMarks } from "../run/render-sweep.ts";
import type { FaultForm } from "../scenario/fault-places.ts";
import { Repeater } from "../twice/repeater.ts";
import { runJobs } from "../workers/pool.ts";
import type { JobOutcome } from "../workers/worker.ts";
import type { Context, ScenarioOptions } from "./command.ts";
import { engineName } from "./engine.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { startProgress } from "./progress.ts";
import { renderRepetition } from "./repeat.ts";
import { loadSwarm } from "./swarm.ts";
import { renderNumber, renderTable } from "./tables.ts";
import { type Equipped, loadScenarioCode } from "./user-code.ts";
import { wallclockMilliseconds } from "./wallclock.ts";

/** What to run. */
export interface SwarmOrder extends ScenarioOptions {
  readonly file: string;
  readonly swarm: string;
  /** How many runs at most; null: as many as the time allows. */
  readonly runs: number | null;
  /** Microseconds of wall-clock time; null: as long as it takes. */
  readonly time: number | null;
  readonly allowCode: boolean;
  /** True: each is run a second time in another thread, and the first that does not repeat itself ends the rest. */
  readonly twice: boolean;
  /** The command without the swarm's seed, to repeat one of them. */
  readonly command: string;
}

const BATCH = 16;
const SHOWN_MAX = 5;
const JOB_TIME_LIMIT = 600_000;

/** A run that was drawn. */
interface Drawn extends Equipped {
  readonly seed: string;
  readonly faults: readonly FaultForm[];
}

/** Carries out some runs; null where a second one was not the same, and everything has been said. */
type Carry = (runs: readonly Drawn[]) => Promise<readonly JobOutcome<SweepResult>[] | null>;

/** Runs, prints, and sets the exit code. */
export async function conductSwarm(context: Context, order: SwarmOrder): Promise<void> {
  const { io, colours } = context;
  const began = wallclockMilliseconds();
  const isOver = (count: number): boolean =>
    (order.runs !== null && count >= order.runs) ||
    (order.time !== null && wallclockMilliseconds() - began >= order.time / 1_000);
  io.stdout(`swarm ${order.swarm}, ${order.file}, engine ${engineName()}\n\n`);
  const outcomes: JobOutcome<SweepResult>[] = [];
  const drawn = new Map<FaultName, number>();
  const seeds: string[] = [];
  const repeater = order.twice ? new Repeater() : null;
  const carry: Carry = repeater === null ? runAll : (runs) => runTwice(context, order, repeater, runs);
  const progress = startProgress(io);
  try {
    while (!isOver(outcomes.length) && outcomes.every(isPassed)) {
      const batch: Drawn[] = [];
      const count = Math.min(order.twice ? 1 : BATCH, (order.runs ?? Infinity) - outcomes.length);
      for (let more = 0; more < count; more += 1) {
        const run = await draw(context, order, `${order.swarm}/${seeds.length}`);
        if (run === null) return;
        batch.push(run);
        seeds.push(run.seed);
        for (const fault of run.faults) {
          const kind = faultNames.find((name) => name in fault);
          if (kind !== undefined) drawn.set(kind, (drawn.get(kind) ?? 0) + 1);
        }
      }
      const carried = await carry(batch);
      if (carried === null) return;
      outcomes.push(...carried);
      if (order.runs !== null) progress.advance(outcomes.length / order.runs);
      else if (order.time !== null) progress.advance((wallclockMilliseconds() - began) / (order.time / 1_000));
    }
  } finally {
    progress.stop();
    await repeater?.end();
  }
  const sweep = summariseSweep(outcomes, []);
  io.stdout(
    `${renderTable(
      ["fault", "drawn"],
      faultNames.map((name) => [name, drawn.get(name) ?? 0]),
    )}\n`,
  );
  io.stdout(`${renderMarks(sweep)}\n`);
  for (const { index, result, why } of sweep.troubles.slice(0, SHOWN_MAX)) {
    io.stdout(`swarm ${seeds[index] ?? ""}: ${result?.verdict ?? "no result"}\n`);
    for (const sentence of why) io.stdout(`  ${sentence}\n`);
    io.stdout(`  again: ${order.command} --swarm ${seeds[index] ?? ""}\n`);
  }
  if (order.twice) io.stdout(`each run was the same in another thread, event by event\n`);
  const n = outcomes.length;
  const failed = n - sweep.passedCount;
  const bound = failed === 0 ? `: rate below ${ratio(n)} at 95 %` : "";
  const verdict = failed === 0 ? colours.green("passed") : colours.red("not passed");
  io.stdout(
    `${verdict}: ${failed} failures in ${renderNumber(n)} runs${bound}, ${renderNumber(sweep.steps)} steps, digest ${sweep.digest}\n`,
  );
  context.exitCode = sweep.exitCode as ExitCode;
}

/** Draws one run; null when it was refused, and everything has been said. */
async function draw(context: Context, order: SwarmOrder, seed: string): Promise<Drawn | null> {
  const loaded = loadSwarm(context, order.file, seed, order);
  if (loaded === null) return null;
  const equipped = await loadScenarioCode(context, order.file, loaded.read, order.allowCode);
  return equipped === null ? null : { ...equipped, seed, faults: loaded.swarm.faults };
}

async function runAll(runs: readonly Drawn[]): Promise<readonly JobOutcome<SweepResult>[]> {
  const jobs = runs.map(({ scenario }): SweepJob => ({ kind: "scenario", scenario }));
  const file = `../workers/simulation-worker.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`;
  const entry = new URL(file, import.meta.url);
  return runJobs<SweepJob, SweepResult>(jobs, { entry, timeLimitMilliseconds: JOB_TIME_LIMIT });
}

async function runTwice(
  context: Context,
  { command }: SwarmOrder,
  repeater: Repeater,
  runs: readonly Drawn[],
): Promise<readonly JobOutcome<SweepResult>[] | null> {
  const outcomes: JobOutcome<SweepResult>[] = [];
  for (const { scenario, resolvers, seed } of runs) {
    const repeated = await repeater.repeat({ scenario, resolvers, bug: null });
    if (repeated.kind === "different") {
      context.io.stderr(renderRepetition(repeated, scenario, `${command} --swarm ${seed} --twice`));
      context.exitCode = exitCodes.internal;
      return null;
    }
    outcomes.push({ kind: "done", result: sweepResultOf(scenario, repeated.outcome) });
  }
  return outcomes;
}

/** Three in n as a share. */
function ratio(n: number): string {
  return n <= 3 ? "100 %" : `${Number((300 / n).toPrecision(2))} %`;
}

function isPassed(outcome: JobOutcome<SweepResult>): boolean {
  return outcome.kind === "done" && outcome.result.verdict === "passed";
}
