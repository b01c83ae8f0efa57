// One job of a sweep: a scenario, given or drawn from a seed, run to a result small enough to cross threads by the
// thousand. Runs in a worker (workers/simulation-worker.ts) or anywhere. Leaves out adding results up (sweep-summary.ts).

import type { FaultName } from "../faults/table.ts";
import type { MarkName, OracleName } from "../oracles/names.ts";
import { loadRecorded } from "../resolvers/load.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { type UnderFaults, underFaults } from "../swarm/under-faults.ts";
import { generatedScenario } from "./generate.ts";
import type { PropertyVerdict, RunVerdict } from "./report.ts";
import { type EndedRun, endScenario } from "./runner.ts";

/** What to run. */
export type SweepJob =
  /** The code that its scopes name is loaded where the job is run: whoever makes the job has been allowed to run it. */
  | { readonly kind: "scenario"; readonly scenario: Scenario }
  /**
   * A scenario drawn by run/generate.ts; with `wanted` under faults drawn from the whole table, these kinds among them
   * (swarm/under-faults.ts).
   */
  | { readonly kind: "seed"; readonly seed: string; readonly wanted?: readonly FaultName[] };

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

/** What a job runs. */
export function scenarioOf(job: SweepJob): Pick<UnderFaults, "scenario" | "kinds"> {
  if (job.kind === "scenario") return { scenario: job.scenario, kinds: [] };
  const scenario = generatedScenario(job.seed);
  return job.wanted === undefined ? { scenario, kinds: [] } : underFaults(scenario, job.wanted);
}

/** Runs one job. */
export async function runSweepJob(job: SweepJob): Promise<SweepResult> {
  const { scenario, kinds } = scenarioOf(job);
  const resolvers = await loadRecorded(scenario.resolvers);
  return sweepResultOf(scenario, endScenario(scenario, { resolvers }), kinds);
}

/**
 * What of a run crosses threads.
 *
 * @param faultKinds what was drawn from the table for it, where that is to be counted
 */
export function sweepResultOf(
  scenario: Scenario,
  { end, world }: EndedRun,
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
