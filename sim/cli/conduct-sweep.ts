/**
 * Runs a sweep for a person: takes its folder, shows how it goes on, ends cleanly when it is interrupted or its time is over, keeps the
 * first failures in their smallest form, and tells what it has come to.
 *
 * 1. The first Ctrl-C lets running cases end; what takes longer than some seconds then is given up.
 * 2. What is done is kept, in every case; `--resume` goes on.
 *
 * Leaves out reading the sweep (commands/sweep.ts) and keeping rows (sim/sweep/conduct.ts).
 */
import { setImmediate as turn } from "node:timers/promises";
import type { MergeFunctions } from "../../model/replication/resolver.ts";
import { CaseMaker } from "../sweep/case.ts";
import type { Range } from "../sweep/chunks.ts";
import { conductSweep, type Conducted } from "../sweep/conduct.ts";
import { type KeptFailure, keepFailure } from "../sweep/failures.ts";
import { openFolder, type SweepFolder } from "../sweep/folder.ts";
import { manifestOf } from "../sweep/manifest.ts";
import type { SweepPlan } from "../sweep/plan.ts";
import { openResults } from "../sweep/results.ts";
import { writeReports } from "../sweep/report/write-reports.ts";
import { summarise, type SweepTotals } from "../sweep/summary.ts";
import { type Context, shownPath } from "./command.ts";
import { engineName } from "./engine.ts";
import { watchInterruption, type Interruption } from "./interruption.ts";
import { startSweepProgress } from "./sweep-progress.ts";
import { renderNumber } from "./tables.ts";
import { tellSweep } from "./tell-sweep.ts";
import { wallclockMilliseconds } from "./wallclock.ts";

/** What to run. */
export interface SweepOrder {
  readonly plan: SweepPlan;
  /** The code of its sources, that may be run; left out: it has none. */
  readonly merges?: readonly MergeFunctions[];
  /** All cases, or those of a shard. */
  readonly cases: Range;
  /** The results folder, absolute. */
  readonly path: string;
  readonly resume: boolean;
  /** True: results that are there are thrown away. */
  readonly replaces?: boolean;
  readonly workerCount?: number;
  /** Microseconds of wall-clock time; absent: as long as it takes. */
  readonly time?: number;
  /** Microseconds of wall-clock time that one run may take; absent: two minutes. */
  readonly caseTime?: number;
  /** MiB of heap that one run may take; absent: 2 048. */
  readonly caseMemory?: number;
  /** How many failures are kept in their smallest form. */
  readonly shrinks: number;
  readonly json: boolean;
  /** The command that gives this order again, without where it writes. */
  readonly command: string;
}

const CASE_TIME_DEFAULT = 120_000_000;
const CASE_MEMORY_DEFAULT = 2_048;
/** Runs that one failure may take to shrink. */
const SHRINK_BUDGET = 400;
/** How long running cases are waited for after the first Ctrl-C. */
const GRACE_MILLISECONDS = 3_000;
const LOOK_MILLISECONDS = 100;

/** Column of a row with its outcome: behind the number, the seed, the plan's columns and the scenario's name. */
const outcomeAt = (plan: SweepPlan): number => 3 + plan.columns.length;

/** Runs, prints, and sets the exit code. Throws ResultsTrouble when the folder cannot be used or written. */
export async function conductSweepFor(context: Context, order: SweepOrder): Promise<void> {
  const { plan, path, cases, resume, replaces = false, json } = order;
  const { io } = context;
  const shown = shownPath(io, path);
  const folder = openFolder(path, manifestOf(plan, engineName(), cases), { resume, replaces });
  const interruption = watchInterruption();
  try {
    for (const note of folder.notes) io.stderr(`${note}\n`);
    if (!json) io.stdout(`${headOf(order, folder)}\n\n`);
    const { shown: drawn } = await run(context, order, folder, interruption);
    const results = openResults(path);
    const totals = await summarise(results);
    const kept = await keepFailures(order, totals, interruption);
    const text = await writeReports({
      results,
      totals,
      plan,
      ...(order.merges !== undefined && { merges: order.merges }),
      drawn,
      kept,
      repeat: order.command,
    });
    tellSweep(context, { totals, text, folder: shown, kept, json });
    context.exitCode = interruption.found() ?? totals.exitCode;
  } finally {
    interruption.stop();
    folder.close();
  }
}

function headOf({ plan, cases }: SweepOrder, { done }: SweepFolder): string {
  const count = cases.to - cases.from;
  const shard = count === plan.caseCount ? "" : ` of ${renderNumber(plan.caseCount)} (from ${cases.from} on)`;
  const before = done.reduce((sum, { from, to }) => sum + to - from, 0);
  const goingOn = before === 0 ? "" : `, ${renderNumber(before)} of them done before`;
  return `sweep ${plan.name}, seed ${plan.seed}, ${renderNumber(count)} runs${shard}${goingOn}, engine ${engineName()}`;
}

async function run(
  context: Context,
  order: SweepOrder,
  folder: SweepFolder,
  interruption: Interruption,
): Promise<Conducted> {
  const { plan, cases, workerCount, time, caseTime = CASE_TIME_DEFAULT, caseMemory = CASE_MEMORY_DEFAULT } = order;
  const before = folder.done.reduce((sum, { from, to }) => sum + to - from, 0);
  const progress = startSweepProgress(context.io, cases.to - cases.from - before);
  const endsAt = time === undefined ? Infinity : wallclockMilliseconds() + time / 1_000;
  const giveUp = new AbortController();
  let noticedAt = Infinity;
  const timer = setInterval(() => {
    if (interruption.found() === null) return;
    noticedAt = Math.min(noticedAt, wallclockMilliseconds());
    if (wallclockMilliseconds() - noticedAt >= GRACE_MILLISECONDS) giveUp.abort();
  }, LOOK_MILLISECONDS);
  try {
    return await conductSweep({
      plan,
      folder,
      ...(workerCount !== undefined && { workerCount }),
      timeLimitMilliseconds: Math.ceil(caseTime / 1_000),
      heapLimitMebibytes: caseMemory,
      signal: giveUp.signal,
      isStopping: () => interruption.found() !== null || wallclockMilliseconds() >= endsAt,
      onCase: (row) => progress.advance(row[outcomeAt(plan)] === "passed"),
    });
  } finally {
    clearInterval(timer);
    progress.stop();
  }
}

/** The first failures in the order of cases; none of them when it was interrupted. */
async function keepFailures(
  { plan, merges, path, shrinks }: SweepOrder,
  { troubles }: SweepTotals,
  interruption: Interruption,
): Promise<ReadonlyMap<number, KeptFailure>> {
  const kept = new Map<number, KeptFailure>();
  const maker = new CaseMaker(plan.sources, merges);
  for (const { index, outcome } of troubles) {
    if (kept.size >= shrinks || interruption.found() !== null) break;
    const failure = await keepFailure({
      maker,
      one: plan.caseAt(index),
      outcome,
      folder: path,
      engine: engineName(),
      budget: SHRINK_BUDGET,
      async pause() {
        await turn();
        return interruption.found() === null ? null : "interrupted";
      },
    });
    if (failure !== null) kept.set(index, failure);
  }
  return kept;
}
