/**
 * A recorded history: what clients asked of a store and what they were answered, as columns of numbers.
 *
 * Operations are numbered 0, 1, 2, ... session after session, and inside a session in the order in which it ran them (session
 * order, PO in the papers): `sessionStart[s] <= operation < sessionStart[s + 1]` are those of session s. Operations of one
 * transaction lie side by side; where nobody grouped them, every operation is a transaction of its own.
 *
 * What a write puts there is a *version*, a number of its own for every pair of key and value; version 0 is what every key holds
 * before anybody writes it. A read names the versions it returned: one, where keys hold one value; any number, where reads return
 * siblings or lists. Who wrote a version that a read returned is not part of the history but a conclusion (reads-from.ts).
 *
 * Columns instead of objects, since a million operations must fit beside their checkers: about 40 bytes each.
 *
 * Leaves out: how it is read from a file (formats/), how it is built (history-builder.ts).
 */

/** What an operation did; values of `History.kind`. Deletes are writes of a version that no other write has. */
export const operationKind = { read: 0, write: 1, append: 2 } as const;

/**
 * What became of an operation; values of `History.outcome` (Jepsen's `:ok`, `:fail`, `:info`). A failed write did not happen, an
 * unknown one may have: it counts if somebody read it. Reads that failed returned nothing and say nothing. Of a read of unknown
 * outcome it may be known, and is listed then, what it returned should it have happened (a compare-and-set finds what it compares
 * with); it counts if a write of its transaction was read. All others say nothing.
 */
export const outcome = { ok: 0, failed: 1, unknown: 2 } as const;

/** What kind of object a key is; values of `History.keyKind`. */
export const keyKind = {
  /** Holds one value; reads return one version (0 when nothing was there). */
  register: 0,
  /** Holds siblings; reads return the set of versions that nobody visible has replaced. */
  siblings: 1,
  /** Holds a list; appends add to it, reads return all elements in order. */
  list: 2,
} as const;

/** The version that every key holds before the first write. */
export const INITIAL = 0;
/** An absent number in a column of numbers: no replica, no time. */
export const ABSENT = -1;

/**
 * Where the first value of a key comes from: `implicit`, it was there before the history began (and a read of nothing, or of the
 * format's zero, returns it); `explicit`, the history itself writes it: a write of it that comes first (beginnings.ts says when)
 * is the beginning of its key instead of an operation, and a key without one has no initial version; `none`, there is none, and a
 * read of nothing returned what nobody wrote.
 */
export type InitialValues = "implicit" | "explicit" | "none";

/** The name of a thing by its number. */
export interface Names {
  readonly count: number;
  /** The text that the file uses; may hold any characters. */
  of(number: number): string;
  /** The same as the file has it: a number and its text are two values; what is neither is a literal (literals.ts). */
  raw(number: number): string | number;
}

/** The value of a version by its number. */
export interface Values {
  readonly count: number;
  /** In words. */
  of(version: number): string;
  /** As the file has it, literals marked (literals.ts): a number and its text are two values; null for the initial version and for deletes. */
  raw(version: number): string | number | null;
}

/** One recorded history; made by `HistoryBuilder.build` alone. */
export interface History {
  readonly operationCount: number;
  readonly sessionCount: number;
  readonly keyCount: number;
  /** Versions are 0 (initial) to `versionCount - 1`. */
  readonly versionCount: number;

  /** By session, and one more: its first operation. */
  readonly sessionStart: Uint32Array;
  /** By operation: its session. */
  readonly session: Uint32Array;
  /** By operation: `operationKind`. */
  readonly kind: Uint8Array;
  /** By operation: `outcome`. Operations of an aborted transaction are failed. */
  readonly outcome: Uint8Array;
  /** By operation. */
  readonly key: Uint32Array;
  /** Whether of some reads only a part of what they returned is told: a violation is one, an order that fits need not be. */
  readonly readsInPart: boolean;
  /** By operation, of writes and appends: the version that it puts there; 0 for reads. */
  readonly version: Uint32Array;
  /**
   * By operation, and one more: where its list in `listed` begins. Of a read: the versions that it returned (of a register exactly
   * one, of siblings and lists none where nothing was there). Of a write: the versions that it says it replaces, empty where nobody recorded that (`hasReplaced`).
   */
  readonly listStart: Uint32Array;
  readonly listed: Uint32Array;

  /** By version: its key; of version 0 it says nothing. */
  readonly versionKey: Uint32Array;
  /** By key: `keyKind`. */
  readonly keyKind: Uint8Array;

  /** Number of transactions; equals `operationCount` where every operation stands alone. */
  readonly transactionCount: number;
  /** By transaction, and one more: its first operation; null where every operation stands alone. */
  readonly transactionStart: Uint32Array | null;
  /** By operation: its transaction; null where every operation stands alone. */
  readonly transaction: Uint32Array | null;

  /** Whether the source put operations into transactions, be it one by one. */
  readonly namesTransactions: boolean;

  /** By operation: where it was served; null where no operation names a replica. ABSENT for those that do not. */
  readonly replica: Int32Array | null;
  readonly replicaCount: number;
  /** By operation, in `timeUnit`, in true time: when it began; null where the history has no times. NaN where unknown. */
  readonly start: Float64Array | null;
  /** By operation: when it ended; Infinity where it may still run (outcome unknown). */
  readonly end: Float64Array | null;
  readonly timeUnit: TimeUnit;
  /** Whether writes say what they replace (our own recorder does): versions with no entry then replace nothing. */
  readonly hasReplaced: boolean;
  /** By operation: a mark of what its replica had applied when it answered, 0 for none; equal marks, equal updates. Or null. */
  readonly seen: Uint32Array | null;
  /** By operation: 1 for writes that delete; null where none does. Reads of sets may list deletes that stand. */
  readonly isDelete: Uint8Array | null;
  /** By operation: 1 for reads of nothing that do not say whether they returned the beginning or a delete. Null where all do. */
  readonly isUnnamed: Uint8Array | null;
  /** By operation: 1 for reads made after all was delivered. Null where no read says so. */
  readonly final: Uint8Array | null;

  /** By operation: line of the source it was read from, from 1; 0 where there is none. */
  readonly line: Uint32Array;
  readonly keys: Names;
  /** By version: its value, which may repeat where `versionNames` are given; of version 0 "nothing" or the zero of the format. */
  readonly values: Values;
  /** By version: the name that the file gives to it beside its value; null where values alone tell versions apart. */
  readonly versionNames: Names | null;
  readonly sessions: Names;
  readonly replicas: Names;
  readonly initialValues: InitialValues;
  /** Pairs of operations that write the same value to the same key; at most 1 000 are kept, `duplicateCount` counts all. */
  readonly duplicates: readonly DuplicateWrite[];
  readonly duplicateCount: number;
}

/** Unit of the times of a history; `steps` are places in the order of the file, where that alone says what came before what. */
export type TimeUnit = "ns" | "us" | "ms" | "s" | "steps";

/** Two writes of one value to one key: who reads it may have read either. `first` is ABSENT where the value is the initial one. */
export interface DuplicateWrite {
  readonly first: number;
  readonly second: number;
}
