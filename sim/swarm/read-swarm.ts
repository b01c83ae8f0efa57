// From the text of a scenario and the seed of a swarm to the scenario with drawn faults: read, drawn for, and read again with what was
// drawn. Leaves out the drawing (draw-swarm.ts) and what the drawn sections look like (apply-swarm.ts).

import type { FaultName } from "../faults/table.ts";
import {
  faultsAsWritten,
  isOfFaults,
  type ReadOutcome,
  readSource,
  type ScenarioSource,
  type SourceOptions,
} from "../scenario/read.ts";
import { readOtherwise } from "../scenario/read-otherwise.ts";
import type { Problem } from "../scenario/problem.ts";
import { type SwarmSections, swarmSections, swarmSettings } from "./apply-swarm.ts";
import { drawSwarm, type Swarm } from "./draw-swarm.ts";
import { groundOf } from "./under-faults.ts";

/** A scenario with what was drawn for it. */
export interface SwarmRead {
  readonly kind: "swarm";
  readonly read: Extract<ReadOutcome, { kind: "scenario" }>;
  readonly swarm: Swarm;
  readonly sections: SwarmSections;
}

/** What comes from outside the text. */
export interface SwarmOptions extends SourceOptions {
  /** Kinds that are drawn for certain, where the topology has a place for them. */
  readonly wanted?: readonly FaultName[];
}

/** The scenario, or why there is none. */
export type SwarmOutcome = SwarmRead | { readonly kind: "invalid"; readonly problems: readonly Problem[] };

/**
 * Reads a scenario and draws faults for it. Bad input never throws.
 *
 * @param swarmSeed what the faults are drawn from; the run's own chance comes from it, too, unless `options.seed` says otherwise
 */
export function readSwarm(source: ScenarioSource, swarmSeed: string, options: SwarmOptions = {}): SwarmOutcome {
  const label = `--swarm ${swarmSeed}`;
  const { seed = swarmSeed, settings = [], wanted } = options;
  const base = readSource(source, { seed, settings });
  if (base.kind === "invalid") return base;
  const { scenario, topology } = base;
  if (scenario.expectations.violated.length > 0) {
    const names = scenario.expectations.violated.join(", ");
    const message = `expected a scenario in which properties hold, found that ${names} is to be violated`;
    return { kind: "invalid", problems: [{ file: label, line: 0, column: 0, message }] };
  }
  const swarm = drawSwarm(groundOf(scenario, isForcedPlain(source)), topology, swarmSeed, wanted, scenario.faults);
  const ofFaults = settings.filter(isOfFaults);
  const sections = swarmSections(faultsAsWritten(source, ofFaults), scenario, swarm);
  const { quirks, core, expectations } = sections;
  // What settings have changed is in the form that was read with them.
  const own = ofFaults.length > 0 ? (base.basis?.form.faults ?? []) : source.sections.faults();
  const faults = own === null ? null : [...own, ...swarm.faults];
  const read =
    (faults === null ? null : readOtherwise(base, { faults, quirks, core, expectations })) ??
    readSource(source, { seed, settings: [...settings, ...swarmSettings(sections, label)] });
  return read.kind === "invalid" ? read : { kind: "swarm", read, swarm, sections };
}

// By source: a text is searched once.
const forcedPlain = new WeakMap<ScenarioSource, boolean>();

/** Does the text say that messages do not go through their bytes? */
function isForcedPlain(source: ScenarioSource): boolean {
  const known = forcedPlain.get(source);
  if (known !== undefined) return known;
  const found = /^\s*encode:\s*false/m.test(source.text);
  forcedPlain.set(source, found);
  return found;
}
