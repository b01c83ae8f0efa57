/**
 * Many swarm runs of one scenario, for `--runs` and `--for`: until there are so many, the time is over, or one did not pass. What they
 * prove is said as a bound: when none of n runs fails, fewer than 3 in n do, with 95 % confidence (Hanley and Lippman-Hand, "If
 * nothing goes wrong, is everything all right?", JAMA 1983).
 *
 * Leaves out what is drawn (swarm.ts) and single runs (conduct-run.ts).
 */
import { faultNames, type FaultName } from "../faults/table.ts";
import { summariseSweep } from "../run/sweep-summary.ts";
import type { SweepJob, SweepResult } from "../run/sweep.ts";
import { renderMarks } from "../run/render-sweep.ts";
import { runJobs } from "../workers/pool.ts";
import type { JobOutcome } from "../workers/worker.ts";
import type { Context, ScenarioOptions } from "./command.ts";
import { engineName } from "./engine.ts";
import type { ExitCode } from "./exit-codes.ts";
import { startProgress } from "./progress.ts";
import { loadSwarm } from "./swarm.ts";
import { renderNumber, renderTable } from "./tables.ts";
import { loadScenarioCode } from "./user-code.ts";
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
  /** The command without the swarm's seed, to repeat one of them. */
  readonly command: string;
}

const BATCH = 16;
const SHOWN_MAX = 5;
const JOB_TIME_LIMIT = 600_000;

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
  const progress = startProgress(io);
  try {
    while (!isOver(outcomes.length) && outcomes.every(isPassed)) {
      const jobs: SweepJob[] = [];
      const count = Math.min(BATCH, (order.runs ?? Infinity) - outcomes.length);
      for (let more = 0; more < count; more += 1) {
        const seed = `${order.swarm}/${seeds.length}`;
        const loaded = loadSwarm(context, order.file, seed, order);
        if (loaded === null) return;
        const equipped = await loadScenarioCode(context, order.file, loaded.read, order.allowCode);
        if (equipped === null) return;
        seeds.push(seed);
        for (const fault of loaded.swarm.faults) {
          const kind = faultNames.find((name) => name in fault);
          if (kind !== undefined) drawn.set(kind, (drawn.get(kind) ?? 0) + 1);
        }
        jobs.push({ kind: "scenario", scenario: equipped.scenario });
      }
      const entry = new URL(
        `../workers/simulation-worker.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`,
        import.meta.url,
      );
      outcomes.push(...(await runJobs<SweepJob, SweepResult>(jobs, { entry, timeLimitMilliseconds: JOB_TIME_LIMIT })));
      if (order.runs !== null) progress.advance(outcomes.length / order.runs);
      else if (order.time !== null) progress.advance((wallclockMilliseconds() - began) / (order.time / 1_000));
    }
  } finally {
    progress.stop();
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
  const n = outcomes.length;
  const failed = n - sweep.passedCount;
  const bound = failed === 0 ? `: rate below ${ratio(n)} at 95 %` : "";
  const verdict = failed === 0 ? colours.green("passed") : colours.red("not passed");
  io.stdout(
    `${verdict}: ${failed} failures in ${renderNumber(n)} runs${bound}, ${renderNumber(sweep.steps)} steps, digest ${sweep.digest}\n`,
  );
  context.exitCode = sweep.exitCode as ExitCode;
}

/** Three in n as a share. */
function ratio(n: number): string {
  return n <= 3 ? "100 %" : `${Number((300 / n).toPrecision(2))} %`;
}

function isPassed(outcome: JobOutcome<SweepResult>): boolean {
  return outcome.kind === "done" && outcome.result.verdict === "passed";
}
