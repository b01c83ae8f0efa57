/**
 * `causeway run FILE`: runs a scenario and judges it. The first line names the seed and everything drawn, the last the
 * verdict, the steps and the digest; a run that did not pass leaves a replay file.
 *
 * Leaves out the running (sim/run) and the tables (render-report.ts).
 */
import { Argument, type Command } from "commander";
import { collectSetting, type Context, loadScenario, parseSeed, refuse, type ScenarioOptions } from "../command.ts";
import { conductRun } from "../conduct-run.ts";
import { allowCodeSays, loadScenarioCode } from "../user-code.ts";
import { parsePlant } from "./plants.ts";

/** Options of the command. */
interface RunCommandOptions extends ScenarioOptions {
  readonly trace?: string;
  readonly html?: string;
  readonly history?: string;
  readonly json?: boolean;
  readonly plant?: string;
  readonly protocol?: string;
  readonly twice?: boolean;
  readonly allowCode?: boolean;
}

/** Adds the command to the program. */
export function addRun(program: Command, context: Context): void {
  program
    .command("run")
    .summary("run a scenario and judge it")
    .description("Runs a scenario and judges its expectations. A run that does not pass leaves a replay file.")
    .addArgument(new Argument("<file>", "the scenario"))
    .option("--seed <seed>", "what all chance comes from; wins over the file's seed", parseSeed)
    .option("--set <path=value>", "another value for one place of the scenario; may be repeated", collectSetting)
    .option("--trace <file>", "write every event to this file, one JSON object per line")
    .option("--html <file>", "write the report as one page for a browser to this file")
    .option("--history <file>", "write what clients asked and were answered to this file (causeway check reads it)")
    .option("--json", "print one JSON object instead of tables (schema/run-report.schema.json)")
    .option("--plant <name>", "run with a planted bug (causeway list plants)", parsePlant)
    .option("--protocol <name>", "run another protocol than the scenario's (causeway list protocols)")
    .option("--allow-code", allowCodeSays)
    .option("--twice", "first run it twice side by side, and stop at the first event that differs")
    .action(async (file: string, options: RunCommandOptions) => {
      const { protocol, plant, set = [] } = options;
      const chosen =
        protocol === undefined ? [] : [{ label: `--protocol ${protocol}`, path: "protocol", value: protocol }];
      const read = loadScenario(context, file, { ...options, set: [...set, ...chosen] });
      if (read === null) return;
      if (plant !== undefined && read.scenario.protocol !== "causeway") {
        const found = `the scenario runs ${read.scenario.protocol}`;
        refuse(context, `--plant ${plant}: planted bugs are the core's, and ${found}; add --protocol causeway`);
        return;
      }
      const equipped = await loadScenarioCode(context, file, read, options.allowCode === true);
      if (equipped === null) return;
      await conductRun(context, {
        ...equipped,
        drawn: read.drawn,
        plant: plant ?? null,
        trace: options.trace ?? null,
        html: options.html ?? null,
        history: options.history ?? null,
        command: commandOf(file, options),
        input: file,
        json: options.json === true,
        twice: options.twice === true,
        expected: null,
      });
    });
}

/** The command that runs the same, without its outputs. */
function commandOf(file: string, { seed, set = [], plant, protocol, allowCode }: RunCommandOptions): string {
  const words = [
    file,
    ...(seed === undefined ? [] : ["--seed", seed]),
    ...set.flatMap(({ path, value }) => ["--set", `${path}=${value}`]),
    ...(plant === undefined ? [] : ["--plant", plant]),
    ...(protocol === undefined ? [] : ["--protocol", protocol]),
    ...(allowCode === true ? ["--allow-code"] : []),
  ];
  return `npx causeway run ${words.map(quoted).join(" ")}`;
}

/** A word as a POSIX shell takes it. */
function quoted(word: string): string {
  return /^[\w./=:@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
