// What to lower when a search would take too much: each bound by one step, with what would be left then.

import type { Topology } from "../../model/topology/topology.ts";
import type { ExploreSetting, Scenario } from "../scenario/scenario.ts";
import { estimate, type Estimate } from "./estimate.ts";
import { exploredWorld } from "./explore.ts";
import { countedFaults } from "./budget.ts";

/** A way to make a search smaller, as the scenario's file would say it. */
export interface Lowering {
  readonly says: string;
  readonly estimate: Estimate;
}

/** All ways to lower one bound that leave less than `most` states, the one that saves most first. `given`: see `exploredWorld`. */
export function lowerings(
  scenario: Scenario,
  topology: Topology,
  most: number,
  given: Parameters<typeof exploredWorld>[3] = {},
): readonly Lowering[] {
  const { explore: bounds } = scenario;
  if (bounds === undefined) return [];
  const smaller: (readonly [string, Partial<ExploreSetting>])[] = [];
  for (const name of [...countedFaults, "firings"] as const) {
    const less = bounds[name] - 1;
    if (less >= 0) smaller.push([`explore.${name}: ${less}`, { [name]: less }]);
  }
  if (bounds.acknowledgements === "free")
    smaller.push(["explore.acknowledgements: ride", { acknowledgements: "ride" }]);
  if (bounds.greetings === "free" && bounds.order === "any") {
    smaller.push(["explore.greetings: prompt", { greetings: "prompt" }]);
  }
  if (bounds.disks === "slow") smaller.push(["explore.disks: prompt", { disks: "prompt" }]);
  if (bounds.order === "any") smaller.push(["explore.order: kept", { order: "kept", greetings: "free" }]);
  const found = smaller.map(([says, change]): Lowering => {
    const world = exploredWorld({ ...scenario, explore: { ...bounds, ...change } }, topology, null, given);
    return { says, estimate: estimate(world, bounds.depth) };
  });
  if (scenario.script.length > 1) {
    const world = exploredWorld({ ...scenario, script: scenario.script.slice(0, -1) }, topology, null, given);
    found.push({ says: "a script without its last request", estimate: estimate(world, bounds.depth) });
  }
  const isLess = (one: Lowering): boolean => one.estimate.states < most;
  return found.filter(isLess).sort((a, b) => a.estimate.states - b.estimate.states);
}
