// Stamps: a hybrid logical clock and a Lamport counter per cloudlet. A stamp exceeds those of everything its writer's
// session has seen and of the versions it replaces, so both orders extend happens-before. A bound limits how far this
// cloudlet's clock follows stamps from the future; the stamps themselves are never changed.
// Source: Kulkarni, Demirbas, Madappa, Avva, Leone: Logical Physical Clocks (2014); Lamport (1978).

import type { Duration } from "../units.ts";
import type { LocalTime } from "./io.ts";
import { compareDots } from "./record.ts";
import type { CausalRecord, Stamp } from "./record.ts";

/** Order by hybrid logical clock, ties by dot. Total; extends happens-before. */
export function compareHybrid(a: CausalRecord, b: CausalRecord): number {
  return a.stamp.wall - b.stamp.wall || a.stamp.logical - b.stamp.logical || compareDots(a.dot, b.dot);
}

/** Order by Lamport counter, ties by dot. Total; extends happens-before. */
export function compareLamport(a: CausalRecord, b: CausalRecord): number {
  return a.stamp.lamport - b.stamp.lamport || compareDots(a.dot, b.dot);
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

/**
 * How far a stamp leads this clock beyond the bound, in microseconds; 0 when it is within. Within, the cloudlet's own
 * clock follows the stamp; beyond, it does not (a single poisoned clock must not drag all others along).
 */
export function aheadOfBound(stamp: Stamp, now: LocalTime, bound: Duration): number {
  return Math.max(0, stamp.wall - now.wall - bound);
}
