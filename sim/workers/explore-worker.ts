// The worker of explorations in several threads: a member of a crew (explore/crew.ts). It is at work until the search is over.

import { assert } from "../../model/assert.ts";
import { buildPlans } from "../../model/topology/plans.ts";
import type { CrewJob } from "../explore/crew.ts";
import { CrewMember, type MemberResult } from "../explore/crew-member.ts";
import { CrewMemory } from "../explore/crew-memory.ts";
import { exploredWorld } from "../explore/explore.ts";
import { plantNamed } from "../plants/plants.ts";
import { serveJobs } from "./serve.ts";

serveJobs((job: CrewJob): MemberResult => {
  const { scenario, plant, reductions, count, buffers } = job;
  const built = buildPlans([scenario.topology, ...(scenario.plans ?? []).map(({ topology }) => topology)]);
  assert(built.kind === "plans", "a scenario that was read has a topology");
  const [topology] = built.plans;
  assert(topology !== undefined, "there is a plan to begin with");
  const rules = plant === null ? null : (plantNamed(plant)?.rules ?? null);
  const world = exploredWorld(scenario, topology, rules, { reductions });
  return new CrewMember(world, new CrewMemory(count, buffers), job).run();
});
