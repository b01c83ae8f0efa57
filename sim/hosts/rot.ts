// Bit rot: bits of entries that a disk holds durably flip, and nobody notices until the entries are read again. What is
// damaged is the bytes that a log on a disk would really have (model/replication/entry-bytes.ts); at a restart they are
// decoded, and an entry whose checksum does not fit is dropped. A backup of such a disk, or a copy, lacks what could not
// be read.
//
// Leaves out checkpoints, which a real store keeps twice while it writes one, and what a process has in memory.

import { assert } from "../../model/assert.ts";
import { decodeEntry, encodeEntry } from "../../model/replication/entry-bytes.ts";
import type { StoredEntry } from "../../model/replication/log.ts";
import { shuffled, type Rng } from "../../model/random.ts";
import { damaged } from "./damage.ts";

/** What rot has done to one disk. */
export class Rot {
  readonly #rng: Rng;
  readonly #bytes = new Map<StoredEntry, Uint8Array>();

  constructor(rng: Rng) {
    this.#rng = rng;
  }

  /** Damages so many of these entries, or all of them where they are fewer. */
  strike(entries: readonly StoredEntry[], count: number): void {
    const sound = entries.filter((entry) => !this.#bytes.has(entry));
    for (const entry of shuffled(this.#rng, sound).slice(0, count)) {
      this.#bytes.set(entry, damaged(encodeEntry(entry), this.#rng));
    }
  }

  /** Those of these entries that can still be read. */
  readable(entries: readonly StoredEntry[]): readonly StoredEntry[] {
    return this.#bytes.size === 0 ? entries : entries.filter((entry) => !this.#isLost(entry));
  }

  /** Those that cannot. */
  unreadable(entries: readonly StoredEntry[]): readonly StoredEntry[] {
    return this.#bytes.size === 0 ? [] : entries.filter((entry) => this.#isLost(entry));
  }

  /** Another disk, or the unreadable entries are gone from this one. */
  forget(): void {
    this.#bytes.clear();
  }

  #isLost(entry: StoredEntry): boolean {
    const bytes = this.#bytes.get(entry);
    if (bytes === undefined) return false;
    const decoded = decodeEntry(bytes);
    assert(decoded.kind === "corrupted", "a damaged entry is found by its checksum");
    return true;
  }
}
