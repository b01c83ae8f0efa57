/**
 * Linearizability straight from its definition, by trying all orders of all operations: the twin of the checkers in
 * model/consistency/total.
 *
 * An order must keep real time (what ended before something else began comes first) and sessions, and run on registers and lists it
 * must give every answer. Writes of unknown outcome may stay out. Exponential; for histories of up to seven operations or so.
 */
import { type History, keyKind, operationKind, outcome } from "causeway-sim/model";

/** Whether the history is linearizable; null where the model says nothing about it. Values may be written twice on registers. */
export function holdsLinearizable(history: History): boolean | null {
  const { start, end, kind } = history;
  if (start === null || end === null || history.transactionStart !== null) return null;
  if (history.keyKind.includes(keyKind.siblings)) return null;
  if (history.keyKind.includes(keyKind.list) && history.duplicateCount > 0) return null;
  const happened = Array.from({ length: history.operationCount }, (_, at) => at).filter(
    (at) =>
      history.outcome[at] === outcome.ok ||
      (history.outcome[at] === outcome.unknown && kind[at] !== operationKind.read),
  );
  const endOf = (at: number): number => (history.outcome[at] === outcome.unknown ? Number.POSITIVE_INFINITY : end[at]!);
  const isNext = (one: number, other: number): boolean =>
    history.session[one] === history.session[other] && one < other;
  for (const one of happened) {
    if (!(start[one]! <= endOf(one))) return null;
    if (happened.some((other) => isNext(one, other) && start[other]! < endOf(one))) return null;
  }
  const isBefore = (one: number, other: number): boolean => endOf(one) < start[other]! || isNext(one, other);
  return extend(history, happened, isBefore, new Map());
}

type State = ReadonlyMap<number, readonly number[]>;

/** Whether what is left can follow on a state. */
function extend(
  history: History,
  left: readonly number[],
  isBefore: (one: number, other: number) => boolean,
  state: State,
): boolean {
  if (left.every((at) => history.outcome[at] === outcome.unknown)) return true;
  return left.some((at) => {
    if (left.some((other) => isBefore(other, at))) return false;
    const key = history.key[at]!;
    const isList = history.keyKind[key] === keyKind.list;
    const now = state.get(key) ?? (isList ? [] : [0]);
    const rest = left.filter((other) => other !== at);
    if (history.kind[at] !== operationKind.read) {
      const after = isList ? [...now, history.version[at]!] : [history.version[at]!];
      return extend(history, rest, isBefore, new Map([...state, [key, after]]));
    }
    const returned = history.listed.subarray(history.listStart[at], history.listStart[at + 1]);
    return now.join() === returned.join() && extend(history, rest, isBefore, state);
  });
}
