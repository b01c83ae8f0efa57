/**
 * How one operation came to be visible to another: a shortest way along session order and reads-from.
 *
 * Searched backwards, in rounds of one reads-from edge each. What is reached of a session is always a prefix of it, so that every
 * operation is looked at once: linear in the history, whatever the number of sessions. Where a transaction counts as one step,
 * reaching one of its operations reaches all of them.
 *
 * Leaves out every order but these two: what a store keeps to itself explains nothing to a reader of its history.
 */
import { ABSENT, type History, operationKind } from "../history.ts";
import type { ReadsFrom } from "../reads-from.ts";

/** One step: both are in one session (or one transaction), or `to` returned what `from` wrote. */
export interface Step {
  readonly from: number;
  readonly to: number;
  readonly kind: "session" | "transaction" | "reads-from";
}

/**
 * The way from one operation to a later one, with as few reads-from edges as possible; null where there is none. Empty where both
 * are the same.
 *
 * @param whole whether transactions are steps as a whole, so that a read after `to` in its own transaction counts too
 * @param reads how many reads-from edges the way may have at most
 */
export function causalPath(
  history: History,
  { writerOf, counts }: ReadsFrom,
  from: number,
  to: number,
  whole: boolean,
  reads = Infinity,
): readonly Step[] | null {
  const { session, sessionStart, kind, key, listStart, listed, transaction, transactionStart } = history;
  /** By session: its operations before this one have been reached. */
  const reached = sessionStart.slice(0, history.sessionCount);
  /** By operation reached: the later one of its session that it was reached through. */
  const exitOf = new Int32Array(history.operationCount).fill(ABSENT);
  /** By write reached by a reads-from edge: the read. */
  const readerOf = new Map<number, number>();
  const endOf = (operation: number): number =>
    whole && transaction !== null && transactionStart !== null
      ? transactionStart[transaction[operation]! + 1]!
      : operation + 1;
  let round = [to];
  const isReached = (): boolean => exitOf[from] !== ABSENT;
  for (let rounds = 0; rounds <= reads && round.length > 0 && !isReached(); rounds += 1) {
    const next: number[] = [];
    for (const exit of round) {
      const of = session[exit]!;
      const end = endOf(exit);
      for (let operation = end - 1; operation >= reached[of]!; operation -= 1) {
        exitOf[operation] = exit;
        if (kind[operation] !== operationKind.read || counts[operation] === 0) continue;
        for (let at = listStart[operation]!; at < listStart[operation + 1]!; at += 1) {
          const writer = writerOf[listed[at]!]!;
          if (writer === ABSENT || exitOf[writer] !== ABSENT || history.key[writer] !== key[operation]) continue;
          if (readerOf.has(writer)) continue;
          readerOf.set(writer, operation);
          next.push(writer);
        }
      }
      reached[of] = Math.max(reached[of]!, end);
    }
    round = next;
  }
  if (!isReached()) return null;
  const path: Step[] = [];
  for (let at = from; at !== to;) {
    const exit = exitOf[at]!;
    if (exit !== at)
      path.push({
        from: at,
        to: exit,
        kind: exit < at || isOneTransaction(history, at, exit) ? "transaction" : "session",
      });
    if (exit === to) break;
    const reader = readerOf.get(exit)!;
    path.push({ from: exit, to: reader, kind: "reads-from" });
    at = reader;
  }
  return path;
}

function isOneTransaction({ transaction }: History, one: number, other: number): boolean {
  return transaction !== null && transaction[one] === transaction[other];
}
