// What a cloudlet was marked over time by its upper, and what it turned out to have been where nobody could know (N8). Who comes back
// reports how long this life has lasted and what its planes were meanwhile: where it was marked autonomous or unknown, that is written
// beside the mark. The mark itself stays: it was right at its time.
//
//   marked    connected | autonomous ..................... | synchronizing
//   reports             |        life began . healthy . failed
//   history   connected | autonomous  | autonomous, | autonomous, | synchronizing
//                       |             | was healthy | was failed  |
//
// Leaves out who tells this (report.ts). Pure; moments are of the upper's monotonic clock.

import { assert } from "../assert.ts";
import type { Mark } from "./aliveness.ts";
import type { PlaneSpan } from "./report.ts";

/** A stretch under one mark. */
export interface MarkSpan {
  readonly from: number;
  /** Null: it lasts. */
  readonly until: number | null;
  readonly mark: Mark;
  /** What its control plane turned out to have been; null: nothing was learned. */
  readonly was: PlaneSpan["plane"] | null;
}

/** Stretches, the oldest first, each beginning where the one before it ends. */
export type MarkHistory = readonly MarkSpan[];

/** Stretches that are kept; the oldest go first. */
export const historyMax = 256;

/** The history with a mark entered now. */
export function entered(history: MarkHistory, mark: Mark, now: number): MarkHistory {
  const last = history.at(-1);
  if (last?.mark === mark && last.until === null) return history;
  assert(last === undefined || now >= last.from, "marks are entered in the order of time");
  const closed = last === undefined ? [] : [...history.slice(0, -1), { ...last, until: now }];
  return cutShort([...closed.filter(({ from, until }) => until !== from), { from: now, until: null, mark, was: null }]);
}

/**
 * The history with what a report tells of the past: `spans` are what the plane was, the latest first, the first up to `heardAt`. Each covers
 * what is before the one that came before it in the list; further back nothing is known. What was learned before stays.
 */
export function corrected(history: MarkHistory, spans: readonly PlaneSpan[], heardAt: number): MarkHistory {
  let result = history;
  let until = heardAt;
  for (const { plane, lasted } of spans) {
    const from = until - lasted;
    result = result.flatMap((span) => amended(span, plane, from, until));
    until = from;
  }
  return cutShort(result);
}

function amended(span: MarkSpan, plane: PlaneSpan["plane"], from: number, until: number): readonly MarkSpan[] {
  if ((span.mark !== "autonomous" && span.mark !== "unknown") || span.was !== null) return [span];
  const end = span.until ?? Infinity;
  const [begins, ends] = [Math.max(from, span.from), Math.min(until, end)];
  if (begins >= ends) return [span];
  return [
    { ...span, until: begins },
    { ...span, from: begins, until: ends === end ? span.until : ends, was: plane },
    { ...span, from: ends },
  ].filter((part) => part.until === null || part.from < part.until);
}

function cutShort(history: MarkHistory): MarkHistory {
  return history.length <= historyMax ? history : history.slice(history.length - historyMax);
}
