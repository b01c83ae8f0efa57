/**
 * A small history as objects and bit masks, for checkers that try everything.
 *
 * Written anew from the definitions: it takes nothing from the fast checkers but the type of a history. Operations that take no
 * part are left out: failed ones, reads without an answer, and those of unknown outcome that nothing proves.
 */
import { ABSENT, type History, INITIAL, keyKind, operationKind, outcome } from "causeway-sim/model";

/** An operation that takes part. `at` is its number here, and its bit in masks. */
export interface SmallOperation {
  readonly at: number;
  readonly session: number;
  readonly key: number;
  readonly keyKind: number;
  readonly isRead: boolean;
  readonly isDelete: boolean;
  /** Of a write. */
  readonly version: number;
  /** Of a read: what it returned; of a write: what it replaces. */
  readonly listed: readonly number[];
  readonly start: number;
  readonly end: number;
  readonly seen: number;
  readonly isFinal: boolean;
}

/** At most 31 operations, session after session. */
export interface SmallHistory {
  readonly operations: readonly SmallOperation[];
  /** A read returned what no operation that could have happened wrote, or one element of a list twice. */
  readonly isImpossible: boolean;
  readonly hasReplaced: boolean;
  /** By operation: those before it in its session. */
  readonly sessionOrder: readonly number[];
}

/** Takes a history apart. */
export function smallHistory(history: History): SmallHistory {
  const listedBy = (operation: number): number[] => [
    ...history.listed.subarray(history.listStart[operation], history.listStart[operation + 1]),
  ];
  const all = Array.from({ length: history.operationCount }, (_, operation) => operation);
  const happened = whatHappened(history, all, listedBy);
  const taking = all.filter((operation) => {
    if (history.outcome[operation] === outcome.ok) return true;
    if (history.outcome[operation] === outcome.failed || !happened.has(operation)) return false;
    return history.kind[operation] !== operationKind.read || listedBy(operation).length > 0;
  });
  const operations = taking.map((operation, at): SmallOperation => {
    const isRead = history.kind[operation] === operationKind.read;
    return {
      at,
      session: history.session[operation]!,
      key: history.key[operation]!,
      keyKind: history.keyKind[history.key[operation]!]!,
      isRead,
      isDelete: history.isDelete?.[operation] === 1,
      version: isRead ? INITIAL : history.version[operation]!,
      listed: listedBy(operation),
      start: history.start?.[operation] ?? ABSENT,
      end: history.end?.[operation] ?? ABSENT,
      seen: history.seen?.[operation] ?? 0,
      isFinal: history.final?.[operation] === 1,
    };
  });
  const written = new Set(operations.map(({ version }) => version));
  const isImpossible = operations.some(
    ({ isRead, listed, keyKind: kind }) =>
      isRead &&
      (listed.some((version) => version !== INITIAL && !written.has(version)) ||
        (kind === keyKind.list && new Set(listed).size !== listed.length)),
  );
  const sessionOrder = operations.map(({ at, session }) =>
    maskOf(operations.filter((other) => other.session === session && other.at < at).map((other) => other.at)),
  );
  return { operations, isImpossible, hasReplaced: history.hasReplaced, sessionOrder };
}

/**
 * The operations that must have happened: those with an answer, and those of whose transaction a write was read by one that must
 * have happened. A transaction happens whole.
 */
function whatHappened(
  history: History,
  all: readonly number[],
  listedBy: (operation: number) => readonly number[],
): ReadonlySet<number> {
  const isRead = (operation: number): boolean => history.kind[operation] === operationKind.read;
  let happened = new Set(all.filter((operation) => history.outcome[operation] === outcome.ok));
  for (;;) {
    const read = new Set([...happened].filter(isRead).flatMap(listedBy));
    const wasRead = (write: number): boolean =>
      !isRead(write) && history.outcome[write] === outcome.unknown && read.has(history.version[write]!);
    const isTogether = (one: number, other: number): boolean =>
      one === other || (history.transaction !== null && history.transaction[one] === history.transaction[other]);
    const more = all.filter(
      (operation) =>
        history.outcome[operation] === outcome.unknown &&
        all.some((write) => wasRead(write) && isTogether(write, operation)),
    );
    const next = new Set([...happened, ...more]);
    if (next.size === happened.size) return happened;
    happened = next;
  }
}

/** Who wrote a version; ABSENT for the initial one. */
export function writerOf({ operations }: SmallHistory, version: number): number {
  return version === INITIAL ? ABSENT : operations.findIndex((operation) => operation.version === version);
}

/** A set of bits. */
export function maskOf(bits: readonly number[]): number {
  return bits.reduce((mask, bit) => mask | (1 << bit), 0);
}

/** The bits of a mask. */
export function bitsOf(mask: number): readonly number[] {
  const bits: number[] = [];
  for (let rest = mask; rest !== 0; rest &= rest - 1) bits.push(31 - Math.clz32(rest & -rest));
  return bits;
}

/** The smallest transitive relation that holds another one, as masks of predecessors; null where it has a cycle. */
export function closed(relation: readonly number[]): readonly number[] | null {
  const past = [...relation];
  for (let round = 0; round < past.length; round += 1)
    for (let at = 0; at < past.length; at += 1) for (const before of bitsOf(past[at]!)) past[at]! |= past[before]!;
  return past.some((mask, at) => (mask & (1 << at)) !== 0) ? null : past;
}

/** Session order, reads-from and, where asked, recorded overwrites, closed: null where they form a cycle. */
export function causalOrder(history: SmallHistory, withReplaced = false): readonly number[] | null {
  return closed(
    history.operations.map(({ at, isRead, listed }) =>
      isRead || withReplaced
        ? history.sessionOrder[at]! |
          maskOf(listed.map((version) => writerOf(history, version)).filter((writer) => writer !== ABSENT))
        : history.sessionOrder[at]!,
    ),
  );
}

/**
 * Every sequence of some operations that keeps an order; stops at the first for which `accepts` says yes.
 *
 * @param past by operation: what must come before it, as far as it is among those asked for
 */
export function someSequence(
  mask: number,
  past: readonly number[],
  accepts: (sequence: readonly number[]) => boolean,
): boolean {
  const sequence: number[] = [];
  const extend = (rest: number): boolean => {
    if (rest === 0) return accepts(sequence);
    for (const next of bitsOf(rest)) {
      if ((past[next]! & rest & ~(1 << next)) !== 0 || (past[next]! & (1 << next)) !== 0) continue;
      sequence.push(next);
      if (extend(rest & ~(1 << next))) return true;
      sequence.pop();
    }
    return false;
  };
  return extend(mask);
}

/** Every strict partial order that holds session order; stops at the first for which `accepts` says yes. */
export function somePartialOrder(
  { operations, sessionOrder }: SmallHistory,
  accepts: (past: readonly number[]) => boolean,
): boolean {
  const pairs = operations.flatMap(({ at, session }) =>
    operations.filter((other) => other.at > at && other.session !== session).map((other) => [at, other.at] as const),
  );
  const extend = (pair: number, past: readonly number[], apart: readonly (readonly [number, number])[]): boolean => {
    if (pair === pairs.length) return accepts(past);
    const [one, other] = pairs[pair]!;
    const isBefore = (a: number, b: number): boolean => (past[b]! & (1 << a)) !== 0;
    if (isBefore(one, other) || isBefore(other, one)) return extend(pair + 1, past, apart);
    if (extend(pair + 1, past, [...apart, [one, other]])) return true;
    for (const [a, b] of [
      [one, other],
      [other, one],
    ] as const) {
      const more = closed(past.map((mask, at) => (at === b ? mask | (1 << a) : mask)));
      if (more === null) continue;
      const joinsWhatIsApart = apart.some(([c, d]) => (more[d]! & (1 << c)) !== 0 || (more[c]! & (1 << d)) !== 0);
      if (!joinsWhatIsApart && extend(pair + 1, more, apart)) return true;
    }
    return false;
  };
  return extend(0, sessionOrder, []);
}
