/**
 * `causeway validate FILE`: is this a scenario? Says what it describes, or everything that is wrong with it.
 *
 * Leaves out running it.
 */
import type { Command } from "commander";
import { collectSetting, type Context, loadScenario, parseSeed, type ScenarioOptions } from "../command.ts";

/** Adds the command to the program. */
export function addValidate(program: Command, context: Context): void {
  program
    .command("validate")
    .summary("check a scenario file without running it")
    .description("Checks a scenario file without running it, and reports everything that is wrong with it at once.")
    .argument("<file>", "the scenario")
    .option("--seed <seed>", "what all chance comes from; wins over the file's seed", parseSeed)
    .option("--set <path=value>", "another value for one place of the scenario; may be repeated", collectSetting)
    .action((file: string, options: ScenarioOptions) => {
      const read = loadScenario(context, file, options);
      if (read === null) return;
      const { cloudlets, scopes, flows, links } = read.topology;
      const counts = [
        counted(cloudlets.length, "cloudlet"),
        counted(scopes.length, "scope"),
        counted(flows.length, "flow"),
        counted(links.length, "link"),
        counted(read.scenario.faults.length, "fault"),
      ];
      context.io.stdout(`${file}: scenario ${read.scenario.name} is valid: ${counts.join(", ")}\n`);
    });
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
