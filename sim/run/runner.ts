// Runs scenarios for a verdict. Leaves out running twice (repetition.ts).

import { GivenUpRecord } from "../oracles/given-up.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { type EndedRun, Run, type RunOptions, type RunOutcome } from "./run.ts";

export { type EndedRun, firstPlanOf, TopologyRefused, type RunOptions, type RunOutcome } from "./run.ts";

/** Events between two looks at the clock on the wall by whoever serves something else meanwhile. */
const SLICE_EVENT_COUNT = 8_192;
/** Events after which a run tells how far it is: what a worker keeps does not grow much meanwhile. */
const PROGRESS_EVENT_COUNT = 512;

/**
 * Runs a scenario to its end. Where something that the run has given up turns out to matter, it is repeated with all records
 * kept, unless somebody else has listened: he would hear everything twice.
 *
 * @throws TopologyRefused when the topology breaks a rule; InvariantViolation on a bug; GivenUpRecord as said
 */
export function runScenario(scenario: Scenario, options: RunOptions = {}): RunOutcome {
  return repeatedWhole(options, (given) => runOnce(scenario, given));
}

/** The same to its end alone: of a run that is one of many nobody reads the report. */
export function endScenario(scenario: Scenario, options: RunOptions = {}): EndedRun {
  return repeatedWhole({ ...options, asks: "end" }, (given) => runOut(scenario, given).end());
}

/** The same to its end and its metrics: of a run that becomes a row of many nobody reads the rest. */
export function measureScenario(scenario: Scenario, options: RunOptions = {}): EndedRun {
  return repeatedWhole({ ...options, asks: "metrics" }, (given) => runOut(scenario, given).end());
}

function repeatedWhole<Result>(options: RunOptions, run: (options: RunOptions) => Result): Result {
  try {
    return run(options);
  } catch (error) {
    const isFollowed = options.observers !== undefined || options.watch !== undefined || options.trace !== undefined;
    if (!(error instanceof GivenUpRecord) || isFollowed) throw error;
    return run({ ...options, givesUpFrom: Infinity });
  }
}

/** `runScenario` without repeating anything. */
export function runOnce(scenario: Scenario, options: RunOptions = {}): RunOutcome {
  return runOut(scenario, options).finish();
}

function runOut(scenario: Scenario, options: RunOptions): Run {
  const run = new Run(scenario, options);
  while (run.advance(PROGRESS_EVENT_COUNT)) options.onProgress?.(run.fraction);
  return run;
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
  while (run.advance(SLICE_EVENT_COUNT)) {
    options.onProgress?.(run.fraction);
    await pause();
  }
  return run.finish();
}
