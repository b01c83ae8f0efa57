// A small world's disk: entries that are synced when the die says so, and now and then a snapshot in place of what it holds.

import type { Rng } from "../random.ts";
import { Coverings } from "../replication/cut.ts";
import type { DiskImage } from "../replication/io.ts";
import type { StoredEntry } from "../replication/log.ts";
import { sameDot } from "../replication/record.ts";
import type { Dot } from "../replication/record.ts";
import type { Replica } from "../replication/replica.ts";

/** One cloudlet's disk. */
export class SmallDisk {
  unsynced: StoredEntry[] = [];
  #checkpoint: DiskImage["checkpoint"] = null;
  #entries: StoredEntry[] = [];
  // Entries of the present process that a checkpoint has taken the place of.
  #behind = 0;

  /** Another process begins with this; null when there is nothing. */
  restart(): DiskImage | null {
    this.unsynced = [];
    this.#behind = 0;
    const isEmpty = this.#checkpoint === null && this.#entries.length === 0;
    return isEmpty ? null : { checkpoint: this.#checkpoint, entries: this.#entries.slice() };
  }

  /** Everything handed out is durable: the position that says so. */
  sync(): number {
    this.#entries.push(...this.unsynced);
    this.unsynced = [];
    return this.#behind + this.#entries.length;
  }

  /** A snapshot takes the place of everything. */
  keep(core: Replica): void {
    this.#behind += this.#entries.length;
    this.#checkpoint = core.snapshot();
    this.#entries = [];
  }

  /** The disk is replaced by an empty one. */
  lose(): void {
    this.#checkpoint = null;
    this.#entries = [];
  }

  /** The disk is replaced by an empty one, or by a backup: what it held at some time since its last snapshot. Says what is gone. */
  fail(rng: Rng): "all" | "part" | "nothing" {
    if (rng.chance(500_000)) {
      this.lose();
      return "all";
    }
    const kept = rng.intInclusive(this.#entries.length);
    const isLoss = kept < this.#entries.length;
    this.#entries.length = kept;
    return isLoss ? "part" : "nothing";
  }

  /** Names of all that is on it one by one. */
  dots(): readonly Dot[] {
    const entries = [...this.#entries, ...(this.#checkpoint?.waiting ?? [])];
    return entries.flatMap((entry) => (entry.kind === "cut" ? [] : [entry.dot]));
  }

  /** Is this record on it, by itself or in what stands for many? */
  holds(dot: Dot): boolean {
    const cuts = this.#entries.flatMap((entry) => (entry.kind === "cut" ? [entry.applied] : []));
    const covered = new Coverings([...cuts, ...(this.#checkpoint === null ? [] : [this.#checkpoint.cut.applied])]);
    return covered.covers(dot) || this.dots().some((other) => sameDot(other, dot));
  }
}
