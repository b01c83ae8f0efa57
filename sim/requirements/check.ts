// Runs what rows of the catalogue name: oracles over drawn worlds, scenarios, facts; each as it is, or with the planted bug or the
// other settings that must turn a row. Plain data in and out: a job may cross threads, and rows share it.
//
// Leaves out which jobs there are, the threads (run-requirements.ts), and tests, which `npm test` runs.

import { InvariantViolation } from "../../model/assert.ts";
import { type CheckName, kindOfCheck, type Turn } from "../../model/requirements/index.ts";
import { oracleTable } from "../oracles/names.ts";
import { type PlantJob, runPlantJob } from "../plants/matrix.ts";
import { plantNamed } from "../plants/plants.ts";
import { factNamed } from "./facts.ts";
import { runText } from "./run-facts.ts";
import { smallChurn, workloadText } from "./workload.ts";

/** What is to be run. */
export type CheckJob =
  /** Right cores in drawn worlds, judged by all oracles at once. */
  | { readonly kind: "worlds"; readonly runs: PlantJob }
  | { readonly kind: "check"; readonly check: CheckName }
  | { readonly kind: "turn"; readonly turn: Turn };

/** What came of a check. */
export interface Finding {
  readonly check: CheckName;
  /** How often it was put to the test: for a scenario, once. */
  readonly count: number;
  /** Why it does not hold; null where it does. */
  readonly complaint: string | null;
}

/** Drawn worlds until a planted bug was seen. */
const TURN_RUNS_MAX = 300;

/** Runs one job. */
export function runCheckJob(job: CheckJob): readonly Finding[] {
  switch (job.kind) {
    case "worlds":
      return judgedByAll(job.runs);
    case "check":
      return [find(job.check, {})];
    case "turn":
      return [find(job.turn.fails, { ...job.turn, set: { ...job.turn.set, ...noMarks(job.turn.fails) } })];
  }
}

// A mark that is no longer reached is no reason: what turns a row is something that goes wrong.
function noMarks(check: CheckName): Readonly<Record<string, string>> {
  return kindOfCheck(check) === "scenario" ? { "expectations.sometimes": "[]" } : {};
}

function judgedByAll(runs: PlantJob): readonly Finding[] {
  const { alarms, stopped, checks } = runPlantJob(runs);
  const counts = new Map(checks);
  return oracleTable.map(({ name }) => {
    const alarm = alarms.find(({ oracle }) => oracle === name);
    const complaint = alarm === undefined ? (stopped[0] ?? null) : `seed ${alarm.seed}: ${alarm.evidence}`;
    return { check: `oracle ${name}`, count: counts.get(name) ?? 0, complaint };
  });
}

/**
 * Tries one check.
 *
 * @throws RangeError when there is no such check, or no such bug
 */
function find(check: CheckName, turn: Omit<Turn, "fails">): Finding {
  const { plant = null, set = {} } = turn;
  const oracle = oracleTable.find(({ name }) => check === `oracle ${name}`);
  if (oracle !== undefined) {
    const first = plant === null ? 0 : (plantNamed(plant)?.shownBy ?? 0);
    const result = runPlantJob({ plant, first, count: TURN_RUNS_MAX, until: [oracle.name] });
    const alarm = result.alarms.find((one) => one.oracle === oracle.name);
    const complaint = alarm === undefined ? null : `seed ${alarm.seed}: ${alarm.evidence}`;
    return { check, count: new Map(result.checks).get(oracle.name) ?? 0, complaint };
  }
  const fact = factNamed(check.replace(/^fact /, ""));
  if (fact !== null) {
    if (plant !== null && !fact.deviations.some(({ name }) => name === plant)) {
      throw new RangeError(`${check} knows no deviation ${plant}`);
    }
    return { check, ...fact.try(plant) };
  }
  const name = /^workloads\/(.+)\.yaml$/.exec(check)?.[1];
  if (name === undefined) throw new RangeError(`there is no check ${check} that could be run`);
  return { check, count: 1, complaint: complaintOf(name, set, plant) };
}

function complaintOf(name: string, set: Readonly<Record<string, string>>, plant: string | null): string | null {
  try {
    const settings = name === "churn-year" ? { ...smallChurn, ...set } : set;
    const { verdict, unmet } = runText(`${name}.yaml`, workloadText(name), settings, plant).report;
    return verdict === "passed" ? null : (unmet[0] ?? verdict);
  } catch (error) {
    // A planted bug may break an invariant before anything is judged.
    if (error instanceof InvariantViolation) return error.message;
    throw error;
  }
}
