/**
 * Cuts a history down to some of its operations: what they did, who did it, and where it stands in the source stay; numbers are given
 * anew, since a checker's tables are as long as the numbers are large.
 *
 * Leaves out which operations to keep (shrink.ts).
 */
import { UintColumn } from "./columns.ts";
import { ABSENT, type History, INITIAL } from "./history.ts";
import { duplicatesOf } from "./duplicates.ts";

/**
 * The history of these operations alone.
 *
 * @param operations session after session, and those of a session ascending
 */
export function cut(history: History, operations: readonly number[]): History {
  const { listStart, listed, transaction, transactionCount } = history;
  const sessions = new Numbers(history.sessionCount);
  const keys = new Numbers(history.keyCount);
  const versions = new Numbers(history.versionCount);
  versions.of(INITIAL);
  const kept = Uint32Array.from(operations);
  const session = kept.map((operation) => sessions.of(history.session[operation]!));
  const sessionStart = new Uint32Array(sessions.length + 1);
  for (const of of session) sessionStart[of + 1]! += 1;
  for (let of = 0; of < sessions.length; of += 1) sessionStart[of + 1]! += sessionStart[of]!;
  const key = kept.map((operation) => keys.of(history.key[operation]!));
  const version = kept.map((operation) => versions.of(history.version[operation]!));
  const listStarts = new Uint32Array(kept.length + 1);
  const lists = new UintColumn();
  kept.forEach((operation, at) => {
    for (let entry = listStart[operation]!; entry < listStart[operation + 1]!; entry += 1) {
      lists.push(versions.of(listed[entry]!));
    }
    listStarts[at + 1] = lists.length;
  });
  // A version may be of a key that no kept operation names: a write says that it replaces anything.
  const versionKey = versions.map((of) => (of === INITIAL ? 0 : keys.of(history.versionKey[of]!)));
  const bytes = (column: Uint8Array): Uint8Array => Uint8Array.from(kept, (operation) => column[operation]!);
  const times = (column: Float64Array | null): Float64Array | null =>
    column === null ? null : Float64Array.from(kept, (operation) => column[operation]!);
  const kind = bytes(history.kind);
  const outcome = bytes(history.outcome);
  const duplicates = duplicatesOf(kind, outcome, version, versions.length);
  const isGrouped = transaction !== null && transactionCount > 0;
  return {
    operationCount: kept.length,
    sessionCount: sessions.length,
    keyCount: keys.length,
    versionCount: versions.length,
    sessionStart,
    session,
    kind,
    outcome,
    key,
    version,
    listStart: listStarts,
    listed: lists.trimmed(),
    versionKey,
    keyKind: Uint8Array.from(keys.map((of) => history.keyKind[of]!)),
    ...(isGrouped
      ? grouped(kept, transaction)
      : { transaction: null, transactionStart: null, transactionCount: kept.length }),
    replica: history.replica === null ? null : Int32Array.from(kept, (operation) => history.replica![operation]!),
    replicaCount: history.replicaCount,
    start: times(history.start),
    end: times(history.end),
    timeUnit: history.timeUnit,
    namesTransactions: history.namesTransactions,
    hasReplaced: history.hasReplaced,
    seen: history.seen === null ? null : kept.map((operation) => history.seen![operation]!),
    isDelete: history.isDelete === null ? null : bytes(history.isDelete),
    isUnnamed: history.isUnnamed === null ? null : bytes(history.isUnnamed),
    readsInPart: history.readsInPart,
    final: history.final === null ? null : bytes(history.final),
    line: kept.map((operation) => history.line[operation]!),
    keys: keys.named(history.keys),
    values: versions.named(history.values),
    versionNames: history.versionNames === null ? null : versions.named(history.versionNames),
    sessions: sessions.named(history.sessions),
    replicas: history.replicas,
    initialValues: history.initialValues,
    duplicates: duplicates.kept,
    duplicateCount: duplicates.count,
  };
}

/** Transactions of what is left; operations that are all alone are not grouped. */
function grouped(
  kept: Uint32Array,
  told: Uint32Array,
): Pick<History, "transaction" | "transactionStart" | "transactionCount"> {
  const start: number[] = [];
  let last = ABSENT;
  const transaction = kept.map((operation, at) => {
    if (told[operation] !== last) start.push(at);
    last = told[operation]!;
    return start.length - 1;
  });
  const transactionCount = start.length;
  if (transactionCount === kept.length) return { transaction: null, transactionStart: null, transactionCount };
  return { transaction, transactionStart: Uint32Array.from([...start, kept.length]), transactionCount };
}

/** New numbers for old ones, in the order in which they are asked for. */
class Numbers {
  readonly #numbers: Int32Array;
  readonly #olds: number[] = [];

  constructor(count: number) {
    this.#numbers = new Int32Array(count).fill(ABSENT);
  }

  get length(): number {
    return this.#olds.length;
  }

  of(old: number): number {
    if (this.#numbers[old] === ABSENT) {
      this.#numbers[old] = this.#olds.length;
      this.#olds.push(old);
    }
    return this.#numbers[old]!;
  }

  /** Something of every old number, by the new one. */
  map(value: (old: number) => number): Uint32Array {
    return Uint32Array.from(this.#olds, value);
  }

  /** The names that the old numbers had. */
  named<T>(names: { readonly of: (number: number) => string; readonly raw: (number: number) => T }): {
    readonly count: number;
    readonly of: (number: number) => string;
    readonly raw: (number: number) => T;
  } {
    const olds = this.#olds;
    return {
      count: olds.length,
      of: (number) => names.of(olds[number]!),
      raw: (number) => names.raw(olds[number]!),
    };
  }
}
