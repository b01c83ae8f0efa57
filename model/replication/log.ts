// The part of a replica's log that its disk has not confirmed yet: records in the order they were handed out for storing,
// each with who brought it and which request waits for it. Positions count all records ever handed out. What is
// confirmed belongs to the disk; the replica keeps only what it applied.

import type { CloudletId, OpId, SessionId } from "../ids.ts";
import type { CausalRecord } from "./record.ts";

/** One record on its way to the disk. */
export interface LogEntry {
  readonly record: CausalRecord;
  readonly from: CloudletId | null;
  /** The request that is answered once this is stored; null for received records and for answers already given. */
  readonly request: { readonly session: SessionId; readonly id: OpId } | null;
  /** True when it was put to use without waiting for the disk (scopes kept in memory). */
  readonly early: boolean;
}

/** Records handed out and not yet confirmed. */
export class UnstoredLog {
  #entries: LogEntry[] = [];
  #head = 0;
  #end: number;
  #storedUpTo: number;

  /** `stored`: records that the process found on its disk. */
  constructor(stored: number) {
    this.#end = stored;
    this.#storedUpTo = stored;
  }

  /** Position of the last record handed out. */
  get end(): number {
    return this.#end;
  }

  /** Position of the last record known to be durable. */
  get storedUpTo(): number {
    return this.#storedUpTo;
  }

  /** Hands out a record. */
  append(entry: LogEntry): void {
    this.#entries.push(entry);
    this.#end += 1;
  }

  /** The next record that is durable up to here, or null. */
  take(upTo: number): LogEntry | null {
    if (this.#storedUpTo >= upTo || this.#head >= this.#entries.length) return null;
    const entry = this.#entries[this.#head] as LogEntry;
    this.#head += 1;
    this.#storedUpTo += 1;
    if (this.#head > 64 && this.#head * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
    return entry;
  }

  /** What is not confirmed, in order. */
  entries(): readonly LogEntry[] {
    return this.#entries.slice(this.#head);
  }

  /** A copy that shares nothing mutable. */
  clone(): UnstoredLog {
    const copy = new UnstoredLog(this.#storedUpTo);
    copy.#entries = this.#entries.slice(this.#head);
    copy.#end = this.#end;
    return copy;
  }
}
