// What is kept of a run that did not pass: the smallest world in which the same goes wrong, as a scenario and as a replay, and a picture of
// it. A run that has no smaller form, or takes its process with it, is kept as it is.
//
// Shrinking is counted in runs, so that the same failure shrinks to the same world on every machine. Leaves out which failures are kept
// (cli/conduct-sweep.ts).

import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { InvariantViolation } from "../../model/assert.ts";
import { renderReplay } from "../cli/replay-file.ts";
import { drawScene } from "../picture/draw.ts";
import { recordRun } from "../picture/record-run.ts";
import { makeScene } from "../picture/make-scene.ts";
import { chooseWindow } from "../picture/window.ts";
import type { RunReport } from "../run/report.ts";
import { runScenario } from "../run/runner.ts";
import { ResolverFailed } from "../resolvers/guard.ts";
import { formOf } from "../scenario/form-of.ts";
import { withModules } from "../scenario/form-of-modules.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { renderForm } from "../scenario/write.ts";
import type { Ending } from "../shrink/attempts.ts";
import { shrink } from "../shrink/shrink.ts";
import { targetName, targetsOf } from "../shrink/target.ts";
import type { CaseMaker, MadeCase } from "./case.ts";
import { putFile } from "./files.ts";
import type { SweepCase } from "./plan.ts";
import type { CaseOutcomeName } from "./row.ts";
import { ResultsTrouble, whyNotWritten } from "./trouble.ts";

/** A failure to keep. */
export interface FailureOrder {
  readonly maker: CaseMaker;
  readonly one: SweepCase;
  readonly outcome: CaseOutcomeName;
  /** The results folder. */
  readonly folder: string;
  readonly engine: string;
  /** Runs that shrinking may take. */
  readonly budget: number;
  /** Asked between runs: whether to end. */
  readonly pause: () => Promise<Ending | null>;
}

/** What was kept. */
export interface KeptFailure {
  /** Its folder, below the results folder. */
  readonly place: string;
  /** What stays violated; null where nothing could be taken away. */
  readonly target: string | null;
  readonly cloudlets: number;
  readonly runCount: number;
}

/** What a results folder has of a failure that was kept before, as after a merge; how far it was shrunk nobody has written down. */
export function keptBefore(folder: string, index: number): string | null {
  const place = failurePlace(index);
  return existsSync(join(folder, place, "replay.json")) ? place : null;
}

/** The folder of all of them, below the results folder. */
export const FAILURES = "failures";

/** The name of a failure's folder. */
export function failurePlace(index: number): string {
  return `${FAILURES}/case-${String(index).padStart(6, "0")}`;
}

/**
 * Keeps a failure; null where the case makes no scenario, which its row says.
 *
 * @throws ResultsTrouble when it cannot be written
 */
export async function keepFailure(order: FailureOrder): Promise<KeptFailure | null> {
  const { maker, one, outcome, budget, pause } = order;
  const made = maker.make(one);
  if (made.kind === "refused") return null;
  const { resolvers } = made;
  // These would do to this thread what they did to their worker.
  const isRunnable = outcome !== "exited" && outcome !== "out-of-memory" && outcome !== "timed-out";
  const place = failurePlace(one.index);
  const whole: KeptFailure = { place, target: null, cloudlets: made.scenario.topology.cloudlets.length, runCount: 0 };
  const [target] = isRunnable ? attempted(outcome, () => targetsOf(made.scenario, { resolvers }), []) : [];
  if (target === undefined) {
    await write(order, made, isRunnable);
    return whole;
  }
  const shrunk = await shrink(made.scenario, target, { run: { resolvers }, clean: null, budget, pause });
  if ("kind" in shrunk) {
    await write(order, made, true);
    return whole;
  }
  const { smallest, runCount } = shrunk;
  const scenario: Scenario = { ...smallest.scenario, name: `${made.scenario.name}-shrunk` };
  await write(order, { scenario, resolvers }, true);
  return { place, target: targetName(target), cloudlets: scenario.topology.cloudlets.length, runCount };
}

type Equipped = Pick<MadeCase, "scenario" | "resolvers">;

async function write(order: FailureOrder, { scenario, resolvers }: Equipped, isRunnable: boolean): Promise<void> {
  const { folder, engine, one, outcome, pause } = order;
  const place = join(folder, failurePlace(one.index));
  const report = isRunnable
    ? attempted<RunReport | null>(outcome, () => runScenario(scenario, { resolvers }).report, null)
    : null;
  const verdict = report?.verdict ?? "";
  const replay = renderReplay({ engine, digest: report?.digest ?? "", verdict, plant: null, drawn: [], scenario });
  const picture = report === null ? null : await pictureOf({ scenario, resolvers }, pause);
  try {
    mkdirSync(place, { recursive: true });
    putFile(join(place, "scenario.yaml"), renderForm(withModules(formOf(scenario), scenario, place)));
    putFile(join(place, "replay.json"), replay);
    if (picture !== null) putFile(join(place, "picture.svg"), picture);
  } catch (error) {
    throw new ResultsTrouble(place, whyNotWritten(error));
  }
}

/** Null where there is more to see than anybody could. */
async function pictureOf({ scenario, resolvers }: Equipped, pause: FailureOrder["pause"]): Promise<string | null> {
  const { always, eventually } = scenario.expectations;
  const properties = new Set([...always, ...eventually]);
  const run = await recordRun(scenario, {
    resolvers,
    properties,
    until: null,
    pause: async () => void (await pause()),
  });
  const chosen = chooseWindow(run, { from: null, until: null, allLanes: false });
  return chosen.kind === "refused" ? null : `${drawScene(makeScene(run, chosen.window), true)}\n`;
}

/**
 * What a broken invariant or a user's code stops has no report, nor has what threw in its worker, whatever that was: its row says it, and
 * the other runs have theirs.
 */
function attempted<Result>(outcome: CaseOutcomeName, work: () => Result, otherwise: Result): Result {
  try {
    return work();
  } catch (error) {
    if (outcome === "threw" || error instanceof InvariantViolation || error instanceof ResolverFailed) return otherwise;
    throw error;
  }
}
