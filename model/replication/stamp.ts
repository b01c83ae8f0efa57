// Stamps: a hybrid logical clock and a Lamport counter per cloudlet. A stamp exceeds those of everything its writer's
// session has seen and of the versions it replaces, so both orders extend happens-before. A bound limits how far this
// cloudlet's clock follows stamps from the future; the stamps themselves are never changed.
// Source: Kulkarni, Demirbas, Madappa, Avva, Leone: Logical Physical Clocks (2014); Lamport (1978).

import type { Duration } from "../units.ts";
import type { LocalTime } from "./io.ts";
import { assert } from "../assert.ts";
import { compareDots } from "./record.ts";
import type { CausalRecord, Dot, Stamp } from "./record.ts";

/** Order by hybrid logical clock, ties by dot. Total; extends happens-before. */
export function compareHybrid(a: CausalRecord, b: CausalRecord): number {
  if (a.ends === true || b.ends === true) return compareEnds(a, b, compareHybridStamps);
  return compareHybridStamps(a.stamp, b.stamp) || compareDots(a.dot, b.dot);
}

/** Order by Lamport counter, ties by dot. Total; extends happens-before. */
export function compareLamport(a: CausalRecord, b: CausalRecord): number {
  if (a.ends === true || b.ends === true) return compareEnds(a, b, compareLamportStamps);
  return compareLamportStamps(a.stamp, b.stamp) || compareDots(a.dot, b.dot);
}

function compareHybridStamps(a: Stamp, b: Stamp): number {
  return a.wall - b.wall || a.logical - b.logical;
}

function compareLamportStamps(a: Stamp, b: Stamp): number {
  return a.lamport - b.lamport;
}

// The end of a put stands right behind that put: whatever wins over the put wins over its end, also where the stamps are equal.
// 1. Two clocks show the same, p is written here and q there, and q wins by its dot. 2. The time of p is over. 3. By its stamp,
// which exceeds that of p, the end would win over q.
// Happens-before is extended all the same: what precedes the end precedes its put or is it, and what follows it has a stamp
// above its own.
function compareEnds(a: CausalRecord, b: CausalRecord, compare: (one: Stamp, other: Stamp) => number): number {
  const one = placeOf(a);
  const other = placeOf(b);
  const byPlace = compare(one.stamp, other.stamp) || compareDots(one.dot, other.dot);
  return byPlace || Number(a.ends === true) - Number(b.ends === true) || compareDots(a.dot, b.dot);
}

function placeOf(record: CausalRecord): { readonly stamp: Stamp; readonly dot: Dot } {
  if (record.ends !== true) return record;
  const [dot] = record.prev;
  assert(dot !== undefined, "the end of a put names that put");
  return { stamp: justBelow(record.stamp), dot };
}

/** The largest of what was seen: hybrid part and Lamport part each on its own. Mutable, owned by one session or clock. */
export class StampCeiling {
  wall = 0;
  logical = 0;
  lamport = 0;

  /** Takes note of a stamp. */
  raise(stamp: Stamp): void {
    if (stamp.wall > this.wall || (stamp.wall === this.wall && stamp.logical > this.logical)) {
      this.wall = stamp.wall;
      this.logical = stamp.logical;
    }
    if (stamp.lamport > this.lamport) this.lamport = stamp.lamport;
  }

  /** The next stamp above everything noted and not below the wall clock. */
  above(now: LocalTime): Stamp {
    const lamport = this.lamport + 1;
    if (now.wall > this.wall) return { wall: now.wall, logical: 0, lamport };
    return { wall: this.wall, logical: this.logical + 1, lamport };
  }

  /** A copy. */
  clone(): StampCeiling {
    const copy = new StampCeiling();
    copy.wall = this.wall;
    copy.logical = this.logical;
    copy.lamport = this.lamport;
    return copy;
  }
}

/** The least stamp that is above this one in both orders. */
export function justAbove({ wall, logical, lamport }: Stamp): Stamp {
  return { wall, logical: logical + 1, lamport: lamport + 1 };
}

/** The stamp that this one is just above. */
function justBelow({ wall, logical, lamport }: Stamp): Stamp {
  return { wall, logical: logical - 1, lamport: lamport - 1 };
}

/**
 * How far a stamp leads this clock beyond the bound, in microseconds; 0 when it is within. Within, the cloudlet's own
 * clock follows the stamp; beyond, it does not (a single poisoned clock must not drag all others along).
 */
export function aheadOfBound(stamp: Stamp, now: LocalTime, bound: Duration): number {
  return Math.max(0, stamp.wall - now.wall - bound);
}
