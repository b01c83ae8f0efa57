/**
 * Transactional models straight from their definitions, by trying all orders: the twins of the checkers in
 * model/consistency/transactions.
 *
 * A history satisfies RC, RA or TCC if some total order of its transactions keeps session order and reads-from, and every read that
 * sees a write of its key by a third transaction read from one that comes later in this order than that third (Biswas, Enea, OOPSLA
 * 2019, section 2.2). It satisfies SER if running the transactions one after the other in some order that keeps sessions gives the
 * same answers. Lists: a read returns a state that the key has in that order, which holds all that the read sees.
 *
 * Shares nothing with the checkers but the form of a history. Exponential; for histories of up to seven transactions or so.
 * Leaves out evidence.
 */
import { type History, keyKind, operationKind, outcome } from "causeway-sim/model";

/** One operation that took part. */
interface Act {
  readonly operation: number;
  readonly isRead: boolean;
  readonly key: number;
  /** What is read, or the one version that is written. */
  readonly versions: readonly number[];
}

interface Transaction {
  readonly session: number;
  readonly acts: readonly Act[];
  /** Nobody was told what became of it. */
  readonly isOptional: boolean;
}

/** Models that this file knows. */
export type TransactionalModel = "RC" | "RA" | "TCC" | "SER";

/** Whether the model holds; null where it says nothing about such a history. */
export function holdsTransactional(history: History, model: TransactionalModel): boolean | null {
  const kinds = [...history.keyKind];
  const twice = history.duplicateCount > 0;
  if (model === "SER") {
    if (kinds.includes(keyKind.siblings) || (twice && kinds.includes(keyKind.list))) return null;
    return subsets(partsOf(history, true)).some((transactions) =>
      permute(transactions, (order) => keepsSessions(order) && runsAlike(history, order)),
    );
  }
  if (twice || (kinds.length > 0 && kinds.every((kind) => kind === keyKind.siblings))) return null;
  const transactions = partsOf(history, false);
  return readsAreSound(history, transactions) && someOrder(history, transactions, model);
}

/** Every choice of those that may have happened beside those that did. */
function subsets(transactions: readonly Transaction[]): readonly (readonly Transaction[])[] {
  return transactions.reduce<readonly (readonly Transaction[])[]>(
    (chosen, transaction) => [
      ...chosen.map((before) => [...before, transaction]),
      ...(transaction.isOptional ? chosen : []),
    ],
    [[]],
  );
}

/**
 * The transactions that took part: those with an answer, and those that somebody's answer proves.
 *
 * @param all also those that nothing proves, as optional
 */
function partsOf(history: History, all: boolean): readonly Transaction[] {
  const { transactionStart, operationCount, kind, listStart, listed, key, version } = history;
  const bounds =
    transactionStart === null ? Array.from({ length: operationCount + 1 }, (_, at) => at) : [...transactionStart];
  const operationsOf = (transaction: number): readonly number[] =>
    Array.from({ length: bounds[transaction + 1]! - bounds[transaction]! }, (_, index) => bounds[transaction]! + index);
  const listedBy = (one: number): readonly number[] => [...listed.subarray(listStart[one], listStart[one + 1])];
  const is = (one: number, result: number): boolean => history.outcome[one] === result;
  const isRead = (one: number): boolean => kind[one] === operationKind.read;
  const numbers = Array.from({ length: bounds.length - 1 }, (_, at) => at);
  /** Of which some part has an answer, or wrote what was read by another one that happened, over any number of steps. */
  const happened = new Set(numbers.filter((at) => operationsOf(at).some((one) => is(one, outcome.ok))));
  for (let known = -1; known < happened.size;) {
    known = happened.size;
    const read = [...happened].flatMap(operationsOf).filter(isRead).flatMap(listedBy);
    for (const at of numbers)
      if (operationsOf(at).some((one) => is(one, outcome.unknown) && !isRead(one) && read.includes(version[one]!)))
        happened.add(at);
  }
  const transactions: Transaction[] = [];
  for (const at of numbers) {
    const operations = operationsOf(at);
    const isOptional = operations.every((one) => is(one, outcome.unknown));
    if (!happened.has(at) && !(all && isOptional)) continue;
    const acts = operations
      .filter((one) => !is(one, outcome.failed))
      .filter((one) => !isRead(one) || is(one, outcome.ok) || (isOptional && listedBy(one).length > 0))
      .map((one): Act => {
        const versions = isRead(one) ? listedBy(one) : [version[one]!];
        return { operation: one, isRead: isRead(one), key: key[one]!, versions };
      });
    if (acts.length > 0) transactions.push({ session: history.session[operations[0]!]!, acts, isOptional });
  }
  return transactions;
}

function writesOf({ acts }: Transaction, key: number): readonly Act[] {
  return acts.filter((act) => !act.isRead && act.key === key);
}

/** The transaction that wrote a version, or undefined. */
function writerOf(transactions: readonly Transaction[], version: number): Transaction | undefined {
  return transactions.find(({ acts }) => acts.some((act) => !act.isRead && act.versions[0] === version));
}

/** The part of the definitions about what a single read may return whatever the order. */
function readsAreSound(history: History, transactions: readonly Transaction[]): boolean {
  return transactions.every((transaction) =>
    transaction.acts.every((act, at) => {
      if (!act.isRead) return true;
      const own = transaction.acts.slice(0, at).filter((before) => !before.isRead && before.key === act.key);
      const kind = history.keyKind[act.key]!;
      const written = act.versions.filter((version) => version !== 0);
      const writers = written.map((version) => writerOf(transactions, version));
      if (writers.includes(undefined)) return false;
      // Nothing that the transaction itself does later.
      const later = transaction.acts.slice(at).flatMap((after) => (after.isRead ? [] : after.versions));
      if (written.some((version) => later.includes(version))) return false;
      if (kind === keyKind.siblings) return true;
      if (kind === keyKind.register) {
        const last = own.at(-1);
        if (last !== undefined) return act.versions[0] === last.versions[0];
        return writers.every((writer) => writesOf(writer!, act.key).at(-1)!.versions[0] === act.versions[0]);
      }
      if (new Set(written).size !== written.length) return false;
      // All own appends so far, in order; of others all or nothing.
      const mine = written.filter((version) => own.some(({ versions }) => versions[0] === version));
      if (mine.join() !== own.map(({ versions }) => versions[0]).join()) return false;
      return writers.every(
        (writer) =>
          writer === transaction || writesOf(writer!, act.key).every(({ versions }) => written.includes(versions[0]!)),
      );
    }),
  );
}

/** Whether `seen` is visible to the read at a place in a transaction. */
type Sees = (seen: Transaction, reader: Transaction, at: number) => boolean;

function someOrder(history: History, transactions: readonly Transaction[], model: "RC" | "RA" | "TCC"): boolean {
  const readsFrom = (reader: Transaction, before = reader.acts.length): readonly Transaction[] =>
    reader.acts
      .slice(0, before)
      .filter(({ isRead }) => isRead)
      .flatMap(({ versions }) => versions.map((version) => writerOf(transactions, version)))
      .filter((writer) => writer !== undefined && writer !== reader) as Transaction[];
  const direct = (one: Transaction, other: Transaction): boolean =>
    readsFrom(other).includes(one) ||
    (one.session === other.session && transactions.indexOf(one) < transactions.indexOf(other));
  const past = new Map<Transaction, Set<Transaction>>();
  for (const transaction of transactions) {
    const found = new Set<Transaction>();
    const todo = transactions.filter((other) => direct(other, transaction));
    for (let other = todo.pop(); other !== undefined; other = todo.pop()) {
      const before: Transaction = other;
      if (found.has(before)) continue;
      found.add(before);
      todo.push(...transactions.filter((another) => direct(another, before)));
    }
    past.set(transaction, found);
  }
  const sees: Sees = (seen, reader, at) =>
    model === "RC"
      ? readsFrom(reader, at).includes(seen)
      : model === "RA"
        ? direct(seen, reader)
        : past.get(reader)!.has(seen);
  return permute(
    transactions,
    (order) =>
      order.every(
        (later, at) => order.slice(0, at).every((earlier) => !direct(later, earlier)) && !direct(later, later),
      ) && transactions.every((reader) => reader.acts.every((_, at) => explained(history, order, reader, at, sees))),
  );
}

/** The rule for one read. */
function explained(
  history: History,
  order: readonly Transaction[],
  reader: Transaction,
  at: number,
  sees: Sees,
): boolean {
  const read = reader.acts[at]!;
  if (!read.isRead || history.keyKind[read.key] === keyKind.siblings) return true;
  const visible = order.filter(
    (other) => other !== reader && writesOf(other, read.key).length > 0 && sees(other, reader, at),
  );
  if (history.keyKind[read.key] === keyKind.list) {
    const all = order.flatMap((other) => writesOf(other, read.key).map(({ versions }) => versions[0]!));
    const isState = read.versions.every((version, place) => all[place] === version);
    return (
      isState &&
      visible.every((other) => writesOf(other, read.key).every(({ versions }) => read.versions.includes(versions[0]!)))
    );
  }
  const from = writerOf(order, read.versions[0]!);
  if (from === reader) return true;
  return visible.every((other) => other === from || (from !== undefined && order.indexOf(other) < order.indexOf(from)));
}

function keepsSessions(order: readonly Transaction[]): boolean {
  return order.every((later, at) =>
    order
      .slice(0, at)
      .every((earlier) => earlier.session !== later.session || earlier.acts[0]!.operation < later.acts[0]!.operation),
  );
}

/** Runs the transactions one after the other and compares the answers. */
function runsAlike(history: History, order: readonly Transaction[]): boolean {
  const state = new Map<number, readonly number[]>();
  for (const { acts } of order) {
    for (const { isRead, key, versions } of acts) {
      const isList = history.keyKind[key] === keyKind.list;
      const now = state.get(key) ?? (isList ? [] : [0]);
      if (isRead && now.join() !== versions.join()) return false;
      if (!isRead) state.set(key, isList ? [...now, ...versions] : versions);
    }
  }
  return true;
}

/** Whether some order of the items is accepted. */
function permute<T>(
  items: readonly T[],
  accepts: (order: readonly T[]) => boolean,
  before: readonly T[] = [],
): boolean {
  if (items.length === 0) return accepts(before);
  return items.some((item) =>
    permute(
      items.filter((other) => other !== item),
      accepts,
      [...before, item],
    ),
  );
}
