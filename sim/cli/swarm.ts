/**
 * A scenario with drawn faults, for `causeway run FILE --swarm SEED`, and the file that says all of it.
 *
 * Leaves out reading and drawing (sim/swarm) and the running (conduct-run.ts, conduct-swarm.ts).
 */
import { dirname, isAbsolute } from "node:path";
import { renderProblems } from "../scenario/problem.ts";
import { describeSwarm, withSections } from "../swarm/apply-swarm.ts";
import { readSwarm, type SwarmRead } from "../swarm/read-swarm.ts";
import { type Context, pathFrom, refuse, type ScenarioOptions, sourceOptions } from "./command.ts";
import type { ScenarioSource } from "../scenario/read.ts";
import { OutputFailure, openOutput } from "./output-file.ts";

/** A scenario with what was drawn for it. */
export interface SwarmLoaded extends SwarmRead {
  /** The file's text. */
  readonly text: string;
  /** What was drawn, for people. */
  readonly says: string;
  /** Files that the text names. */
  readonly named: readonly string[];
}

/** Draws faults for the scenario of a file; null when it was refused, and everything has been said. */
export function loadSwarm(
  context: Context,
  source: ScenarioSource,
  swarmSeed: string,
  options: ScenarioOptions,
): SwarmLoaded | null {
  const outcome = readSwarm(source, swarmSeed, sourceOptions(options));
  if (outcome.kind === "swarm") {
    const says = describeSwarm(swarmSeed, outcome.swarm, outcome.sections);
    return { ...outcome, text: source.text, says, named: Object.keys(source.attached) };
  }
  refuse(context, renderProblems(outcome.problems));
  return null;
}

/** Writes the scenario with what was drawn as a file of its own; false when that was refused, and everything has been said. */
export function saveSwarm(context: Context, file: string, path: string, loaded: SwarmLoaded): boolean {
  const inputs = [pathFrom(context.io, file)];
  // Names of files count from where the scenario lies.
  const tables = loaded.named.filter((name) => !isAbsolute(name));
  const [from, to] = [file, path].map((each) => dirname(pathFrom(context.io, each)));
  if (tables.length > 0 && from !== to) {
    const why = `expected a file beside ${file}, since it names files from there (${tables.join(", ")}), found another folder`;
    refuse(context, `--save ${path}: ${why}; name one beside it`);
    return false;
  }
  const output = openOutput(pathFrom(context.io, path), { overwrite: true, inputs });
  if (output.kind === "refused") {
    refuse(context, `--save ${path}: ${output.why}`);
    return false;
  }
  try {
    output.file.write(withSections(loaded.text, loaded.sections, loaded.read.scenario.seed));
    output.file.commit();
    return true;
  } catch (error) {
    if (!(error instanceof OutputFailure)) throw error;
    refuse(context, `--save ${path}: ${error.message}`);
    return false;
  }
}
