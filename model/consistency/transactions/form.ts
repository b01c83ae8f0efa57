/**
 * The form of a history of transactions: columns by transaction, by key, and by read.
 *
 * Leaves out how they are filled (transactions.ts).
 */
import { ABSENT } from "../history.ts";
import type { Evidence } from "../verdict.ts";
import type { Lists } from "./lists.ts";

/** A history of transactions; one operation that stands alone is a transaction. */
export interface Transactions {
  readonly count: number;
  /** By transaction, and one more: its first operation. */
  readonly start: Uint32Array;
  /** By operation: its transaction. */
  readonly of: Uint32Array;
  /** By transaction: its session. */
  readonly session: Uint32Array;
  /** By session, and one more: its first transaction. */
  readonly sessionStart: Uint32Array;
  /** By transaction: 1 where the next one follows it in its session. */
  readonly chained: Uint8Array;
  /** By operation: 1 where it takes part. */
  readonly counts: Uint8Array;

  /** By transaction, and one more: its first entry in `written`, one for every key that it writes. */
  readonly writtenStart: Uint32Array;
  readonly written: Uint32Array;
  /** Beside `written`: the transaction's last write of that key, and how many it has. */
  readonly lastWrite: Uint32Array;
  readonly writeCount: Uint32Array;

  /** By key, and one more: its first entry in `writer`: the transactions that write it, ascending. */
  readonly writersStart: Uint32Array;
  readonly writer: Uint32Array;
  /** Beside `writer`: the transaction's last write of the key. */
  readonly writerOperation: Uint32Array;

  /** By transaction, and one more: its first entry in `read`, its outside reads of registers and lists in the order it made them. */
  readonly readStart: Uint32Array;
  readonly read: Uint32Array;
  /** Beside `read`: the transaction that wrote what was returned (of a list: the last element of others), ABSENT for the beginning. */
  readonly readFrom: Int32Array;

  /** By transaction, and one more: its first entry in `source`: the others it reads from, each once, in order of the first read. */
  readonly sourceStart: Uint32Array;
  readonly source: Uint32Array;
  /** Beside `source`: the operation that read first. */
  readonly sourceRead: Uint32Array;

  readonly lists: Lists;
  /** What is wrong before any order is asked for: values nobody wrote, reads against own writes, lists that disagree. */
  readonly flaw: Evidence | null;
}

/** The parts of `Transactions` that are there before reads and writes are looked at. */
export type Frame = Pick<Transactions, "count" | "start" | "of" | "session" | "sessionStart" | "chained" | "counts">;

/** The parts of `Transactions` about writes. */
export type Writes = Pick<
  Transactions,
  "writtenStart" | "written" | "lastWrite" | "writeCount" | "writersStart" | "writer" | "writerOperation"
>;

/** Where the entry of a key in a transaction's writes is, or ABSENT. Logarithmic in the number of writers of the key. */
export function lastWriteOf(transactions: Writes, txn: number, key: number): number {
  const { writersStart, writer, writerOperation } = transactions;
  let low = writersStart[key]!;
  let high = writersStart[key + 1]!;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (writer[middle]! < txn) low = middle + 1;
    else high = middle;
  }
  return low < writersStart[key + 1]! && writer[low] === txn ? writerOperation[low]! : ABSENT;
}
