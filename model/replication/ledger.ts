// Which records have come in here, and which of them are applied: interval sets per writer, never forgotten. What the records say is
// elsewhere (record-index.ts, versions.ts).

import type { WriterDigests } from "./digests.ts";
import type { Covered, Known, Range } from "./messages.ts";
import type { Dot } from "./record.ts";
import { SequenceSets } from "./sequences.ts";
import type { WriterTable } from "./writers.ts";

/** What is known and applied at one cloudlet. */
export class Ledger {
  readonly #writers: WriterTable;
  /** Came in, stored or on the way to the disk. By slot. */
  readonly known: SequenceSets;
  /** Applied. By slot. */
  readonly applied: SequenceSets;

  constructor(writers: WriterTable, like: Ledger | null) {
    this.#writers = writers;
    this.known = like === null ? new SequenceSets(writers, 0) : like.known.clone(writers);
    this.applied = like === null ? new SequenceSets(writers, 1) : like.applied.clone(writers);
  }

  /** Is this record applied here? */
  hasApplied(dot: Dot): boolean {
    const slot = this.#writers.find(dot);
    return slot >= 0 && this.applied.has(slot, dot.sequence);
  }

  /** Has this record come in here, or was it written here? */
  isKnown(dot: Dot): boolean {
    const slot = this.#writers.find(dot);
    return slot >= 0 && this.known.has(slot, dot.sequence);
  }

  /** What came in of each of these writers: for greetings. */
  knownOf(slots: readonly number[], digests: WriterDigests): Known[] {
    const writers = this.#writers;
    const found: Known[] = [];
    for (const slot of slots) {
      const ranges = this.known.ranges(slot);
      if (ranges.length === 0) continue;
      const [stream, origin, incarnation] = [
        writers.streamOf(slot),
        writers.originOf(slot),
        writers.incarnationOf(slot),
      ];
      found.push({ stream, origin, incarnation, ranges, digest: digests.of(slot, ranges) });
    }
    return found;
  }

  /** What a greeting names, by the slots of these writers here. */
  bySlot(known: readonly Covered[]): ReadonlyMap<number, readonly Range[]> {
    const named = new Map<number, readonly Range[]>();
    for (const { stream, origin, incarnation, ranges } of known) {
      named.set(this.#writers.slotOfWriter(stream, origin, incarnation), ranges);
    }
    return named;
  }

  /** Is any of this not applied here? */
  isNews(covered: readonly Covered[]): boolean {
    return covered.some(({ stream, origin, incarnation, ranges }) => {
      const slot = this.#writers.findWriter(stream, origin, incarnation);
      return slot < 0 || ranges.some((range) => !this.applied.hasRange(slot, range));
    });
  }

  /** All of this counts as applied from now on. Returns what was not before. */
  cover(covered: readonly Covered[]): Covered[] {
    const news: Covered[] = [];
    for (const { stream, origin, incarnation, ranges } of covered) {
      const slot = this.#writers.slotOfWriter(stream, origin, incarnation);
      const added: Range[] = [];
      for (const range of ranges) {
        this.known.addRange(slot, range);
        added.push(...this.applied.addRange(slot, range));
      }
      if (added.length > 0) news.push({ stream, origin, incarnation, ranges: added });
    }
    return news;
  }
}
