// One run of many, for `causeway run --swarm`: a scenario, given or drawn where it is run, and its result, small enough to cross threads by
// the thousand. Runs in a worker (workers/simulation-worker.ts) or anywhere. Leaves out adding results up (sweep-summary.ts), and sweeps
// with results to keep (sim/sweep).

import { type Attached, sameTexts } from "../scenario/attached.ts";
import type { FaultName } from "../faults/table.ts";
import type { MarkName, OracleName } from "../oracles/names.ts";
import { loadRecorded } from "../resolvers/load.ts";
import { type ScenarioSource, scenarioSource } from "../scenario/read.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { readSwarm, type SwarmOptions } from "../swarm/read-swarm.ts";
import { kindOf } from "../swarm/under-faults.ts";
import { heedHeap } from "../workers/heap-watch.ts";
import type { PropertyVerdict, RunVerdict } from "./report.ts";
import { type EndedRun, endScenario } from "./runner.ts";

/** What to run. The code that its scopes name is loaded where the job is run: whoever makes the job has been allowed to run it. */
export type SweepJob =
  | { readonly kind: "scenario"; readonly scenario: Scenario }
  /** A text under faults that are drawn where it is run; it may use this code and no other. */
  | {
      readonly kind: "swarm";
      readonly file: string;
      readonly text: string;
      /** Texts of the tables that it names; left out: none. */
      readonly attached?: Attached;
      readonly swarm: string;
      readonly options: SwarmOptions;
      readonly resolvers: Scenario["resolvers"];
    };

/** What came of it. Plain data. */
export interface SweepResult {
  readonly scenario: string;
  readonly seed: string;
  readonly verdict: RunVerdict;
  readonly digest: string;
  readonly steps: number;
  readonly requests: number;
  readonly cloudlets: number;
  /** Without evidence; the first sentences are in `unmet`. */
  readonly properties: readonly (readonly [OracleName, Omit<PropertyVerdict, "evidence">])[];
  readonly marks: readonly (readonly [MarkName, number])[];
  /** Kinds of faults that were drawn from the table. */
  readonly faultKinds: readonly FaultName[];
  readonly unmet: readonly string[];
}

/** Runs one job. Null: there is no such scenario, as whoever reads it by itself is told. */
export async function runSweepJob(job: SweepJob): Promise<SweepResult | null> {
  const made = madeOf(job);
  if (made === null) return null;
  const resolvers = await loadRecorded(made.scenario.resolvers);
  return sweepResultOf(made.scenario, endScenario(made.scenario, { resolvers, onProgress: heedHeap }), made.kinds);
}

// The text that was read last: most jobs of a worker have the same.
let known: ScenarioSource | null = null;

function madeOf(job: SweepJob): { readonly scenario: Scenario; readonly kinds: readonly FaultName[] } | null {
  if (job.kind === "scenario") return { scenario: job.scenario, kinds: [] };
  const { file, text, attached, swarm: seed, options, resolvers } = job;
  if (known?.text !== text || known.file !== file || !sameTexts(known.attached, attached))
    known = scenarioSource(file, text, attached);
  const drawn = readSwarm(known, seed, options);
  if (drawn.kind === "invalid") return null;
  const { read, swarm } = drawn;
  if (!read.code.every(({ name }) => resolvers.some((code) => code.name === name))) return null;
  return { scenario: { ...read.scenario, resolvers }, kinds: swarm.faults.map(kindOf) };
}

/**
 * What of a run crosses threads.
 *
 * @param faultKinds what was drawn from the table for it, where that is to be counted
 */
export function sweepResultOf(
  scenario: Scenario,
  { end, world }: Pick<EndedRun, "end" | "world">,
  faultKinds: readonly FaultName[] = [],
): SweepResult {
  return {
    scenario: end.scenario,
    seed: end.seed,
    verdict: end.verdict,
    digest: end.digest,
    steps: end.steps,
    requests: world.requestCount,
    cloudlets: scenario.topology.cloudlets.length,
    properties: end.properties.map(([name, { verdict, checks, violations }]) => [
      name,
      { verdict, checks, violations },
    ]),
    marks: end.marks,
    faultKinds,
    unmet: end.unmet,
  };
}
