// Runs scenarios: once for a verdict, or twice side by side to see that a run repeats itself event by event.

import { GivenUpRecord } from "../oracles/given-up.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { firstDifference, type TraceDifference } from "../trace/compare.ts";
import type { TraceRow, TraceRows } from "../trace/trace.ts";
import { Run, type RunOptions, type RunOutcome } from "./run.ts";

export { firstPlanOf, TopologyRefused, type RunOptions, type RunOutcome } from "./run.ts";

/** Events between two looks at the clock on the wall by whoever shows progress. */
const PROGRESS_EVENT_COUNT = 8_192;

/**
 * Runs a scenario to its end. Where something that the run has given up turns out to matter, it is repeated with all records
 * kept, unless somebody else has listened: he would hear everything twice.
 *
 * @throws TopologyRefused when the topology breaks a rule; InvariantViolation on a bug; GivenUpRecord as said
 */
export function runScenario(scenario: Scenario, options: RunOptions = {}): RunOutcome {
  try {
    return runOnce(scenario, options);
  } catch (error) {
    const isFollowed = options.observers !== undefined || options.watch !== undefined || options.trace !== undefined;
    if (!(error instanceof GivenUpRecord) || isFollowed) throw error;
    return runOnce(scenario, { ...options, givesUpFrom: Infinity });
  }
}

/** The same without repeating anything. */
export function runOnce(scenario: Scenario, options: RunOptions = {}): RunOutcome {
  const run = new Run(scenario, options);
  while (run.advance(PROGRESS_EVENT_COUNT)) options.onProgress?.(run.fraction);
  return run.finish();
}

/**
 * Runs a scenario with a pause between slices of some milliseconds: signals and timers are served meanwhile. Repeats nothing.
 *
 * @param pause may throw, which ends the run
 * @throws TopologyRefused when the topology breaks a rule; InvariantViolation on a bug; GivenUpRecord (see `runScenario`)
 */
export async function runScenarioInSlices(
  scenario: Scenario,
  options: RunOptions,
  pause: () => Promise<void>,
): Promise<RunOutcome> {
  const run = new Run(scenario, options);
  while (run.advance(PROGRESS_EVENT_COUNT)) {
    options.onProgress?.(run.fraction);
    await pause();
  }
  return run.finish();
}

/** What came of running twice. */
export type Repetition =
  | { readonly kind: "same"; readonly digest: string }
  /** The first event that differs; null when all events agree and only the random streams ended differently. */
  | { readonly kind: "different"; readonly difference: TraceDifference | null };

/**
 * Runs a scenario twice, side by side, and stops at the first event that differs. Memory does not grow with the length
 * of the run: rows that agree are given up.
 *
 * @param second options of the second run where they are to differ, to see what the comparison says
 */
export function checkDeterminism(
  scenario: Scenario,
  options: RunOptions = {},
  second: RunOptions = options,
): Repetition {
  try {
    return compareRuns(scenario, options, second);
  } catch (error) {
    if (!(error instanceof GivenUpRecord)) throw error;
    const keepsAll = { givesUpFrom: Infinity };
    return compareRuns(scenario, { ...options, ...keepsAll }, { ...second, ...keepsAll });
  }
}

function compareRuns(scenario: Scenario, options: RunOptions, second: RunOptions): Repetition {
  const rows: [TraceRow[], TraceRow[]] = [[], []];
  const runs = [options, second].map((chosen, side) => {
    const sink = (completed: TraceRows): void => {
      for (let index = 0; index < completed.count; index += 1) (rows[side] as TraceRow[]).push(completed.row(index));
    };
    return new Run(scenario, { ...chosen, trace: { ...chosen.trace, sink } });
  }) as [Run, Run];

  let agreedCount = 0;
  for (let isGoing = true; isGoing;) {
    const wentOn = runs.map((run) => run.advance(PROGRESS_EVENT_COUNT));
    isGoing = wentOn.includes(true);
    options.onProgress?.(runs[0].fraction);
    const count = Math.min(rows[0].length, rows[1].length);
    const difference = firstDifference(part(rows[0], agreedCount, count), part(rows[1], agreedCount, count));
    if (difference !== null) return { kind: "different", difference };
    agreedCount += count;
    rows[0].splice(0, count);
    rows[1].splice(0, count);
  }
  const [one, other] = runs.map((run) => run.finish().report.digest);
  const rest = firstDifference(part(rows[0], agreedCount, rows[0].length), part(rows[1], agreedCount, rows[1].length));
  if (rest !== null) return { kind: "different", difference: rest };
  return one === other ? { kind: "same", digest: one as string } : { kind: "different", difference: null };
}

function part(rows: readonly TraceRow[], first: number, count: number): TraceRows {
  return { first, count, row: (index) => rows[index] as TraceRow };
}
