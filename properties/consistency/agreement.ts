/**
 * Fast checkers against their twins: which twin judges which model, on what histories, and the smallest history on which they differ.
 *
 * Leaves out running it: agreement.test.ts for thousands, main.ts for as many as one likes.
 */
import { checkHistory, type History, keyKind, type ModelName, type Rng } from "causeway-sim/model";
import { type DrawOptions, drawHistory } from "./draw.ts";
import { historyOf } from "./notation.ts";
import { drawTransactions } from "./transactions/draw.ts";
import * as causal from "./twins/causal.ts";
import { sessionTwins } from "./twins/sessions.ts";
import { holdsMaximal, isConverged } from "./twins/sets.ts";
import { transactionTwins } from "./transactions/twins.ts";
import { type SmallHistory, smallHistory } from "./twins/small.ts";

/** One twin. */
export interface Twin {
  readonly model: ModelName;
  /** A history to try, as text (notation.ts). */
  readonly draw: (rng: Rng) => string;
  /** Whether the model holds; null where the twin says that it does not apply. */
  readonly holds: (history: History) => boolean | null;
  /** Whether the checker may say that it does not know; never, where absent. */
  readonly mayNotKnow?: (history: History) => boolean;
}

/** A twin of a model of single operations. */
interface TwinOfSingles {
  readonly model: ModelName;
  /** Histories to try, chosen among by the die. */
  readonly draws: readonly DrawOptions[];
  readonly holds: (history: SmallHistory) => boolean | null;
}

const registers: DrawOptions = { operations: 8, kind: "register" };
const sessions: DrawOptions = { operations: 10, kind: "register", keys: 1 };
/** The paper's history in which a write must come before a read of the initial value only because of what is read later. */
const aroundInitial: DrawOptions = {
  operations: 8,
  kind: "register",
  around: ["W(z,1) W(x,1) W(y,1) | W(x,2) R(z,0) R(y,1) R(x,2)"],
};
const lists: DrawOptions = { operations: 7, kind: "list" };
const sets: DrawOptions = { operations: 8, kind: "siblings" };
const replacedSets: DrawOptions = { ...sets, replaced: true };
const deletedSets: DrawOptions = { ...sets, deletes: true };
const deletedReplacedSets: DrawOptions = { ...replacedSets, deletes: true };
const mixed: DrawOptions = { operations: 7, kind: "mixed" };
const { byLemma, reads } = causal;
const { register, siblings, list } = keyKind;

function timed(options: DrawOptions): DrawOptions {
  return { ...options, times: true };
}

/** What a model says of histories that read none of these kinds of keys. */
function onlyOf(
  kinds: readonly number[],
  holds: (history: SmallHistory) => boolean,
): (history: SmallHistory) => boolean | null {
  return (history) =>
    history.operations.some(({ isRead }) => isRead) && !reads(history, ...kinds) ? null : holds(history);
}

const ofSingles: readonly TwinOfSingles[] = [
  ...Object.entries(sessionTwins).map(([model, holds]) => ({
    model: model as ModelName,
    draws: [sessions, sessions, registers, mixed],
    holds: onlyOf([register], holds),
  })),
  {
    model: "CC",
    draws: [registers, lists, sets, deletedSets, mixed, replacedSets, deletedReplacedSets],
    holds: (history) => causal.isCausal(history, byLemma),
  },
  {
    model: "PRAM",
    draws: [registers, registers, registers, mixed, aroundInitial],
    holds: onlyOf([register], causal.isPipelined),
  },
  {
    model: "CM",
    draws: [registers, registers, registers, mixed, aroundInitial],
    holds: onlyOf([register], (history) => causal.isCausalMemory(history, byLemma)),
  },
  {
    model: "CCv",
    draws: [registers, registers, lists, mixed],
    holds: onlyOf([register, list], (history) => causal.isConvergent(history, byLemma)),
  },
  {
    model: "RTC",
    draws: [
      timed(registers),
      timed(registers),
      timed(lists),
      timed(sets),
      timed(deletedSets),
      timed(mixed),
      timed(replacedSets),
    ],
    holds: (history) => causal.isRealTime(history, byLemma),
  },
  {
    model: "RTC-arb",
    draws: [timed(registers), timed(registers), timed(lists), timed(mixed)],
    holds: onlyOf([register, list], (history) => causal.isRealTimeArbitrated(history, byLemma)),
  },
  {
    model: "MV",
    draws: [sets, replacedSets, deletedSets, deletedReplacedSets, mixed],
    holds: (history) => (reads(history, siblings) ? holdsMaximal(history) : null),
  },
  {
    model: "SEC",
    draws: [registers, sets, lists, mixed].map((options) => ({ ...options, marks: true })),
    holds: (history) =>
      history.operations.some(({ seen, isFinal }) => seen !== 0 || isFinal) ? isConverged(history) : null,
  },
];

/** Where registers alone are asked for, sometimes transactions: those of unknown outcome happen whole, or not at all. */
function drawn(rng: Rng, options: DrawOptions): string {
  return options === registers && rng.chance(250_000)
    ? drawTransactions(rng, { operations: 8, perTransaction: 3, kind: "register" })
    : drawHistory(rng, options);
}

/** Every twin. */
export const twins: readonly Twin[] = [
  ...ofSingles.map(({ model, draws, holds }) => ({
    model,
    draw: (rng: Rng) => drawn(rng, draws[rng.intInclusive(draws.length - 1)]!),
    holds: (history: History) => holds(smallHistory(history)),
  })),
  ...transactionTwins,
];

/** A history on which a checker and its twin differ. */
export interface Disagreement {
  readonly model: ModelName;
  readonly text: string;
  readonly checker: string;
  readonly twin: string;
}

/** How a checker judges a history; the fast one unless a test plants another. */
export type Judge = (history: History, model: ModelName) => string;

/** The checkers as users get them. */
export const fast: Judge = (history, model) =>
  checkHistory(history, { models: [model] }).verdicts.get(model)?.kind ?? "missing";

/** Draws one history and compares; null where both agree. Counts verdicts, so that a test sees what it has met. */
export function compareOnce(
  twin: Twin,
  rng: Rng,
  census: Map<string, number>,
  judge: Judge = fast,
): Disagreement | null {
  const text = twin.draw(rng);
  const verdicts = bothOn(twin, text, judge);
  census.set(verdicts.twin, (census.get(verdicts.twin) ?? 0) + 1);
  if (verdicts.checker === verdicts.twin) return null;
  const smallest = shrunk(text, (smaller) => {
    const { checker, twin: other } = bothOn(twin, smaller, judge);
    return checker !== other;
  });
  return { model: twin.model, text: smallest, ...bothOn(twin, smallest, judge) };
}

function bothOn({ model, holds, mayNotKnow }: Twin, text: string, judge: Judge): { checker: string; twin: string } {
  const history = historyOf(text);
  const says = holds(history);
  const twin = says === null ? "not-applicable" : says ? "holds" : "violated";
  const checker = judge(history, model);
  return { checker: checker === "unknown" && mayNotKnow?.(history) === true ? twin : checker, twin };
}

/** Leaves out words of a history as long as something stays true of it. */
export function shrunk(text: string, isWanted: (text: string) => boolean): string {
  const words = text.split(" ");
  for (let at = 0; at < words.length; at += 1) {
    if (words[at] === "|") continue;
    const fewer = words.filter((_, other) => other !== at).join(" ");
    if (isWanted(fewer)) return shrunk(fewer, isWanted);
  }
  return text;
}
