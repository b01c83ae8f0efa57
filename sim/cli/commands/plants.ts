/**
 * `causeway plants`: do the oracles work? Every planted bug against every oracle, and clean runs against all of them. With
 * `--hunt`: how soon each bug is seen, and how small a world shows it.
 *
 * Leaves out the running (sim/plants/run-matrix.ts, run-hunt.ts) and the tables (matrix-table.ts, hunt-table.ts).
 */
import { type Command, InvalidArgumentError } from "commander";
import { nearestName } from "../../../model/topology/names.ts";
import { leakTable } from "../../plants/leaks.ts";
import { quirkPlants } from "../../plants/quirk-plants.ts";
import { everyPlant, plantTable } from "../../plants/plants.ts";
import { runHunt } from "../../plants/run-hunt.ts";
import { isSound, runMatrix } from "../../plants/run-matrix.ts";
import { type Context, refuse } from "../command.ts";
import { engineName } from "../engine.ts";
import { exitCodes } from "../exit-codes.ts";
import { huntAsJson, isComplete, renderHunt } from "../hunt-table.ts";
import { renderMatrix } from "../matrix-table.ts";
import { startProgress } from "../progress.ts";

const CLEAN_RUNS_DEFAULT = 200;
const COUNT_MAX = 1_000_000;

/** Options of the command. */
interface PlantsCommandOptions {
  readonly clean: number;
  readonly only?: readonly string[];
  readonly workers?: number;
  readonly hunt?: boolean;
  readonly json?: boolean;
}

/** Adds the command to the program. */
export function addPlants(program: Command, context: Context): void {
  program
    .command("plants")
    .summary("see that every oracle catches its planted bugs, and nothing else")
    .description(
      "Runs every planted bug until its oracles have caught it, and runs without a bug, in which none may cry.",
    )
    .option("--clean <count>", "how many runs without a bug", parseCount, CLEAN_RUNS_DEFAULT)
    .option("--only <names...>", "only these planted bugs", collectPlant)
    .option("--workers <count>", "threads; default: as many as the machine has cores", parsePositive)
    .option("--hunt", "instead: after how many runs each is seen, and how small the world is that still shows it")
    .option("--json", "with --hunt: print one JSON object, smallest worlds included")
    .action(async (options: PlantsCommandOptions) => {
      const { clean, only, workers } = options;
      if (options.json === true && options.hunt !== true) {
        refuse(context, "--json: the matrix is a table only; add --hunt, or leave --json out");
        return;
      }
      const progress = startProgress(context.io);
      if (options.hunt === true) {
        const results = await runHunt({
          ...(only !== undefined && { plants: plantTable.filter(({ name }) => only.includes(name)) }),
          ...(workers !== undefined && { workerCount: workers }),
          onProgress: progress.advance,
        }).finally(progress.stop);
        context.io.stdout(options.json === true ? huntAsJson(engineName(), results) : renderHunt(results));
        if (!isComplete(results)) context.exitCode = exitCodes.failed;
        return;
      }
      const matrix = await runMatrix({
        ...(only !== undefined && { plants: everyPlant.filter(({ name }) => only.includes(name)) }),
        cleanRuns: clean,
        ...(workers !== undefined && { workerCount: workers }),
        onProgress: progress.advance,
      }).finally(progress.stop);
      context.io.stdout(renderMatrix(matrix));
      if (!isSound(matrix)) context.exitCode = exitCodes.failed;
    });
}

function parseCount(text: string): number {
  const count = /^[0-9]{1,7}$/.test(text) ? Number(text) : Number.NaN;
  if (count <= COUNT_MAX) return count;
  throw new InvalidArgumentError(`expected a whole number from 0 to ${COUNT_MAX}.`);
}

/** Checks a number of threads, as an option gives it. */
export function parsePositive(text: string): number {
  const count = parseCount(text);
  if (count > 0) return count;
  throw new InvalidArgumentError(`expected a whole number from 1 to ${COUNT_MAX}.`);
}

function collectPlant(text: string, chosen: readonly string[] | undefined): readonly string[] {
  return [...(chosen ?? []), parsePlant(text)];
}

/** Checks the name of a planted bug, as an option gives it. */
export function parsePlant(text: string): string {
  return known(text, everyPlant, "a planted bug; see causeway list plants");
}

/** Checks the name of a planted bug or leak, as an option gives it. */
export function parseBug(text: string): string {
  const kinds = "a planted bug or leak; see causeway list plants and causeway list leaks";
  return known(text, [...everyPlant, ...quirkPlants, ...leakTable], kinds);
}

function known(text: string, table: readonly { readonly name: string }[], kinds: string): string {
  const names = table.map(({ name }) => name);
  if (names.includes(text)) return text;
  const near = nearestName(text, names);
  throw new InvalidArgumentError(
    `expected the name of ${near === null ? kinds : kinds.replace(/;.*/, `; did you mean ${near}?`)}`,
  );
}
