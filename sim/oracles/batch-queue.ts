// The batches of records that came over one way and were not acknowledged yet, in flat lists that are used again: nearly
// every record comes through here, and nearly every batch is acknowledged soon.

import type { AckMessage, RecordsMessage, SnapshotMessage } from "../../model/replication/messages.ts";
import type { Renumbering } from "./renumbering.ts";
import { IntColumn } from "./tables.ts";

/** Batches and records kept while they are not acknowledged; where nothing ever is, older ones are forgotten. */
const BATCHES_MAX = 4_096;
const RECORDS_MAX = 1_000_000;

/** Batches of one epoch of one sender, in the order they came. */
export class BatchQueue {
  #incarnation = 0;
  #epoch = 0;
  // By batch: the positions it covers (the last is 0 once it is done), and where its records end.
  readonly #after = new IntColumn();
  readonly #upTo = new IntColumn();
  readonly #ends = new IntColumn();
  readonly #records = new IntColumn();
  /** Batches before this one are done. */
  #head = 0;

  /** A batch came in with these records, -1 for those that nobody wrote. */
  add(message: RecordsMessage | SnapshotMessage, records: readonly number[]): void {
    if (message.incarnation !== (this.#incarnation as typeof message.incarnation) || message.epoch !== this.#epoch) {
      const isOlder =
        message.incarnation === (this.#incarnation as typeof message.incarnation) && message.epoch < this.#epoch;
      if (isOlder) return;
      this.clear();
      this.#incarnation = message.incarnation;
      this.#epoch = message.epoch;
    }
    if (this.#upTo.length >= BATCHES_MAX || this.#records.length >= RECORDS_MAX) this.clear();
    this.#after.push(message.after);
    this.#upTo.push(message.upTo);
    for (let index = 0; index < records.length; index += 1) this.#records.push(records[index] as number);
    this.#ends.push(this.#records.length);
  }

  /** Hands every record of the batches that this covers to `promise`, and forgets them. */
  acknowledge(message: AckMessage, promise: (cloudlet: number, record: number) => void, cloudlet: number): void {
    if (message.incarnation !== (this.#incarnation as typeof message.incarnation) || message.epoch !== this.#epoch)
      return;
    let isFirst = true;
    for (let batch = this.#head; batch < this.#upTo.length; batch += 1) {
      const upTo = this.#upTo.data[batch] as number;
      if (upTo > 0 && isCovered(this.#after.data[batch] as number, upTo, message)) {
        const end = this.#ends.data[batch] as number;
        for (let index = batch === 0 ? 0 : (this.#ends.data[batch - 1] as number); index < end; index += 1) {
          const record = this.#records.data[index] as number;
          if (record >= 0) promise(cloudlet, record);
        }
        this.#upTo.data[batch] = 0;
      }
      if (isFirst && this.#upTo.data[batch] === 0) this.#head = batch + 1;
      else isFirst = false;
    }
    if (this.#head === this.#upTo.length) this.clear();
  }

  /** Records are given up, and no longer promised; the others take new numbers. */
  renumber(to: Renumbering): void {
    const { data, length } = this.#records;
    for (let at = 0; at < length; at += 1) {
      const record = data[at] as number;
      if (record >= 0) data[at] = to.of(record);
    }
  }

  /** Forgets all batches. */
  clear(): void {
    this.#after.length = 0;
    this.#upTo.length = 0;
    this.#ends.length = 0;
    this.#records.length = 0;
    this.#head = 0;
  }
}

function isCovered(after: number, upTo: number, message: AckMessage): boolean {
  if (upTo <= message.upTo) return true;
  for (const range of message.beyond) if (range.first <= after + 1 && upTo <= range.last) return true;
  return false;
}
