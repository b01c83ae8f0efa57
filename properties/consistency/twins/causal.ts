/**
 * CC, CM, CCv, PRAM, RTC and RTC-arb straight from their definitions, by trying all orders.
 *
 * Each causal model says "there is a strict partial order that holds session order, such that ...". `byDefinition` tries all of
 * them. `byLemma` takes session order with reads-from, closed, for it: the lemma is that this one is as good as any, since an order
 * that explains a read must put its write before it, and one with fewer pairs asks less. The lemma is tested against the definition.
 *
 * Registers and lists have a sequential meaning: after these writes in this order, a read returns that. Sets have none; what CC asks
 * of them is written out.
 */
import { INITIAL, keyKind } from "causeway-sim/model";
import { holdsMaximal } from "./sets.ts";
import {
  bitsOf,
  causalOrder,
  closed,
  maskOf,
  type SmallHistory,
  type SmallOperation,
  somePartialOrder,
  someSequence,
  writerOf,
} from "./small.ts";

/** Whether something holds under some causal order. */
type Search = (history: SmallHistory, accepts: (past: readonly number[]) => boolean) => boolean;

/** All orders. */
export const byDefinition: Search = (history, accepts) => !history.isImpossible && somePartialOrder(history, accepts);

/** Only the smallest that there can be. */
export const byLemma: Search = (history, accepts) => {
  const past = history.isImpossible ? null : causalOrder(history);
  return past !== null && accepts(past);
};

/** Causal consistency: every operation's past has a sequence that explains its own answer. */
export function isCausal(history: SmallHistory, search: Search): boolean {
  return search(history, (past) => explainsEach(history, past));
}

/** Causal memory: every operation's past has a sequence that explains all answers of its session so far. */
export function isCausalMemory(history: SmallHistory, search: Search): boolean {
  return search(
    history,
    (past) =>
      explainsEach(history, past) &&
      history.operations.every((operation) => {
        const own = history.sessionOrder[operation.at]! | (1 << operation.at);
        return someSequence(past[operation.at]! | (1 << operation.at), past, (sequence) =>
          sequence.every((at, place) => {
            const read = history.operations[at]!;
            return (
              !read.isRead ||
              read.keyKind !== keyKind.register ||
              (own & (1 << at)) === 0 ||
              returns(history, read, sequence.slice(0, place))
            );
          }),
        );
      }),
  );
}

/**
 * Causal convergence: one sequence of all operations holds the causal order, and every past, put in that sequence, explains the
 * answer. With more to hold: the real-time models.
 *
 * @param more by operation: what else must stand before it in the sequence
 */
export function isConvergent(history: SmallHistory, search: Search, more?: readonly number[]): boolean {
  const everything = maskOf(history.operations.map(({ at }) => at));
  return search(history, (past) => {
    if (!explainsEach(history, past)) return false;
    const order = closed(past.map((mask, at) => mask | (more?.[at] ?? 0)));
    return (
      order !== null &&
      someSequence(everything, order, (sequence) =>
        history.operations.every(
          (read) =>
            !read.isRead ||
            read.keyKind === keyKind.siblings ||
            returns(
              history,
              read,
              sequence.filter((at) => (past[read.at]! & (1 << at)) !== 0),
            ),
        ),
      )
    );
  });
}

/** Real-time causal: the one sequence keeps the real time of all operations; sets are exactly the maximal writes. */
export function isRealTime(history: SmallHistory, search: Search): boolean {
  return (
    isConvergent(
      history,
      search,
      realTime(history, () => true),
    ) &&
    (!history.operations.some(({ isRead, keyKind: kind }) => isRead && kind === keyKind.siblings) ||
      holdsMaximal(history))
  );
}

/** The one sequence keeps the real time of writes of one key, and nobody reads what has not begun to be written. */
export function isRealTimeArbitrated(history: SmallHistory, search: Search): boolean {
  const isFromFuture = history.operations.some(
    (read) =>
      read.isRead &&
      read.listed.some((version) => {
        const writer = version === INITIAL ? undefined : history.operations[writerOf(history, version)];
        return writer !== undefined && read.end < writer.start;
      }),
  );
  if (isFromFuture) return false;
  return isConvergent(
    history,
    search,
    realTime(history, (one, other) => !one.isRead && !other.isRead && one.key === other.key),
  );
}

/** Every model that speaks of a causal order, by name. */
export const definitions: Readonly<Record<string, (history: SmallHistory, search: Search) => boolean>> = {
  CC: isCausal,
  CM: isCausalMemory,
  CCv: isConvergent,
  RTC: isRealTime,
  "RTC-arb": isRealTimeArbitrated,
};

function realTime(
  { operations }: SmallHistory,
  applies: (one: SmallOperation, other: SmallOperation) => boolean,
): readonly number[] {
  return operations.map((later) =>
    maskOf(operations.filter((earlier) => earlier.end < later.start && applies(earlier, later)).map(({ at }) => at)),
  );
}

/**
 * Pipelined memory: each session has a sequence of its own operations and all writes that keeps every session's order. What it
 * read of sets and lists comes before it.
 */
export function isPipelined(history: SmallHistory): boolean {
  if (history.isImpossible) return false;
  const sessions = new Set(history.operations.map(({ session }) => session));
  return [...sessions].every((session) => {
    const chosen = maskOf(
      history.operations.filter((operation) => !operation.isRead || operation.session === session).map(({ at }) => at),
    );
    return someSequence(chosen, history.sessionOrder, (sequence) =>
      sequence.every((at, place) => {
        const read = history.operations[at]!;
        const before = sequence.slice(0, place);
        if (!read.isRead) return true;
        if (read.keyKind === keyKind.register) return returns(history, read, before);
        return read.listed.every((version) => version === INITIAL || before.includes(writerOf(history, version)));
      }),
    );
  });
}

/** Every operation's past has a sequence that explains its own answer: of the writes of its key, since others do not matter. */
function explainsEach(history: SmallHistory, past: readonly number[]): boolean {
  return history.operations.every((read) => {
    if (!read.isRead) return true;
    const writes = maskOf(
      bitsOf(past[read.at]!).filter((at) => {
        const write = history.operations[at]!;
        return !write.isRead && write.key === read.key;
      }),
    );
    if (read.keyKind === keyKind.siblings) return isFreshSet(history, past, read, writes);
    return someSequence(writes, past, (sequence) => returns(history, read, sequence));
  });
}

/** Of a set: all elements were seen, none was causally overwritten, and it is not empty where all that was seen and stands are values. */
function isFreshSet(history: SmallHistory, past: readonly number[], read: SmallOperation, writes: number): boolean {
  const elements = read.listed.filter((version) => version !== INITIAL);
  const writers = elements.map((version) => history.operations.findIndex((write) => write.version === version));
  if (!writers.every((writer) => (writes & (1 << writer)) !== 0)) return false;
  if (history.hasReplaced) return true;
  // An empty set shows that nothing was seen, or a delete that is not overwritten.
  if (elements.length === 0) {
    const isOverwritten = (write: number): boolean =>
      bitsOf(writes).some((other) => (past[other]! & (1 << write)) !== 0);
    return writes === 0 || bitsOf(writes).some((at) => history.operations[at]!.isDelete && !isOverwritten(at));
  }
  return bitsOf(writes).every((write) => (past[write]! & maskOf(writers)) === 0);
}

/** Whether a read of a register or list returns what it did after these operations. */
function returns({ operations }: SmallHistory, read: SmallOperation, sequence: readonly number[]): boolean {
  const writes = sequence.map((at) => operations[at]!).filter(({ isRead, key }) => !isRead && key === read.key);
  if (read.keyKind === keyKind.register) return (writes.at(-1)?.version ?? INITIAL) === (read.listed[0] ?? INITIAL);
  const elements = read.listed.filter((version) => version !== INITIAL);
  return elements.length === writes.length && elements.every((version, at) => version === writes[at]!.version);
}

/** Whether anybody reads keys of a kind. */
export function reads(history: SmallHistory, ...kinds: readonly number[]): boolean {
  return history.operations.some(({ isRead, keyKind: kind }) => isRead && kinds.includes(kind));
}
