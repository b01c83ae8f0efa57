/**
 * Which function checks which model.
 *
 * A checker is a function of a `Judgement`: the history with what several checkers need, each computed when first asked for. It
 * never throws on a history, whatever that holds; and it never says "holds" of what it has not decided.
 */
import type { Judgement } from "./judgement.ts";
import type { ModelName } from "./models.ts";
import { checkReadAtomic, checkReadCommitted, checkTransactionalCausal } from "./transactions/models.ts";
import type { Verdict } from "./verdict.ts";

/** Decides one model. */
export type Checker = (judgement: Judgement) => Verdict;

/** By model. */
export const checkers: Partial<Readonly<Record<ModelName, Checker>>> = {
  RC: checkReadCommitted,
  RA: checkReadAtomic,
  TCC: checkTransactionalCausal,
};
