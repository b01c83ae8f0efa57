// Records that are stored but not yet applied, indexed by the dots they wait for: no polling, no head-of-line blocking.
// Each waits with a count; applying a dot wakes those that counted on it. Which dots a record must wait for is not
// decided here.

import type { CloudletId } from "../ids.ts";
import type { Bringer } from "./log.ts";
import { sameDot, type CausalRecord, type Dot } from "./record.ts";

/** A record that waits, who brought it, and how many dots it still misses. */
export interface Waiter {
  readonly record: CausalRecord;
  readonly from: Bringer;
  /** Who is known to have applied all that it waits for: its writer, or whoever made it wait here at all (held-back.ts). */
  by: CloudletId;
  missing: number;
}

// Slots stay far below 2^21, sequences below 2^32: one exact number names both.
const sequenceSpan = 4_294_967_296;

const nobody: ReadonlySet<Waiter> = new Set();

/** Waiting records by missing (slot, sequence). */
export class WaitingIndex {
  // Both are made when the first record waits: in many replicas none ever does.
  #byDot: Map<number, Waiter[]> | null = null;
  #all: Set<Waiter> | null = null;

  /** All that wait, in the order they arrived. */
  all(): ReadonlySet<Waiter> {
    return this.#all ?? nobody;
  }

  /** Registers a waiter under one missing dot. Call once per missing dot. */
  await(waiter: Waiter, slot: number, sequence: number): void {
    this.#all ??= new Set();
    this.#byDot ??= new Map();
    this.#all.add(waiter);
    waiter.missing += 1;
    const key = slot * sequenceSpan + sequence;
    const waiters = this.#byDot.get(key);
    if (waiters === undefined) this.#byDot.set(key, [waiter]);
    else waiters.push(waiter);
  }

  /** The one that is called so, if it waits. */
  find(dot: Dot): Waiter | null {
    for (const waiter of this.all()) if (sameDot(waiter.record.dot, dot)) return waiter;
    return null;
  }

  /** Who waits for this dot. */
  awaiting(slot: number, sequence: number): readonly Waiter[] {
    return this.#byDot?.get(slot * sequenceSpan + sequence) ?? [];
  }

  /** This dot was applied: moves everyone who misses nothing any more to `ready`. */
  wake(slot: number, sequence: number, ready: Waiter[]): void {
    if (this.#byDot === null || this.#byDot.size === 0) return;
    const key = slot * sequenceSpan + sequence;
    const waiters = this.#byDot.get(key);
    if (waiters === undefined) return;
    this.#byDot.delete(key);
    for (const waiter of waiters) {
      waiter.missing -= 1;
      if (waiter.missing > 0) continue;
      this.#all?.delete(waiter);
      ready.push(waiter);
    }
  }

  /** Takes everything out, in the order it arrived. */
  takeAll(): readonly Waiter[] {
    const taken = [...this.all()];
    this.#all = null;
    this.#byDot = null;
    return taken;
  }

  /** A copy that shares nothing mutable. */
  clone(): WaitingIndex {
    const copy = new WaitingIndex();
    const copies = new Map<Waiter, Waiter>();
    for (const waiter of this.all()) copies.set(waiter, { ...waiter });
    if (copies.size === 0) return copy;
    copy.#all = new Set(copies.values());
    copy.#byDot = new Map();
    for (const [key, waiters] of this.#byDot ?? []) {
      copy.#byDot.set(
        key,
        waiters.map((waiter) => copies.get(waiter) as Waiter),
      );
    }
    return copy;
  }
}
