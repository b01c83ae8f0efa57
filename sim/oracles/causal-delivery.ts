// A record is applied at a cloudlet only after everything of its past that reaches this cloudlet.
//
// Tested at every apply of r at c: each y of r's nearest past (session-truth.ts) whose stream reaches c is applied at c.
// Why that is exact, by induction over the applies at c, in their order:
// - Claim: while no test at c has failed, every record applied at c has all of its past that reaches c applied before it.
// - Let x be in the past of r, and x's stream reach c. The nearest past of r has a y with x = y or x before y, whose stream
//   reaches everyone that x's reaches, so y reaches c. If the test passes, y is applied at c; by the claim for y, so is x.
// - Conversely a test that fails names a y in the past of r that reaches c and is not applied: a violation.
// So the first violation at each cloudlet is found at the moment it happens. Later ones that follow from it may go
// uncounted: after a violation the number is a lower bound, the verdict is exact.
// A process that restarts begins with what its disk gave back, in an order in which the claim held; what a scope without
// durability loses is not held against the records that outlive it. Nor is a cloudlet's own record that its disk lost in
// a stream that no flow brings back: nobody could ever send it. Nor, after a change of plan, is what leads to a cloudlet only
// since then and lies in the past of what was applied before: until it is there, stream-opening.ts judges. Nor what is lost with
// a member that was closed, by a record for which the core has said exactly that (absence-truth.ts).

import type { CausalRecord, Dot } from "../../model/replication/record.ts";
import type { Oracle } from "./oracle.ts";
import { Judge } from "./oracle.ts";
import type { Truth } from "./truth.ts";
import { atTime, cloudletText, recordText } from "./words.ts";

/** The oracle, and how often it was content with less. */
export interface CausalDelivery extends Oracle {
  /** Records that were applied without one that they follow, since it is lost with a member that was closed. */
  releasedCount(): number;
}

/** Judges the order in which records are applied. */
export function causalDelivery(truth: Truth): CausalDelivery {
  const judge = new Judge();
  let released = 0;
  const dotOf = (record: number): Dot => (truth.records[record] as CausalRecord).dot;
  return {
    name: "causal-delivery",
    applied(at, cloudlet, record) {
      const { nearest } = truth;
      const { items } = nearest;
      const end = nearest.end(record);
      judge.checks += 1;
      for (let index = nearest.begin(record); index < end; index += 1) {
        const cause = items[index] as number;
        if (truth.isApplied(cloudlet, cause)) continue;
        if (truth.isReleased(cloudlet, cause)) {
          if (truth.absences.isReleased(cloudlet, dotOf(record), dotOf(cause))) {
            released += 1;
            continue;
          }
        } else if (!truth.isDue(cloudlet, cause)) continue;
        judge.violate(() => {
          const where = cloudletText(truth, cloudlet);
          const what = `${where} applied ${recordText(truth, record)} ${atTime(at)}`;
          return `${what} before ${recordText(truth, cause)}, which is in its past and reaches ${where}`;
        });
        return;
      }
    },
    releasedCount: () => released,
    verdict: () => judge.verdict(),
  };
}
