/**
 * Long histories for benchmarks of the consistency checker, as the text of a file: a function of a seed and a shape.
 *
 * Clients of a store that passes writes on in one order: a session sees a part of all writes, growing at its own uneven pace, and
 * its own. What is written last wins. Such a history is causally convergent, and full of writes that did not know of each other. To
 * violate it, one late read returns what its session had seen replaced.
 *
 * Leaves out transactions.
 */
import { RngRoot } from "../kernel/rng.ts";

/** Size and form of a history. */
export interface HistoryShape {
  readonly operations: number;
  readonly sessions: number;
  readonly keys: number;
  /** Of 100 operations, how many write. */
  readonly writePercent: number;
  /** How many of the newest writes a session may not have seen yet. */
  readonly lag: number;
  /** Whether one read breaks it. */
  readonly isViolated: boolean;
}

/** By key: its writes in order, as their place among all writes. */
interface KeyLog {
  readonly places: number[];
  readonly sessions: number[];
}

/** Lines of Plume's text format: `w(key,value,session,transaction)`. */
export function historyText(seed: string, shape: HistoryShape): string {
  const rng = new RngRoot(seed).stream;
  const logs = Array.from({ length: shape.keys }, (): KeyLog => ({ places: [], sessions: [] }));
  const seen = new Uint32Array(shape.sessions);
  const parts: string[] = [];
  let lines: string[] = [];
  let written = 0;
  let isBroken = !shape.isViolated;
  for (let operation = 0; operation < shape.operations; operation += 1) {
    const session = rng.intInclusive(shape.sessions - 1);
    const key = rng.intInclusive(shape.keys - 1);
    const log = logs[key]!;
    const oldest = Math.max(0, written - shape.lag);
    seen[session] = Math.max(seen[session]!, oldest + rng.intInclusive(written - oldest));
    if (rng.intInclusive(99) < shape.writePercent) {
      written += 1;
      log.places.push(written);
      log.sessions.push(session);
      lines.push(`w(${key},${written},${session},${operation})\n`);
    } else {
      let at = log.places.length - 1;
      while (at >= 0 && log.places[at]! > seen[session]! && log.sessions[at] !== session) at -= 1;
      // The writer of what is shown, or a write before it by the same session: whoever saw the later one saw both.
      const older = isBroken || operation * 10 < shape.operations * 9 ? -1 : log.sessions.lastIndexOf(log.sessions[at]!, at - 1);
      if (older >= 0) isBroken = true;
      lines.push(`r(${key},${log.places[older >= 0 ? older : at] ?? 0},${session},${operation})\n`);
    }
    if (lines.length === 10_000) {
      parts.push(lines.join(""));
      lines = [];
    }
  }
  return parts.join("") + lines.join("");
}
