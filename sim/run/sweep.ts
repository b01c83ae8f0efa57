// One job of a sweep: a scenario, given or drawn from a seed, run to a result small enough to cross threads by the
// thousand. Runs in a worker (workers/simulation-worker.ts) or anywhere. Leaves out adding results up (sweep-summary.ts).

import type { MarkName, OracleName } from "../oracles/names.ts";
import { loadRecorded } from "../resolvers/load.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { generatedScenario } from "./generate.ts";
import type { PropertyVerdict, RunVerdict } from "./report.ts";
import { runScenario, type RunOutcome } from "./runner.ts";

/** What to run. */
export type SweepJob =
  /** The code that its scopes name is loaded where the job is run: whoever makes the job has been allowed to run it. */
  | { readonly kind: "scenario"; readonly scenario: Scenario }
  /** A scenario drawn by run/generate.ts. */
  | { readonly kind: "seed"; readonly seed: string };

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
  readonly unmet: readonly string[];
}

/** Runs one job. */
export async function runSweepJob(job: SweepJob): Promise<SweepResult> {
  const scenario = job.kind === "seed" ? generatedScenario(job.seed) : job.scenario;
  const resolvers = await loadRecorded(scenario.resolvers);
  return sweepResultOf(scenario, runScenario(scenario, { resolvers }));
}

/** What of a run crosses threads. */
export function sweepResultOf(scenario: Scenario, { report, world }: RunOutcome): SweepResult {
  return {
    scenario: report.scenario,
    seed: report.seed,
    verdict: report.verdict,
    digest: report.digest,
    steps: report.steps,
    requests: world.requestCount,
    cloudlets: scenario.topology.cloudlets.length,
    properties: report.properties.map(([name, { verdict, checks, violations }]) => [
      name,
      { verdict, checks, violations },
    ]),
    marks: report.marks,
    unmet: report.unmet,
  };
}
