// Shrinking: from a world in which something goes wrong to the smallest one in which the same thing does. First the load is written
// down (materialise.ts), then all kinds of things are taken away (cuts.ts, ddmin.ts) and what stays is made simpler (simpler.ts),
// again and again until nothing helps any more: of what is left no single cloudlet, operation, fault, flow or setting can go.
//
// 1. A planted bug is a rule of one replica; it stays through all of it. Each world that is kept does not show the target without it.
// 2. The budget is counted in runs, so that the same world shrinks to the same one on every machine.
// 3. What links lose by chance is lost by name where the world still shows the target then (losses.ts).
// 4. Convergence is judged within a budget of time, and a budget that is too short is missed by the right core, too. So where
//    convergence is the target the budget stays at its default or what it was, whichever is longer.
//
// Leaves out files and what is told to a person (report.ts, cli/commands/shrink.ts).

import type { LinkDirectionSpec } from "../../model/topology/spec.ts";
import { seconds } from "../../model/units.ts";
import type { RunOptions } from "../run/runner.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { Attempts, type Ending, SearchEnded, type World, worldOf } from "./attempts.ts";
import { cuts } from "./cuts.ts";
import { withNamedLosses } from "./losses.ts";
import { materialise } from "./materialise.ts";
import { simplifications } from "./simpler.ts";
import { expectingOnly, sight, type Target } from "./target.ts";

/** What is to shrink, and how far. */
export interface ShrinkOptions {
  /** How the scenario is run, a planted bug among it. */
  readonly run: RunOptions;
  /** How it is run without the planted bug; null where there is none. */
  readonly clean: RunOptions | null;
  /** Runs at most. */
  readonly budget: number;
  /** Asked before each run: an ending, or null to go on. Lets the event loop turn. */
  readonly pause?: (attempts: Attempts) => Promise<Ending | null>;
}

/** What came of it. */
export interface Shrunk {
  /** The world that it began with, before its load was written down. */
  readonly first: Scenario;
  /** With its load written down, where it shows the target like that. */
  readonly materialised: World;
  readonly isMaterialised: boolean;
  readonly smallest: World;
  readonly runCount: number;
  /** Why it ended: nothing was left to take away, or something came before that. */
  readonly ending: "smallest" | Ending;
  /** Whether the target is also there without the planted bug from the beginning; then nothing is said about the bug. */
  readonly isThereAnyway: boolean;
}

/** Why there is nothing to shrink. */
export interface NotShrunk {
  readonly kind: "not-seen";
  readonly why: string;
}

const SETTLE_SHORT = seconds(1);
const SETTLE_DEFAULT = seconds(30);

/** Shrinks. The scenario shows the target in a run with these options; where it does not, that is what comes back. */
export async function shrink(scenario: Scenario, target: Target, options: ShrinkOptions): Promise<Shrunk | NotShrunk> {
  const first = expectingOnly(scenario, target);
  const found = beginning(first, target, options);
  if (found === null) {
    const why = "written as a scenario file it does not go wrong in the same way";
    return { kind: "not-seen", why };
  }
  const { world, isMaterialised } = found;
  const isThereAnyway = options.clean !== null && sight(world.scenario, target, options.clean) !== null;
  const attempts = new Attempts(world, target, {
    run: options.run,
    clean: isThereAnyway ? null : options.clean,
    budget: options.budget,
    pause: options.pause ?? (() => Promise.resolve(null)),
  });
  const ending = await search(attempts, target, options.run);
  return {
    first,
    materialised: world,
    isMaterialised,
    smallest: attempts.best,
    runCount: attempts.runCount,
    ending,
    isThereAnyway,
  };
}

/** The world with its load written down, or as it is where that one does not show the target. */
function beginning(
  first: Scenario,
  target: Target,
  { run }: ShrinkOptions,
): { readonly world: World; readonly isMaterialised: boolean } | null {
  for (const isMaterialised of [true, false]) {
    const world = worldOf(isMaterialised ? materialise(first, run) : first);
    if (world !== null && sight(world.scenario, target, run) !== null) return { world, isMaterialised };
  }
  return null;
}

async function search(attempts: Attempts, target: Target, run: RunOptions): Promise<"smallest" | Ending> {
  const asDrawn: Asking = (scenario) => attempts.holds(scenario);
  const underOtherSeeds: Asking = async (scenario) => {
    for (const candidate of seeded(scenario)) if (await attempts.holds(candidate)) return true;
    return false;
  };
  try {
    await shortenSettling(attempts, target);
    // In the first round worlds are large, and most of what goes has nothing to do with luck.
    let holds = asDrawn;
    for (let before = ""; before !== attempts.best.text || holds === asDrawn;) {
      if (before !== "") holds = underOtherSeeds;
      before = attempts.best.text;
      for (const cut of cuts) await cut.reduce(attempts.best.scenario, holds);
      for (const { candidates } of simplifications) await simplify(attempts, holds, candidates);
      // Last, since what is taken away changes which messages there are to lose.
      const named = before === attempts.best.text ? withNamedLosses(attempts.best.scenario, run) : null;
      if (named !== null) await attempts.holds(named);
    }
    return "smallest";
  } catch (error) {
    if (error instanceof SearchEnded) return error.ending;
    throw error;
  }
}

/** Is this a smaller world that shows the target? */
type Asking = (scenario: Scenario) => Promise<boolean>;

/**
 * The same under other seeds, where links draw what they do: what is taken away changes which message meets what, and it is luck
 * whether the one that matters still does.
 */
function* seeded(scenario: Scenario): Iterable<Scenario> {
  yield scenario;
  if (!isDrawn(scenario)) return;
  for (const seed of OTHER_SEEDS) if (seed !== scenario.seed) yield { ...scenario, seed };
}

const OTHER_SEEDS = ["1", "2", "3"];

function isDrawn({ topology, faults, quirks = [] }: Scenario): boolean {
  const isChance = (way: LinkDirectionSpec | undefined): boolean =>
    way !== undefined && (way.loss ?? way.duplication ?? way.reordering ?? way.corruption ?? 0) > 0;
  return (
    quirks.length > 0 ||
    topology.links.some(({ forth, back }) => isChance(forth) || isChance(back)) ||
    faults.some(({ kind }) => kind === "degrade")
  );
}

/** What follows the load is mostly not what goes wrong, and takes most of the time. */
async function shortenSettling(attempts: Attempts, target: Target): Promise<void> {
  const { scenario } = attempts.best;
  const isConvergence = target.kind === "property" && target.name === "convergence";
  const settle = isConvergence ? SETTLE_DEFAULT : SETTLE_SHORT;
  if (scenario.settle > settle) await attempts.holds({ ...scenario, settle });
}

/** Takes the first candidate that holds, and begins anew with the candidates of that one. */
async function simplify(
  attempts: Attempts,
  holds: Asking,
  candidates: (world: Scenario) => Iterable<Scenario>,
): Promise<void> {
  for (let isBetter = true; isBetter;) {
    isBetter = false;
    for (const candidate of candidates(attempts.best.scenario)) {
      if (!(await holds(candidate))) continue;
      isBetter = true;
      break;
    }
  }
}
