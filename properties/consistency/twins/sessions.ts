/**
 * Session guarantees straight from what they demand of an order of versions, by trying all orders.
 *
 * A version order of a key begins with the initial version. The forms per session may choose one for every session, the shared forms
 * one for all. MW and WFR ask something of every reader: that it does not come back from a newer version to one that is older by
 * the order of the session (MW), or by what a session read before it wrote (WFR).
 */
import { INITIAL, keyKind } from "causeway-sim/model";
import { bitsOf, closed, maskOf, type SmallHistory, type SmallOperation, writerOf } from "./small.ts";

/** Place of a version in an order of versions. */
type Place = (version: number) => number;
/** What one session asks of an order of the versions of one key; `own` are its operations on that key, in order. */
type Demand = (own: readonly SmallOperation[], place: Place) => boolean;

/** A read returns the last own write or something newer; own writes are in order. */
const readsOwnWrites: Demand = (own, place) =>
  writesInOrder(own, place) &&
  own.every((read, at) => {
    const last = own.slice(0, at).findLast(({ isRead }) => !isRead);
    return !read.isRead || last === undefined || place(last.version) <= place(read.listed[0]!);
  });

/** Reads never go back. */
const readsInOrder: Demand = (own, place) => {
  const reads = own.filter(({ isRead }) => isRead).map(({ listed }) => place(listed[0]!));
  return reads.every((read, at) => at === 0 || reads[at - 1]! <= read);
};

const writesInOrder: Demand = (own, place) => {
  const writes = own.filter(({ isRead }) => !isRead).map(({ version }) => place(version));
  return writes.every((write, at) => at === 0 || writes[at - 1]! < write);
};

/** What was read before a write is older than it. */
const writesFollowReads: Demand = (own, place) =>
  own.every(
    (write, at) =>
      write.isRead || own.slice(0, at).every((read) => !read.isRead || place(read.listed[0]!) < place(write.version)),
  );

/** By name: whether the guarantee holds. */
export const sessionTwins: Readonly<Record<string, (history: SmallHistory) => boolean>> = {
  RYW: (history) => eachSessionHasOrder(history, readsOwnWrites),
  MR: (history) => eachSessionHasOrder(history, readsInOrder),
  MW: (history) => nobodyComesBack(history, (one, other) => one.session === other.session && one.at < other.at),
  WFR: writesFollowReadsForAll,
  "RYW-shared": (history) => oneOrderForAll(history, readsOwnWrites),
  "MR-shared": (history) => oneOrderForAll(history, readsInOrder),
  "MW-shared": (history) =>
    oneOrderForAll(history, (own, place) => readsInOrder(own, place) && writesInOrder(own, place)),
  "WFR-shared": (history) =>
    oneOrderForAll(history, (own, place) => readsInOrder(own, place) && writesFollowReads(own, place)),
};

function onRegisters({ operations }: SmallHistory): readonly SmallOperation[] {
  return operations.filter(({ keyKind: kind }) => kind === keyKind.register);
}

function eachSessionHasOrder(history: SmallHistory, demand: Demand): boolean {
  return [...new Set(history.operations.map(({ session }) => session))].every((session) =>
    someOrderOfEachKey(history, [session], demand),
  );
}

function oneOrderForAll(history: SmallHistory, demand: Demand): boolean {
  return someOrderOfEachKey(history, [...new Set(history.operations.map(({ session }) => session))], demand);
}

/** Whether each key has an order of its versions with which all these sessions are content. */
function someOrderOfEachKey(history: SmallHistory, sessions: readonly number[], demand: Demand): boolean {
  if (history.isImpossible) return false;
  const operations = onRegisters(history);
  return [...new Set(operations.map(({ key }) => key))].every((key) => {
    const onKey = operations.filter((operation) => operation.key === key);
    const versions = onKey.filter(({ isRead }) => !isRead).map(({ version }) => version);
    return someArrangement(versions, (order) => {
      const place: Place = (version) => (version === INITIAL ? -1 : order.indexOf(version));
      return sessions.every((session) =>
        demand(
          onKey.filter((operation) => operation.session === session),
          place,
        ),
      );
    });
  });
}

function someArrangement(items: readonly number[], accepts: (order: readonly number[]) => boolean): boolean {
  const extend = (order: readonly number[], rest: readonly number[]): boolean =>
    rest.length === 0
      ? accepts(order)
      : rest.some((item) =>
          extend(
            [...order, item],
            rest.filter((other) => other !== item),
          ),
        );
  return extend([], items);
}

/** No session reads a version after one that must be newer. */
function nobodyComesBack(
  history: SmallHistory,
  isOlder: (one: SmallOperation, other: SmallOperation) => boolean,
): boolean {
  if (history.isImpossible) return false;
  const { operations } = history;
  const wrote = (read: SmallOperation): SmallOperation | undefined => operations[writerOf(history, read.listed[0]!)];
  const reads = onRegisters(history).filter(({ isRead }) => isRead);
  return reads.every((first) =>
    reads.every((second) => {
      if (first.session !== second.session || first.key !== second.key || first.at >= second.at) return true;
      const [newer, older] = [wrote(first), wrote(second)];
      return newer === undefined || older === undefined || !isOlder(older, newer);
    }),
  );
}

function writesFollowReadsForAll(history: SmallHistory): boolean {
  if (history.isImpossible) return false;
  const operations = onRegisters(history);
  const followed = closed(
    history.operations.map((write) =>
      write.isRead || write.keyKind !== keyKind.register
        ? 0
        : maskOf(
            operations
              .filter(
                (read) => read.isRead && read.session === write.session && read.key === write.key && read.at < write.at,
              )
              .map((read) => writerOf(history, read.listed[0]!))
              .filter((writer) => writer >= 0),
          ),
    ),
  );
  return followed !== null && nobodyComesBack(history, (one, other) => bitsOf(followed[other.at]!).includes(one.at));
}
