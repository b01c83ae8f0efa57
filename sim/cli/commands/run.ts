/**
 * `causeway run FILE`: runs a scenario and judges it. The first line names the seed and everything drawn, the last the
 * verdict, the steps and the digest; a run that did not pass leaves a replay file.
 *
 * Leaves out the running (sim/run) and the tables (render-report.ts).
 */
import { Argument, type Command, InvalidArgumentError } from "commander";
import { parseQuantity } from "../../scenario/quantity.ts";
import {
  collectSetting,
  type Context,
  loadSource,
  parseSeed,
  quoted,
  refuse,
  type ScenarioOptions,
  understand,
} from "../command.ts";
import { conductRun } from "../conduct-run.ts";
import { conductSwarm } from "../conduct-swarm.ts";
import { loadSwarm, saveSwarm } from "../swarm.ts";
import { allowCodeSays, loadScenarioCode } from "../user-code.ts";
import { parseBug } from "./plants.ts";

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
  readonly swarm?: string;
  readonly save?: string;
  readonly runs?: number;
  readonly for?: number;
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
    .option("--plant <name>", "run with a planted bug or leak (causeway list plants, list leaks)", parseBug)
    .option("--protocol <name>", "run another protocol than the scenario's (causeway list protocols)")
    .option("--allow-code", allowCodeSays)
    .option(
      "--swarm <seed>",
      "draw faults from this seed, and heal a drawn core in the end (docs/faults.md)",
      parseSeed,
    )
    .option("--save <file>", "with --swarm: write the scenario with what was drawn to this file")
    .option("--runs <count>", "with --swarm: so many runs, from SEED/0 on, until one does not pass", parseRuns)
    .option("--for <duration>", "with --swarm: as many runs as fit into this time, such as 5m", parseTime)
    .option("--twice", "run it a second time in another thread, and stop at the first event that differs")
    .action(async (file: string, options: RunCommandOptions) => {
      const { protocol, plant, set = [] } = options;
      const chosen =
        protocol === undefined ? [] : [{ label: `--protocol ${protocol}`, path: "protocol", value: protocol }];
      const settings = { ...options, set: [...set, ...chosen] };
      const misfit = misfitOf(options);
      if (misfit !== null) {
        refuse(context, misfit);
        return;
      }
      const source = loadSource(context, file, settings);
      if (source === null) return;
      if (options.swarm !== undefined && (options.runs !== undefined || options.for !== undefined)) {
        await conductSwarm(context, {
          ...settings,
          source,
          swarm: options.swarm,
          runs: options.runs ?? null,
          time: options.for ?? null,
          allowCode: options.allowCode === true,
          twice: options.twice === true,
          command: commandOf(file, { ...options, swarm: undefined }),
        });
        return;
      }
      const swarm = options.swarm === undefined ? null : loadSwarm(context, source, options.swarm, settings);
      const read = options.swarm === undefined ? understand(context, source, settings) : (swarm?.read ?? null);
      if (read === null) return;
      if (swarm !== null && options.save !== undefined && !saveSwarm(context, file, options.save, swarm)) return;
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
        ...(swarm !== null && { preface: swarm.says }),
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
function commandOf(
  file: string,
  {
    seed,
    set = [],
    plant,
    protocol,
    allowCode,
    swarm,
  }: Omit<RunCommandOptions, "swarm"> & { swarm?: string | undefined },
): string {
  const words = [
    file,
    ...(seed === undefined ? [] : ["--seed", seed]),
    ...set.flatMap(({ path, value }) => ["--set", `${path}=${value}`]),
    ...(plant === undefined ? [] : ["--plant", plant]),
    ...(protocol === undefined ? [] : ["--protocol", protocol]),
    ...(allowCode === true ? ["--allow-code"] : []),
    ...(swarm === undefined ? [] : ["--swarm", swarm]),
  ];
  return `npx causeway run ${words.map(quoted).join(" ")}`;
}

/** What of the options does not go together; null where all does. */
function misfitOf(options: RunCommandOptions): string | null {
  const { swarm, save, runs, for: time, set, protocol } = options;
  const only = (["save", "runs", "for"] as const).find((name) => options[name] !== undefined);
  if (swarm === undefined) return only === undefined ? null : `--${only}: expected it with --swarm; add --swarm SEED`;
  if (save !== undefined && (set !== undefined || protocol !== undefined)) {
    return "--save: expected a scenario as its file has it, found --set or --protocol, which would not be saved; write them into the file";
  }
  if (runs === undefined && time === undefined) return null;
  const single = (["save", "trace", "html", "history", "json", "plant"] as const).find(
    (name) => options[name] !== undefined,
  );
  return single === undefined
    ? null
    : `--${single}: expected one run, found --${runs === undefined ? "for" : "runs"}; take one of the two away`;
}

function parseRuns(text: string): number {
  const count = /^[0-9]{1,7}$/.test(text) ? Number(text) : 0;
  if (count > 0) return count;
  throw new InvalidArgumentError("expected a whole number from 1 to 9999999.");
}

/** A duration as scenarios have it, or with m for minutes as people type it. */
/** Checks `--for`: microseconds. */
export function parseTime(text: string): number {
  const outcome = parseQuantity("duration", text.replace(/m$/, "min"));
  if (outcome.kind === "quantity" && outcome.value > 0) return outcome.value;
  throw new InvalidArgumentError("expected a duration such as 30s, 5m or 2h.");
}
