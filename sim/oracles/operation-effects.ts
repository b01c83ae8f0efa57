// A plane is told of an operation at most once, whatever is repeated, crashes or takes another way; once more where it has forgotten that with
// the disk of its cloudlet, and nobody could know (forgotten-deeds.ts): that is told.

import { Judge } from "./oracle.ts";
import type { OperationOracle, OperationTruth } from "./operation-truth.ts";
import { atTime } from "./words.ts";

/** Judges how often planes are told. */
export function atMostOneEffect(truth: OperationTruth): OperationOracle {
  const judge = new Judge();
  return {
    name: "at-most-one-effect",
    begun(at, cloudlet, { id, kind, object }, wanted, { plane }) {
      judge.checks += 1;
      const deed = wanted?.deed ?? null;
      if (deed === null || truth.forgotten.excuses(id)) return;
      judge.violate(() => {
        const what = `the ${plane} plane of ${truth.name(cloudlet)} was told of ${id} (${kind} ${object}) ${atTime(at)}`;
        return `${what}, and had been told of it ${atTime(deed.at)}`;
      });
    },
    verdict: () => judge.verdict(),
  };
}
