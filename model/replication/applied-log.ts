// What became visible here, in that order, as far as it is retained. Positions count from 1 for ever; a prefix may be
// dropped, and then the log begins behind its base. Senders walk through it; whoever needs what lies before the base gets a
// snapshot instead. What may be dropped, and when, holdings.ts decides. Of a record that merely stands the log holds the row where its
// bytes are (shelf.ts).

import { assert } from "../assert.ts";
import type { Collected } from "./collector.ts";
import type { CloudletId, StreamId } from "../ids.ts";
import type { ReplicaEvent } from "./io.ts";
import type { Bringer } from "./log.ts";
import type { Covered } from "./messages.ts";
import type { CausalRecord } from "./record.ts";
import type { Shelf } from "./shelf.ts";

/**
 * The place in the log where cuts were installed, all at once: what became known here then. Many of these records were
 * replaced before they came and nobody here has ever held them, so they cannot be sent on one by one.
 */
export interface Installation {
  readonly kind: "installation";
  readonly covered: readonly Covered[];
  /** The versions among them that became visible. */
  readonly versions: readonly CausalRecord[];
}

/** The place in the log where it became known that stored cuts wait: neighbours may have what these lack. */
export interface Blocked {
  readonly kind: "blocked";
}

/** What one position of the log holds. */
export type LogItem = CausalRecord | Installation | Blocked;

/** Is this a record, or one of the places beside them? */
export function isRecord(item: LogItem): item is CausalRecord {
  return item.kind !== "installation" && item.kind !== "blocked";
}

const nobody = -1;
const bundle = -2;
const bringersFirst = 64;
// Of a log that was never written to.
const noBringers = new Int32Array(0);

/** Items by position. Index i is position i + 1, also when the front is gone. */
export class AppliedLog {
  /** Where rows are read; null while there are none. */
  shelf: Shelf | null = null;
  #items: (LogItem | number)[] = [];
  // Who brought each, as a number: a cloudlet, or one of those below.
  #from = noBringers;
  // Items of the arrays that are dropped already.
  #dead = 0;
  #base = 0;

  /** Position of the last item that was dropped; 0 while all are there. */
  get base(): number {
    return this.#base;
  }

  /** Position of the last item. */
  get end(): number {
    return this.#base + this.#items.length - this.#dead;
  }

  /** The item at this index, from `base` on and below `end`. */
  at(index: number): LogItem {
    const item = this.#items[index - this.#base + this.#dead] as LogItem | number;
    return typeof item === "number" ? (this.shelf as Shelf).read(item) : item;
  }

  /** The stream of the record at this index; null where something else is. */
  streamAt(index: number): StreamId | null {
    const item = this.#items[index - this.#base + this.#dead] as LogItem | number;
    if (typeof item === "number") return (this.shelf as Shelf).streamOf(item);
    return isRecord(item) ? item.dot.stream : null;
  }

  /** The row of what is kept as bytes at this index; -1 when it is an object. */
  rowAt(index: number): number {
    const item = this.#items[index - this.#base + this.#dead] as LogItem | number;
    return typeof item === "number" ? item : -1;
  }

  /** Another form of what is at this index: a row in place of a record, or the record again. */
  replace(index: number, item: CausalRecord | number): void {
    this.#items[index - this.#base + this.#dead] = item;
  }

  /** The index at which this stands, looked for from the end on and no lower than `from`; -1 when it is not there. */
  lastIndexOf(item: CausalRecord | number, from: number): number {
    for (let at = this.end - 1; at >= Math.max(from, this.#base); at -= 1) {
      if (this.#items[at - this.#base + this.#dead] === item) return at;
    }
    return -1;
  }

  /** Who brought the item at this index, null for a local one. */
  broughtBy(index: number): Bringer {
    const from = this.#from[index - this.#base + this.#dead] as number;
    return from >= 0 ? (from as CloudletId) : from === nobody ? null : "bundle";
  }

  /** The records at the end, up to the last item that is none. */
  tail(): CausalRecord[] {
    const tail: CausalRecord[] = [];
    for (let at = this.end - 1; at >= this.#base; at -= 1) {
      const item = this.at(at);
      if (!isRecord(item)) break;
      tail.push(item);
    }
    return tail.reverse();
  }

  /** Adds an item at the end. */
  append(item: LogItem, from: Bringer): void {
    if (this.#items.length === this.#from.length) this.#grow();
    this.#from[this.#items.length] = from === null ? nobody : from === "bundle" ? bundle : from;
    this.#items.push(item);
  }

  #grow(): void {
    const { length } = this.#from;
    const longer = new Int32Array(length + (length >> 1) + bringersFirst);
    longer.set(this.#from);
    this.#from = longer;
  }

  /** Drops everything up to this position. */
  dropTo(base: number): void {
    assert(base >= this.#base && base <= this.end, "only what is there can be dropped, and only from the front");
    this.#dead += base - this.#base;
    this.#base = base;
    if (this.#dead < 64 || this.#dead * 2 < this.#items.length) return;
    this.#items = this.#items.slice(this.#dead);
    this.#from = this.#from.slice(this.#dead);
    this.#dead = 0;
  }

  /** An empty log that goes on behind this position. */
  beginBehind(base: number): void {
    assert(this.end === 0, "only an empty log may begin elsewhere");
    this.#base = base;
  }

  /** A copy that shares nothing mutable. */
  clone(): AppliedLog {
    const copy = new AppliedLog();
    copy.#items = this.#items.slice(this.#dead);
    copy.#from = this.#from.slice(this.#dead);
    copy.#base = this.#base;
    return copy;
  }
}

// Nothing to tell, as after most steps.
const silence: readonly ReplicaEvent[] = [];

/**
 * What a subscriber is told of everything from this index on: runs of records, and installations and deletes that went for
 * good between them. Of notices nothing is told.
 */
export function appliedEvents(log: AppliedLog, from: number, collected: readonly Collected[]): readonly ReplicaEvent[] {
  if (from === log.end && collected.length === 0) return silence;
  if (from === log.end - 1 && collected.length === 0) {
    const item = log.at(from);
    const isTold = isRecord(item) && item.kind !== "notice";
    if (isTold) return [{ kind: "applied", records: [item], from: [log.broughtBy(from)] }];
  }
  const telling = new Telling();
  let told = 0;
  for (let at = from; at < log.end; at += 1) {
    if (told < collected.length) told = telling.collected(collected, told, at);
    const item = log.at(at);
    if (item.kind === "blocked" || item.kind === "notice") continue;
    if (item.kind === "installation") telling.installed(item, log.broughtBy(at));
    else telling.applied(item, log.broughtBy(at));
  }
  if (told < collected.length) telling.collected(collected, told, Infinity);
  return telling.end();
}

// Events being gathered; the last run of records is open.
class Telling {
  readonly #events: ReplicaEvent[] = [];
  #records: CausalRecord[] = [];
  #bringers: Bringer[] = [];

  applied(record: CausalRecord, from: Bringer): void {
    this.#records.push(record);
    this.#bringers.push(from);
  }

  installed({ covered, versions }: Installation, from: Bringer): void {
    assert(from !== "bundle", "bundles bring records, no cuts");
    this.#close();
    this.#events.push({ kind: "installed", covered, versions, from });
  }

  // Everything from `first` on that went before the log was so long; returns what is told then.
  collected(gone: readonly Collected[], first: number, length: number): number {
    let told = first;
    while (told < gone.length && (gone[told] as Collected).after <= length) told += 1;
    if (told === first) return told;
    this.#close();
    this.#events.push({ kind: "collected", records: gone.slice(first, told).map(({ record }) => record) });
    return told;
  }

  end(): readonly ReplicaEvent[] {
    this.#close();
    return this.#events;
  }

  #close(): void {
    if (this.#records.length === 0) return;
    this.#events.push({ kind: "applied", records: this.#records, from: this.#bringers });
    this.#records = [];
    this.#bringers = [];
  }
}
