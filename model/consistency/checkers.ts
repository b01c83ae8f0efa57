/**
 * Which function checks which model.
 *
 * A checker is a function of a `Judgement`: the history with what several checkers need, each computed when first asked for. It
 * never throws on a history, whatever that holds; and it never says "holds" of what it has not decided.
 */
import { causalConsistency, causalConvergence } from "./causal.ts";
import { convergence } from "./convergence.ts";
import type { Judgement } from "./judgement.ts";
import type { ModelName } from "./models.ts";
import { checkLinearizable } from "./total/linearizable.ts";
import { checkSerializable } from "./total/serializable.ts";
import { checkReadAtomic, checkReadCommitted, checkTransactionalCausal } from "./transactions/models.ts";
import { causalMemory, pipelinedMemory } from "./pipelined.ts";
import { realTimeArbitration, realTimeCausal } from "./real-time.ts";
import { monotonicReads, monotonicWrites, readYourWrites, writesFollowReads } from "./sessions.ts";
import { sharedGuarantee } from "./shared-sessions.ts";
import { returnThemAll } from "./siblings.ts";
import type { Verdict } from "./verdict.ts";

/** Decides one model. */
export type Checker = (judgement: Judgement) => Verdict;

/** By model. */
export const checkers: Partial<Readonly<Record<ModelName, Checker>>> = {
  RC: checkReadCommitted,
  RA: checkReadAtomic,
  TCC: checkTransactionalCausal,
  RYW: readYourWrites,
  MR: monotonicReads,
  MW: monotonicWrites,
  WFR: writesFollowReads,
  "RYW-shared": sharedGuarantee("RYW-shared"),
  "MR-shared": sharedGuarantee("MR-shared"),
  "MW-shared": sharedGuarantee("MW-shared"),
  "WFR-shared": sharedGuarantee("WFR-shared"),
  PRAM: pipelinedMemory,
  CM: causalMemory,
  CC: causalConsistency,
  CCv: causalConvergence,
  RTC: realTimeCausal,
  "RTC-arb": realTimeArbitration,
  MV: returnThemAll,
  SEC: convergence,
  LIN: (judgement) => ofWholeReads(judgement, checkLinearizable(judgement)),
  SER: (judgement) => ofWholeReads(judgement, checkSerializable(judgement)),
};

/** Where only a part of what reads returned is judged, that part may fit an order into which the rest does not. */
function ofWholeReads({ history }: Judgement, verdict: Verdict): Verdict {
  if (!history.readsInPart || verdict.kind !== "holds") return verdict;
  return {
    kind: "unknown",
    reason: "of reads of texts that are put and appended to, only the last put or append is judged",
  };
}
