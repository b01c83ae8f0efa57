/**
 * `causeway picture FILE`: draws a run, or the part of it around a violation, as a space-time diagram.
 *
 * The file is a scenario or a replay. Leaves out running, choosing and drawing (sim/picture).
 */
import { setImmediate as turn } from "node:timers/promises";
import { Argument, type Command, InvalidArgumentError } from "commander";
import { ResolverFailed } from "../../resolvers/guard.ts";
import { drawScene } from "../../picture/draw.ts";
import { renderPicturePage } from "../../picture/page.ts";
import { type RecordedRun, recordRun } from "../../picture/record-run.ts";
import { makeScene } from "../../picture/make-scene.ts";
import type { Scene } from "../../picture/scene.ts";
import { renderShiViz } from "../../picture/shiviz.ts";
import { chooseWindow } from "../../picture/window.ts";
import type { OracleName } from "../../oracles/names.ts";
import { plantOptions, everyPlant } from "../../plants/plants.ts";
import { parseQuantity } from "../../scenario/quantity.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { collectSetting, type Context, parseProperty, parseSeed, pathFrom, quoted, refuse } from "../command.ts";
import { watchInterruption } from "../interruption.ts";
import { OutputFailure, openOutput, type OutputFile } from "../output-file.ts";
import { startProgress } from "../progress.ts";
import { renderMicros } from "../tables.ts";
import { loadSubject, type Subject, type SubjectOptions } from "../subject.ts";
import { allowCodeSays } from "../user-code.ts";
import { parsePlant } from "./plants.ts";

const outputs = ["svg", "html", "shiviz"] as const;
type Output = (typeof outputs)[number];

/** Options of the command. */
interface PictureOptions extends SubjectOptions {
  readonly svg?: string;
  readonly html?: string;
  readonly shiviz?: string;
  readonly property?: OracleName;
  readonly from?: number;
  readonly until?: number;
  readonly allLanes?: boolean;
  readonly anyway?: boolean;
}

/** Adds the command to the program. */
export function addPicture(program: Command, context: Context): void {
  program
    .command("picture")
    .summary("draw a run around its first violation, as a space-time diagram")
    .description(
      "Runs a scenario or a replay and draws it: cloudlets as lanes, messages as arrows, faults shaded, the first violation of an " +
        "expected property and what it follows highlighted. Without a violation the whole run is drawn, or the part named. Where " +
        "cloudlets are watched, how each is marked is below its lane.",
    )
    .addArgument(new Argument("<file>", "a scenario, or a replay file that a run left"))
    .option("--svg <file>", "write the picture to this file")
    .option("--html <file>", "write it as a page for a browser to this file")
    .option("--shiviz <file>", "write the same events as a log for ShiViz to this file")
    .option("--property <name>", "draw the first violation of this property (causeway list properties)", parseProperty)
    .option(
      "--from <time>",
      "where the picture begins, such as 1.5s of true time; default: shortly before the violation",
      parseTime,
    )
    .option("--until <time>", "where it ends; default: shortly after the violation", parseTime)
    .option("--all-lanes", "also draw cloudlets that have nothing to do with the violation")
    .option("--seed <seed>", "what all chance comes from; wins over the file's seed", parseSeed)
    .option("--set <path=value>", "another value for one place of the scenario; may be repeated", collectSetting)
    .option("--plant <name>", "run with a planted bug (causeway list plants)", parsePlant)
    .option("--anyway", "draw a replay of another engine")
    .option("--allow-code", allowCodeSays)
    .action(async (file: string, options: PictureOptions) => {
      await drawFile(context, file, options);
    });
}

function parseTime(text: string): number {
  const read = parseQuantity("duration", text);
  if (read.kind === "refused") throw new InvalidArgumentError(`${read.why}.`);
  return read.value;
}

async function drawFile(context: Context, file: string, options: PictureOptions): Promise<void> {
  const { from = null, until = null } = options;
  if (outputs.every((output) => options[output] === undefined)) {
    refuse(context, "expected a file to write, found none; add --svg FILE, --html FILE or --shiviz FILE");
    return;
  }
  if (from !== null && until !== null && from >= until) {
    refuse(context, `--from ${renderMicros(from)}: expected an earlier moment than --until ${renderMicros(until)}`);
    return;
  }
  if (areOneFile(context, options)) return;
  for (const output of outputs) {
    const sample = openNamed(context, file, options, output);
    if (sample === "refused") return;
    sample?.discard();
  }
  const subject = await loadSubject(context, file, options, options.anyway !== true);
  if (subject === null) return;
  const run = await execute(context, subject, options);
  if (run === null) return;
  const chosen = chooseWindow(run, { from, until, allLanes: options.allLanes === true });
  if (chosen.kind === "refused") {
    refuse(context, `${file}: ${chosen.why}`);
    return;
  }
  const scene = makeScene(run, chosen.window);
  const render: Readonly<Record<Output, () => string>> = {
    svg: () => `${drawScene(scene, true)}\n`,
    html: () => renderPicturePage(scene, commandOf(file, options)),
    shiviz: () => renderShiViz(scene),
  };
  for (const output of outputs) if (!write(context, file, options, output, render[output])) return;
  context.io.stdout(`${summary(scene, run)}\n`);
}

/** Null when it was interrupted or a user's code failed, and everything has been said. */
async function execute(
  context: Context,
  { scenario, resolvers, plant }: Subject,
  options: PictureOptions,
): Promise<RecordedRun | null> {
  const planted = everyPlant.find(({ name }) => name === plant);
  const interruption = watchInterruption();
  const progress = startProgress(context.io);
  const state = { isInterrupted: false };
  try {
    return await recordRun(scenario, {
      resolvers,
      ...(planted !== undefined && plantOptions(planted)),
      properties: propertiesOf(scenario, options.property),
      until: options.until ?? null,
      onProgress: progress.advance,
      async pause() {
        await turn();
        const code = interruption.found();
        if (code === null) return;
        context.exitCode = code;
        state.isInterrupted = true;
        throw new Error("interrupted");
      },
    });
  } catch (error) {
    if (state.isInterrupted) context.io.stderr("interrupted; nothing was written\n");
    else if (error instanceof ResolverFailed) refuse(context, error.message);
    else throw error;
    return null;
  } finally {
    progress.stop();
    interruption.stop();
  }
}

/** Those that the scenario expects something of: others may well be violated, which is nothing to draw. */
function propertiesOf({ expectations }: Scenario, named: OracleName | undefined): ReadonlySet<OracleName> {
  if (named !== undefined) return new Set([named]);
  return new Set([...expectations.violated, ...expectations.always, ...expectations.eventually]);
}

function summary({ breach, from, until, lanes, marks, arrows }: Scene, run: RecordedRun): string {
  const what =
    breach === null
      ? `no expected property is violated${run.isWhole ? "" : " by then"}`
      : `${breach.property} is violated: ${breach.evidence}`;
  const size = `${lanes.length} lanes, ${marks.length} events, ${arrows.length} messages`;
  return `${what}\ndrawn: ${renderMicros(from)} to ${renderMicros(until)}, ${size}`;
}

// --- files ---

function openNamed(
  context: Context,
  file: string,
  options: PictureOptions,
  output: Output,
): OutputFile | "refused" | null {
  const path = options[output];
  if (path === undefined) return null;
  const opened = openOutput(pathFrom(context.io, path), { overwrite: true, inputs: [pathFrom(context.io, file)] });
  if (opened.kind === "open") return opened.file;
  refuse(context, `--${output} ${path}: ${opened.why}`);
  return "refused";
}

function write(context: Context, file: string, options: PictureOptions, output: Output, render: () => string): boolean {
  const opened = openNamed(context, file, options, output);
  if (opened === "refused") return false;
  if (opened === null) return true;
  try {
    opened.write(render());
    opened.commit();
    return true;
  } catch (error) {
    if (!(error instanceof OutputFailure)) throw error;
    refuse(context, `--${output} ${options[output] ?? ""}: ${error.message}`);
    return false;
  }
}

/** Two outputs in one file would leave one of them. */
function areOneFile(context: Context, options: PictureOptions): boolean {
  const named = outputs.filter((output) => options[output] !== undefined);
  const pathOf = (output: Output): string => pathFrom(context.io, options[output] ?? "");
  for (const [index, output] of named.entries()) {
    const other = named.slice(0, index).find((earlier) => pathOf(earlier) === pathOf(output));
    if (other === undefined) continue;
    refuse(context, `--${output} ${options[output] ?? ""}: it is the file that --${other} names; name another path`);
    return true;
  }
  return false;
}

/** The command without the outputs but the page. */
function commandOf(
  file: string,
  { seed, set = [], plant, property, from, until, allLanes, anyway, allowCode, html }: PictureOptions,
): string {
  const words = [
    file,
    ...(html === undefined ? [] : ["--html", html]),
    ...(seed === undefined ? [] : ["--seed", seed]),
    ...set.flatMap(({ path, value }) => ["--set", `${path}=${value}`]),
    ...(plant === undefined ? [] : ["--plant", plant]),
    ...(property === undefined ? [] : ["--property", property]),
    ...(from === undefined ? [] : ["--from", `${from}us`]),
    ...(until === undefined ? [] : ["--until", `${until}us`]),
    ...(allLanes === true ? ["--all-lanes"] : []),
    ...(anyway === true ? ["--anyway"] : []),
    ...(allowCode === true ? ["--allow-code"] : []),
  ];
  return `npx causeway picture ${words.map(quoted).join(" ")}`;
}
