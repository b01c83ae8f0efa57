// A cloudlet's disk: a log that is appended to and synced. What is appended is safe once the sync that covers it is done;
// one sync runs at a time, and takes along all that was appended before it began (group commit).
//
// A crash takes what no sync covers, in one of two ways: all of it, or all but the first entries, the next one of which may
// be torn: written in part, found out by its checksum at the restart, and dropped. A disk may also lie: say that a sync is
// done while the data is only in its cache, and lose that in a crash. And it may be replaced: by an empty one, by a backup
// of its own, by a copy of another cloudlet's disk. Its front may be exchanged for a checkpoint, which takes no time and is
// whole or not there, as when a file written aside gets the name of the old one.
//
// Leaves out on purpose: reading during operation, what makes an entry unreadable (rot.ts), and the event queue: the host
// schedules the end of each sync itself.

import { assert } from "../../model/assert.ts";
import type { Rng } from "../../model/random.ts";
import type { Instant } from "../../model/units.ts";
import type { Sampler } from "../kernel/distributions.ts";

/** What a crash does to entries that no finished sync covers. */
export type CrashOutcome =
  /** All are gone. */
  | { readonly kind: "allLost" }
  /**
   * The first few survive, how many is drawn evenly from none to all: the disk had got that far. Where not all do, every
   * other time it was in the middle of the next one, which is torn.
   */
  | { readonly kind: "prefixSurvives"; readonly rng: Rng };

/** What a crash did to a disk. */
export interface CrashLoss<T> {
  /** Gone, and never confirmed; in order. */
  readonly unsynced: readonly T[];
  /** Gone although a sync had confirmed them: the disk had lied. */
  readonly lied: readonly T[];
  /** Never confirmed and there all the same. */
  readonly survived: readonly T[];
  /** Was the first of the unsynced written in part? A restart finds that by its checksum, and drops it. */
  readonly isTorn: boolean;
}

/** What a disk holds at a moment: a backup. */
export interface DiskImage<T> {
  readonly entries: readonly T[];
  /** The count of process starts in the disk's header. */
  readonly starts: number;
}

const HALF = 500_000;

/** No sync was begun, or none ended. */
export const NO_SYNC = -1;

/**
 * The disk of one cloudlet, holding entries of type `T`.
 *
 * 1. Positions count entries from 1 in the order they were appended, over the life of the disk.
 * 2. `durableUpTo` never decreases but by `replace`, and what it covers is in `durable()` after any crash.
 * 3. A sync covers exactly what was appended before it began. At most one is under way.
 * 4. A crash ends the sync under way without effect: its end, when it comes, is told by an old `epoch`.
 * 5. While the disk lies, syncs confirm and make nothing durable. When it stops, what they confirmed becomes durable.
 */
export class Disk<T> {
  #entries: T[] = [];
  // Entries before the first of these: a checkpoint has taken their place.
  #behind = 0;
  #durableUpTo = 0;
  // Confirmed: the same, but for a disk that lies or has lied.
  #confirmedUpTo = 0;
  #lieCount = 0;
  #starts = 0;
  #syncingUpTo = NO_SYNC;
  #epoch = 0;
  #syncCount = 0;
  #latency: Sampler;
  readonly #nameOf: (entry: T) => unknown;
  // Why there is no room: one count per fault.
  #fullCount = 0;

  /**
   * @param latency how long one sync takes, whatever its size
   * @param nameOf what two entries have in common that are the same, on whatever disk; left out: themselves
   */
  constructor(latency: Sampler, nameOf: (entry: T) => unknown = (entry) => entry) {
    this.#latency = latency;
    this.#nameOf = nameOf;
  }

  /** Position of the last entry appended, 0 for an empty disk. */
  get appendedUpTo(): number {
    return this.#behind + this.#entries.length;
  }

  /** Entries that the disk holds. */
  get entryCount(): number {
    return this.#entries.length;
  }

  /** Position up to which everything survives a crash. */
  get durableUpTo(): number {
    return this.#durableUpTo;
  }

  /** How many times a process has started from this disk, as its header counts. */
  get starts(): number {
    return this.#starts;
  }

  /** A process starts from this disk: the header counts it, durably. Returns the new count. */
  countStart(): number {
    this.#starts += 1;
    return this.#starts;
  }

  /** How many times the machine crashed or the disk was replaced: to be remembered with each sync. */
  get epoch(): number {
    return this.#epoch;
  }

  /** How many syncs have begun. */
  get syncCount(): number {
    return this.#syncCount;
  }

  /** Is there no room? No sync begins then; one under way has its room already, and ends. */
  get isFull(): boolean {
    return this.#fullCount > 0;
  }

  /** Whether something was appended that no sync has confirmed. */
  get isPending(): boolean {
    return this.appendedUpTo > this.#confirmedUpTo;
  }

  /** Room is used up, or given back; call `beginSync` then. What overlaps adds up. */
  setFull(isFull: boolean): void {
    this.#fullCount += isFull ? 1 : -1;
    assert(this.#fullCount >= 0, "room given back that was not taken");
  }

  /** Makes later syncs take another time: a slow disk, or one that has recovered. */
  setLatency(latency: Sampler): void {
    this.#latency = latency;
  }

  /** Adds an entry at the end; not durable yet. Returns its position. */
  append(entry: T): number {
    return this.#behind + this.#entries.push(entry);
  }

  /**
   * Begins a sync of all that was appended, unless one is under way or there is nothing to do.
   *
   * @returns when to call `endSync` (with the present `epoch`), or `NO_SYNC`
   */
  beginSync(now: Instant, rng: Rng): Instant | typeof NO_SYNC {
    if (this.#syncingUpTo !== NO_SYNC || this.appendedUpTo === this.#confirmedUpTo || this.isFull) return NO_SYNC;
    this.#syncingUpTo = this.appendedUpTo;
    this.#syncCount += 1;
    return (now + this.#latency(rng)) as Instant;
  }

  /** The sync under way covers the first of its entries alone. */
  shortenSync(): void {
    assert(this.#syncingUpTo !== NO_SYNC, "a sync cut short that never began");
    this.#syncingUpTo = this.#confirmedUpTo + 1;
  }

  /** How many entries the sync under way covers; 0 when there is none. */
  get syncingCount(): number {
    return this.#syncingUpTo === NO_SYNC ? 0 : this.#syncingUpTo - this.#confirmedUpTo;
  }

  /**
   * Ends the sync that began in `epoch`. Call `beginSync` next: more may have been appended meanwhile.
   *
   * @returns the position up to which everything is now said to be durable, or `NO_SYNC` when a crash came in between
   */
  endSync(epoch: number): number {
    if (epoch !== this.#epoch) return NO_SYNC;
    assert(this.#syncingUpTo !== NO_SYNC, "the end of a sync that never began");
    this.#confirmedUpTo = this.#syncingUpTo;
    if (this.#lieCount === 0) this.#durableUpTo = this.#confirmedUpTo;
    this.#syncingUpTo = NO_SYNC;
    return this.#confirmedUpTo;
  }

  /** From now on syncs lie. Lies may overlap: each ends by its own `stopLying`. */
  lie(): void {
    this.#lieCount += 1;
  }

  /** Ends a lie; with the last one the cache is written out, and what was confirmed is durable. */
  stopLying(): void {
    assert(this.#lieCount > 0, "a disk that stops lying without having lied");
    this.#lieCount -= 1;
    if (this.#lieCount === 0) this.#durableUpTo = this.#confirmedUpTo;
  }

  /** The machine stops; what survives is durable. */
  crash(outcome: CrashOutcome): CrashLoss<T> {
    const confirmedUpTo = this.#confirmedUpTo;
    const atRisk = this.appendedUpTo - this.#durableUpTo;
    const survivorCount = outcome.kind === "allLost" ? 0 : outcome.rng.intInclusive(atRisk);
    const isTorn = outcome.kind !== "allLost" && survivorCount < atRisk && outcome.rng.chance(HALF);
    this.#durableUpTo += survivorCount;
    const survived = this.#entries.slice(
      Math.min(confirmedUpTo, this.#durableUpTo) - this.#behind,
      this.#durableUpTo - this.#behind,
    );
    const lost = this.#entries.splice(this.#durableUpTo - this.#behind);
    const liedCount = Math.max(0, confirmedUpTo - this.#durableUpTo);
    this.#restart();
    return { unsynced: lost.slice(liedCount), lied: lost.slice(0, liedCount), survived, isTorn };
  }

  /** What would survive a crash now, header included: a backup. */
  image(): DiskImage<T> {
    return { entries: this.durable(), starts: this.#starts };
  }

  /** Another disk is put in place of this one; null: an empty one. Returns what only the old one had durably, in order. */
  replace(image: DiskImage<T> | null): readonly T[] {
    const kept = new Set(image?.entries.map((entry) => this.#nameOf(entry)));
    const lost = this.durable().filter((entry) => !kept.has(this.#nameOf(entry)));
    this.#entries = image?.entries.slice() ?? [];
    this.#behind = 0;
    this.#starts = image?.starts ?? 0;
    this.#durableUpTo = this.#entries.length;
    this.#restart();
    return lost;
  }

  /** Everything that would survive a crash now, in order: what a restart reads. A copy. */
  durable(): readonly T[] {
    return this.#entries.slice(0, this.#durableUpTo - this.#behind);
  }

  /** Drops everything up to this position, which is durable: a checkpoint has it. */
  forget(upTo: number): void {
    assert(upTo <= this.#durableUpTo, "a checkpoint takes the place of what is durable");
    if (upTo <= this.#behind) return;
    this.#entries.splice(0, upTo - this.#behind);
    this.#behind = upTo;
  }

  /** What a restart could read takes the place of all entries. */
  rewrite(readable: readonly T[]): void {
    assert(this.#durableUpTo === this.appendedUpTo, "a disk is read at a restart, when all that it has is durable");
    this.#entries = readable.slice();
    this.#durableUpTo = this.appendedUpTo;
    this.#restart();
  }

  #restart(): void {
    this.#confirmedUpTo = this.#durableUpTo;
    this.#syncingUpTo = NO_SYNC;
    this.#epoch += 1;
  }
}
