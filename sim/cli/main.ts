/**
 * `causeway`: the command line. Registers the commands, and turns whatever happens into an exit code and a message.
 *
 * Leaves out what the commands do (commands/) and every reading of the process itself: `io` is all there is, so that a
 * test runs a command by calling `main`.
 */
import { Command, CommanderError } from "commander";
import { type Context, createContext } from "./command.ts";
import { addCheck } from "./commands/check.ts";
import { addCompare } from "./commands/compare.ts";
import { addConvert } from "./commands/convert.ts";
import { addExplore } from "./commands/explore.ts";
import { addList } from "./commands/list.ts";
import { addNew } from "./commands/new.ts";
import { addPicture } from "./commands/picture.ts";
import { addPlants } from "./commands/plants.ts";
import { addQuery } from "./commands/query.ts";
import { addReplay } from "./commands/replay.ts";
import { addRequirements } from "./commands/requirements.ts";
import { addRun } from "./commands/run.ts";
import { addShrink } from "./commands/shrink.ts";
import { addMerge, addSweep } from "./commands/sweep.ts";
import { addDistribute } from "./commands/distribute.ts";
import { addExport } from "./commands/export.ts";
import { addFit } from "./commands/fit.ts";
import { addImport } from "./commands/import.ts";
import { addTopology } from "./commands/topology.ts";
import { addValidate } from "./commands/validate.ts";
import { engineName } from "./engine.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Io } from "./io.ts";

/**
 * Runs one command.
 *
 * @param argv the arguments after the command's own name
 * @returns the exit code (exit-codes.ts); never rejects
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const context = createContext(io);
  try {
    await createProgram(context).parseAsync(argv, { from: "user" });
    return context.exitCode;
  } catch (error) {
    // Help and --version end this way too, with code 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.passed : exitCodes.badInput;
    io.stderr(renderInternalError(error));
    return exitCodes.internal;
  }
}

function createProgram(context: Context): Command {
  const { io } = context;
  const program = new Command("causeway")
    .description(
      "Runs the replication core of a hierarchy of cloudlets in a simulated world, and judges what it promised.",
    )
    .version(engineName(), "-v, --version", "print the engine: version and hash of the sources")
    .configureOutput({
      writeOut: io.stdout,
      writeErr: io.stderr,
      getOutHelpWidth: () => 100,
      getErrHelpWidth: () => 100,
    })
    .exitOverride()
    .showHelpAfterError("(causeway --help shows all commands; causeway COMMAND --help its options)")
    .helpCommand("help [command]", "show help for a command")
    .addHelpText("after", exitCodesHelp);
  addRun(program, context);
  addReplay(program, context);
  addSweep(program, context);
  addMerge(program, context);
  addQuery(program, context);
  addShrink(program, context);
  addValidate(program, context);
  addTopology(program, context);
  addImport(program, context);
  addExport(program, context);
  addDistribute(program, context);
  addFit(program, context);
  addNew(program, context);
  addList(program, context);
  addPicture(program, context);
  addPlants(program, context);
  addRequirements(program, context);
  addCompare(program, context);
  addExplore(program, context);
  addCheck(program, context);
  addConvert(program, context);
  return program;
}

const exitCodesHelp = `
Exit codes: 0 as expected, 1 a property violated or a mark not reached, 2 bad input or usage,
3 not converged or undecided, 4 internal error.`;

/** A bug of ours, in a few lines; the stack only for those who ask for it. */
function renderInternalError(error: unknown): string {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const stack = error instanceof Error && process.env["CAUSEWAY_DEBUG"] === "1" ? `${error.stack ?? ""}\n` : "";
  const report = "This is a bug in causeway. Please report it with the command, the scenario and this text";
  return `internal error: ${what}\n${stack}${report}; CAUSEWAY_DEBUG=1 adds where it happened.\n`;
}
