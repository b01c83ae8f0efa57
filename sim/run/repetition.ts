// Whether a run repeats itself: two runs of one scenario, told passage by passage, up to the first event that differs. This is
// the comparison, and two runs side by side in one thread; twice/repeater.ts lets the second run in another one.
//
// Memory does not grow with the length of a run: passages that agree are given up.

import { assert } from "../../model/assert.ts";
import { GivenUpRecord } from "../oracles/given-up.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { firstDifference, type TraceDifference } from "../trace/compare.ts";
import { unpacked, type TraceRows } from "../trace/trace.ts";
import { Recital, type Passage } from "./recital.ts";
import type { RunOptions } from "./run.ts";

/** What came of running twice. */
export type Repetition =
  | { readonly kind: "same"; readonly digest: string }
  | {
      readonly kind: "different";
      /** The first event that differs; null when all events agree and only the random streams ended differently. */
      readonly difference: TraceDifference | null;
      /** Names of the random streams that ended differently, where that is the only difference. */
      readonly streams: readonly string[];
    };

/** Passages with one hash are one passage. */
export function isSamePassage(one: Passage | null, other: Passage | null): boolean {
  return one?.first === other?.first && one?.count === other?.count && one?.hash === other?.hash;
}

/** A passage of which only the hash is known to differ, with its rows. */
export interface ReadPassage {
  readonly passage: Passage | null;
  readonly numbers: Float64Array;
}

/** The first event that differs between two passages that begin at one place and are not the same. */
export function differentPassages(
  one: ReadPassage,
  other: ReadPassage,
): Extract<Repetition, { readonly kind: "different" }> {
  const first = one.passage?.first ?? other.passage?.first ?? 0;
  const rowsOf = ({ passage, numbers }: ReadPassage): TraceRows =>
    passage === null ? unpacked(new Float64Array(0), first) : unpacked(numbers, passage.first);
  const difference = firstDifference(rowsOf(one), rowsOf(other));
  assert(difference !== null, "equal rows with different hashes");
  return { kind: "different", difference, streams: [] };
}

/** What two runs with the same events come to: their random streams may still have ended differently. */
export function sameEvents(
  one: { readonly digest: string; readonly states: readonly string[] },
  other: { readonly digest: string; readonly states: readonly string[] },
): Repetition {
  if (one.digest === other.digest) return { kind: "same", digest: one.digest };
  const [left, right] = [new Set(one.states), new Set(other.states)];
  const odd = [...one.states.filter((line) => !right.has(line)), ...other.states.filter((line) => !left.has(line))];
  // A line is the stream's path and four numbers, and a path may have blanks.
  const names = odd.map((line) => line.trimEnd().split(" ").slice(0, -4).join(" "));
  return { kind: "different", difference: null, streams: [...new Set(names)].sort() };
}

/**
 * Runs a scenario twice, side by side, and stops at the first event that differs.
 *
 * @param second options of the second run where they are to differ, to see what the comparison says
 * @throws TopologyRefused when the topology breaks a rule; InvariantViolation on a bug
 */
export function checkDeterminism(
  scenario: Scenario,
  options: RunOptions = {},
  second: RunOptions = options,
): Repetition {
  try {
    return compareRuns(new Recital(scenario, options), new Recital(scenario, second), options.onProgress);
  } catch (error) {
    if (!(error instanceof GivenUpRecord)) throw error;
    const all = { givesUpFrom: Infinity };
    return compareRuns(
      new Recital(scenario, { ...options, ...all }),
      new Recital(scenario, { ...second, ...all }),
      options.onProgress,
    );
  }
}

function compareRuns(one: Recital, other: Recital, onProgress: RunOptions["onProgress"]): Repetition {
  for (;;) {
    const [left, right] = [one.next(), other.next()];
    if (!isSamePassage(left, right)) {
      return differentPassages({ passage: left, numbers: one.numbers() }, { passage: right, numbers: other.numbers() });
    }
    if (left === null) return sameEvents(endOf(one), endOf(other));
    onProgress?.(one.fraction);
  }
}

/** How a run that is over ended. */
export function endOf(recital: Recital): { readonly digest: string; readonly states: readonly string[] } {
  return { digest: recital.outcome().report.digest, states: recital.states() };
}
