// Bit rot: bits of entries that a disk holds durably flip, or of its checkpoint, and nobody notices until they are read again.
// What is damaged is the bytes that a log and a snapshot on a disk would really have (model/replication/entry-bytes.ts,
// snapshot-bytes.ts); at a restart they are decoded, and what has a checksum that does not fit is dropped. Where that is the
// checkpoint, only what lies behind it is left. A backup of such a disk, or a copy, lacks what could not be read.
//
// Two readers are wrong on purpose, as planted bugs: one takes damage for the end of the log, as if it were a torn tail;
// one never looks at checksums. Leaves out what a process has in memory.

import { assert } from "../../model/assert.ts";
import { decodeEntry, encodeEntry } from "../../model/replication/entry-bytes.ts";
import type { DiskImage } from "../../model/replication/io.ts";
import type { StoredEntry } from "../../model/replication/log.ts";
import type { Snapshot } from "../../model/replication/snapshot.ts";
import { decodeSnapshot, encodeSnapshot } from "../../model/replication/snapshot-bytes.ts";
import { shuffled, type Rng } from "../../model/random.ts";
import { damaged } from "./damage.ts";

/** How a disk is read: `checks` is right, the others are planted bugs. */
export type DiskReader = "checks" | "endsAtDamage" | "unchecked";

/** What a restart reads of a damaged disk. */
export interface DamagedImage extends DiskImage {
  /** What the reader dropped and knows of, in the order of the log. */
  readonly lost: readonly StoredEntry[];
  /** Is the checkpoint among it? */
  readonly isCheckpointLost: boolean;
}

/** What rot has done to one disk. */
export class Rot {
  readonly #rng: Rng;
  readonly #bytes = new Map<StoredEntry | Snapshot, Uint8Array>();

  constructor(rng: Rng) {
    this.#rng = rng;
  }

  /** Damages so many of the disk's entries, or all of them where they are fewer; a checkpoint counts as one. */
  strike({ checkpoint, entries }: DiskImage, count: number): void {
    const all: readonly (StoredEntry | Snapshot)[] = checkpoint === null ? entries : [checkpoint, ...entries];
    const sound = all.filter((entry) => !this.#bytes.has(entry));
    for (const entry of shuffled(this.#rng, sound).slice(0, count)) {
      const bytes = "kind" in entry ? encodeEntry(entry) : encodeSnapshot(entry);
      this.#bytes.set(entry, damaged(bytes, this.#rng));
    }
  }

  /** Those of these entries that can still be read. */
  readable(entries: readonly StoredEntry[]): readonly StoredEntry[] {
    return this.#bytes.size === 0 ? entries : entries.filter((entry) => !this.#isLost(entry));
  }

  /** What a restart makes of the disk; null when it finds nothing wrong. */
  read({ checkpoint, entries }: DiskImage, reader: DiskReader): DamagedImage | null {
    if (this.#bytes.size === 0) return null;
    const isCheckpointLost = checkpoint !== null && this.#isLost(checkpoint);
    const ofCheckpoint = isCheckpointLost ? [checkpoint.cut, ...checkpoint.waiting, ...checkpoint.cuts] : [];
    const left = isCheckpointLost ? null : checkpoint;
    if (reader === "unchecked") {
      const read = entries.map((entry) => this.#unchecked(entry));
      const gone = entries.filter((_, at) => read[at] === null);
      const kept = read.filter((entry) => entry !== null);
      return { checkpoint: left, entries: kept, lost: [...ofCheckpoint, ...gone], isCheckpointLost };
    }
    const gone = entries.filter((entry) => this.#isLost(entry));
    if (gone.length === 0 && !isCheckpointLost) return null;
    const end = isCheckpointLost ? 0 : entries.findIndex((entry) => this.#isLost(entry));
    const kept = reader === "checks" ? entries.filter((entry) => !this.#isLost(entry)) : entries.slice(0, end);
    return { checkpoint: left, entries: kept, lost: [...ofCheckpoint, ...gone], isCheckpointLost };
  }

  /** Another disk, or the unreadable entries are gone from this one. */
  forget(): void {
    this.#bytes.clear();
  }

  #isLost(entry: StoredEntry | Snapshot): boolean {
    const bytes = this.#bytes.get(entry);
    if (bytes === undefined) return false;
    // The engine's name stands before what the checksum covers: who cannot read that name cannot read the rest.
    const decoded = "kind" in entry ? decodeEntry(bytes) : decodeSnapshot(bytes);
    assert(decoded.kind === "corrupted" || decoded.kind === "otherEngine", "a damaged entry is found by its checksum");
    return true;
  }

  // What comes of an entry whose checksum nobody looks at: null when it is no entry any more, or has another name.
  #unchecked(entry: StoredEntry): StoredEntry | null {
    const bytes = this.#bytes.get(entry);
    if (bytes === undefined) return entry;
    const decoded = decodeEntry(bytes, false);
    if (decoded.kind !== "entry" || decoded.entry.kind !== "put" || entry.kind !== "put") return null;
    // An amount that is no number any more would be found out by whoever adds it up.
    if (isAmount(entry.value) && !isAmount(decoded.entry.value)) return null;
    const restored = encodeEntry({ ...decoded.entry, value: entry.value });
    return encodeEntry(entry).every((byte, at) => byte === restored[at]) ? decoded.entry : null;
  }
}

function isAmount(value: string): boolean {
  return /^-?\d+$/.test(value);
}
