/**
 * A scenario with drawn faults, for `causeway run FILE --swarm SEED`, and the file that says all of it.
 *
 * Leaves out reading and drawing (sim/swarm) and the running (conduct-run.ts, conduct-swarm.ts).
 */
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
    return { ...outcome, text: source.text, says: describeSwarm(swarmSeed, outcome.swarm, outcome.sections) };
  }
  refuse(context, renderProblems(outcome.problems));
  return null;
}

/** Writes the scenario with what was drawn as a file of its own; false when that was refused, and everything has been said. */
export function saveSwarm(context: Context, file: string, path: string, loaded: SwarmLoaded): boolean {
  const inputs = [pathFrom(context.io, file)];
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
