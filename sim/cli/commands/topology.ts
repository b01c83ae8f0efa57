/**
 * `causeway topology FILE`: the control tree, flows with their routes, streams with who receives them, and who may
 * target whom.
 *
 * Leaves out the text itself, which is the model's (model/topology/describe.ts).
 */
import type { Command } from "commander";
import { describeTopology } from "../../../model/topology/describe.ts";
import { collectSetting, type Context, loadScenario, parseSeed, type ScenarioOptions } from "../command.ts";

/** Adds the command to the program. */
export function addTopology(program: Command, context: Context): void {
  program
    .command("topology")
    .summary("show the tree, flows, streams and targets of a scenario")
    .description(
      "Shows the control tree, scopes, links, flows with routes, streams with receivers, and who may target whom.",
    )
    .argument("<file>", "the scenario")
    .option("--all", "every line of every section; otherwise long sections are cut")
    .option("--seed <seed>", "what all chance comes from; wins over the file's seed", parseSeed)
    .option("--set <path=value>", "another value for one place of the scenario; may be repeated", collectSetting)
    .action((file: string, options: ScenarioOptions & { readonly all?: boolean }) => {
      const read = loadScenario(context, file, options);
      if (read === null) return;
      context.io.stdout(describeTopology(read.topology, options.all === true ? { linesMax: Infinity } : {}));
    });
}
