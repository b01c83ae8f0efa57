/**
 * The twins of transactional models and of those with one order for all, with the histories on which they are compared.
 *
 * Leaves out comparing (agreement.ts).
 */
import { type History, type ModelName, pick, type Rng } from "causeway-sim/model";
import { drawTransactions } from "./draw.ts";
import { drawTimed } from "./draw-times.ts";
import { holdsLinearizable } from "./linear-orders.ts";
import { holdsTransactional, type TransactionalModel } from "./orders.ts";

const KINDS = ["register", "register", "list", "mixed"] as const;

/** Transactions of one to four operations; the twins try all orders of them, so that there are fewer where they are short. */
function transactions(rng: Rng, twice: boolean): string {
  const perTransaction = 1 + rng.intInclusive(3);
  return drawTransactions(rng, {
    operations: perTransaction === 1 ? 6 : 9,
    perTransaction,
    kind: pick(rng, KINDS),
    twice,
  });
}

function transactional(model: TransactionalModel): {
  readonly model: ModelName;
  readonly draw: (rng: Rng) => string;
  readonly holds: (history: History) => boolean | null;
} {
  return {
    model,
    draw: (rng) => transactions(rng, model === "SER" && rng.chance(250_000)),
    holds: (history) => holdsTransactional(history, model),
  };
}

/** Whether some operation begins at the moment at which the one before it in its session ended: then times may not say enough. */
function isTied({ start, end, session, transaction, operationCount }: History): boolean {
  for (let at = 1; at < operationCount; at += 1) {
    if (transaction !== null && transaction[at] === transaction[at - 1]) continue;
    if (session[at] === session[at - 1] && start?.[at] === end?.[at - 1]) return true;
  }
  return false;
}

/** RC, RA, TCC, SER and LIN. */
export const transactionTwins = [
  transactional("RC"),
  transactional("RA"),
  transactional("TCC"),
  transactional("SER"),
  {
    model: "LIN" as ModelName,
    draw: (rng: Rng) => drawTimed(rng, { operations: 7, kind: pick(rng, KINDS), twice: rng.chance(250_000) }),
    holds: holdsLinearizable,
    mayNotKnow: isTied,
  },
];
