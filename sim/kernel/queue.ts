// The event queue: what happens next in the simulated world. Orders by (at, seq): equal instants leave in push order,
// which is part of the determinism contract in docs/simulator.md. Knows nothing of what its events mean.
//
// A binary heap over typed arrays. An event is flat (a kind, three integers, one payload reference) and lives in a slot;
// slots return through a free list, so a running simulation allocates nothing here. A 4-ary heap was measured too: its
// choice among four children costs mispredicted branches, while the choice among two needs none, and is faster here.
// Leaves out on purpose: callbacks, priorities, recurring events, and any way to look inside.

import { assert } from "../../model/assert.ts";
import type { Instant } from "../../model/units.ts";
import type { Rng } from "../../model/random.ts";

/** Names one pushed event for `cancel`; a whole number below 2^53. Outlives its event harmlessly. */
export type Ticket = number;

/** No event: what a field holds that has no ticket. Cancelling it does nothing. */
export const NO_TICKET: Ticket = 0;

/** Event kinds are 0 to this number; the one above marks a cancelled slot inside. */
export const EVENT_KIND_MAX = 254;

const KIND_CANCELLED = 255;
// An event record: eight integers per slot, half a cache line.
const RECORD_SHIFT = 3;
const KIND = 0;
const A = 1;
const B = 2;
const C = 3;
const GENERATION = 4;
const NEXT_FREE = 5;
const NO_SLOT = -1;
const SLOT_COUNT_MAX = 2 ** 24;
const GENERATION_MAX = 2 ** 29 - 1;
// From the first one on a ticket takes more than 32 bits: whatever counts on fewer would be compiled anew when it does.
const GENERATION_FIRST = 2 ** 8;
const ROOT = 1;
const CAPACITY_INITIAL = 256;
/** Cancelled events stay in the heap until they are as many as the live ones, but not fewer than this. */
const CANCELLED_COUNT_MIN = 256;

/** How equal instants leave: in push order, or in an order drawn from a stream of its own. */
export interface EventQueueOptions {
  /** When given, ties leave in an order drawn from this stream; one draw per push. It must have no other user. */
  readonly shuffle?: Rng;
}

/**
 * The pending events of one simulated world.
 *
 * 1. `pop` returns events by instant; equal instants by push order, or by the drawn order when shuffling.
 * 2. Nothing is pushed before the instant of the last pop: an event in the past throws.
 * 3. A cancelled event never leaves. Memory is bounded by about twice the largest number of events pending at once,
 *    however many are armed and cancelled.
 * 4. `pop`, `push` and `cancel` allocate nothing, growth aside.
 */
export class EventQueue {
  /** Instant of the last event popped, 0 before the first: the present. */
  at = 0 as Instant;
  /** How many events had been pushed before the last event popped: its place in push order. */
  seq = 0;
  /** Kind of the last event popped. */
  kind = 0;
  /** First integer of the last event popped. */
  a = 0;
  /** Second integer of the last event popped. */
  b = 0;
  /** Third integer of the last event popped. */
  c = 0;
  /** Payload of the last event popped; null when it had none. */
  payload: unknown = null;

  readonly #shuffle: Rng | null;

  // The heap: parallel arrays by heap position. Ties are looked up by slot, since they are rare and moves are not.
  // The children of position p are 2p and 2p + 1, so position 0 stays empty.
  #heapAt = new Float64Array(CAPACITY_INITIAL + 1);
  #heapSlot = new Int32Array(CAPACITY_INITIAL + 1);
  #heapSize = 0;
  // After a pop the root is a hole. The next push fills it and sinks, which saves the whole way up and down for the
  // most common pattern: an event whose handling pushes one later event.
  #rootIsHole = false;
  #cancelledCount = 0;

  // By slot: the order among equals, the record, the payload. Free slots form a list through their records.
  #slotOrder = new Float64Array(CAPACITY_INITIAL);
  #slotRecord = new Int32Array(CAPACITY_INITIAL << RECORD_SHIFT);
  #slotPayload: unknown[] = new Array<unknown>(CAPACITY_INITIAL).fill(null);
  #slotFirstFree = NO_SLOT;
  #slotCount = 0;

  #pushCount = 0;

  constructor(options: EventQueueOptions = {}) {
    this.#shuffle = options.shuffle ?? null;
  }

  /** How many events are pending, cancelled ones not counted. */
  get size(): number {
    return this.#heapSize - this.#cancelledCount - (this.#rootIsHole ? 1 : 0);
  }

  /** How many event slots exist, used or free: what memory is proportional to. */
  get capacity(): number {
    return this.#slotOrder.length;
  }

  /**
   * Adds an event.
   *
   * @param at when it happens: whole microseconds, not before the last event popped
   * @param kind 0 to `EVENT_KIND_MAX`
   * @param a first of three integers of 32 bits, carried as they are
   * @param payload carried as it is, released when the event leaves or is cancelled
   * @returns what `cancel` takes
   * @throws InvariantViolation on a time in the past or not whole, or a kind out of range
   */
  push(at: Instant, kind: number, a: number, b: number, c: number, payload: unknown): Ticket {
    assert(at >= this.at, "an event in the past");
    assert(at <= Number.MAX_SAFE_INTEGER && Math.floor(at) === at, "an event at no whole microsecond");
    assert(kind >= 0 && kind <= EVENT_KIND_MAX, "an event kind out of range");

    const slot = this.#slotFirstFree === NO_SLOT ? this.#newSlot() : this.#slotFirstFree;
    const record = this.#slotRecord;
    const base = slot << RECORD_SHIFT;
    this.#slotFirstFree = record[base + NEXT_FREE] as number;
    record[base + KIND] = kind;
    record[base + A] = a;
    record[base + B] = b;
    record[base + C] = c;
    if (payload !== null) this.#slotPayload[slot] = payload;

    const seq = this.#pushCount++;
    const order = this.#shuffle === null ? seq : shuffledOrder(this.#shuffle, seq);
    this.#slotOrder[slot] = order;

    if (this.#rootIsHole) {
      this.#rootIsHole = false;
      this.#sink(ROOT, at, slot);
    } else {
      this.#rise(++this.#heapSize, at, slot);
    }
    return (record[base + GENERATION] as number) * SLOT_COUNT_MAX + slot;
  }

  /**
   * Takes the next event into the fields `at`, `seq`, `kind`, `a`, `b`, `c`, `payload`.
   *
   * @returns false, with the fields unchanged, when nothing is pending
   */
  pop(): boolean {
    if (!this.#settle()) return false;
    const slot = this.#heapSlot[ROOT] as number;
    const record = this.#slotRecord;
    const base = slot << RECORD_SHIFT;
    this.at = this.#heapAt[ROOT] as Instant;
    this.seq = this.#shuffle === null ? (this.#slotOrder[slot] as number) : (this.#slotOrder[slot] as number) % 2 ** 32;
    this.kind = record[base + KIND] as number;
    this.a = record[base + A] as number;
    this.b = record[base + B] as number;
    this.c = record[base + C] as number;
    const payload = this.#slotPayload[slot];
    this.payload = payload;
    if (payload !== null) this.#slotPayload[slot] = null;
    this.#expireTicket(base);
    this.#release(slot);
    this.#rootIsHole = true;
    return true;
  }

  /** The instant of the next event, or null when nothing is pending. */
  next(): Instant | null {
    return this.#settle() ? (this.#heapAt[ROOT] as Instant) : null;
  }

  /**
   * Makes an event that is still pending never happen.
   *
   * @returns true when it was pending; false when it has left, was cancelled before, or is `NO_TICKET`. A ticket is
   *   told from its slot's later ones for 2^29 uses of that slot.
   */
  cancel(ticket: Ticket): boolean {
    const slot = ticket & (SLOT_COUNT_MAX - 1);
    if (slot >= this.#slotCount) return false;
    const base = slot << RECORD_SHIFT;
    if ((ticket - slot) / SLOT_COUNT_MAX !== this.#slotRecord[base + GENERATION]) return false;
    this.#slotRecord[base + KIND] = KIND_CANCELLED;
    this.#slotPayload[slot] = null;
    this.#expireTicket(base);
    this.#cancelledCount += 1;
    if (this.#cancelledCount >= CANCELLED_COUNT_MIN && this.#cancelledCount * 2 > this.#heapSize) this.#compact();
    return true;
  }

  /** Brings a live event to the root; false when there is none. */
  #settle(): boolean {
    for (;;) {
      if (this.#rootIsHole) {
        this.#rootIsHole = false;
        const last = this.#heapSize--;
        if (last > ROOT) this.#sink(ROOT, this.#heapAt[last] as number, this.#heapSlot[last] as number);
      }
      if (this.#heapSize === 0) return false;
      const slot = this.#heapSlot[ROOT] as number;
      if (this.#slotRecord[(slot << RECORD_SHIFT) + KIND] !== KIND_CANCELLED) return true;
      this.#cancelledCount -= 1;
      this.#release(slot);
      this.#rootIsHole = true;
    }
  }

  /** Drops all cancelled events from the heap and orders the rest anew; linear in the heap. */
  #compact(): void {
    const heapAt = this.#heapAt;
    const heapSlot = this.#heapSlot;
    let kept = 0;
    for (let position = this.#rootIsHole ? ROOT + 1 : ROOT; position <= this.#heapSize; position += 1) {
      const slot = heapSlot[position] as number;
      if (this.#slotRecord[(slot << RECORD_SHIFT) + KIND] === KIND_CANCELLED) {
        this.#release(slot);
      } else {
        kept += 1;
        heapAt[kept] = heapAt[position] as number;
        heapSlot[kept] = slot;
      }
    }
    this.#rootIsHole = false;
    this.#heapSize = kept;
    this.#cancelledCount = 0;
    for (let position = kept >> 1; position >= ROOT; position -= 1) {
      this.#sink(position, heapAt[position] as number, heapSlot[position] as number);
    }
  }

  /** Puts an event at or below a position that is free and whose children are in order. */
  #sink(from: number, at: number, slot: number): void {
    const heapAt = this.#heapAt;
    const heapSlot = this.#heapSlot;
    const order = this.#slotOrder;
    const last = this.#heapSize;
    let position = from;
    for (;;) {
      let child = position << 1;
      if (child > last) break;
      if (child < last) {
        const left = heapAt[child] as number;
        const right = heapAt[child + 1] as number;
        // Which child is the earlier one cannot be predicted, so it is added rather than branched on.
        let side = Number(right < left);
        if (right === left) side = Number(precedes(order, heapSlot[child + 1] as number, heapSlot[child] as number));
        child += side;
      }
      const childAt = heapAt[child] as number;
      if (at < childAt) break;
      const childSlot = heapSlot[child] as number;
      if (at === childAt && precedes(order, slot, childSlot)) break;
      heapAt[position] = childAt;
      heapSlot[position] = childSlot;
      position = child;
    }
    heapAt[position] = at;
    heapSlot[position] = slot;
  }

  /** Puts an event at or above a position that is free. */
  #rise(from: number, at: number, slot: number): void {
    const heapAt = this.#heapAt;
    const heapSlot = this.#heapSlot;
    const order = this.#slotOrder;
    let position = from;
    while (position > 1) {
      const parent = position >> 1;
      const parentAt = heapAt[parent] as number;
      const parentSlot = heapSlot[parent] as number;
      if (parentAt < at || (parentAt === at && precedes(order, parentSlot, slot))) break;
      heapAt[position] = parentAt;
      heapSlot[position] = parentSlot;
      position = parent;
    }
    heapAt[position] = at;
    heapSlot[position] = slot;
  }

  #release(slot: number): void {
    this.#slotRecord[(slot << RECORD_SHIFT) + NEXT_FREE] = this.#slotFirstFree;
    this.#slotFirstFree = slot;
  }

  #expireTicket(base: number): void {
    const generation = this.#slotRecord[base + GENERATION] as number;
    this.#slotRecord[base + GENERATION] = generation === GENERATION_MAX ? GENERATION_FIRST : generation + 1;
  }

  #newSlot(): number {
    const slot = this.#slotCount;
    assert(slot < SLOT_COUNT_MAX, "more than 2^24 events pending at once");
    if (slot === this.capacity) this.#grow(slot * 2);
    this.#slotCount += 1;
    this.#slotRecord[(slot << RECORD_SHIFT) + GENERATION] = GENERATION_FIRST;
    this.#slotRecord[(slot << RECORD_SHIFT) + NEXT_FREE] = NO_SLOT;
    return slot;
  }

  #grow(capacity: number): void {
    const heapAt = new Float64Array(capacity + 1);
    const heapSlot = new Int32Array(capacity + 1);
    const slotOrder = new Float64Array(capacity);
    const slotRecord = new Int32Array(capacity << RECORD_SHIFT);
    heapAt.set(this.#heapAt);
    heapSlot.set(this.#heapSlot);
    slotOrder.set(this.#slotOrder);
    slotRecord.set(this.#slotRecord);
    this.#heapAt = heapAt;
    this.#heapSlot = heapSlot;
    this.#slotOrder = slotOrder;
    this.#slotRecord = slotRecord;
    while (this.#slotPayload.length < capacity) this.#slotPayload.push(null);
  }
}

/** Whether of two slots at the same instant the left one leaves first. */
function precedes(order: Float64Array, left: number, right: number): boolean {
  return (order[left] as number) < (order[right] as number);
}

/** 21 drawn bits over 32 bits of push order: a strict order within the 53 bits of a double. */
function shuffledOrder(rng: Rng, seq: number): number {
  return rng.intInclusive(0x1f_ffff) * 2 ** 32 + (seq % 2 ** 32);
}
