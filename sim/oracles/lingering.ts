// Deletes that some cloudlet has collected and that have not gone elsewhere: a part of what convergence.ts judges.
//
// The word that a delete may go is in notices, which are records, so it gets to all members. Where a disk lost a notice of
// the stream for good, or a notice waits for what was lost, the word may have gone with it, and the delete may stay. So it may
// where a member is that was detached and has not returned, or one that was and cannot read the delete: it knows what to drop when
// it is upgraded.

import type { ReplicationCore } from "../../model/replication/io.ts";
import type { StoredEntry } from "../../model/replication/log.ts";
import type { CausalRecord } from "../../model/replication/record.ts";
import type { Renumbering } from "./renumbering.ts";
import type { Truth } from "./truth.ts";
import { cloudletText, recordText } from "./words.ts";

/** A delete, and a cloudlet where it still stands. */
type Lingering = readonly [record: number, cloudlet: number];

/** Watches deletes on their way out. */
export class LingeringDeletes {
  readonly #truth: Truth;
  readonly #going = new Set<number>();
  // How many were given up since they were looked at last: they stand nowhere.
  #goneCount = 0;
  // Streams of which a disk has lost a notice.
  readonly #wordless = new Set<number>();

  constructor(truth: Truth) {
    this.#truth = truth;
  }

  /** How many may still stand somewhere. */
  get size(): number {
    return this.#going.size + this.#goneCount;
  }

  /** A cloudlet collected this delete. */
  add(record: number): void {
    this.#going.add(record);
  }

  /** A disk lost these. */
  lost(entries: readonly StoredEntry[]): void {
    for (const entry of entries) {
      if (entry.kind === "notice") this.#wordless.add(entry.dot.stream);
      if (entry.kind === "cut") for (const { stream } of entry.applied) this.#wordless.add(stream);
    }
  }

  /** Those that stand at a cloudlet which has heard all it can. */
  list(): readonly Lingering[] {
    const truth = this.#truth;
    const found: Lingering[] = [];
    this.#goneCount = 0;
    for (const record of this.#going) {
      const key = truth.keyOf.data[record] as number;
      const isWordless = this.#wordless.has(truth.streamOf.data[record] as number);
      let isAnywhere = false;
      for (const cloudlet of truth.reach.membersOf(truth.setOf.data[record] as number)) {
        const core = truth.cores[cloudlet] ?? null;
        if (core === null || !truth.shadow.visible(cloudlet, key).includes(record)) continue;
        isAnywhere = true;
        // It learns with its return what has gone.
        if (truth.absences.isAway(cloudlet, truth.streamOf.data[record] as number)) continue;
        if (this.#isSealed(core, record)) continue;
        const isWaiting = core.pending().some((waiting) => waiting.record.kind === "notice");
        if (!isWordless && !isWaiting) found.push([record, cloudlet]);
      }
      if (!isAnywhere) this.#going.delete(record);
    }
    return found;
  }

  #isSealed(core: ReplicationCore, record: number): boolean {
    const held = core.versions((this.#truth.records[record] as CausalRecord).key);
    return held.some(({ kind, dot }) => kind === "sealed" && this.#truth.numberOf(dot) === record);
  }

  /** Records are given up; the others take new numbers. */
  renumber(to: Renumbering): void {
    const { size } = this.#going;
    to.set(this.#going);
    this.#goneCount += size - this.#going.size;
  }

  /** One of them in words. */
  text([record, cloudlet]: Lingering): string {
    const truth = this.#truth;
    return `${recordText(truth, record)} was collected elsewhere and still stands at ${cloudletText(truth, cloudlet)}`;
  }
}
