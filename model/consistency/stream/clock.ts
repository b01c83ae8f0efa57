/**
 * A vector clock that grows with the number of sessions: by session, how many of its operations are in a past.
 *
 * Clocks are copied with every write and given back when versions are forgotten. There are as many as versions, they are small, and
 * every read looks at several, so many of them lie in one block: an array of its own for each would cost more than what is in it.
 *
 * Leaves out comparing whole clocks: who asks about causality asks about one operation.
 */

import type { Knowers } from "./knowers.ts";

const SMALLEST = 4;
/** Counts of one block; a larger clock has a block to itself. */
const BLOCK = 1 << 14;
/** From here on sizes are multiples of it. */
const STEP = 64;
const NONE: Uint32Array = new Uint32Array(0);

/** The size of a clock for so many counts: that of its size is the same, so that clocks that take in each other end. */
function sizeFor(length: number): number {
  if (length > STEP) return Math.ceil(length / STEP) * STEP;
  let size = SMALLEST;
  while (size < length) size *= 2;
  return size;
}

/** A place for a clock. */
interface Place {
  readonly block: Uint32Array;
  readonly start: number;
}

/** Places that clocks gave back, never more than were in use at one time. */
export class ClockMemory {
  /** By size. */
  readonly #spare = new Map<number, Place[]>();

  /** A place for so many counts, whatever is in it. */
  take(size: number): Place {
    const spare = this.#spareOf(size);
    const place = spare.pop();
    if (place !== undefined) return place;
    const block = new Uint32Array(Math.max(size, BLOCK));
    for (let start = size; start + size <= block.length; start += size) spare.push({ block, start });
    return { block, start: 0 };
  }

  giveBack(size: number, place: Place): void {
    this.#spareOf(size).push(place);
  }

  #spareOf(size: number): Place[] {
    let spare = this.#spare.get(size);
    if (spare === undefined) {
      spare = [];
      this.#spare.set(size, spare);
    }
    return spare;
  }
}

/** How much of each session is in somebody's past; what was never set is 0. */
export class Clock {
  readonly #memory: ClockMemory;
  #block = NONE;
  #start = 0;
  /** Counts that there is room for. */
  #size = 0;

  constructor(memory: ClockMemory) {
    this.#memory = memory;
  }

  of(session: number): number {
    return session < this.#size ? this.#block[this.#start + session]! : 0;
  }

  set(session: number, count: number): void {
    this.#room(session + 1);
    this.#block[this.#start + session] = count;
  }

  /** Takes in all of another past. */
  join(past: Clock): void {
    const size = past.#size;
    this.#room(size);
    const [own, start] = [this.#block, this.#start];
    const [other, from] = [past.#block, past.#start];
    for (let session = 0; session < size; session += 1) {
      const count = other[from + session]!;
      if (count > own[start + session]!) own[start + session] = count;
    }
  }

  /** The same, of a session's arbitration past: it is noted what the session now knows of whom. */
  joinNoting(past: Clock, knowers: Knowers, session: number): void {
    const size = past.#size;
    this.#room(size);
    const [own, start] = [this.#block, this.#start];
    const [other, from] = [past.#block, past.#start];
    for (let writer = 0; writer < size; writer += 1) {
      const count = other[from + writer]!;
      if (count <= own[start + writer]!) continue;
      own[start + writer] = count;
      knowers.note(writer, session, count);
    }
  }

  /** Adds to a gain what is in this past and not in another one. */
  tellMore(other: Clock, gain: Gain): void {
    const [own, start, size] = [this.#block, this.#start, this.#size];
    gain.makeRoom(size);
    for (let session = 0; session < size; session += 1) {
      const count = own[start + session]!;
      if (count > other.of(session)) gain.add(session, count);
    }
  }

  /** Takes in what somebody gained. */
  take({ length, size, sessions, counts }: Gain): void {
    this.#room(size);
    const [own, start] = [this.#block, this.#start];
    for (let at = 0; at < length; at += 1) {
      const place = start + sessions[at]!;
      if (counts[at]! > own[place]!) own[place] = counts[at]!;
    }
  }

  /** The same, of a session's arbitration past. */
  takeNoting({ length, size, sessions, counts }: Gain, knowers: Knowers, session: number): void {
    this.#room(size);
    for (let at = 0; at < length; at += 1) {
      const [writer, count] = [sessions[at]!, counts[at]!];
      if (count <= this.#block[this.#start + writer]!) continue;
      this.#block[this.#start + writer] = count;
      knowers.note(writer, session, count);
    }
  }

  copy(): Clock {
    const copy = new Clock(this.#memory);
    if (this.#size > 0) copy.#moveTo(this.#size, this);
    return copy;
  }

  /** Gives its memory back: an empty past. */
  clear(): void {
    if (this.#size > 0) this.#memory.giveBack(this.#size, { block: this.#block, start: this.#start });
    this.#block = NONE;
    this.#start = 0;
    this.#size = 0;
  }

  #room(length: number): void {
    if (length <= this.#size) return;
    this.#moveTo(sizeFor(length), this);
  }

  /** Takes a place of this size, and into it the counts of a clock that is not larger; that may be itself. */
  #moveTo(size: number, from: Clock): void {
    const { block, start } = this.#memory.take(size);
    const [other, first, count] = [from.#block, from.#start, from.#size];
    for (let session = 0; session < count; session += 1) block[start + session] = other[first + session]!;
    block.fill(0, start + count, start + size);
    this.clear();
    this.#block = block;
    this.#start = start;
    this.#size = size;
  }
}

/** The part of a past by which another one grows: whoever has all of that other one needs no more than this. */
export class Gain {
  sessions: Uint32Array = NONE;
  counts: Uint32Array = NONE;
  /** Entries; a session may have several, of which the largest counts. */
  length = 0;
  /** One more than the highest number of a session. */
  size = 0;

  clear(): void {
    this.length = 0;
    this.size = 0;
  }

  /** Makes room for so many more entries. */
  makeRoom(count: number): void {
    if (this.length + count <= this.sessions.length) return;
    const room = Math.max(this.length + count, this.sessions.length * 2);
    const [sessions, counts] = [new Uint32Array(room), new Uint32Array(room)];
    sessions.set(this.sessions);
    counts.set(this.counts);
    this.sessions = sessions;
    this.counts = counts;
  }

  add(session: number, count: number): void {
    this.sessions[this.length] = session;
    this.counts[this.length] = count;
    this.length += 1;
    if (session >= this.size) this.size = session + 1;
  }
}
