// A cloudlet's disk: a log that is appended to and synced. What is appended is safe once the sync that covers it is done;
// one sync runs at a time, and takes along all that was appended before it began (group commit).
//
// Leaves out on purpose: reading during operation, truncation, corruption of what was synced, and the event queue: the
// host schedules the end of each sync itself.

import { assert } from "../../model/assert.ts";
import type { Rng } from "../../model/random.ts";
import type { Instant } from "../../model/units.ts";
import type { Sampler } from "../kernel/distributions.ts";

/** What a crash does to entries that no finished sync covers. */
export type CrashOutcome =
  /** All are gone. */
  | { readonly kind: "allLost" }
  /** The first few survive, how many is drawn evenly from none to all: the disk had got that far. */
  | { readonly kind: "prefixSurvives"; readonly rng: Rng };

/** No sync was begun, or none ended. */
export const NO_SYNC = -1;

/**
 * The disk of one cloudlet, holding entries of type `T`.
 *
 * 1. Positions count entries from 1 in the order they were appended, over the life of the disk.
 * 2. `durableUpTo` never decreases but by `wipe`, and what it covers is in `durable()` after any crash.
 * 3. A sync covers exactly what was appended before it began. At most one is under way.
 * 4. A crash ends the sync under way without effect: its end, when it comes, is told by an old `epoch`.
 */
export class Disk<T> {
  #entries: T[] = [];
  #durableUpTo = 0;
  #syncingUpTo = NO_SYNC;
  #epoch = 0;
  #syncCount = 0;
  #latency: Sampler;

  /** @param latency how long one sync takes, whatever its size */
  constructor(latency: Sampler) {
    this.#latency = latency;
  }

  /** Position of the last entry appended, 0 for an empty disk. */
  get appendedUpTo(): number {
    return this.#entries.length;
  }

  /** Position up to which everything survives a crash. */
  get durableUpTo(): number {
    return this.#durableUpTo;
  }

  /** How many times the machine crashed or the disk was wiped: to be remembered with each sync. */
  get epoch(): number {
    return this.#epoch;
  }

  /** How many syncs have begun. */
  get syncCount(): number {
    return this.#syncCount;
  }

  /** Makes later syncs take another time: a slow disk, or one that has recovered. */
  setLatency(latency: Sampler): void {
    this.#latency = latency;
  }

  /** Adds an entry at the end; not durable yet. Returns its position. */
  append(entry: T): number {
    return this.#entries.push(entry);
  }

  /**
   * Begins a sync of all that was appended, unless one is under way or there is nothing to do.
   *
   * @returns when to call `endSync` (with the present `epoch`), or `NO_SYNC`
   */
  beginSync(now: Instant, rng: Rng): Instant | typeof NO_SYNC {
    if (this.#syncingUpTo !== NO_SYNC || this.#entries.length === this.#durableUpTo) return NO_SYNC;
    this.#syncingUpTo = this.#entries.length;
    this.#syncCount += 1;
    return (now + this.#latency(rng)) as Instant;
  }

  /**
   * Ends the sync that began in `epoch`. Call `beginSync` next: more may have been appended meanwhile.
   *
   * @returns the position up to which everything is now durable, or `NO_SYNC` when a crash came in between
   */
  endSync(epoch: number): number {
    if (epoch !== this.#epoch) return NO_SYNC;
    assert(this.#syncingUpTo !== NO_SYNC, "the end of a sync that never began");
    this.#durableUpTo = this.#syncingUpTo;
    this.#syncingUpTo = NO_SYNC;
    return this.#durableUpTo;
  }

  /** The machine stops. Returns the entries that are lost, in order; what survives is durable. */
  crash(outcome: CrashOutcome): readonly T[] {
    const unsyncedCount = this.#entries.length - this.#durableUpTo;
    const survivorCount = outcome.kind === "allLost" ? 0 : outcome.rng.intInclusive(unsyncedCount);
    this.#durableUpTo += survivorCount;
    this.#syncingUpTo = NO_SYNC;
    this.#epoch += 1;
    return this.#entries.splice(this.#durableUpTo);
  }

  /** The disk is replaced by an empty one. */
  wipe(): void {
    this.#entries = [];
    this.#durableUpTo = 0;
    this.#syncingUpTo = NO_SYNC;
    this.#epoch += 1;
  }

  /** Everything that would survive a crash now, in order: what a restart reads. A copy. */
  durable(): readonly T[] {
    return this.#entries.slice(0, this.#durableUpTo);
  }
}
