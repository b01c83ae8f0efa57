// A scenario under faults that are drawn from the whole table, without a file between: what a sweep runs by the hundred. It is what
// `--swarm` makes of a file (apply-swarm.ts): the drawn faults come on top of the scenario's own, drawn quirks are on, a drawn core is
// healed in the end, and of the scenario's expectations its own story's marks and bounds are not asked for.
//
// A sweep that draws everything somewhere has to say so: it may want kinds, and these are on and drawn first wherever the
// topology has a place for them.

import { assert } from "../../model/assert.ts";
import { type FaultName, faultNames } from "../faults/table.ts";
import { RngRoot } from "../kernel/rng.ts";
import { mayBeOn, shortensLogs, whyWholeLogs } from "../quirks/draw.ts";
import { quirkNamed } from "../quirks/table.ts";
import { firstPlanOf } from "../run/run.ts";
import type { FaultForm } from "../scenario/fault-places.ts";
import { resolveFaults } from "../scenario/resolve-faults.ts";
import { whyBytes } from "../scenario/resolve-wire.ts";
import { ProblemList, SiteNames } from "../scenario/resolving.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { Ground } from "./draw-fault.ts";
import { drawSwarm } from "./draw-swarm.ts";

/** A scenario, and what was drawn for it. */
export interface UnderFaults {
  readonly scenario: Scenario;
  /** The kind of every drawn fault. */
  readonly drawn: readonly FaultName[];
  /** The kinds, each once, in the table's order. */
  readonly kinds: readonly FaultName[];
}

/** Where faults are drawn for. `isPlain`: whoever wrote the scenario wants its messages not to go through their bytes. */
export function groundOf(scenario: Scenario, isPlain: boolean): Ground {
  return {
    cloudlets: scenario.topology.cloudlets,
    links: scenario.topology.links,
    duration: scenario.duration,
    clockBound: scenario.clockBound,
    hasCheckpoints: scenario.logs.checkpoint !== null || shortensLogs(scenario.quirks),
    keepsDisks: (scenario.detachments ?? []).length > 0,
    hasWholeLogs: whyWholeLogs(scenario) !== null,
    mayEncode: scenario.wire.encodes || !isPlain,
  };
}

/** Which kind a fault of the form is of. */
export function kindOf(fault: FaultForm): FaultName {
  const kind = faultNames.find((name) => name in fault);
  assert(kind !== undefined, "a fault of no kind");
  return kind;
}

/**
 * The scenario under faults drawn from its seed.
 *
 * @param wanted kinds that are drawn for certain, where the topology has a place for them
 * @param keepsDisks true: no disk loses what was on it, whatever the scenario allows
 */
export function underFaults(scenario: Scenario, wanted: readonly FaultName[], keepsDisks = false): UnderFaults {
  const { topology: spec, duration, clocks, clockBound, expectations } = scenario;
  const own = groundOf(scenario, false);
  const ground = { ...own, keepsDisks: own.keepsDisks || keepsDisks };
  const swarm = drawSwarm(ground, firstPlanOf(scenario), scenario.seed, wanted);
  const problems = new ProblemList();
  const rng = new RngRoot(`${scenario.seed}/under-faults`).stream;
  const sites = SiteNames.of(spec.cloudlets, problems);
  const drawn = resolveFaults(swarm.faults, { sites, spec, duration, clocks, clockBound, rng, problems });
  assert(problems.problems.length === 0, problems.problems[0]?.message ?? "");
  const faults = [...scenario.faults, ...drawn];
  const mayBe = mayBeOn({ ...scenario, faults }, expectations.always);
  const quirks = swarm.quirks.filter(({ quirk }) => mayBe(quirkNamed(quirk)));
  const { versions, encodes } = scenario.wire;
  const kinds = swarm.faults.map(kindOf);
  return {
    scenario: {
      ...scenario,
      name: `${scenario.name}-faults`,
      faults,
      quirks,
      core: swarm.core,
      wire: { encodes: encodes || whyBytes(spec, faults, versions) !== null, versions },
      expectations: { ...expectations, sometimes: [], bounds: [] },
    },
    drawn: kinds,
    kinds: faultNames.filter((kind) => kinds.includes(kind)),
  };
}
