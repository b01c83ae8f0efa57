/**
 * Histories as streams: drawn ones, their sessions mixed in any way, and what the online checker and that of whole histories say.
 *
 * Leaves out what the two may say of one history (stream.test.ts).
 */
import {
  check,
  type History,
  pick,
  type Rng,
  StreamChecker,
  type StreamLimits,
  type StreamModel,
  streamOperations,
  type StreamOperation,
  type StreamVerdict,
} from "causeway-sim/model";
import { streamLimits, streamModels } from "../../model/consistency/stream/stream-types.ts";
import { drawConflicts } from "./draw-conflicts.ts";
import { drawHistory } from "./draw.ts";
import { historyOf } from "./notation.ts";
import { drawTransactions } from "./transactions/draw.ts";

/** Hardly any memory. */
export const tight: StreamLimits = { waiting: 3, remembered: 3, idle: 5, firstLook: 2, knowers: 3 };
/** Forgets, but remembers names and lets nothing go. */
export const forgetful: StreamLimits = { ...streamLimits, firstLook: 2, knowers: 3 };

/** Forgets, and takes sessions to have ended that come back. */
export const restless: StreamLimits = { ...forgetful, idle: 4 };

/** One drawn history, as both see it. */
export interface Judged {
  readonly text: string;
  readonly stream: readonly StreamOperation[];
  readonly online: ReadonlyMap<StreamModel, StreamVerdict>;
  /** By model. */
  readonly whole: ReadonlyMap<string, string>;
}

/** Operations of a history as a stream: sessions in their order, mixed by the die. */
export function mixed(rng: Rng, history: History): readonly StreamOperation[] {
  const queues: StreamOperation[][] = Array.from({ length: history.sessionCount }, () => []);
  for (const operation of streamOperations(history, 0))
    queues[Number(String(operation.session).slice(1))]?.push(operation);
  const stream: StreamOperation[] = [];
  for (;;) {
    const open = queues.filter((queue) => queue.length > 0);
    const next = open[rng.intInclusive(Math.max(0, open.length - 1))]?.shift();
    if (next === undefined) return stream;
    stream.push({ ...next, line: stream.length + 1 });
  }
}

function drawAnything(rng: Rng): string {
  if (rng.chance(150_000)) return drawTransactions(rng, { operations: 12, perTransaction: 3, kind: "register" });
  return drawHistory(rng, {
    replaced: rng.chance(500_000),
    operations: pick(rng, [9, 30]),
    keys: pick(rng, [1, 2, 3]),
    kind: pick(rng, ["register", "register", "register", "siblings", "mixed"]),
  });
}

/** The same history with writes that nobody answered, deletes, and reads of nothing that do not say whether they found one. */
function unsure(rng: Rng, text: string): string {
  const deletes = rng.chance(500_000);
  return text
    .replaceAll(/R\(([a-z]),0\)/g, (read, key: string) => (rng.chance(600_000) ? `R(${key},_)` : read))
    .replaceAll(/W\(([xz]),(\d+)\)(?!~)/g, (write, key: string, value: string) =>
      deletes && !text.includes(`(${key},{`) && !text.includes(`(${key},[`) && rng.chance(250_000)
        ? `D(${key},${value})`
        : write,
    )
    .replaceAll(/W\([a-z],\d+\)(?= |$)/g, (write) => (rng.chance(150_000) ? `${write}?` : write));
}

/** Draws a history of registers or of anything, short or long, and asks both about all models of streams. */
export function judgeDrawn(
  rng: Rng,
  limits: StreamLimits,
  Checker: typeof StreamChecker = StreamChecker,
  watched: readonly StreamModel[] = [],
): Judged {
  const drawn = rng.chance(500_000) ? drawConflicts(rng) : drawAnything(rng);
  const text = rng.chance(200_000) ? unsure(rng, drawn) : drawn;
  const history = historyOf(text);
  const stream = mixed(rng, history);
  const checker = new Checker(watched, limits);
  for (const operation of stream) checker.add(operation);
  const whole = new Map<string, string>();
  const outcome = check(history, { models: streamModels });
  if (outcome.kind === "checked")
    for (const [model, kind] of Object.entries(outcome.report.verdicts)) whole.set(model, kind);
  return { text, stream, online: checker.end(), whole };
}
