// The part of a replica's log that its disk has not confirmed yet: entries in the order they were handed out for storing,
// each with who brought it and which request waits for it. Positions count all entries ever handed out. What is
// confirmed belongs to the disk; the replica keeps only what it applied.

import type { CloudletId, Incarnation, OpId, SessionId } from "../ids.ts";
import type { Cut } from "./cut.ts";
import type { CausalRecord } from "./record.ts";

/** Who brought a record: a neighbour, the bundle of a session that moved here, or nobody (written here, or found on disk). */
export type Bringer = CloudletId | "bundle" | null;

/** What a disk is given: a record, or a cut that came in place of many. */
export type StoredEntry = CausalRecord | Cut;

/** One entry on its way to the disk. */
export interface LogEntry<Stored extends StoredEntry = StoredEntry> {
  readonly stored: Stored;
  readonly from: Bringer;
  /** Of a cut: the life of the neighbour that brought it; else 0. */
  readonly life: Incarnation | 0;
  /** The request that is answered once this is stored; null for received records and for answers already given. */
  readonly request: { readonly session: SessionId; readonly id: OpId } | null;
  /** True when it was put to use without waiting for the disk (scopes kept in memory). */
  readonly early: boolean;
}

/** Entries handed out and not yet confirmed. */
export class UnstoredLog<Stored extends StoredEntry = StoredEntry> {
  #entries: LogEntry<Stored>[] = [];
  #head = 0;
  #end: number;
  #storedUpTo: number;

  /** `stored`: entries that the process found on its disk. */
  constructor(stored: number) {
    this.#end = stored;
    this.#storedUpTo = stored;
  }

  /** Position of the last entry handed out. */
  get end(): number {
    return this.#end;
  }

  /** Position of the last entry known to be durable. */
  get storedUpTo(): number {
    return this.#storedUpTo;
  }

  /** Hands out an entry. */
  append(entry: LogEntry<Stored>): void {
    this.#entries.push(entry);
    this.#end += 1;
  }

  /** The next entry that is durable up to here, or null. */
  take(upTo: number): LogEntry<Stored> | null {
    if (this.#storedUpTo >= upTo || this.#head >= this.#entries.length) return null;
    const entry = this.#entries[this.#head] as LogEntry<Stored>;
    this.#head += 1;
    this.#storedUpTo += 1;
    if (this.#head > 64 && this.#head * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
    return entry;
  }

  /** What is not confirmed, in order. */
  entries(): readonly LogEntry<Stored>[] {
    return this.#entries.slice(this.#head);
  }

  /** A copy that shares nothing mutable. */
  clone(): UnstoredLog<Stored> {
    const copy = new UnstoredLog<Stored>(this.#storedUpTo);
    copy.#entries = this.#entries.slice(this.#head);
    copy.#end = this.#end;
    return copy;
  }
}
