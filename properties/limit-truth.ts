// What is right about puts that are not to last, by brute force: who ends which, not before when, and that none is left standing at
// its own cloudlet. A part of a small world's judgement. Clocks there are off, but run alike: time is one number.

import type { CloudletId } from "../model/ids.ts";
import { dotName, sameDot, type CausalRecord } from "../model/replication/record.ts";
import type { ReplicationCore } from "../model/replication/io.ts";
import type { Told } from "./small-truth.ts";

/** What one small world's time limits come to. */
export class LimitTruth {
  /** Puts that were ended, and times that one was ended that others had replaced elsewhere, or while a sibling stood. */
  readonly counts = { ended: 0, raced: 0 };
  readonly #told: readonly Told[];
  // By record: when it was written.
  readonly #writtenAt: number[] = [];

  constructor(told: readonly Told[]) {
    this.#told = told;
  }

  /** The next record was written. */
  wrote(now: number): void {
    this.#writtenAt.push(now);
  }

  /**
   * A cloudlet has written a delete that nobody asked for; what is wrong with that, as sentences. Call it before the record gets
   * its number.
   *
   * @param live what stands of the key there
   */
  ended(id: CloudletId, { dot, prev, stamp, ends }: CausalRecord, live: readonly number[], now: number): string[] {
    if (ends !== true) return [];
    const [first, ...others] = prev;
    const at = this.#told.findIndex(({ record }) => first !== undefined && sameDot(record.dot, first));
    const put = this.#told[at]?.record;
    const what = `limits: ${dotName(dot)}`;
    if (put === undefined || others.length > 0) return [`${what} ends not exactly one put`];
    this.counts.ended += 1;
    if (live.length > 1 || this.#told.some(({ replaced }) => ((replaced >> BigInt(at)) & 1n) === 1n)) {
      this.counts.raced += 1;
    }
    const of = `${what} ends ${dotName(put.dot)}`;
    const faults: string[] = [];
    if (put.ttl === undefined) return [`${of}, which was to last`];
    if (put.dot.origin !== id) faults.push(`${of}, which is another cloudlet's`);
    if (!live.includes(at)) faults.push(`${of}, which does not stand there`);
    const lasted = now - (this.#writtenAt[at] as number);
    if (lasted < put.ttl) faults.push(`${of} after ${lasted}, which was to last for ${put.ttl}`);
    const { wall, logical, lamport } = put.stamp;
    if (stamp.wall !== wall || stamp.logical !== logical + 1 || stamp.lamport !== lamport + 1) {
      faults.push(`${of} with a stamp that is not just above`);
    }
    return faults;
  }

  /** Everything is over, all timers have run out: no put that was not to last stands where it was written. */
  end(cloudlets: readonly { readonly core: ReplicationCore }[]): string[] {
    return cloudlets.flatMap(({ core }, id) =>
      core
        .keys()
        .flatMap((key) => core.versions(key))
        .filter(({ ttl, dot }) => ttl !== undefined && (dot.origin as number) === id)
        .map(({ dot }) => `limits: ${dotName(dot)} still stands where it was written`),
    );
  }
}
