// An end for work in which users' functions are called: a loop without end cannot be seen from inside its own thread, and no
// timer fires there. The engine's own watchdog stops it (node:vm), wherever it is; the work is lost with it.
//
// Only runs with a user's code are driven like this, in pieces that take milliseconds when nothing is wrong.

import { Script } from "node:vm";
import { assert } from "../../model/assert.ts";
import { ResolverFailed, takeStopped } from "./guard.ts";

/** Milliseconds that one piece may take: far more than any does, on whatever machine. */
const PIECE_LIMIT = 20_000;

const slot = Symbol.for("causeway.work");
const script = new Script('globalThis[Symbol.for("causeway.work")]()', { filename: "work with a deadline" });
const place = globalThis as { [slot]?: (() => void) | null };

/**
 * Does the work; what it throws passes through.
 *
 * @throws ResolverFailed when a user's function was running and did not return in time
 */
export function withDeadline(work: () => void, limit: number = PIECE_LIMIT): void {
  place[slot] = work;
  try {
    script.runInThisContext({ timeout: limit });
  } catch (error) {
    const isLate = error instanceof Error && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
    if (!isLate) throw error;
    const stopped = takeStopped(limit / 1_000);
    assert(stopped !== null, "a piece of a run takes too long, and no function of the user's is the reason");
    throw new ResolverFailed(stopped);
  } finally {
    place[slot] = null;
  }
}
