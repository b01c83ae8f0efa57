// The whole matrix, in worker threads: every planted bug until its oracles have cried, and clean runs in which none may.
// Leaves out how it is printed (cli/commands/plants.ts).

import { runJobs } from "../workers/pool.ts";
import type { Alarm, PlantJob, PlantResult } from "./matrix.ts";
import type { Plant } from "./plant.ts";
import { everyPlant } from "./plants.ts";

/** Runs after which a bug that was not caught counts as missed. */
const PLANT_RUNS_MAX = 300;
/** Clean runs per job: small enough that all threads end together. */
const CLEAN_RUNS_PER_JOB = 50;
/** Of so many clean runs one is of a scenario that detaches members. */
const DETACHING_SHARE = 5;
/** And of so many one of a scenario with operations, one of one with upgrades, and one of one in which cloudlets are watched. */
const OPERATING_SHARE = 10;
const JOB_TIME_LIMIT = 300_000;

/** What is to be run. */
export interface MatrixOptions {
  readonly plants?: readonly Plant[];
  readonly cleanRuns: number;
  readonly workerCount?: number;
  readonly onProgress?: (fraction: number) => void;
}

/** One bug's row. */
export interface MatrixRow {
  readonly plant: Plant;
  readonly result: PlantResult;
  /** Oracles that were made for it and stayed silent. */
  readonly missed: Plant["catches"];
}

/** The matrix. */
export interface Matrix {
  readonly rows: readonly MatrixRow[];
  readonly cleanRunCount: number;
  /** Alarms without a bug: there must be none. */
  readonly falseAlarms: readonly Alarm[];
}

/** Was every bug caught by every oracle that was made for it, and did none cry without a bug? */
export function isSound({ rows, falseAlarms }: Matrix): boolean {
  return falseAlarms.length === 0 && rows.every(({ missed }) => missed.length === 0);
}

/**
 * Runs the matrix.
 *
 * @throws Error when a job has no result: a bug in this program
 */
export async function runMatrix(options: MatrixOptions): Promise<Matrix> {
  const { plants = everyPlant, cleanRuns, workerCount, onProgress } = options;
  const planted = plants.map(({ name, catches, shownBy = 0 }): PlantJob => ({
    plant: name,
    first: shownBy,
    count: PLANT_RUNS_MAX,
    until: catches,
  }));
  const clean: PlantJob[] = [];
  const detachingRuns = Math.floor(cleanRuns / DETACHING_SHARE);
  const operatingRuns = Math.floor(cleanRuns / OPERATING_SHARE);
  const drawnRuns = cleanRuns - detachingRuns - 3 * operatingRuns;
  for (let first = 0; first < drawnRuns; first += CLEAN_RUNS_PER_JOB) {
    clean.push({ plant: null, first, count: Math.min(CLEAN_RUNS_PER_JOB, drawnRuns - first), until: [] });
  }
  if (detachingRuns > 0) clean.push({ plant: null, world: "detaching", first: 0, count: detachingRuns, until: [] });
  for (const world of operatingRuns > 0 ? (["operating", "upgrading", "watching"] as const) : []) {
    clean.push({ plant: null, world, first: 0, count: operatingRuns, until: [] });
  }
  const jobs = [...planted, ...clean];
  let doneCount = 0;
  const outcomes = await runJobs<PlantJob, PlantResult>(
    jobs,
    {
      entry: new URL(`../workers/plants-worker.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url),
      timeLimitMilliseconds: JOB_TIME_LIMIT,
      ...(workerCount !== undefined && { workerCount }),
    },
    () => onProgress?.((doneCount += 1) / jobs.length),
  );
  const results = outcomes.map((outcome) => {
    if (outcome.kind === "failed") throw new Error(`a run of the matrix has no result: ${outcome.why}`);
    return outcome.result;
  });
  const cleanResults = results.slice(plants.length);
  return {
    rows: plants.map((plant, index) => {
      const result = results[index] as PlantResult;
      const missed = plant.catches.filter((oracle) => !result.alarms.some((alarm) => alarm.oracle === oracle));
      return { plant, result, missed };
    }),
    cleanRunCount: cleanResults.reduce((sum, { runCount }) => sum + runCount, 0),
    falseAlarms: cleanResults.flatMap(({ alarms }) => alarms),
  };
}
