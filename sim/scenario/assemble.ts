/**
 * A scenario put together from what a swarm may exchange in it and what stands whatever is drawn. Files and reproductions are written in
 * the order of its parts, so there is one order.
 *
 * Leaves out how the parts come about (read.ts, read-otherwise.ts).
 */
import type { Scenario } from "./scenario.ts";

/** What follows from sections that a swarm draws. */
export type Exchanged = Pick<Scenario, "wire" | "faults" | "core" | "expectations" | "quirks">;

type Framing = Pick<Scenario, "logs" | "clockBound" | "duration" | "settle" | "explore">;

/** What does not. */
export interface Standing {
  readonly before: Omit<Scenario, keyof Exchanged | keyof Framing>;
  readonly around: Framing;
}

/** The two together. */
export function assemble({ before, around }: Standing, exchanged: Exchanged): Scenario {
  const { logs, clockBound, duration, settle, explore } = around;
  const { wire, faults, core, expectations, quirks = [] } = exchanged;
  return {
    ...before,
    wire,
    logs,
    faults,
    ...(core !== undefined && { core }),
    clockBound,
    duration,
    settle,
    expectations,
    ...(explore !== undefined && { explore }),
    ...(quirks.length > 0 && { quirks }),
  };
}
