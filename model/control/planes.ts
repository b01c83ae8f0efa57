// The planes of one cloudlet: each is there or not, and works or not, apart from the host that they run on (A6d, I2b). What
// they mean for an operation: may it be asked for here, may it be carried out now, and by whom.

import type { PlaneName } from "./catalogue.ts";

/** `none`: this cloudlet has compute and storage only. `failed`: it is there and does nothing. */
export type PlaneState = "none" | "healthy" | "failed";

/** Both planes. */
export type Planes = Readonly<Record<PlaneName, PlaneState>>;

/** A cloudlet that has both, and both work. */
export const healthyPlanes: Planes = { control: "healthy", management: "healthy" };

/**
 * Who carries an operation out now: the cloudlet's own plane; its upper's, over a link that is open, where it has none of its own; or
 * nobody, for the reason given (A3).
 */
export type Executor = "own" | "upper" | "noPlane" | "planeFailed";

/** Judges who carries out an operation of that plane at this cloudlet. */
export function executorOf(plane: PlaneName, planes: Planes, isUpperReachable: boolean): Executor {
  switch (planes[plane]) {
    case "healthy":
      return "own";
    case "failed":
      return "planeFailed";
    case "none":
      return isUpperReachable ? "upper" : "noPlane";
  }
}
