/**
 * Linearizability straight from its definition, by trying all orders of everything: the twin of the checkers in
 * model/consistency/total.
 *
 * What is ordered are operations, and transactions on one register, which take effect at one moment. An order must keep real time (what
 * ended before something else began comes first) and sessions, and run on registers and lists it must give every answer. What has an
 * unknown outcome may stay out. Exponential; for histories of up to seven operations or so.
 */
import { type History, keyKind, operationKind, outcome } from "causeway-sim/model";

/** What takes effect at one moment: the parts that count of an operation or transaction. */
interface Unit {
  readonly session: number;
  readonly start: number;
  readonly end: number;
  readonly isOptional: boolean;
  readonly parts: readonly number[];
}

/** Whether the history is linearizable; null where the model says nothing about it. Values may be written twice on registers. */
export function holdsLinearizable(history: History): boolean | null {
  if (history.start === null || history.end === null) return null;
  if (history.keyKind.includes(keyKind.siblings)) return null;
  if (history.keyKind.includes(keyKind.list) && history.duplicateCount > 0) return null;
  const all = groups(history);
  if (all.some((group) => !isOnOneRegister(history, group))) return null;
  const units = all.map((group) => unitOf(history, group)).filter((unit) => unit !== null);
  const isNext = (one: Unit, other: Unit): boolean =>
    one.session === other.session && units.indexOf(one) < units.indexOf(other);
  for (const one of units) {
    if (!(one.start <= one.end)) return null;
    if (units.some((other) => isNext(one, other) && other.start < one.end)) return null;
  }
  const isBefore = (one: Unit, other: Unit): boolean => one.end < other.start || isNext(one, other);
  return extend(history, units, isBefore, new Map());
}

/** Operations of transactions; without those that failed. */
function groups(history: History): readonly (readonly number[])[] {
  const found = new Map<number, number[]>();
  for (let at = 0; at < history.operationCount; at += 1) {
    if (history.outcome[at] === outcome.failed) continue;
    const of = history.transaction?.[at] ?? at;
    found.set(of, [...(found.get(of) ?? []), at]);
  }
  return [...found.values()];
}

function isOnOneRegister({ key, keyKind: kinds }: History, group: readonly number[]): boolean {
  const keys = new Set(group.map((at) => key[at]!));
  return group.length === 1 || (keys.size === 1 && [...keys].every((of) => kinds[of] === keyKind.register));
}

/** Null where it says nothing: reads without an answer. */
function unitOf(history: History, group: readonly number[]): Unit | null {
  const isRead = (at: number): boolean => history.kind[at] === operationKind.read;
  const isOptional = group.every((at) => history.outcome[at] === outcome.unknown);
  if (isOptional && group.every(isRead)) return null;
  return {
    session: history.session[group[0]!]!,
    start: Math.min(...group.map((at) => history.start![at]!)),
    end: isOptional ? Number.POSITIVE_INFINITY : Math.max(...group.map((at) => history.end![at]!)),
    isOptional,
    parts: group.filter(
      (at) => !isRead(at) || history.outcome[at] === outcome.ok || (isOptional && returned(history, at).length > 0),
    ),
  };
}

function returned({ listed, listStart }: History, read: number): readonly number[] {
  return [...listed.subarray(listStart[read], listStart[read + 1])];
}

type State = ReadonlyMap<number, readonly number[]>;

/** Whether what is left can follow on a state. */
function extend(
  history: History,
  left: readonly Unit[],
  isBefore: (one: Unit, other: Unit) => boolean,
  state: State,
): boolean {
  if (left.every(({ isOptional }) => isOptional)) return true;
  return left.some((unit) => {
    if (left.some((other) => isBefore(other, unit))) return false;
    const after = run(history, unit, state);
    return (
      after !== null &&
      extend(
        history,
        left.filter((other) => other !== unit),
        isBefore,
        after,
      )
    );
  });
}

/** The state after a unit; null where it would have got other answers. */
function run(history: History, { parts }: Unit, before: State): State | null {
  const state = new Map(before);
  for (const at of parts) {
    const key = history.key[at]!;
    const isList = history.keyKind[key] === keyKind.list;
    const now = state.get(key) ?? (isList ? [] : [0]);
    if (history.kind[at] !== operationKind.read) {
      state.set(key, isList ? [...now, history.version[at]!] : [history.version[at]!]);
    } else if (now.join() !== returned(history, at).join()) return null;
  }
  return state;
}
