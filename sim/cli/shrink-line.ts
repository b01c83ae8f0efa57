/**
 * The line that a shrink shows on a terminal while it works: how many runs, and how large the smallest world is so far.
 *
 * Leaves out logs: where nobody watches, nothing is written.
 */
import type { Attempts } from "../shrink/attempts.ts";
import type { Io } from "./io.ts";
import { renderNumber } from "./tables.ts";
import { wallclockMilliseconds } from "./wallclock.ts";

const SHOWN_EVERY_MILLISECONDS = 100;

/** A line that is written over and removed in the end. */
export interface ShrinkLine {
  readonly show: (attempts: Attempts) => void;
  readonly stop: () => void;
}

/** A line for one shrink. */
export function startShrinkLine(io: Io, budget: number): ShrinkLine {
  if (!io.isTerminal) return { show: () => undefined, stop: () => undefined };
  let shownAt = 0;
  return {
    show({ runCount, best: { size } }) {
      const now = wallclockMilliseconds();
      if (now - shownAt < SHOWN_EVERY_MILLISECONDS) return;
      shownAt = now;
      const runs = `run ${renderNumber(runCount)} of at most ${renderNumber(budget)}`;
      const world = `${size.cloudlets} cloudlets, ${size.operations} operations, ${size.faults} faults`;
      io.stderr(`\r\u001b[K${runs}: ${world}`);
    },
    stop: () => {
      if (shownAt > 0) io.stderr("\r\u001b[K");
    },
  };
}
