// Records that merely stand, as bytes. An object of a record, with its name, its stamp, its lists and its texts, takes some four hundred
// bytes beside what it says; of hundreds of thousands that wait for somebody who is away that is most of what a cloudlet holds. Here a
// record is its byte form (wire-record.ts) in a page that it shares with many others, and goes by the number of its row. Log, index and
// store hold that number in place of the record; whoever reads there gets the record, made anew.
//
// 1. Of a key the part up to its last slash is kept once for all keys that begin with it.
//    Words of values that recur are a character each (shelf-words.ts). The wall clock of a stamp is its distance from that of the first record.
//    How many bytes the record takes elsewhere is kept beside it, so that its texts are not measured again.
// 2. A row is found by key as long as its record stands in the store, over chains of rows with the same hash.
// 3. What was read twice in one step is the same object; `forget` ends that when it is much.
// 4. The row is dropped when the index drops the record. A page that is mostly empty is cleared (shelf-pages.ts).
//
// Leaves out which records these are, and when (shelving.ts).

import { assert } from "../assert.ts";
import type { CloudletId, Incarnation, StreamId } from "../ids.ts";
import { lastPartOf } from "../last-part.ts";
import type { Bytes } from "../units.ts";
import { ByteReader, ByteWriter } from "./bytes.ts";
import type { CausalRecord, Dot, Stamp } from "./record.ts";
import { Words } from "./shelf-words.ts";
import { offsetOf, Pages, pageSize } from "./shelf-pages.ts";
import { readRecord, stampMax, writePut, writeRecord } from "./wire-record.ts";
import { idMax } from "./wire-parts.ts";

const rowBits = 10;
const rowsPerBlock = 1 << rowBits;
const width = 2;
const placeAt = 0;
/** The next row of the same hash; of one that is free, the next free one. */
const nextAt = 1;
const none = -1;
/** In place of the next row: the record does not stand in the store. */
const apart = -2;
/** The log is without it. */
const aside = 1;
const chainsFirst = 1_024;
/** So many that were read are kept as they are over a step. */
const readMax = 1_024;
/** At most, on an average. */
const rowsPerChain = 2;
/** Bytes that say how long a row is: seven bits each. */
const lengthSize = 2;
/** A row takes at most so many bytes more than its record. */
const besideMost = 48;
/** Where a value is packed before it is written: of a longer one there is a text. */
const packed = new Uint8Array(1_024);
const hashBegins = 0x811c_9dc5;

type Unread = { -readonly [Name in keyof CausalRecord]: CausalRecord[Name] };
type Unfolding = { -readonly [Name in keyof Stamp]: Stamp[Name] };

/** Records of one replica, as bytes. */
export class Shelf {
  #pages = new Pages();
  #blocks: Int32Array[] = [];
  // By row: whether the log does not hold it any more, and a few bits of its hash, which spare most looks at the wrong bytes.
  #marks: Uint8Array[] = [];
  #made = 0;
  #size = 0;
  #standing = 0;
  #free = none;
  #chains = new Int32Array(chainsFirst).fill(none);
  // Wall clock of the first record.
  #began = 0;
  #words = new Words();
  readonly #said = emptyPut();
  // Writes into one page.
  #out: ByteWriter | null = null;
  // What keys begin with, by number.
  readonly #prefixes: string[] = [];
  readonly #numbers = new Map<string, number>();
  // The number of the last record of each stream: mostly its keys begin alike.
  readonly #prefixOfStream: (number | undefined)[] = [];
  // Rows that were read of late.
  #read = new Map<number, CausalRecord>();

  /** How many records lie here. */
  get size(): number {
    return this.#size;
  }

  /** How many of them stand in the store. */
  get standing(): number {
    return this.#standing;
  }

  /** Bytes that are in use, and those of all pages. */
  get bytes(): readonly [used: number, held: number] {
    return this.#pages.size;
  }

  /** Takes in a record, which stands in the store: its row, or -1 where it is too large. No other of its key may stand here. */
  put(record: CausalRecord): number {
    const end = lastPartOf(record.key);
    const prefix = this.#prefixOf(record.key, end, record.dot.stream);
    if (this.#made === 0) this.#began = record.stamp.wall;
    const wall = folded(record.stamp.wall - this.#began);
    if (wall > stampMax) return none;
    const most = record.size + besideMost;
    const place = most > pageSize / 4 ? none : this.#pages.open(most);
    if (place < 0) return none;
    const row = this.#free === none ? this.#made : this.#free;
    const out = this.#writerAt(place);
    const from = out.length;
    out.integer(row);
    const body = out.length + lengthSize;
    out.goTo(body);
    out.integer(prefix);
    out.text(end === 0 ? record.key : record.key.slice(end));
    this.#write(out, record, wall);
    out.integer(record.size);
    const upTo = out.length;
    // How long it is shows now.
    out.goTo(body - lengthSize);
    out.integer((upTo - body) & 127);
    out.integer((upTo - body) >> 7);
    this.#pages.fill(upTo - from);
    if (this.#standing >= this.#chains.length * rowsPerChain) this.#grow();
    this.#takeRow(row);
    this.#set(row, placeAt, place);
    this.#size += 1;
    this.#standing += 1;
    this.#link(row, hashOf(record.key, hashBegins));
    this.#clearSparse();
    return row;
  }

  /** The record of a row. */
  read(row: number): CausalRecord {
    const known = this.#read.get(row);
    if (known !== undefined) return known;
    const input = this.#readerOf(row);
    const key = this.#keyFrom(input);
    const record = readRecord(input, idMax) as Unread;
    record.key = key;
    record.value = this.#words.unpack(record.value);
    (record.stamp as Unfolding).wall = this.#began + unfolded(record.stamp.wall);
    record.size = input.integer("size") as Bytes;
    this.#read.set(row, record);
    return record;
  }

  /** The stream of the record of a row. */
  streamOf(row: number): StreamId {
    const input = this.#readerOf(row);
    input.integer("prefix");
    input.part(input.integer("key"));
    // Before the name of a record stands the version of its form, and the stream comes first in it.
    input.integer("version");
    return input.integer("stream") as StreamId;
  }

  /** The row of what stands at a key; -1 where none of these does. */
  find(key: string): number {
    if (this.#standing === 0) return none;
    const hash = hashOf(key, hashBegins);
    const tag = tagOf(hash);
    for (let row = this.#chains[chainOf(hash, this.#chains)] as number; row !== none; row = this.#get(row, nextAt)) {
      if (this.#markOf(row) >> 1 === tag && this.#isAt(row, key)) return row;
    }
    return none;
  }

  #isAt(row: number, key: string): boolean {
    const input = this.#readerOf(row);
    const prefix = this.#prefixes[input.integer("prefix")] as string;
    return key.startsWith(prefix) && input.isText("key", key.slice(prefix.length));
  }

  /** The record of a row, if it stands in the store at the key that is made of these two; null for all other rows, also such as are none. */
  standingAt(row: number, prefix: string, rest: string): CausalRecord | null {
    if (!this.#isStanding(row)) return null;
    const record = this.read(row);
    const { key } = record;
    const isIt = key.length === prefix.length + rest.length && key.startsWith(prefix) && key.endsWith(rest);
    return isIt ? record : null;
  }

  /** Is this a row whose record stands in the store, at this key? */
  isStandingAt(row: number, key: string): boolean {
    return this.#isStanding(row) && this.#isAt(row, key);
  }

  #isStanding(row: number): boolean {
    return row >= 0 && row < this.#made && this.#get(row, placeAt) !== none && this.stands(row);
  }

  /** Does the record of this row stand in the store? */
  stands(row: number): boolean {
    return this.#get(row, nextAt) !== apart;
  }

  /** Does the record of this row stand in the store, at this key? */
  standsAt(row: number, key: string): boolean {
    return this.stands(row) && this.#isAt(row, key);
  }

  /** It stands there no more. */
  leave(row: number): void {
    const chain = chainOf(this.#hashOf(row), this.#chains);
    const next = this.#get(row, nextAt);
    let at = this.#chains[chain] as number;
    if (at === row) this.#chains[chain] = next;
    else {
      while (this.#get(at, nextAt) !== row) at = this.#get(at, nextAt);
      this.#set(at, nextAt, next);
    }
    this.#set(row, nextAt, apart);
    this.#standing -= 1;
  }

  /** The log does not hold it any more. */
  setAside(row: number): void {
    this.#mark(row, this.#markOf(row) | aside);
  }

  /** Is the log without it? */
  isAside(row: number): boolean {
    return (this.#markOf(row) & aside) !== 0;
  }

  /** Nobody holds this row any more. */
  drop(row: number): void {
    assert(!this.stands(row), "what stands in the store is kept");
    const place = this.#get(row, placeAt);
    this.#read.delete(row);
    this.#mark(row, 0);
    this.#set(row, placeAt, none);
    this.#set(row, nextAt, this.#free);
    this.#free = row;
    this.#size -= 1;
    this.#pages.release(place, this.#sizeAt(place));
    this.#clearSparse();
  }

  /** The rows whose records stand in the store, ascending: mostly in the order in which their bytes lie. */
  *rows(): Iterable<number> {
    for (let row = 0; row < this.#made; row += 1) {
      if (this.#get(row, placeAt) !== none && this.stands(row)) yield row;
    }
  }

  /** The key of what lies in a row. */
  keyOf(row: number): string {
    return this.#keyFrom(this.#readerOf(row));
  }

  /**
   * A step is over: what was read is made anew when it is read again, if it was much. Mostly it is asked for again before long.
   *
   * @param most so many are kept as they are
   */
  forget(most = readMax): void {
    if (this.#read.size > most) this.#read = new Map();
  }

  /** A copy that shares nothing mutable. */
  clone(): Shelf {
    const copy = new Shelf();
    copy.#pages = this.#pages.clone();
    copy.#blocks = this.#blocks.map((block) => block.slice());
    copy.#marks = this.#marks.map((marks) => marks.slice());
    copy.#made = this.#made;
    copy.#size = this.#size;
    copy.#standing = this.#standing;
    copy.#free = this.#free;
    copy.#chains = this.#chains.slice();
    copy.#began = this.#began;
    copy.#words = this.#words.clone();
    copy.#prefixes.push(...this.#prefixes);
    for (const [prefix, number] of this.#numbers) copy.#numbers.set(prefix, number);
    return copy;
  }

  // What is moved may fill a page that is sparse itself by then.
  #clearSparse(): void {
    for (let from = this.#pages.takeSparse(); from !== none; from = this.#pages.takeSparse()) this.#clear(from);
  }

  // Moves what is left in the page that begins here.
  #clear(from: number): void {
    const end = this.#pages.endOf(from);
    const page = this.#pages.pageAt(from);
    for (let at = from; at < end;) {
      const row = new ByteReader(page, offsetOf(at)).integer("row");
      const size = this.#sizeAt(at);
      if (this.#get(row, placeAt) === at) {
        const other = this.#pages.place(size);
        assert(other >= 0, "what is moved had a place");
        this.#pages.pageAt(other).set(page.subarray(offsetOf(at), offsetOf(at) + size), offsetOf(other));
        this.#set(row, placeAt, other);
      }
      at += size;
    }
    this.#pages.giveBack(from);
  }

  // What is written of a record: all but its key. One object serves for nearly all, since it is read at once and by nobody else.
  #write(out: ByteWriter, record: CausalRecord, wall: number): void {
    const { stamp } = record;
    if (record.version !== undefined) {
      writeRecord(out, { ...record, key: "", value: this.#words.pack(record.value), stamp: { ...stamp, wall } });
      return;
    }
    const said = this.#said;
    said.dot = record.dot;
    said.prev = record.prev;
    said.deps = record.deps;
    said.stamp.wall = wall;
    said.stamp.logical = stamp.logical;
    said.stamp.lamport = stamp.lamport;
    const length = this.#words.packInto(record.value, packed);
    if (length >= 0) {
      writePut(out, said, packed, length);
      return;
    }
    said.value = this.#words.pack(record.value);
    writeRecord(out, said);
  }

  #sizeAt(place: number): number {
    const input = new ByteReader(this.#pages.pageAt(place), offsetOf(place));
    input.integer("row");
    const length = input.integer("length") + (input.integer("length") << 7);
    return input.at - offsetOf(place) + length;
  }

  #readerOf(row: number): ByteReader {
    const place = this.#get(row, placeAt);
    const input = new ByteReader(this.#pages.pageAt(place), offsetOf(place));
    input.integer("row");
    input.integer("length");
    input.integer("length");
    return input;
  }

  // Mostly the page is the one of the last time.
  #writerAt(place: number): ByteWriter {
    const page = this.#pages.pageAt(place);
    if (this.#out?.bytes !== page) this.#out = new ByteWriter(page);
    this.#out.goTo(offsetOf(place));
    return this.#out;
  }

  #keyFrom(input: ByteReader): string {
    const prefix = this.#prefixes[input.integer("prefix")] as string;
    return prefix + input.text("key");
  }

  // The number of what this key begins with.
  #prefixOf(key: string, end: number, stream: StreamId): number {
    const last = this.#prefixOfStream[stream];
    if (last !== undefined) {
      const text = this.#prefixes[last] as string;
      if (text.length === end && key.startsWith(text)) return last;
    }
    const begins = key.slice(0, end);
    let prefix = this.#numbers.get(begins);
    if (prefix === undefined) {
      prefix = this.#prefixes.length;
      this.#prefixes.push(begins);
      this.#numbers.set(begins, prefix);
    }
    while (this.#prefixOfStream.length <= stream) this.#prefixOfStream.push(undefined);
    this.#prefixOfStream[stream] = prefix;
    return prefix;
  }

  #takeRow(row: number): void {
    if (row === this.#free) {
      this.#free = this.#get(row, nextAt);
      return;
    }
    if (this.#made === this.#blocks.length * rowsPerBlock) {
      this.#blocks.push(new Int32Array(rowsPerBlock * width));
      this.#marks.push(new Uint8Array(rowsPerBlock));
    }
    this.#made += 1;
  }

  #link(row: number, hash: number): void {
    const chain = chainOf(hash, this.#chains);
    this.#set(row, nextAt, this.#chains[chain] as number);
    this.#chains[chain] = row;
    this.#mark(row, (this.#markOf(row) & aside) | (tagOf(hash) << 1));
  }

  #grow(): void {
    this.#chains = new Int32Array(this.#chains.length * 2).fill(none);
    for (const row of this.rows()) this.#link(row, this.#hashOf(row));
  }

  // Of its key.
  #hashOf(row: number): number {
    const input = this.#readerOf(row);
    const hash = hashOf(this.#prefixes[input.integer("prefix")] as string, hashBegins);
    return hashOf(input.text("key"), hash);
  }

  #markOf(row: number): number {
    return (this.#marks[row >> rowBits] as Uint8Array)[row & (rowsPerBlock - 1)] as number;
  }

  #mark(row: number, mark: number): void {
    (this.#marks[row >> rowBits] as Uint8Array)[row & (rowsPerBlock - 1)] = mark;
  }

  #get(row: number, at: number): number {
    return (this.#blocks[row >> rowBits] as Int32Array)[(row & (rowsPerBlock - 1)) * width + at] as number;
  }

  #set(row: number, at: number, value: number): void {
    (this.#blocks[row >> rowBits] as Int32Array)[(row & (rowsPerBlock - 1)) * width + at] = value;
  }
}

function emptyPut(): Omit<Unread, "size" | "stamp"> & { readonly stamp: Unfolding } {
  const dot: Dot = { origin: 0 as CloudletId, incarnation: 1 as Incarnation, stream: 0 as StreamId, sequence: 1 };
  return { kind: "put", dot, key: "", value: "", prev: [], deps: [], stamp: { wall: 0, logical: 0, lamport: 0 } };
}

// Other bits than those that choose the chain.
function tagOf(hash: number): number {
  return hash >>> 25;
}

// Small numbers, of either sign, as small ones without: 0, -1, 1, -2 are 0, 1, 2, 3.
function folded(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

function unfolded(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

// Of a text that goes on, from the hash of what is before it.
function hashOf(text: string, before: number): number {
  let hash = before;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x0100_0193);
  return hash;
}

function chainOf(hash: number, chains: Int32Array): number {
  return (hash ^ (hash >>> 15)) & (chains.length - 1);
}
