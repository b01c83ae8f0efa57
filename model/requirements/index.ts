// The catalogue of requirements as data: every id, in one line of our own words, with what checks it and what would turn it. Ids
// are stable; scenarios, oracles and tests refer to them.

import { autonomy, invariants } from "./autonomy.ts";
import { challenges, claims, conclusion, vision } from "./challenges.ts";
import { decisions } from "./decisions.ts";
import { definitions } from "./definitions.ts";
import { goals } from "./goals.ts";
import { replication } from "./replication.ts";
import type { Requirement } from "./requirement.ts";
import { study } from "./study.ts";

export { kindOfCheck } from "./requirement.ts";
export type { CheckName, Coverage, Requirement, Turn } from "./requirement.ts";

/** All requirements, by where they come from. */
export const requirements: readonly Requirement[] = [
  ...goals,
  ...definitions,
  ...autonomy,
  ...invariants,
  ...replication,
  ...challenges,
  ...vision,
  ...claims,
  ...conclusion,
  ...decisions,
  ...study,
];
