/**
 * What a command is to run that takes a scenario or a replay in one argument: which of the two it is, its code, and a planted bug.
 *
 * Leaves out `run` and `replay`, which take one of the two each.
 */
import { readInputFile } from "../scenario/file.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { type Context, loadScenario, pathFrom, refuse, type ScenarioOptions } from "./command.ts";
import { engineName } from "./engine.ts";
import { parseReplay, REPLAY_SIZE_MAX } from "./replay-file.ts";
import { type Equipped, loadReplayCode, loadScenarioCode } from "./user-code.ts";

/** A scenario with its code, and the planted bug that it runs with or null. */
export interface Subject extends Equipped {
  readonly plant: string | null;
  /** The command that runs a file of this kind. */
  readonly runsBy: "run" | "replay";
}

/** Options of a command that reads one. */
export interface SubjectOptions extends ScenarioOptions {
  readonly plant?: string;
  readonly allowCode?: boolean;
}

/**
 * The scenario of a file of either kind; null when it was refused, and everything has been said.
 *
 * @param needsEngine whether a replay of another engine is refused, with the option --anyway as the remedy
 */
export async function loadSubject(
  context: Context,
  file: string,
  options: SubjectOptions,
  needsEngine: boolean,
): Promise<Subject | null> {
  const replay = replayText(context, file);
  if (replay !== null) return subjectOfReplay(context, file, replay, options, needsEngine);
  const read = loadScenario(context, file, options);
  if (read === null) return null;
  const { plant = null } = options;
  if (plant !== null && read.scenario.protocol !== "causeway") {
    const found = `the scenario runs ${read.scenario.protocol}`;
    refuse(context, `--plant ${plant}: planted bugs are the core's, and ${found}; add --set protocol=causeway`);
    return null;
  }
  const equipped = await loadScenarioCode(context, file, read, options.allowCode === true);
  return equipped === null ? null : { ...equipped, plant, runsBy: "run" };
}

/** The scenario of a file of either kind, for commands that run nothing; null when it was refused, and everything has been said. */
export function loadWithoutCode(context: Context, file: string): Scenario | null {
  const text = replayText(context, file);
  if (text === null) return loadScenario(context, file, {})?.scenario ?? null;
  const outcome = parseReplay(text);
  if (outcome.kind === "replay") return outcome.replay.scenario;
  refuse(context, `${file}: ${outcome.why}`);
  return null;
}

/** The text of a file that is a replay; null where it is another one, or none. */
function replayText(context: Context, file: string): string | null {
  const content = readInputFile(pathFrom(context.io, file), REPLAY_SIZE_MAX);
  return content.kind === "text" && /^\s*\{\s*"causeway-replay"/.test(content.text) ? content.text : null;
}

async function subjectOfReplay(
  context: Context,
  file: string,
  text: string,
  options: SubjectOptions,
  needsEngine: boolean,
): Promise<Subject | null> {
  const given = (["seed", "set", "plant"] as const).find((name) => options[name] !== undefined);
  if (given !== undefined) {
    refuse(context, `${file}: a replay says all that it runs with, found --${given} beside it; leave it out`);
    return null;
  }
  const outcome = parseReplay(text);
  if (outcome.kind === "refused") {
    refuse(context, `${file}: ${outcome.why}`);
    return null;
  }
  const { scenario, plant, engine } = outcome.replay;
  if (needsEngine && engine !== engineName()) {
    const why = `recorded on engine ${engine}, this is ${engineName()}, which may run it differently`;
    refuse(context, `${file}: ${why}; use the engine that recorded it, or add --anyway`);
    return null;
  }
  const equipped = await loadReplayCode(context, file, scenario, options.allowCode === true);
  return equipped === null ? null : { ...equipped, plant, runsBy: "replay" };
}
