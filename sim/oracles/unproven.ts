// What of happens-before a cloudlet cannot see any more because it has lost records of its own for good: a disk took them along,
// and no flow brings them back. Where the way from a version to a later write leads over these, that write may leave the
// version standing (shadow.ts).
//
// 1. Written at such a cloudlet by a session that stayed: its record names what stood there, and everybody takes its word.
// 2. Written by a session that had moved: whoever applies it looks for what it follows, and who has lost the way does not find
//    it, nor who has forgotten it, or has got it in a cut. There others may have dropped the version, until a later write replaces it everywhere.
// 3. Applied at a cloudlet whose log has lost something from its middle (bit rot): b replaced a and c replaced b, and with b
//    gone nothing there says that c came after a, whatever order they are applied in.

import type { CausalRecord } from "../../model/replication/record.ts";
import type { Clock } from "./clock.ts";
import { isGoneWithin, type Losses } from "./gone.ts";
import type { IntColumn } from "./tables.ts";

/** What of the truth this looks at. */
export interface Written extends Losses {
  readonly records: readonly CausalRecord[];
  readonly clocks: readonly Clock[];
  readonly originOf: IntColumn;
  readonly streamOf: IntColumn;
  isReceived(cloudlet: number, record: number): boolean;
}

/** Who has lost what for good, and what that leaves standing. */
export class Unproven {
  /** Times that a version was left standing. */
  count = 0;
  readonly #truth: Written;
  /** Cloudlets that have lost anything for good. */
  readonly #isLossy: Uint8Array;
  /** Cloudlets that have lost something of their own and have kept what came after it. */
  readonly #isHoled: Uint8Array;
  readonly #forgets: Uint8Array;
  /** Writes of the first kind. */
  readonly #writes = new Set<number>();
  readonly #keys = new Set<number>();

  constructor(truth: Written, cloudlets: number) {
    this.#truth = truth;
    this.#isLossy = new Uint8Array(cloudlets);
    this.#isHoled = new Uint8Array(cloudlets);
    this.#forgets = new Uint8Array(cloudlets);
  }

  /** A process began, and what its disk gave back is taken in. */
  restarted(cloudlet: number): void {
    const truth = this.#truth;
    const broken = new Set<number>();
    for (let record = 0; record < truth.recordCount; record += 1) {
      const stream = truth.streamOf.data[record] as number;
      if (truth.isGone(cloudlet, record)) this.#isLossy[cloudlet] = 1;
      // Nothing is applied yet: what the disk has returned is not lost.
      if (truth.isGone(cloudlet, record) && !truth.isReceived(cloudlet, record)) broken.add(stream);
      else if (truth.originOf.data[record] === cloudlet && broken.has(stream)) this.#isHoled[cloudlet] = 1;
    }
  }

  /** A record was written here. */
  wrote(cloudlet: number, record: number): void {
    if (this.#truth.records[record]?.moved === true || !this.#isBehindLost(cloudlet, record)) return;
    this.#writes.add(record);
  }

  /** May this record, applied here, leave a version standing that it should replace? */
  mayLeave(cloudlet: number, record: number): boolean {
    if (this.#writes.has(record) || this.isHoled(cloudlet)) return true;
    if (this.#truth.records[record]?.moved !== true) return false;
    return this.#forgets[cloudlet] === 1 || this.#isBehindLost(cloudlet, record);
  }

  /** From now on this cloudlet does not see everything that it has had (forgetting.ts). */
  forgets(cloudlet: number): void {
    this.#forgets[cloudlet] = 1;
  }

  /** Has this cloudlet lost something from the middle of its log? */
  isHoled(cloudlet: number): boolean {
    return this.#isHoled[cloudlet] === 1;
  }

  /** This record, applied here, has left a version of the key standing. */
  left(cloudlet: number, record: number, key: number): void {
    if (!this.mayLeave(cloudlet, record)) return;
    this.count += 1;
    this.#keys.add(key);
  }

  /** May cloudlets that applied the same records of this key hold different versions of it? */
  isOf(key: number): boolean {
    return this.#keys.has(key);
  }

  /** Has this cloudlet lost for good what is in this past? */
  hasLostOf(cloudlet: number, past: Clock): boolean {
    return this.#isLossy[cloudlet] === 1 && isGoneWithin(this.#truth, cloudlet, past);
  }

  #isBehindLost(cloudlet: number, record: number): boolean {
    return this.hasLostOf(cloudlet, this.#truth.clocks[record] as Clock);
  }
}
