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
  /** The session of the first count: a past of one late session alone needs no room for all before it. */
  #low = 0;
  /** Counts that there is room for. */
  #size = 0;

  constructor(memory: ClockMemory) {
    this.#memory = memory;
  }

  of(session: number): number {
    const at = session - this.#low;
    return at >= 0 && at < this.#size ? this.#block[this.#start + at]! : 0;
  }

  set(session: number, count: number): void {
    this.#room(session, session + 1);
    this.#block[this.#start + session - this.#low] = count;
  }

  /** Takes in all of another past. */
  join(past: Clock): void {
    const size = past.#size;
    if (size === 0) return;
    this.#room(past.#low, past.#low + size);
    const [own, start] = [this.#block, this.#start + past.#low - this.#low];
    const [other, from] = [past.#block, past.#start];
    for (let session = 0; session < size; session += 1) {
      const count = other[from + session]!;
      if (count > own[start + session]!) own[start + session] = count;
    }
  }

  /** The same, of a session's arbitration past: it is noted what the session now knows of whom. */
  joinNoting(past: Clock, knowers: Knowers, session: number): void {
    const size = past.#size;
    if (size === 0) return;
    this.#room(past.#low, past.#low + size);
    const [own, start] = [this.#block, this.#start + past.#low - this.#low];
    const [other, from] = [past.#block, past.#start];
    for (let at = 0; at < size; at += 1) {
      const count = other[from + at]!;
      if (count <= own[start + at]!) continue;
      own[start + at] = count;
      knowers.note(past.#low + at, session, count);
    }
  }

  /** Adds to a gain what is in this past and not in another one. */
  tellMore(other: Clock, gain: Gain): void {
    const [own, start, low, size] = [this.#block, this.#start, this.#low, this.#size];
    gain.makeRoom(size);
    for (let at = 0; at < size; at += 1) {
      const count = own[start + at]!;
      if (count > other.of(low + at)) gain.add(low + at, count);
    }
  }

  /** Takes in what somebody gained. */
  take({ length, low, end, sessions, counts }: Gain): void {
    if (length === 0) return;
    this.#room(low, end);
    const [own, start] = [this.#block, this.#start - this.#low];
    for (let at = 0; at < length; at += 1) {
      const place = start + sessions[at]!;
      if (counts[at]! > own[place]!) own[place] = counts[at]!;
    }
  }

  /** The same, of a session's arbitration past. */
  takeNoting({ length, low, end, sessions, counts }: Gain, knowers: Knowers, session: number): void {
    if (length === 0) return;
    this.#room(low, end);
    const [own, start] = [this.#block, this.#start - this.#low];
    for (let at = 0; at < length; at += 1) {
      const [writer, count] = [sessions[at]!, counts[at]!];
      if (count <= own[start + writer]!) continue;
      own[start + writer] = count;
      knowers.note(writer, session, count);
    }
  }

  copy(): Clock {
    const copy = new Clock(this.#memory);
    if (this.#size > 0) copy.#moveTo(this.#low, this.#size, this);
    return copy;
  }

  /** Gives its memory back: an empty past. */
  clear(): void {
    if (this.#size > 0) this.#memory.giveBack(this.#size, { block: this.#block, start: this.#start });
    this.#block = NONE;
    this.#start = 0;
    this.#low = 0;
    this.#size = 0;
  }

  /** Makes room for the sessions from one to before another one. */
  #room(first: number, end: number): void {
    if (first >= this.#low && end <= this.#low + this.#size) return;
    if (this.#size === 0) this.#moveTo(first, sizeFor(end - first), this);
    else if (first >= this.#low) this.#moveTo(this.#low, sizeFor(end - this.#low), this);
    else this.#moveTo(0, sizeFor(Math.max(end, this.#low + this.#size)), this);
  }

  /** Takes a place from this session on, and into it the counts of a clock that lie in there; that may be itself. */
  #moveTo(low: number, size: number, from: Clock): void {
    const { block, start } = this.#memory.take(size);
    const [other, first, count] = [from.#block, from.#start, from.#size];
    const skip = count === 0 ? 0 : from.#low - low;
    block.fill(0, start, start + skip);
    for (let at = 0; at < count; at += 1) block[start + skip + at] = other[first + at]!;
    block.fill(0, start + skip + count, start + size);
    this.clear();
    this.#block = block;
    this.#start = start;
    this.#low = low;
    this.#size = size;
  }
}

/** The part of a past by which another one grows: whoever has all of that other one needs no more than this. */
export class Gain {
  sessions: Uint32Array = NONE;
  counts: Uint32Array = NONE;
  /** Entries; a session may have several, of which the largest counts. */
  length = 0;
  /** The lowest number of a session, and one more than the highest. */
  low = Infinity;
  end = 0;

  clear(): void {
    this.length = 0;
    this.low = Infinity;
    this.end = 0;
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
    if (session < this.low) this.low = session;
    if (session >= this.end) this.end = session + 1;
  }
}
