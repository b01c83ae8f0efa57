/**
 * `causeway shrink FILE`: takes away from a run that fails whatever it does not need to fail in the same way, and writes what is left
 * as a scenario of a few lines and as a replay.
 *
 * Leaves out the search (sim/shrink).
 */
import { type Command, InvalidArgumentError } from "commander";
import { setImmediate as turn } from "node:timers/promises";
import { plantNamed, plantOptions } from "../../plants/plants.ts";
import { ResolverFailed } from "../../resolvers/guard.ts";
import type { Attempts, Ending } from "../../shrink/attempts.ts";
import { shrink } from "../../shrink/shrink.ts";
import { type Target, targetName, targetsOf } from "../../shrink/target.ts";
import { collectSetting, type Context, parseProperty, parseSeed, refuse } from "../command.ts";
import { engineName } from "../engine.ts";
import { exitCodes } from "../exit-codes.ts";
import { watchInterruption } from "../interruption.ts";
import { startShrinkLine } from "../shrink-line.ts";
import { openShrunk, tellShrunk } from "../shrunk-files.ts";
import { loadSubject, type Subject, type SubjectOptions } from "../subject.ts";
import { allowCodeSays } from "../user-code.ts";
import { wallclockMilliseconds } from "../wallclock.ts";
import { parsePlant } from "./plants.ts";

const BUDGET_DEFAULT = 2_000;
const BUDGET_MAX = 1_000_000;
const SECONDS_MAX = 86_400;

/** Options of the command. */
interface ShrinkCommandOptions extends SubjectOptions {
  readonly property?: string;
  readonly budget: number;
  readonly seconds?: number;
  readonly out: string;
  readonly json?: boolean;
}

/** Adds the command to the program. */
export function addShrink(program: Command, context: Context): void {
  program
    .command("shrink")
    .summary("find the smallest world in which a run fails in the same way")
    .description(
      "Takes away cloudlets, links, flows, requests and faults, and makes times and values simpler, as long as the same " +
        "property is violated. Leaves a scenario of a few lines and a replay.",
    )
    .argument("<file>", "a scenario whose run fails, or a replay file of such a run")
    .option("--seed <seed>", "what all chance comes from; wins over the file's seed", parseSeed)
    .option("--set <path=value>", "another value for one place of the scenario; may be repeated", collectSetting)
    .option("--plant <name>", "run with a planted bug (causeway list plants)", parsePlant)
    .option("--property <name>", "which property is to stay violated (default: the first that is)", parseProperty)
    .option("--budget <runs>", "how many runs it may take", countParser(BUDGET_MAX), BUDGET_DEFAULT)
    .option(
      "--seconds <count>",
      "end after this time; what is left then depends on the machine",
      countParser(SECONDS_MAX),
    )
    .option("--out <folder>", "where to write what is left", ".")
    .option("--json", "print one JSON object instead of text, the smallest world in it")
    .option("--allow-code", allowCodeSays)
    .action(async (file: string, options: ShrinkCommandOptions) => {
      const subject = await loadSubject(context, file, options, false);
      if (subject === null) return;
      try {
        await conduct(context, file, subject, options);
      } catch (error) {
        if (!(error instanceof ResolverFailed)) throw error;
        refuse(context, error.message);
      }
    });
}

async function conduct(context: Context, file: string, subject: Subject, options: ShrinkCommandOptions): Promise<void> {
  const { io } = context;
  const { scenario, resolvers, plant, runsBy } = subject;
  const planted = plant === null ? null : plantNamed(plant);
  const clean = { resolvers };
  const run = { resolvers, ...(planted !== null && plantOptions(planted)) };
  const output = openShrunk(context, { file, folder: options.out, scenario });
  if (output === null) return;
  const target = targetOf(context, { file, runsBy }, targetsOf(scenario, run), options.property);
  if (target === null) return;
  const withBug = plant === null ? "" : `, planted bug ${plant}`;
  const json = options.json === true;
  if (!json) {
    io.stdout(`scenario ${scenario.name}, seed ${scenario.seed}, engine ${engineName()}${withBug}\n`);
    io.stdout(`to stay violated: ${targetName(target)}\n\n`);
  }

  const interruption = watchInterruption();
  const line = startShrinkLine(io, options.budget);
  const endsAt = options.seconds === undefined ? Infinity : wallclockMilliseconds() + options.seconds * 1_000;
  const pause = async (attempts: Attempts): Promise<Ending | null> => {
    line.show(attempts);
    await turn();
    if (interruption.found() !== null) return "interrupted";
    return wallclockMilliseconds() < endsAt ? null : "time";
  };
  try {
    const { budget } = options;
    const outcome = await shrink(scenario, target, { run, clean: planted === null ? null : clean, budget, pause });
    line.stop();
    if ("kind" in outcome) {
      refuse(context, `${file}: ${outcome.why}; it cannot be shrunk`);
      return;
    }
    if (!tellShrunk(context, output, { outcome, target, run, plant, budget, json })) return;
    if (outcome.ending === "interrupted") context.exitCode = interruption.found() ?? exitCodes.interrupted;
  } finally {
    line.stop();
    interruption.stop();
  }
}

/** What is to stay; null when there is nothing of it, and everything has been said. */
function targetOf(
  context: Context,
  { file, runsBy }: { readonly file: string; readonly runsBy: Subject["runsBy"] },
  targets: readonly Target[],
  property: string | undefined,
): Target | null {
  const target = property === undefined ? targets[0] : targets.find((one) => targetName(one) === property);
  if (target !== undefined) return target;
  const found = targets.map(targetName).join(", ");
  const why =
    found === ""
      ? "expected a run in which a property that is to hold is violated, or a bound is not kept; found none in this one"
      : `expected a run in which ${property} is violated, found only ${found}`;
  refuse(context, `${file}: ${why}; see causeway ${runsBy} ${file}`);
  return null;
}

function countParser(most: number): (text: string) => number {
  return (text) => {
    const count = /^[1-9][0-9]{0,6}$/.test(text) ? Number(text) : Number.NaN;
    if (count <= most) return count;
    throw new InvalidArgumentError(`expected a whole number from 1 to ${most}.`);
  };
}
