/**
 * `causeway requirements`: what is required, and whether it holds. With `--run` the checks of each row are run; with `--turn` also what
 * must make each row fail.
 *
 * Leaves out the running (sim/requirements/run-requirements.ts) and the table (requirements-table.ts).
 */
import { type Command, InvalidArgumentError } from "commander";
import { requirements } from "../../../model/requirements/index.ts";
import { nearestName } from "../../../model/topology/names.ts";
import { isSound } from "../../requirements/matrix.ts";
import { runRequirements } from "../../requirements/run-requirements.ts";
import type { Context } from "../command.ts";
import { engineName } from "../engine.ts";
import { exitCodes } from "../exit-codes.ts";
import { startProgress } from "../progress.ts";
import { renderRequirements, requirementsAsJson } from "../requirements-table.ts";
import { parsePositive } from "./plants.ts";

/** Options of the command. */
interface RequirementsCommandOptions {
  readonly run?: boolean;
  readonly turn?: boolean;
  readonly only?: readonly string[];
  readonly workers?: number;
  readonly json?: boolean;
}

/** Adds the command to the program. */
export function addRequirements(program: Command, context: Context): void {
  program
    .command("requirements")
    .summary("see what is required, and whether it holds")
    .description(
      "Prints every requirement with what is known of it: covered, exempt or not yet covered. What it is checked by, and in which words it is lacking, is in docs/requirements.md.",
    )
    .option("--run", "run the oracles, scenarios and facts that cover each, and say whether it holds")
    .option("--turn", "run what must make each fail: a planted bug, or a scenario with something changed")
    .option("--only <ids...>", "only these requirements", collectId)
    .option("--workers <count>", "threads; default: as many as the machine has cores", parsePositive)
    .option("--json", "print one JSON object")
    .action(async ({ run = false, turn = false, only, workers, json = false }: RequirementsCommandOptions) => {
      const progress = startProgress(context.io);
      const rows = await runRequirements({
        rows: only === undefined ? requirements : requirements.filter(({ id }) => only.includes(id)),
        run,
        turn,
        ...(workers !== undefined && { workerCount: workers }),
        onProgress: progress.advance,
      }).finally(progress.stop);
      context.io.stdout(json ? requirementsAsJson(engineName(), rows) : renderRequirements(rows));
      if (!isSound(rows)) context.exitCode = exitCodes.failed;
    });
}

function collectId(text: string, chosen: readonly string[] | undefined): readonly string[] {
  const ids = requirements.map(({ id }) => id);
  if (ids.includes(text)) return [...(chosen ?? []), text];
  const near = nearestName(text, ids);
  throw new InvalidArgumentError(
    `expected the id of a requirement; ${near === null ? "causeway requirements shows all" : `did you mean ${near}?`}`,
  );
}
