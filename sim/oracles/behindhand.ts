// How far processes are behind with what comes for them: it waits for their processor, or until a pause is over. A process handles what
// came in the order in which it came, the firings of its timers too. So when it handles what came at some moment, it has done all that was
// due before that, and need not have done anything that fell due since.
//
// Leaves out processes without a processor, which are never behind.

import type { CloudletId } from "../../model/ids.ts";
import type { Instant } from "../../model/units.ts";

/** By how much more a clock may count than true time passes. */
const DRIFT = 1.05;

/** Follows all processes of one run. */
export class Behindhand {
  /** By cloudlet: when that came which it has handled last; those are missing that handle all as it comes. */
  readonly #cameAt = new Map<CloudletId, number>();

  /** As `Observer` has it: it handles something now. */
  served(at: Instant, cloudlet: CloudletId, waited: number, service: number): void {
    this.#cameAt.set(cloudlet, at - waited - service);
  }

  /** Of how long the clock of that cloudlet may have counted since that came which it handles, or has handled last, in microseconds. */
  by(at: Instant, cloudlet: CloudletId): number {
    const cameAt = this.#cameAt.get(cloudlet);
    return cameAt === undefined ? 0 : (at - cameAt) * DRIFT;
  }
}
