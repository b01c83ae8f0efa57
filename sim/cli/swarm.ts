/**
 * A scenario with drawn faults, for `causeway run FILE --swarm SEED`: read, drawn for, and read again with what was drawn.
 *
 * Leaves out the drawing (sim/swarm) and the running (conduct-run.ts, conduct-swarm.ts).
 */
import { TEXT_SIZE_MAX } from "../scenario/document.ts";
import { readInputFile } from "../scenario/file.ts";
import type { ReadOutcome, Setting } from "../scenario/read.ts";
import { describeSwarm, type SwarmSections, swarmSections, swarmSettings, withSections } from "../swarm/apply-swarm.ts";
import { drawSwarm, type Swarm } from "../swarm/draw-swarm.ts";
import { type Context, loadScenario, pathFrom, refuse, type ScenarioOptions } from "./command.ts";
import { OutputFailure, openOutput } from "./output-file.ts";

/** A scenario with what was drawn for it. */
export interface SwarmLoaded {
  readonly read: Extract<ReadOutcome, { kind: "scenario" }>;
  readonly swarm: Swarm;
  readonly sections: SwarmSections;
  /** The file's text. */
  readonly text: string;
  /** What was drawn, for people. */
  readonly says: string;
}

/** Reads a scenario and draws faults for it; null when it was refused, and everything has been said. */
export function loadSwarm(
  context: Context,
  file: string,
  swarmSeed: string,
  { seed = swarmSeed, set = [] }: ScenarioOptions,
): SwarmLoaded | null {
  const label = `--swarm ${swarmSeed}`;
  const content = readInputFile(pathFrom(context.io, file), TEXT_SIZE_MAX);
  const base = loadScenario(context, file, { seed, set });
  if (base === null || content.kind === "refused") return null;
  const { scenario, topology } = base;
  if (scenario.expectations.violated.length > 0) {
    const names = scenario.expectations.violated.join(", ");
    refuse(context, `${label}: expected a scenario in which properties hold, found that ${names} is to be violated`);
    return null;
  }
  const { text } = content;
  const isForcedPlain = /^\s*encode:\s*false/m.test(text);
  const swarm = drawSwarm(
    {
      cloudlets: scenario.topology.cloudlets,
      links: scenario.topology.links,
      duration: scenario.duration,
      clockBound: scenario.clockBound,
      hasCheckpoints: scenario.logs.checkpoint !== null,
      mayEncode: scenario.wire.encodes || !isForcedPlain,
    },
    topology,
    swarmSeed,
  );
  const sections = swarmSections(text, scenario.expectations, swarm);
  const settings: readonly Setting[] = [...set, ...swarmSettings(sections, label)];
  const read = loadScenario(context, file, { seed, set: settings });
  if (read === null) return null;
  return { read, swarm, sections, text, says: describeSwarm(swarmSeed, swarm, sections) };
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
