// A causally closed cut of what a replica has applied: which records it covers, the versions left standing among them, and
// what all of these depend on beyond the cut. A replica that receives a cut joins it to what it holds, and then has
// applied everything that the cut covers, also records that were replaced long ago and are kept nowhere any more.
// How cuts travel is in sender.ts and assembly.ts, how they are joined in holdings.ts; why that is right: docs/model.md.

import type { CloudletId, ScopeId, StreamId } from "../ids.ts";
import { integerSize } from "./bytes.ts";
import type { Covered, Outside, Range } from "./messages.ts";
import type { CausalRecord, Dot } from "./record.ts";
import { WriterTable } from "./writers.ts";

/** The cut. */
export interface Cut {
  readonly kind: "cut";
  /** Every record that the cut covers. */
  readonly applied: readonly Covered[];
  /** Those that nothing in the cut replaces, tombstones included. */
  readonly versions: readonly CausalRecord[];
  readonly outside: readonly Outside[];
}

/** A cut that is stored at a replica and waits for what it depends on, and who brought it. */
export interface PendingCut {
  readonly cut: Cut;
  readonly from: CloudletId | null;
}

/** Does this list of ranges hold the number? Ranges ascend and are few. */
export function holds(ranges: readonly Range[], sequence: number): boolean {
  for (let at = 0; at < ranges.length; at += 1) {
    const { first, last } = ranges[at] as Range;
    if (sequence < first) return false;
    if (sequence <= last) return true;
  }
  return false;
}

/** Looks up dots in interval sets. */
export class Coverings {
  readonly #writers = new WriterTable();
  readonly #ranges: (readonly Range[])[][] = [];

  constructor(lists: readonly (readonly Covered[])[]) {
    for (const list of lists) {
      for (const { stream, origin, incarnation, ranges } of list) {
        const slot = this.#writers.slotOfWriter(stream, origin, incarnation);
        (this.#ranges[slot] ??= []).push(ranges);
      }
    }
  }

  /** Is this dot in one of them? */
  covers(dot: Dot): boolean {
    const slot = this.#writers.find(dot);
    if (slot < 0) return false;
    for (const ranges of this.#ranges[slot] as (readonly Range[])[]) if (holds(ranges, dot.sequence)) return true;
    return false;
  }
}

/** Calls back with every dot of these interval sets. */
export function eachDot(list: readonly Covered[], visit: (dot: Dot) => void): void {
  for (const { stream, origin, incarnation, ranges } of list) {
    for (const { first, last } of ranges) {
      for (let sequence = first; sequence <= last; sequence += 1) visit({ origin, incarnation, stream, sequence });
    }
  }
}

/** Is there a dot in these interval sets that passes? */
export function anyDot(list: readonly Covered[], passes: (dot: Dot) => boolean): boolean {
  for (const { stream, origin, incarnation, ranges } of list) {
    for (const { first, last } of ranges) {
      for (let sequence = first; sequence <= last; sequence += 1) {
        if (passes({ origin, incarnation, stream, sequence })) return true;
      }
    }
  }
  return false;
}

/** Do both cover the same records? */
export function isSameCoverage(a: Cut, b: Cut): boolean {
  const isWithin = (some: Cut, other: Cut): boolean => {
    const covered = new Coverings([other.applied]);
    return !anyDot(some.applied, (dot) => !covered.covers(dot));
  };
  return isWithin(a, b) && isWithin(b, a);
}

/** The part of a cut that is of the streams and scopes that pass. What each scope depends on outside itself goes with it. */
export function partOf(
  { applied, versions, outside }: Cut,
  isOf: (stream: StreamId) => boolean,
  isWanted: (scope: ScopeId) => boolean,
): Cut {
  return {
    kind: "cut",
    applied: applied.filter(({ stream }) => isOf(stream)),
    versions: versions.filter(({ dot }) => isOf(dot.stream)),
    outside: outside.filter(({ scope }) => isWanted(scope)),
  };
}

/** Splits a cut into parts of at most so many bytes (one larger piece travels alone); at least one part. */
export function partsOf(cut: Cut, bytesMax: number): readonly Cut[] {
  const parts: Cut[] = [];
  let part = emptyPart();
  let size = 0;
  const room = (bytes: number): void => {
    if (size > 0 && size + bytes > bytesMax) {
      parts.push(part);
      part = emptyPart();
      size = 0;
    }
    size += bytes;
  };
  for (const known of cut.applied) {
    room(knownBytes(known));
    part.applied.push(known);
  }
  for (const { scope, needs } of cut.outside) {
    for (const known of needs) {
      room(knownBytes(known) + integerSize(scope) + 1);
      const last = part.outside.at(-1);
      if (last?.scope === scope) last.needs.push(known);
      else part.outside.push({ scope, needs: [known] });
    }
  }
  for (const record of cut.versions) {
    room(record.size);
    part.versions.push(record);
  }
  parts.push(part);
  return parts;
}

/** The cut that these parts, in any order, are of. */
export function joined(parts: Iterable<Pick<Cut, "applied" | "versions" | "outside">>): Cut {
  const whole = emptyPart();
  for (const { applied, versions, outside } of parts) {
    whole.applied.push(...applied);
    for (const record of versions) whole.versions.push(record);
    whole.outside.push(...outside.map(({ scope, needs }) => ({ scope, needs: needs.slice() })));
  }
  return whole;
}

interface Part extends Cut {
  readonly applied: Covered[];
  readonly versions: CausalRecord[];
  readonly outside: { readonly scope: ScopeId; readonly needs: Covered[] }[];
}

function emptyPart(): Part {
  return { kind: "cut", applied: [], versions: [], outside: [] };
}

function knownBytes({ stream, origin, incarnation, ranges }: Covered): number {
  let size = integerSize(stream) + integerSize(origin) + integerSize(incarnation) + integerSize(ranges.length);
  for (const { first, last } of ranges) size += integerSize(first) + integerSize(last);
  return size;
}
