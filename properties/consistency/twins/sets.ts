/**
 * Reads of sets and convergence, straight from what they demand.
 */
import { INITIAL, keyKind } from "causeway-sim/model";
import { causalOrder, type SmallHistory, type SmallOperation } from "./small.ts";

/**
 * MV: every set holds exactly those visible writes of its key that no other visible one has replaced; of deletes among them it may hold
 * any.
 */
export function holdsMaximal(history: SmallHistory): boolean {
  const past = history.isImpossible ? null : causalOrder(history, history.hasReplaced);
  if (past === null) return false;
  const replaces = (newer: SmallOperation, older: SmallOperation): boolean =>
    history.hasReplaced ? newer.listed.includes(older.version) : (past[newer.at]! & (1 << older.at)) !== 0;
  return history.operations.every((read) => {
    if (!read.isRead || read.keyKind !== keyKind.siblings) return true;
    const visible = history.operations.filter(
      (write) => !write.isRead && write.key === read.key && (past[read.at]! & (1 << write.at)) !== 0,
    );
    const maximal = visible.filter((write) => !visible.some((other) => other !== write && replaces(other, write)));
    const returned = new Set(read.listed.filter((version) => version !== INITIAL));
    const mayBe = new Set(maximal.map(({ version }) => version));
    const mustBe = maximal.filter(({ isDelete }) => !isDelete);
    return [...returned].every((version) => mayBe.has(version)) && mustBe.every(({ version }) => returned.has(version));
  });
}

/** SEC: answers about one key are equal where both are final, or both replicas had applied the same. */
export function isConverged(history: SmallHistory): boolean {
  if (history.isImpossible) return false;
  const reads = history.operations.filter(({ isRead }) => isRead);
  return reads.every((one) =>
    reads.every(
      (other) =>
        one.key !== other.key ||
        !((one.isFinal && other.isFinal) || (one.seen !== 0 && one.seen === other.seen)) ||
        sameAnswer(one, other),
    ),
  );
}

function sameAnswer(one: SmallOperation, other: SmallOperation): boolean {
  const answer = ({ listed, keyKind: kind }: SmallOperation): string => {
    const versions = listed.filter((version) => version !== INITIAL);
    return (kind === keyKind.list ? versions : [...new Set(versions)].sort((a, b) => a - b)).join();
  };
  return answer(one) === answer(other);
}
