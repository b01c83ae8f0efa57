// The timers of all processes. Cores arm, replace and disarm timers far more often than these fire, so a timer keeps one
// event in the queue and moves only its deadline: an event that comes too early is pushed again for the rest, one whose
// timer was disarmed ends there. Arming a timer later than it was costs two stores.
//
// Leaves out: clocks and chance. The deadline comes as an instant of true time (host.ts draws and converts it).

import { assert } from "../../model/assert.ts";
import type { CloudletId } from "../../model/ids.ts";
import type { TimerId } from "../../model/replication/io.ts";
import type { Instant } from "../../model/units.ts";
import type { EventQueue } from "../kernel/queue.ts";
import { EVENT_TIMER } from "../world/events.ts";

const DISARMED = -1;
const NO_EVENT = Infinity;
const CAPACITY_INITIAL = 64;

/**
 * All timers of a run.
 *
 * 1. A timer fires once per arming, at its deadline, and not after it was disarmed or its process died.
 * 2. A timer has at most one event that counts in the queue; an event of an earlier generation is ignored.
 */
export class Timers {
  /** Who the timer that `due` reported last belongs to. */
  cloudlet = 0 as CloudletId;
  /** Which of its timers it is. */
  timer: TimerId = 0;

  readonly #queue: EventQueue;
  // By slot.
  #cloudletOf = new Int32Array(CAPACITY_INITIAL);
  #timerOf = new Float64Array(CAPACITY_INITIAL);
  #deadline = new Float64Array(CAPACITY_INITIAL);
  #eventAt = new Float64Array(CAPACITY_INITIAL);
  #generation = new Int32Array(CAPACITY_INITIAL);
  #count = 0;
  // By cloudlet: from timer to slot; absent until its first timer.
  readonly #slots: (Map<TimerId, number> | null)[];

  constructor(queue: EventQueue, cloudletCount: number) {
    this.#queue = queue;
    this.#slots = new Array<Map<TimerId, number> | null>(cloudletCount).fill(null);
  }

  /** Makes the timer fire at this instant and no other. */
  arm(cloudlet: CloudletId, timer: TimerId, at: Instant): void {
    assert(at >= this.#queue.at, "a timer armed for the past");
    const slot = this.#slotOf(cloudlet, timer);
    this.#deadline[slot] = at;
    if ((this.#eventAt[slot] as number) > at) this.#push(slot, at);
  }

  /** When the timer will fire; null when it is not armed. */
  deadlineOf(cloudlet: CloudletId, timer: TimerId): Instant | null {
    const slot = this.#slots[cloudlet]?.get(timer);
    const deadline = slot === undefined ? DISARMED : (this.#deadline[slot] as number);
    return deadline === DISARMED ? null : (deadline as Instant);
  }

  /** Makes the timer not fire. Harmless when it was not armed. */
  disarm(cloudlet: CloudletId, timer: TimerId): void {
    const slot = this.#slots[cloudlet]?.get(timer);
    if (slot !== undefined) this.#deadline[slot] = DISARMED;
  }

  /** Disarms all timers of a process that died. */
  disarmAll(cloudlet: CloudletId): void {
    const slots = this.#slots[cloudlet];
    if (slots) for (const slot of slots.values()) this.#deadline[slot] = DISARMED;
  }

  /** Every armed timer of a process gets another deadline: its clock has changed. */
  remap(cloudlet: CloudletId, to: (deadline: Instant) => Instant): void {
    for (const slot of this.#slots[cloudlet]?.values() ?? []) {
      const deadline = this.#deadline[slot] as number;
      if (deadline === DISARMED) continue;
      const moved = to(deadline as Instant);
      this.#deadline[slot] = moved;
      if ((this.#eventAt[slot] as number) > moved) this.#push(slot, moved);
    }
  }

  /** Handles a timer event: true when a timer is due, which is then named in `cloudlet` and `timer`. */
  due(slot: number, generation: number): boolean {
    if (this.#generation[slot] !== generation) return false;
    this.#eventAt[slot] = NO_EVENT;
    const deadline = this.#deadline[slot] as number;
    if (deadline === DISARMED) return false;
    if (deadline > this.#queue.at) {
      this.#push(slot, deadline as Instant);
      return false;
    }
    this.#deadline[slot] = DISARMED;
    this.cloudlet = this.#cloudletOf[slot] as CloudletId;
    this.timer = this.#timerOf[slot] as number;
    return true;
  }

  #push(slot: number, at: Instant): void {
    const generation = ((this.#generation[slot] as number) + 1) | 0;
    this.#generation[slot] = generation;
    this.#eventAt[slot] = at;
    this.#queue.push(at, EVENT_TIMER, slot, generation, 0, null);
  }

  #slotOf(cloudlet: CloudletId, timer: TimerId): number {
    let slots = this.#slots[cloudlet];
    if (!slots) {
      slots = new Map();
      this.#slots[cloudlet] = slots;
    }
    let slot = slots.get(timer);
    if (slot === undefined) {
      slot = this.#newSlot(cloudlet, timer);
      slots.set(timer, slot);
    }
    return slot;
  }

  #newSlot(cloudlet: CloudletId, timer: TimerId): number {
    const slot = this.#count;
    if (slot === this.#deadline.length) this.#grow(slot * 2);
    this.#count += 1;
    this.#cloudletOf[slot] = cloudlet;
    this.#timerOf[slot] = timer;
    this.#deadline[slot] = DISARMED;
    this.#eventAt[slot] = NO_EVENT;
    return slot;
  }

  #grow(capacity: number): void {
    const cloudletOf = new Int32Array(capacity);
    const timerOf = new Float64Array(capacity);
    const deadline = new Float64Array(capacity);
    const eventAt = new Float64Array(capacity);
    const generation = new Int32Array(capacity);
    cloudletOf.set(this.#cloudletOf);
    timerOf.set(this.#timerOf);
    deadline.set(this.#deadline);
    eventAt.set(this.#eventAt);
    generation.set(this.#generation);
    this.#cloudletOf = cloudletOf;
    this.#timerOf = timerOf;
    this.#deadline = deadline;
    this.#eventAt = eventAt;
    this.#generation = generation;
  }
}
