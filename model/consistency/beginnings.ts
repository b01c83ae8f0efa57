/**
 * Which writes of a history are the beginnings of their keys, where the history writes them itself (`explicit`).
 *
 * A write of nothing or of the zero is the beginning of its key, and no operation, if it comes first in every respect:
 *  1. Nothing on that key was told before it: a zero that is written over something else must not come before that.
 *  2. Its session had done nothing but begin other keys: what a session did before comes before what it does next.
 *  3. Nothing on that key had ended when it started.
 * Whatever else writes the zero is an operation like others. Where a key has no beginning, its zero is a value like others and
 * "nothing" is one that nobody wrote; where it has one, both name it. All of this shows at the end: until then they are versions
 * of their own.
 *
 * Leaves out where versions get their numbers (history-builder.ts).
 */
import type { DoubleColumn, UintColumn } from "./columns.ts";
import { INITIAL, keyKind, operationKind, outcome } from "./history.ts";

/** What is known of rows. */
export interface BeginningRows {
  readonly session: UintColumn;
  readonly kind: UintColumn;
  readonly outcome: UintColumn;
  readonly key: UintColumn;
  readonly version: UintColumn;
  /** Of the first rows, or of none. */
  readonly start: DoubleColumn;
  readonly end: DoubleColumn;
  readonly sessionCount: number;
  readonly keyCount: number;
}

/** Collects the versions that may name the beginning. */
export class Beginnings {
  /** By key: the version of nothing, and of the zero; absent where nobody told one. */
  readonly #nothings: number[] = [];
  readonly #zeros: number[] = [];
  /** By key: 1 where it has a beginning. */
  #isBegun = new Uint8Array(0);

  /** This version of a key is nothing, or the zero. */
  add(key: number, version: number, isNothing: boolean): void {
    (isNothing ? this.#nothings : this.#zeros)[key] = version;
  }

  /** Whether this version of a key may name the beginning. */
  has(key: number, version: number): boolean {
    return version === this.#nothings[key] || version === this.#zeros[key];
  }

  /** By row: 1 where it is the beginning of its key. */
  find(rows: BeginningRows): Uint8Array {
    const firstEnd = new Float64Array(rows.keyCount).fill(Number.POSITIVE_INFINITY);
    for (let row = 0; row < rows.end.length; row += 1) {
      const key = rows.key.data[row]!;
      if (rows.end.data[row]! < firstEnd[key]!) firstEnd[key] = rows.end.data[row]!;
    }
    const isBeginning = new Uint8Array(rows.key.length);
    const isTold = new Uint8Array(rows.keyCount);
    const hasActed = new Uint8Array(rows.sessionCount);
    this.#isBegun = new Uint8Array(rows.keyCount);
    for (let row = 0; row < rows.key.length; row += 1) {
      const key = rows.key.data[row]!;
      const session = rows.session.data[row]!;
      const isFirst = isTold[key] === 0 && hasActed[session] === 0;
      isTold[key] = 1;
      const isWrite = rows.kind.data[row] === operationKind.write && rows.outcome.data[row] === outcome.ok;
      const isLate = row < rows.start.length && firstEnd[key]! < rows.start.data[row]!;
      if (isFirst && isWrite && !isLate && this.has(key, rows.version.data[row]!)) {
        isBeginning[row] = 1;
        this.#isBegun[key] = 1;
      } else hasActed[session] = 1;
    }
    return isBeginning;
  }

  /**
   * After `find`: by version, the one that is meant, which is INITIAL for what names a beginning.
   *
   * @param kinds by key
   */
  meant(versionCount: number, kinds: UintColumn): Uint32Array {
    const meant = Uint32Array.from({ length: versionCount }, (_, version) => version);
    for (let key = 0; key < this.#isBegun.length; key += 1) {
      // Of a set or a list, "nothing" says that it is empty, whoever began it.
      const isEmptiness = kinds.data[key] !== keyKind.register;
      if (this.#isBegun[key] === 1 || isEmptiness) meant[this.#nothings[key] ?? INITIAL] = INITIAL;
      if (this.#isBegun[key] === 1) meant[this.#zeros[key] ?? INITIAL] = INITIAL;
    }
    return meant;
  }
}
