/**
 * `--twice`: a run beside a second one in another thread, and what is said of the first event that differs.
 *
 * Leaves out the runs and their comparison (sim/twice).
 */
import type { MergeFunctions } from "../../model/replication/resolver.ts";
import type { Repetition } from "../run/repetition.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { renderDifference } from "../trace/compare.ts";
import type { TraceNames } from "../trace/render.ts";
import { Repeater } from "../twice/repeater.ts";
import type { Context } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { startProgress } from "./progress.ts";

/** What cloudlets are called. */
export function namesOf(scenario: Scenario): TraceNames {
  return { cloudlet: (index) => scenario.topology.cloudlets[index]?.name ?? `c${index}` };
}

/** What a run that is not repeated is told with; `command` shows the same. */
export function renderRepetition(
  repetition: Extract<Repetition, { kind: "different" }>,
  scenario: Scenario,
  command: string,
): string {
  const { difference, streams } = repetition;
  const where =
    difference === null
      ? `all events agree, and these random streams ended differently: ${streams.join(", ")}\n`
      : renderDifference(difference, namesOf(scenario));
  return `the run does not repeat itself in another thread:\n${where}again: ${command}\n`;
}

/**
 * Runs twice. A run that does not repeat itself is a bug of the simulator or of code that was plugged in, whatever its verdict
 * would be: it is said, and the exit code is set.
 *
 * @returns false then
 */
export async function repeatsItself(
  context: Context,
  order: {
    readonly scenario: Scenario;
    readonly resolvers: MergeFunctions;
    readonly plant: string | null;
    readonly command: string;
  },
): Promise<boolean> {
  const { scenario, resolvers, plant, command } = order;
  const repeater = new Repeater();
  const progress = startProgress(context.io);
  try {
    const repetition = await repeater.repeat({ scenario, resolvers, bug: plant, onProgress: progress.advance });
    if (repetition.kind === "same") {
      context.io.stderr(`twice the same, event by event: digest ${repetition.digest}\n`);
      return true;
    }
    context.io.stderr(renderRepetition(repetition, scenario, `${command} --twice`));
    context.exitCode = exitCodes.internal;
    return false;
  } finally {
    progress.stop();
    await repeater.end();
  }
}
