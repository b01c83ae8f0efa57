/**
 * `causeway validate FILE`: is this a scenario? Says what it describes, or everything that is wrong with it.
 *
 * Leaves out running it.
 */
import type { Command } from "commander";
import { counted } from "../../oracles/words.ts";
import { noteLines } from "../../importing/write-topology.ts";
import { renderProblem } from "../../scenario/problem.ts";
import { allowCodeSays, loadScenarioCode } from "../user-code.ts";
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
    .option("--allow-code", `${allowCodeSays}, and check it too`)
    .action(async (file: string, options: ScenarioOptions & { readonly allowCode?: boolean }) => {
      const read = loadScenario(context, file, options);
      if (read === null) return;
      const isChecked = options.allowCode === true;
      if (isChecked && (await loadScenarioCode(context, file, read, true)) === null) return;
      const { cloudlets, scopes, flows, links } = read.topology;
      const counts = [
        counted(cloudlets.length, "cloudlet"),
        counted(scopes.length, "scope"),
        counted(flows.length, "flow"),
        counted(links.length, "link"),
        counted(read.scenario.faults.length, "fault"),
      ];
      context.io.stdout(`${file}: scenario ${read.scenario.name} is valid: ${counts.join(", ")}\n`);
      for (const { file: table, notes } of read.replayed)
        context.io.stdout(
          `${table}\n${noteLines(notes)
            .map((line) => `  ${line}\n`)
            .join("")}`,
        );
      for (const { module, problem } of isChecked ? [] : read.code) {
        const text = renderProblem(problem(`the code in ${module} was not checked; --allow-code loads and checks it`));
        context.io.stderr(`${text}\n`);
      }
    });
}
