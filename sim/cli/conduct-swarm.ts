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
import { kindOf } from "../swarm/under-faults.ts";
import { Repeater } from "../twice/repeater.ts";
import { runJobs } from "../workers/pool.ts";
import type { JobOutcome } from "../workers/worker.ts";
import type { ScenarioSource } from "../scenario/read.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { type Context, refuse, type ScenarioOptions, sourceOptions } from "./command.ts";
import { engineName } from "./engine.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { startProgress } from "./progress.ts";
import { renderRepetition } from "./repeat.ts";
import { loadSwarm } from "./swarm.ts";
import { renderNumber, renderTable } from "./tables.ts";
import { type Equipped, loadScenarioCode } from "./user-code.ts";
import { failureInterval, percentText } from "../sweep/report/interval.ts";
import { wallclockMilliseconds } from "./wallclock.ts";

/** What to run. */
export interface SwarmOrder extends ScenarioOptions {
  readonly source: ScenarioSource;
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

/** After a run that did not pass its batch is finished, so that what is told does not depend on how many run at once. */
const BATCH = 16;
const SHOWN_MAX = 5;
const JOB_TIME_LIMIT = 600_000;

/** Runs, prints, and sets the exit code. */
export async function conductSwarm(context: Context, order: SwarmOrder): Promise<void> {
  const { io, colours } = context;
  const drawing = await Drawing.of(context, order);
  if (drawing === null) return;
  io.stdout(`swarm ${order.swarm}, ${order.source.file}, engine ${engineName()}\n\n`);
  const progress = startProgress(io);
  const carry = order.twice ? runTwice : runAll;
  const all = await carry(context, drawing, (share) => progress.advance(share)).finally(progress.stop);
  if (all === null) return;
  const outcomes = all.slice(0, drawing.limit);
  const drawn = new Map<FaultName, number>();
  for (const outcome of outcomes) {
    const kinds = outcome.kind === "done" ? outcome.result.faultKinds : [];
    for (const kind of kinds) drawn.set(kind, (drawn.get(kind) ?? 0) + 1);
  }
  const sweep = summariseSweep(outcomes, drawing.listed);
  io.stdout(
    `${renderTable(
      ["fault", "drawn"],
      faultNames.map((name) => [name, drawn.get(name) ?? 0]),
    )}\n`,
  );
  io.stdout(`${renderMarks(sweep)}\n`);
  for (const { index, result, why } of sweep.troubles.slice(0, SHOWN_MAX)) {
    io.stdout(`swarm ${drawing.seedOf(index)}: ${result?.verdict ?? "no result"}\n`);
    for (const sentence of why) io.stdout(`  ${sentence}\n`);
    io.stdout(`  again: ${order.command} --swarm ${drawing.seedOf(index)}\n`);
  }
  for (const name of sweep.missedMarks) {
    io.stdout(`not as expected: ${name} is listed under sometimes, and no run has reached it\n`);
  }
  if (order.twice) io.stdout(`each run was the same in another thread, event by event\n`);
  const n = outcomes.length;
  const failed = n - sweep.passedCount;
  const bound = failed === 0 ? `: rate below ${percentText(failureInterval(0, n).most)} at 95 %` : "";
  const verdict = sweep.exitCode === exitCodes.passed ? colours.green("passed") : colours.red("not passed");
  io.stdout(
    `${verdict}: ${failed} failures in ${renderNumber(n)} runs${bound}, ${renderNumber(sweep.steps)} steps, digest ${sweep.digest}\n`,
  );
  context.exitCode = sweep.exitCode as ExitCode;
}

/** Carries out what is drawn; null where something was refused, or a second run was not the same, and everything has been said. */
type Carry = (
  context: Context,
  drawing: Drawing,
  advance: (share: number) => void,
) => Promise<readonly JobOutcome<SweepResult>[] | null>;

const runAll: Carry = async (_, drawing, advance) => {
  const file = `../workers/simulation-worker.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`;
  const { limit } = drawing;
  const options = {
    entry: new URL(file, import.meta.url),
    timeLimitMilliseconds: JOB_TIME_LIMIT,
    ...(limit < Infinity && { jobCount: limit }),
  };
  let doneCount = 0;
  const outcomes = await runJobs<SweepJob, SweepResult | null>(jobsOf(drawing), options, (outcome, index) => {
    if (isRefused(outcome)) drawing.limit = Math.min(drawing.limit, index);
    else if (!isPassed(outcome)) drawing.endAfter(index);
    doneCount += 1;
    advance(drawing.share(doneCount));
  });
  const refused = outcomes.findIndex(isRefused);
  // Read here once more, for what is to be said.
  if (refused >= 0 && drawing.load(drawing.seedOf(refused)) === null) return null;
  return outcomes as readonly JobOutcome<SweepResult>[];
};

function* jobsOf(drawing: Drawing): Iterable<SweepJob> {
  for (const seed of drawing.seeds()) yield drawing.job(seed);
}

function isRefused(outcome: JobOutcome<SweepResult | null>): boolean {
  return outcome.kind === "done" && outcome.result === null;
}

const runTwice: Carry = async (context, drawing, advance) => {
  const { command } = drawing.order;
  const repeater = new Repeater();
  const outcomes: JobOutcome<SweepResult>[] = [];
  try {
    for (const seed of drawing.seeds()) {
      const loaded = drawing.load(seed);
      if (loaded === null) return null;
      const { scenario, kinds } = loaded;
      const repeated = await repeater.repeat({ scenario, resolvers: drawing.resolvers, bug: null });
      if (repeated.kind === "different") {
        context.io.stderr(renderRepetition(repeated, scenario, `${command} --swarm ${seed} --twice`));
        context.exitCode = exitCodes.internal;
        return null;
      }
      const { report, world } = repeated.outcome;
      const outcome = { kind: "done", result: sweepResultOf(scenario, { end: report, world }, kinds) } as const;
      // One after the other: nothing else has been begun.
      if (!isPassed(outcome)) drawing.limit = outcomes.length + 1;
      outcomes.push(outcome);
      advance(drawing.share(outcomes.length));
    }
  } finally {
    await repeater.end();
  }
  return outcomes;
};

function isPassed(outcome: JobOutcome<SweepResult | null>): boolean {
  return outcome.kind === "done" && outcome.result?.verdict === "passed";
}

/** Draws run after run when somebody is free to run it. */
class Drawing {
  /** Runs that count: those behind a run that did not pass may have been run, and are not told. */
  limit: number;
  /** Marks that the scenario lists: each is to be reached by some run. */
  readonly listed: readonly string[];
  #drawnCount = 0;
  readonly order: SwarmOrder;
  /** The user's functions, the same for all. */
  readonly resolvers: Equipped["resolvers"];
  readonly #context: Context;
  readonly #codes: Scenario["resolvers"];
  readonly #began = wallclockMilliseconds();

  private constructor(
    context: Context,
    order: SwarmOrder,
    { scenario, resolvers }: Equipped,
    listed: readonly string[],
  ) {
    this.listed = listed;
    this.#context = context;
    this.order = order;
    this.resolvers = resolvers;
    this.#codes = scenario.resolvers;
    this.limit = order.runs ?? Infinity;
  }

  /** Loads the code that the scenario names, once; null where something was refused, and everything has been said. */
  static async of(context: Context, order: SwarmOrder): Promise<Drawing | null> {
    const first = loadSwarm(context, order.source, `${order.swarm}/0`, order);
    if (first === null) return null;
    const equipped = await loadScenarioCode(context, order.source.file, first.read, order.allowCode);
    return equipped === null ? null : new Drawing(context, order, equipped, first.sections.listed);
  }

  /** The seed of one run after the other, as long as there are to be more. */
  *seeds(): Iterable<string> {
    while (
      this.#drawnCount < this.limit &&
      (this.#timeShare() < 1 || this.#drawnCount < (this.order.twice ? 1 : BATCH))
    ) {
      this.#drawnCount += 1;
      yield this.seedOf(this.#drawnCount - 1);
    }
  }

  /** One run as a job. */
  job(swarm: string): SweepJob {
    const { source, ...order } = this.order;
    const { file, text, attached } = source;
    return { kind: "swarm", file, text, attached, swarm, options: sourceOptions(order), resolvers: this.#codes };
  }

  /** One run, drawn here; null where it was refused, and everything has been said. */
  load(seed: string): { readonly scenario: Scenario; readonly kinds: readonly FaultName[] } | null {
    const loaded = loadSwarm(this.#context, this.order.source, seed, this.order);
    if (loaded === null) return null;
    if (!loaded.read.code.every(({ name }) => this.#codes.some((known) => known.name === name))) {
      const found = "expected every run to use the resolvers of the first one, found one that draws another";
      refuse(this.#context, `--swarm ${seed}: ${found}; run it by itself`);
      return null;
    }
    const kinds = loaded.swarm.faults.map(kindOf);
    return { scenario: { ...loaded.read.scenario, resolvers: this.#codes }, kinds };
  }

  /** A run did not pass, and others go on beside it. */
  endAfter(index: number): void {
    this.limit = Math.min(this.limit, (Math.floor(index / BATCH) + 1) * BATCH);
  }

  /** How much is done when so many runs are, from 0 to 1. */
  share(doneCount: number): number {
    return Math.min(1, Math.max(doneCount / (this.order.runs ?? Infinity), this.#timeShare()));
  }

  #timeShare(): number {
    const { time } = this.order;
    return time === null ? 0 : (wallclockMilliseconds() - this.#began) / (time / 1_000);
  }

  seedOf(index: number): string {
    return `${this.order.swarm}/${index}`;
  }
}
