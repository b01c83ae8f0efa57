// What of happens-before a cloudlet cannot see any more because it has lost records of its own for good: a disk took them along,
// and no flow brings them back. Where the way from a version to a later write leads over these, that write may leave the
// version standing (shadow.ts).
//
// 1. Written at such a cloudlet by a session that stayed: its record names what stood there, and everybody takes its word.
// 2. Written by a session that had moved: whoever applies it looks for what it follows, and who has lost the way does not find
//    it. There others may have dropped the version, until a later write replaces it everywhere.

import type { CausalRecord } from "../../model/replication/record.ts";
import type { Clock } from "./clock.ts";
import { isGoneWithin, type Losses } from "./gone.ts";

/** What of the truth this looks at. */
export interface Written extends Losses {
  readonly records: readonly CausalRecord[];
  readonly clocks: readonly Clock[];
}

/** Who has lost what for good, and what that leaves standing. */
export class Unproven {
  /** Times that a version was left standing. */
  count = 0;
  readonly #truth: Written;
  /** Cloudlets that have lost anything for good. */
  readonly #isLossy: Uint8Array;
  /** Writes of the first kind. */
  readonly #writes = new Set<number>();
  readonly #keys = new Set<number>();

  constructor(truth: Written, cloudlets: number) {
    this.#truth = truth;
    this.#isLossy = new Uint8Array(cloudlets);
  }

  /** A process began, and what its disk gave back is taken in. */
  restarted(cloudlet: number): void {
    const truth = this.#truth;
    for (let record = 0; record < truth.recordCount; record += 1) {
      if (truth.isGone(cloudlet, record)) this.#isLossy[cloudlet] = 1;
    }
  }

  /** A record was written here. */
  wrote(cloudlet: number, record: number): void {
    if (this.#truth.records[record]?.moved === true || !this.#isBehindLost(cloudlet, record)) return;
    this.#writes.add(record);
  }

  /** May this record, applied here, leave a version standing that it should replace? */
  mayLeave(cloudlet: number, record: number): boolean {
    if (this.#writes.has(record)) return true;
    return this.#truth.records[record]?.moved === true && this.#isBehindLost(cloudlet, record);
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
