/**
 * `causeway new NAME`: writes a commented scenario to start from, which validates and passes as it is.
 *
 * Leaves out options: the file is there to be edited.
 */
import type { Command } from "commander";
import { type Context, pathFrom, refuse, shownPath } from "../command.ts";
import { openOutput, OutputFailure } from "../output-file.ts";
import { starterScenario } from "../starter.ts";

/** Adds the command to the program. */
export function addNew(program: Command, context: Context): void {
  program
    .command("new")
    .summary("write a commented scenario to start from")
    .description("Writes NAME.yaml: a commented scenario that passes as it is. Never overwrites a file.")
    .argument("<name>", "the scenario's name, and the file's without .yaml")
    .action((argument: string) => {
      const file = /\.ya?ml$/.test(argument) ? argument : `${argument}.yaml`;
      const name = file.replace(/^.*[\\/]/, "").replace(/\.ya?ml$/, "");
      if (!/^[A-Za-z][A-Za-z0-9_-]{0,99}$/.test(name)) {
        refuse(
          context,
          `expected a name of letters, digits, - and _ that begins with a letter, found "${name}"; choose another`,
        );
        return;
      }
      const path = pathFrom(context.io, file);
      const output = openOutput(path, { overwrite: false });
      if (output.kind === "refused") {
        refuse(context, `${file}: ${output.why}`);
        return;
      }
      try {
        output.file.write(starterScenario(name));
        output.file.commit();
      } catch (error) {
        if (!(error instanceof OutputFailure)) throw error;
        refuse(context, `${file}: ${error.message}`);
        return;
      }
      const shown = shownPath(context.io, path);
      context.io.stdout(`wrote ${shown}; run it with: npx causeway run ${shown}\n`);
    });
}
