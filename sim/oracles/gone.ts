// What only a record that is lost for good stood for: a cloudlet that has lost it cannot know what it was written after.

import type { Clock } from "./clock.ts";

/** What of the truth this looks at. */
export interface Losses {
  readonly recordCount: number;
  isGone(cloudlet: number, record: number): boolean;
  isAtOrBefore(x: number, y: number): boolean;
  isWithin(x: number, clock: Clock): boolean;
}

/** Is there a record that was lost here for good (`Truth.isGone`), at or after the one and in the past of the other? */
export function isBehindGone(truth: Losses, cloudlet: number, earlier: number, later: number): boolean {
  for (let record = earlier; record <= later; record += 1) {
    if (!truth.isGone(cloudlet, record)) continue;
    if (truth.isAtOrBefore(earlier, record) && truth.isAtOrBefore(record, later)) return true;
  }
  return false;
}

/** Is there one in this past; where `earlier` is given, at or after that record? */
export function isGoneWithin(truth: Losses, cloudlet: number, past: Clock, earlier: number | null = null): boolean {
  for (let record = earlier ?? 0; record < truth.recordCount; record += 1) {
    if (!truth.isGone(cloudlet, record) || !truth.isWithin(record, past)) continue;
    if (earlier === null || truth.isAtOrBefore(earlier, record)) return true;
  }
  return false;
}
