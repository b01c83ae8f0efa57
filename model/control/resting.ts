// Operations that merely wait, as numbers: which one, for whom, how heavy, since when. What they say stands in the store, and all else that
// a line of the book has follows from that they merely wait. An aggregation layer holds hundreds of thousands of them.
//
// A row is nine whole numbers and a time, in blocks that are never moved. What many have in common (whose operation it is, for whom, how
// urgent) is one number of them, which says where it stands once for all. Rows are found by name and by object, over chains of rows
// with the same hash, and each target's are in a list of their own (../replication/row-lists.ts), in the order of the queue. A row that is
// taken out is used again.
//
// Leaves out what makes a line rest, and how it wakes (book.ts).

import type { CloudletId } from "../ids.ts";
import { noRow, RowLists } from "../replication/row-lists.ts";

/** One row. */
export interface RestingLine {
  readonly issuer: number;
  readonly incarnation: number;
  readonly number: number;
  readonly target: CloudletId;
  readonly weight: number;
  readonly priority: number;
  /** Its place among all lines, in the order in which they were opened. */
  readonly order: number;
  /** Its place among all that were queued. */
  readonly place: number;
  readonly since: number;
  /** Where its record lies as bytes; -1 where it does not. */
  readonly shelf: number;
}

const rowBits = 10;
const rowsPerBlock = 1 << rowBits;
const width = 9;
const commonAt = 0;
const numberAt = 1;
const weightAt = 2;
const orderAt = 3;
const placeAt = 4;
const objectAt = 5;
const nextByNameAt = 6;
const nextByObjectAt = 7;
const shelfAt = 8;

const none = -1;
const chainsFirst = 16;
/** At most, on an average. */
const rowsPerChain = 2;
/** Numbers from here on have no place in a row. */
const limit = 0x7fff_ffff;

interface Block {
  readonly numbers: Int32Array;
  readonly since: Float64Array;
}

type Common = Pick<RestingLine, "issuer" | "incarnation" | "target" | "priority">;

/** The operations that rest at one cloudlet. */
export class RestingRows {
  #blocks: Block[] = [];
  #size = 0;
  // Rows that were ever made.
  #made = 0;
  // The first row to be used again; the next one stands where the next of its name would.
  #free = none;
  #byName = new Int32Array(chainsFirst).fill(none);
  #byObject = new Int32Array(chainsFirst).fill(none);
  // In the order of the queue.
  #byTarget = new RowLists<CloudletId>();
  // What rows have in common, as often as it differs: of a target there are a few for each of those above it.
  #commons: Common[] = [];
  readonly #ofTarget: (number[] | undefined)[] = [];

  /** How many rest. */
  get size(): number {
    return this.#size;
  }

  /** Puts one to rest: its row; -1, and nothing is done, where its numbers are too large. */
  add(line: RestingLine, object: string): number {
    const { incarnation, number, target, weight, order, place, since, shelf } = line;
    if (number >= limit || weight >= limit || order >= limit || place >= limit || incarnation >= limit) return none;
    if (this.#size >= this.#byName.length * rowsPerChain) this.#grow();
    const row = this.#newRow();
    this.#size += 1;
    const { numbers, since: times } = this.#blockOf(row);
    const from = (row & (rowsPerBlock - 1)) * width;
    numbers[from + commonAt] = this.#commonOf(line);
    numbers[from + numberAt] = number;
    numbers[from + weightAt] = weight;
    numbers[from + orderAt] = order;
    numbers[from + placeAt] = place;
    numbers[from + objectAt] = hashOfObject(target, object);
    numbers[from + shelfAt] = shelf;
    times[row & (rowsPerBlock - 1)] = since;
    this.#link(row);
    this.#queue(row, target, place);
    return row;
  }

  /** From now on its record lies there as bytes. */
  shelve(row: number, shelf: number): void {
    this.#set(row, shelfAt, shelf);
  }

  /** The row of that name; -1 where none rests. */
  find(issuer: number, incarnation: number, number: number): number {
    if (this.#size === 0) return none;
    const chain = hashOfName(issuer, incarnation, number) & (this.#byName.length - 1);
    for (let row = this.#byName[chain] as number; row !== none; row = this.#get(row, nextByNameAt)) {
      if (this.#get(row, numberAt) !== number) continue;
      const common = this.#common(row);
      if (common.issuer === issuer && common.incarnation === incarnation) return row;
    }
    return none;
  }

  /** Rows of a target whose object may be that one: nearly always it is. */
  about(target: CloudletId, object: string): readonly number[] {
    if (this.#size === 0) return noRows;
    const hash = hashOfObject(target, object);
    let found: number[] | null = null;
    const chain = hash & (this.#byObject.length - 1);
    for (let row = this.#byObject[chain] as number; row !== none; row = this.#get(row, nextByObjectAt)) {
      if (this.#get(row, objectAt) === hash && this.#common(row).target === target) (found ??= []).push(row);
    }
    return found ?? noRows;
  }

  /** The rows of a target, in the order of its queue. */
  of(target: CloudletId): Iterable<number> {
    return this.#byTarget.of(target);
  }

  /** The rows of all targets. */
  all(): readonly number[] {
    return this.#byTarget.ofAll(this.#byTarget.owners());
  }

  /** What stands in a row. */
  read(row: number): RestingLine {
    const { issuer, incarnation, target, priority } = this.#common(row);
    return {
      issuer,
      incarnation,
      number: this.#get(row, numberAt),
      target,
      weight: this.#get(row, weightAt),
      priority,
      order: this.#get(row, orderAt),
      place: this.#get(row, placeAt),
      since: this.#blockOf(row).since[row & (rowsPerBlock - 1)] as number,
      shelf: this.#get(row, shelfAt),
    };
  }

  /** Takes a row out. */
  remove(row: number): void {
    const { target } = this.#common(row);
    this.#unlink(this.#byName, this.#nameOf(row), nextByNameAt, row);
    this.#unlink(this.#byObject, this.#get(row, objectAt), nextByObjectAt, row);
    this.#byTarget.remove(target, row);
    this.#set(row, nextByNameAt, this.#free);
    this.#free = row;
    this.#size -= 1;
  }

  /** A copy that shares nothing mutable. */
  clone(): RestingRows {
    const copy = new RestingRows();
    copy.#blocks = this.#blocks.map(({ numbers, since }) => ({ numbers: numbers.slice(), since: since.slice() }));
    copy.#size = this.#size;
    copy.#made = this.#made;
    copy.#free = this.#free;
    copy.#byName = this.#byName.slice();
    copy.#byObject = this.#byObject.slice();
    copy.#byTarget = this.#byTarget.clone();
    copy.#commons = this.#commons.slice();
    for (const numbers of this.#ofTarget) copy.#ofTarget.push(numbers?.slice());
    return copy;
  }

  #common(row: number): Common {
    return this.#commons[this.#get(row, commonAt)] as Common;
  }

  #commonOf({ issuer, incarnation, target, priority }: RestingLine): number {
    while (this.#ofTarget.length <= target) this.#ofTarget.push(undefined);
    const known = this.#ofTarget[target] ?? noRows;
    for (let at = 0; at < known.length; at += 1) {
      const number = known[at] as number;
      const common = this.#commons[number] as Common;
      const isSame = common.issuer === issuer && common.priority === priority;
      if (isSame && common.incarnation === incarnation) return number;
    }
    const number = this.#commons.length;
    this.#commons.push({ issuer, incarnation, target, priority });
    if (known === noRows) this.#ofTarget[target] = [number];
    else this.#ofTarget[target]?.push(number);
    return number;
  }

  #newRow(): number {
    const row = this.#free;
    if (row !== none) {
      this.#free = this.#get(row, nextByNameAt);
      return row;
    }
    if (this.#made === this.#blocks.length * rowsPerBlock) {
      this.#blocks.push({ numbers: new Int32Array(rowsPerBlock * width), since: new Float64Array(rowsPerBlock) });
    }
    this.#made += 1;
    return this.#made - 1;
  }

  // Most come in the order of the queue.
  #queue(row: number, target: CloudletId, place: number): void {
    let before = this.#byTarget.last(target);
    while (before !== noRow && this.#get(before, placeAt) > place) before = this.#byTarget.before(before);
    this.#byTarget.addBehind(target, row, before);
  }

  #link(row: number): void {
    const mask = this.#byName.length - 1;
    const byName = this.#nameOf(row) & mask;
    this.#set(row, nextByNameAt, this.#byName[byName] as number);
    this.#byName[byName] = row;
    const byObject = this.#get(row, objectAt) & mask;
    this.#set(row, nextByObjectAt, this.#byObject[byObject] as number);
    this.#byObject[byObject] = row;
  }

  #unlink(chains: Int32Array, hash: number, nextAt: number, row: number): void {
    const next = this.#get(row, nextAt);
    const chain = hash & (chains.length - 1);
    let at = chains[chain] as number;
    if (at === row) {
      chains[chain] = next;
      return;
    }
    while (this.#get(at, nextAt) !== row) at = this.#get(at, nextAt);
    this.#set(at, nextAt, next);
  }

  #grow(): void {
    const before = this.#byName;
    this.#byName = new Int32Array(before.length * 2).fill(none);
    this.#byObject = new Int32Array(before.length * 2).fill(none);
    for (const first of before) {
      for (let row = first, next = none; row !== none; row = next) {
        next = this.#get(row, nextByNameAt);
        this.#link(row);
      }
    }
  }

  #nameOf(row: number): number {
    const { issuer, incarnation } = this.#common(row);
    return hashOfName(issuer, incarnation, this.#get(row, numberAt));
  }

  #blockOf(row: number): Block {
    return this.#blocks[row >> rowBits] as Block;
  }

  #get(row: number, at: number): number {
    return (this.#blocks[row >> rowBits] as Block).numbers[(row & (rowsPerBlock - 1)) * width + at] as number;
  }

  #set(row: number, at: number, value: number): void {
    (this.#blocks[row >> rowBits] as Block).numbers[(row & (rowsPerBlock - 1)) * width + at] = value;
  }
}

const noRows: readonly number[] = [];

function hashOfName(issuer: number, incarnation: number, number: number): number {
  const hash =
    Math.imul(number, 0x9e37_79b1) ^ Math.imul(issuer + 1, 0x85eb_ca6b) ^ Math.imul(incarnation, 0xc2b2_ae35);
  return hash ^ (hash >>> 15);
}

function hashOfObject(target: number, object: string): number {
  let hash = Math.imul(target + 1, 0x9e37_79b1);
  for (let at = 0; at < object.length; at += 1) hash = Math.imul(hash ^ object.charCodeAt(at), 0x0100_0193);
  return hash ^ (hash >>> 15);
}
