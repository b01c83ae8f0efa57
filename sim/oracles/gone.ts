// What only a record that is lost for good stood for: a cloudlet that has lost it cannot know what it was written after.

import type { Truth } from "./truth.ts";

/** Is there a record that was lost here for good (`Truth.isGone`), at or after the one and in the past of the other? */
export function isBehindGone(truth: Truth, cloudlet: number, earlier: number, later: number): boolean {
  for (let record = earlier; record <= later; record += 1) {
    if (!truth.isGone(cloudlet, record)) continue;
    if (truth.isAtOrBefore(earlier, record) && truth.isAtOrBefore(record, later)) return true;
  }
  return false;
}
