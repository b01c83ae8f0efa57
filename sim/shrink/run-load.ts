// Runs a scenario as far as its load goes, for somebody who listens: what comes after that is not of the load. Leaves out verdicts.

import { InvariantViolation } from "../../model/assert.ts";
import type { Observer } from "../oracles/observer.ts";
import { Run, type RunOptions } from "../run/run.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { World } from "../world.ts";

const EVENTS_AT_ONCE = 1_000;

/**
 * Runs the load. A run that a broken invariant stops has done all that it would.
 *
 * @param options how it is run, a planted bug among them
 * @param begun called with the world before anything happens in it
 */
export function runLoad(
  scenario: Scenario,
  options: RunOptions,
  observer: Observer,
  begun: (world: World) => void = () => undefined,
): void {
  const run = new Run(scenario, {
    ...options,
    only: [],
    givesUpFrom: Infinity,
    observers: [observer],
    watch: (world) => {
      begun(world);
      return { look: (now) => now };
    },
  });
  const until = scenario.duration / (scenario.duration + scenario.settle);
  try {
    while (run.fraction < until && run.advance(EVENTS_AT_ONCE));
  } catch (error) {
    if (!(error instanceof InvariantViolation)) throw error;
  }
}
