/**
 * Long histories for benchmarks of the consistency checker, as the text of a file: a function of a seed and a shape.
 *
 * Clients of a store that passes writes on in one order: a session sees a part of all writes, growing at its own uneven pace, and
 * its own at once. What is shown of a key is what was written last (then the history is convergent, and mostly no causal memory), or
 * what reached the session last (then it is causal memory, and mostly not convergent). Both are full of writes that did not know of
 * each other. To break every model from monotonic writes up, one late session reads a key and then what the same writer had
 * written there before.
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
  readonly shows: "written-last" | "arrived-last";
  /** Whether one session breaks it. */
  readonly isViolated: boolean;
}

/** The writes of a key in order: their place among all writes, who made them, and how much that session had seen. */
interface KeyLog {
  readonly places: number[];
  readonly sessions: number[];
  readonly madeAt: number[];
}

const LINES_AT_ONCE = 10_000;
const NOTHING = -1;

/** Lines of Plume's text format: `w(key,value,session,transaction)`. */
export function historyText(seed: string, shape: HistoryShape): string {
  const rng = new RngRoot(seed).stream;
  const logs = Array.from({ length: shape.keys }, (): KeyLog => ({ places: [], sessions: [], madeAt: [] }));
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
      log.madeAt.push(seen[session]);
      lines.push(`w(${key},${written},${session},${operation})\n`);
    } else {
      const at = shown(log, session, seen[session], shape.shows);
      lines.push(`r(${key},${log.places[at] ?? 0},${session},${operation})\n`);
      const older = at < 1 ? NOTHING : log.sessions.lastIndexOf(log.sessions[at]!, at - 1);
      if (!isBroken && older !== NOTHING && operation * 10 > shape.operations * 9) {
        isBroken = true;
        lines.push(`r(${key},${log.places[older]!},${session},${shape.operations})\n`);
      }
    }
    if (lines.length >= LINES_AT_ONCE) {
      parts.push(lines.join(""));
      lines = [];
    }
  }
  return parts.join("") + lines.join("");
}

/** Which write of a key a session is shown, by its place in the key's log. */
function shown(log: KeyLog, session: number, seen: number, shows: HistoryShape["shows"]): number {
  let own = NOTHING;
  for (let at = log.places.length - 1; at >= 0; at -= 1) {
    if (log.sessions[at] === session) {
      if (shows === "written-last") return at;
      if (own === NOTHING) own = at;
    } else if (log.places[at]! <= seen) return own === NOTHING || log.places[at]! > log.madeAt[own]! ? at : own;
  }
  return own;
}

/**
 * A history of two sessions that is hard to explain although it holds: each overwritten key shows only after the one behind it that
 * everything the other session wrote must come one read earlier. In the text of Plume, `steps` such keys, five operations each.
 */
export function stepwiseText(steps: number): string {
  const lines: string[] = [];
  for (let chain = 1; chain <= steps * 2; chain += 1) lines.push(`w(0,${chain},1,${lines.length})`);
  for (let key = 1; key <= steps; key += 1) lines.push(`w(${key},1,1,${lines.length})`);
  lines.push(`w(${steps + 1},1,1,${lines.length})`);
  for (let key = 1; key <= steps; key += 1) {
    lines.push(`w(${key},2,0,${lines.length})`);
    if (key > 1) lines.push(`r(${key - 1},2,0,${lines.length})`);
  }
  lines.push(
    `r(${steps},2,0,${lines.length})`,
    `r(${steps + 1},1,0,${lines.length + 1})`,
    `r(${steps},2,0,${lines.length + 2})`,
  );
  return `${lines.join("\n")}\n`;
}
