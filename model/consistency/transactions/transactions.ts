/**
 * The history as transactions: what each one leaves behind, what it reads from others, and whom it reads from.
 *
 * Only a transaction's last write of a register counts for others; of a list all its appends count. Reads of what the transaction
 * wrote itself say nothing about others and are judged at once (own-reads.ts); what remains are the *outside reads*. A transaction of
 * unknown outcome takes part as a whole once somebody has read one of its writes: it happened, and it happens at once.
 *
 * Numbers of transactions run session after session, so that the writers of a key in ascending order are sorted by session.
 *
 * Leaves out orders between transactions (commit-order.ts).
 */
import { UintColumn } from "../columns.ts";
import { ABSENT, type History, INITIAL, keyKind, operationKind } from "../history.ts";
import type { ReadsFrom } from "../reads-from.ts";
import type { Frame, Transactions, Writes } from "./form.ts";
import { listFlaw, listsOf } from "./lists.ts";
import { ownReadFlaw } from "./own-reads.ts";

/** Groups a history into transactions. Linear in the history and its lists. Values must not have been written twice. */
export function transactionsOf(history: History, readsFrom: ReadsFrom): Transactions {
  const { operationCount, sessionCount, transactionCount: count } = history;
  const start = history.transactionStart ?? identity(operationCount + 1);
  const of = history.transaction ?? identity(operationCount);
  const session = new Uint32Array(count);
  const sessionStart = new Uint32Array(sessionCount + 1);
  const chained = new Uint8Array(count);
  for (let txn = 0; txn < count; txn += 1) {
    session[txn] = history.session[start[txn]!]!;
    sessionStart[session[txn]! + 1]! += 1;
    if (txn > 0 && session[txn - 1] === session[txn]) chained[txn - 1] = 1;
  }
  for (let at = 0; at < sessionCount; at += 1) sessionStart[at + 1]! += sessionStart[at]!;
  const { counts } = readsFrom;
  const frame = { count, start, of, session, sessionStart, chained, counts };
  const writes = writesOf(history, frame);
  const outside = outsideReads(history, readsFrom, frame, writes);
  const lists = listsOf(history, counts);
  return {
    ...frame,
    ...writes,
    ...outside,
    lists,
    flaw: ownReadFlaw(history, readsFrom, frame, writes) ?? listFlaw(history, counts, lists),
  };
}

function identity(length: number): Uint32Array {
  const numbers = new Uint32Array(length);
  for (let at = 0; at < length; at += 1) numbers[at] = at;
  return numbers;
}

function writesOf(history: History, { count, start, of, counts }: Frame): Writes {
  const { kind, key, keyCount } = history;
  const writtenStart = new Uint32Array(count + 1);
  const written = new UintColumn();
  const lastWrite = new UintColumn();
  const writeCount = new UintColumn();
  const writersStart = new Uint32Array(keyCount + 1);
  /** By key: its entry in `written`, which is the running transaction's if it is not before that one's first. */
  const entryOf = new Int32Array(keyCount).fill(ABSENT);
  for (let txn = 0; txn < count; txn += 1) {
    const first = written.length;
    writtenStart[txn] = first;
    for (let at = start[txn]!; at < start[txn + 1]!; at += 1) {
      if (counts[at] === 0 || kind[at] === operationKind.read) continue;
      const on = key[at]!;
      const entry = entryOf[on]!;
      if (entry >= first) {
        lastWrite.data[entry] = at;
        writeCount.data[entry]! += 1;
        continue;
      }
      entryOf[on] = written.length;
      written.push(on);
      lastWrite.push(at);
      writeCount.push(1);
      writersStart[on + 1]! += 1;
    }
  }
  writtenStart[count] = written.length;
  for (let on = 0; on < keyCount; on += 1) writersStart[on + 1]! += writersStart[on]!;
  const next = writersStart.slice(0, keyCount);
  const writer = new Uint32Array(written.length);
  const writerOperation = new Uint32Array(written.length);
  for (let entry = 0; entry < written.length; entry += 1) {
    const at = next[written.data[entry]!]!++;
    const operation = lastWrite.data[entry]!;
    writer[at] = of[operation]!;
    writerOperation[at] = operation;
  }
  return {
    writtenStart,
    written: written.trimmed(),
    lastWrite: lastWrite.trimmed(),
    writeCount: writeCount.trimmed(),
    writersStart,
    writer,
    writerOperation,
  };
}

/** Reads of what others wrote, and who these others are. A read of nothing but own writes is none. */
function outsideReads(
  history: History,
  { writerOf }: ReadsFrom,
  { count, start, of, counts }: Frame,
  { written, writtenStart }: Writes,
): Pick<Transactions, "readStart" | "read" | "readFrom" | "sourceStart" | "source" | "sourceRead"> {
  const { kind, key, listStart, listed } = history;
  const readStart = new Uint32Array(count + 1);
  const read = new UintColumn();
  const readFrom = new UintColumn();
  const sourceStart = new Uint32Array(count + 1);
  const source = new UintColumn();
  const sourceRead = new UintColumn();
  /** By transaction: the last one that read from it. */
  const readerOf = new Int32Array(count).fill(ABSENT);
  /** By key: the last transaction that wrote it, in the order in which operations are looked at. */
  const ownWriter = written.length === 0 ? null : new Int32Array(history.keyCount).fill(ABSENT);
  for (let txn = 0; txn < count; txn += 1) {
    readStart[txn] = read.length;
    sourceStart[txn] = source.length;
    const writes = writtenStart[txn] !== writtenStart[txn + 1];
    for (let at = start[txn]!; at < start[txn + 1]!; at += 1) {
      if (counts[at] === 0) continue;
      const on = key[at]!;
      if (kind[at] !== operationKind.read) {
        ownWriter![on] = txn;
        continue;
      }
      let last = ABSENT;
      for (let entry = listStart[at]!; entry < listStart[at + 1]!; entry += 1) {
        const version = listed[entry]!;
        const operation = version === INITIAL ? ABSENT : writerOf[version]!;
        if (operation === ABSENT) continue;
        const from = of[operation]!;
        if (from === txn) continue;
        last = from;
        if (readerOf[from] === txn) continue;
        readerOf[from] = txn;
        source.push(from);
        sourceRead.push(at);
      }
      const what = history.keyKind[on];
      if (what === keyKind.siblings) continue;
      if (what === keyKind.register && writes && ownWriter![on] === txn) continue;
      read.push(at);
      readFrom.push(last);
    }
  }
  readStart[count] = read.length;
  sourceStart[count] = source.length;
  const from = readFrom.trimmed();
  return {
    readStart,
    read: read.trimmed(),
    // The same bits: ABSENT is kept as 2^32 - 1 in a column of whole numbers.
    readFrom: new Int32Array(from.buffer),
    sourceStart,
    source: source.trimmed(),
    sourceRead: sourceRead.trimmed(),
  };
}
