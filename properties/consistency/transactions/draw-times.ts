/**
 * Draws small histories with times as text (notation.ts): operations take effect one after the other, each within its interval; then,
 * perhaps, one answer or one interval is changed.
 *
 * Some writes of registers are compare-and-sets: transactions that first read what was there, in the same interval.
 *
 * Leaves out other transactions (draw.ts) and judging.
 */
import { pick, type Rng } from "causeway-sim/model";

/** What to draw. */
export interface TimedDraw {
  readonly operations: number;
  readonly kind: "register" | "list" | "mixed";
  /** Values are few, so that many are written twice. */
  readonly twice: boolean;
}

interface Timed {
  readonly session: number;
  readonly key: string;
  readonly isRead: boolean;
  values: readonly number[];
  /** Of a compare-and-set: what it found. */
  found: readonly number[] | null;
  start: number;
  end: number;
  unknown: boolean;
}

const KEYS = ["x", "y"];
/** Moments between two effects. */
const STEP = 4;

/** A history as text. */
export function drawTimed(rng: Rng, options: TimedDraw): string {
  const sessions = 1 + rng.intInclusive(3);
  const keys = KEYS.slice(0, options.kind === "mixed" ? 2 : 1 + rng.intInclusive(1));
  const isList = (key: string): boolean => options.kind === "list" || (options.kind === "mixed" && key === "y");
  const state = new Map<string, readonly number[]>();
  const operations: Timed[] = [];
  const count = 2 + rng.intInclusive(options.operations - 2);
  for (let at = 1; at <= count; at += 1) {
    const key = pick(rng, keys);
    const isRead = rng.chance(550_000);
    const now = state.get(key) ?? (isList(key) ? [] : [0]);
    const written = [options.twice ? rng.intInclusive(2) : at];
    if (!isRead) state.set(key, isList(key) ? [...now, ...written] : written);
    const session = rng.intInclusive(sessions - 1);
    operations.push({
      session,
      key,
      isRead,
      values: isRead ? now : written,
      found: !isRead && !isList(key) && rng.chance(250_000) ? now : null,
      start: at * STEP,
      end: at * STEP,
      unknown: false,
    });
  }
  stretch(rng, operations);
  for (let times = rng.intInclusive(4); times > 0; times -= 1) damage(rng, operations, isList);
  return textOf(operations, isList);
}

/** Intervals reach up to the neighbours in their session, sometimes so far that they touch. */
function stretch(rng: Rng, operations: readonly Timed[]): void {
  operations.forEach((operation, at) => {
    const mine = ({ session }: Timed): boolean => session === operation.session;
    const before = operations.slice(0, at).findLast(mine);
    const after = operations.slice(at + 1).find(mine);
    const from = before === undefined ? 0 : before.end + (rng.chance(900_000) ? 1 : 0);
    operation.start = Math.min(operation.start, Math.max(from, operation.start - rng.intInclusive(4 * STEP)));
    const to = after === undefined ? operation.end + 4 * STEP : after.start - (rng.chance(900_000) ? 1 : 0);
    operation.end = Math.max(operation.end, Math.min(to, operation.end + rng.intInclusive(4 * STEP)));
    operation.unknown = !operation.isRead && after === undefined && rng.chance(150_000);
  });
}

function damage(rng: Rng, operations: readonly Timed[], isList: (key: string) => boolean): void {
  const operation = pick(rng, operations);
  if (!operation.isRead) {
    if (operation.found !== null && rng.chance(500_000)) {
      const others = operations.filter(({ isRead, key }) => !isRead && key === operation.key);
      operation.found = [pick(rng, [0, ...others.flatMap(({ values }) => values)])];
      return;
    }
    if (rng.chance(600_000)) return;
    const shift = rng.intInclusive(4 * STEP) - 2 * STEP;
    operation.start = Math.max(0, operation.start + shift);
    operation.end = Math.max(operation.start, operation.end + shift);
    return;
  }
  const written = operations
    .filter(({ isRead, key }) => !isRead && key === operation.key)
    .flatMap(({ values }) => values);
  if (!isList(operation.key)) operation.values = [pick(rng, [0, ...written])];
  else if (rng.chance(500_000)) operation.values = operation.values.slice(0, -1);
  else operation.values = [...new Set([...operation.values, ...written.slice(0, 1 + rng.intInclusive(2))])];
}

function textOf(operations: readonly Timed[], isList: (key: string) => boolean): string {
  const sessions = new Map<number, string[]>();
  for (const { session, key, isRead, values, found, start, end, unknown } of operations) {
    const value = isRead && isList(key) ? `[${values.join()}]` : String(values[0]!);
    const what = isRead ? "R" : isList(key) ? "A" : "W";
    const words = sessions.get(session) ?? [];
    sessions.set(session, words);
    const times = `${unknown ? "?" : ""}@${start}-${unknown ? "" : end}`;
    const word = `${what}(${key},${value})${times}`;
    if (found === null) words.push(word);
    else words.push("<", `R(${key},${found[0]!})${times}`, word, ">");
  }
  return [...sessions.values()].map((words) => words.join(" ")).join(" | ");
}
