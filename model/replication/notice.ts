// Notices: records that replicas write for each other. They ride in the same streams, logs and disks as data and are ordered by
// the same causality, but hold no key and no value. What they say is in record.ts, what they lead to is decided in
// collector.ts; here is how to ask whether something is covered.

import type { Covered } from "./messages.ts";
import type { CausalRecord, Dot, Notice } from "./record.ts";
import type { SequenceSets } from "./sequences.ts";
import type { WriterTable } from "./writers.ts";

/** A record that is a notice. */
export type NoticeRecord = CausalRecord & { readonly kind: "notice"; readonly notice: Notice };

/** Is this record a notice? */
export function isNotice(record: CausalRecord): record is NoticeRecord {
  return record.kind === "notice";
}

/** Does this record say that somebody is detached, or gone for good? */
export function isDetachment({ notice }: CausalRecord): boolean {
  return notice?.kind === "detach" || notice?.kind === "close";
}

/**
 * The last record that a notice covers and that is not in the sets; null when there is none. From the end of the list on, where
 * its writer's own are: a delete written anew comes before what it is to stand beside (returning.ts).
 */
export function lastUncovered({ covers }: Notice, applied: SequenceSets, writers: WriterTable): Dot | null {
  for (let at = covers.length - 1; at >= 0; at -= 1) {
    const { stream, origin, incarnation, ranges } = covers[at] as Covered;
    const sequence = applied.lastMissing(writers.slotOfWriter(stream, origin, incarnation), ranges);
    if (sequence > 0) return { origin, incarnation, stream, sequence };
  }
  return null;
}

/** Is the sequence in one of these ascending ranges? */
export function inRanges(ranges: Covered["ranges"], sequence: number): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const range = ranges[middle] as Covered["ranges"][number];
    if (sequence < range.first) high = middle - 1;
    else if (sequence > range.last) low = middle + 1;
    else return true;
  }
  return false;
}

/** Is this dot among what a notice covers? */
export function isCovered(covers: readonly Covered[], dot: Dot): boolean {
  for (const known of covers) {
    if (known.origin !== dot.origin || known.incarnation !== dot.incarnation || known.stream !== dot.stream) continue;
    return inRanges(known.ranges, dot.sequence);
  }
  return false;
}

/** Is everything that the second covers among what the first covers? */
export function coversAll(covers: readonly Covered[], others: readonly Covered[]): boolean {
  return others.every((other) => {
    const same = covers.find(({ origin, incarnation, stream }) => {
      return origin === other.origin && incarnation === other.incarnation && stream === other.stream;
    });
    // Ranges of one list are not adjacent: a range lies within one of the other list or in none.
    return (
      same !== undefined &&
      other.ranges.every(({ first, last }) => {
        return same.ranges.some((range) => range.first <= first && last <= range.last);
      })
    );
  });
}
