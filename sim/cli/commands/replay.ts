/**
 * `causeway replay FILE.json`: makes a recorded run again and compares digests.
 *
 * A replay belongs to one engine: another one need not repeat it, so it runs only when told to. Leaves out finding the
 * first difference between two runs, which needs both traces.
 */
import type { Command } from "commander";
import { type Context, pathFrom, refuse } from "../command.ts";
import { allowCodeSays, loadReplayCode } from "../user-code.ts";
import { conductRun } from "../conduct-run.ts";
import { engineName } from "../engine.ts";
import { readInputFile } from "../../scenario/file.ts";
import { parseReplay, REPLAY_SIZE_MAX } from "../replay-file.ts";

/** Options of the command. */
interface ReplayCommandOptions {
  readonly anyway?: boolean;
  readonly allowCode?: boolean;
  readonly trace?: string;
  readonly html?: string;
  readonly history?: string;
  readonly json?: boolean;
}

/** Adds the command to the program. */
export function addReplay(program: Command, context: Context): void {
  program
    .command("replay")
    .summary("repeat a recorded run and compare its digest")
    .description("Repeats the run that a replay file holds, and says whether its digest is the recorded one.")
    .argument("<file>", "a replay file that a run left")
    .option("--anyway", "replay on another engine than the recorded one")
    .option("--allow-code", allowCodeSays)
    .option("--trace <file>", "write every event to this file, one JSON object per line")
    .option("--html <file>", "write the report as one page for a browser to this file")
    .option("--history <file>", "write what clients asked and were answered to this file (causeway check reads it)")
    .option("--json", "print one JSON object instead of tables (schema/run-report.schema.json)")
    .action(async (file: string, options: ReplayCommandOptions) => {
      const content = readInputFile(pathFrom(context.io, file), REPLAY_SIZE_MAX);
      const outcome = content.kind === "text" ? parseReplay(content.text) : content;
      if (outcome.kind === "refused") {
        refuse(context, `${file}: ${outcome.why}`);
        return;
      }
      const { scenario, drawn, plant, engine, digest } = outcome.replay;
      if (engine !== engineName() && options.anyway !== true) {
        refuse(
          context,
          `${file}: recorded on engine ${engine}, this is ${engineName()}, which may run it differently; ` +
            "use the engine that recorded it, or add --anyway",
        );
        return;
      }
      const equipped = await loadReplayCode(context, file, scenario, options.allowCode === true);
      if (equipped === null) return;
      await conductRun(context, {
        ...equipped,
        drawn,
        plant,
        trace: options.trace ?? null,
        html: options.html ?? null,
        history: options.history ?? null,
        command: `npx causeway replay ${file}${options.allowCode === true ? " --allow-code" : ""}`,
        input: file,
        json: options.json === true,
        twice: false,
        expected: digest,
      });
    });
}
