// What of happens-before a cloudlet cannot see any more because records are lost there for good: a disk took its own along, and no
// flow brings them back; or they are lost with a member that was closed. Where the way from a version to a later write leads over
// these, that write may leave the version standing (shadow.ts).
//
// 1. Written at such a cloudlet by a session that stayed: its record names what stood there, and everybody takes its word.
// 2. Written by a session that had moved: whoever applies it looks for what it follows, and who has lost the way does not find
//    it, nor who has forgotten it, or has got it in a cut. There others may have dropped the version, until a later write replaces it everywhere.
// 3. Applied at a cloudlet whose log has lost something from its middle (bit rot): b replaced a and c replaced b, and with b
//    gone nothing there says that c came after a, whatever order they are applied in. A cut taken there says so no more. The same
//    where c has been let go without b, since b is lost with its writer.
// 4. Applied at a cloudlet that has lost records of its own, after something that follows it only by way of these (standing.ts).

import type { CausalRecord } from "../../model/replication/record.ts";
import type { Clock } from "./clock.ts";
import { isGoneWithin, type Losses } from "./gone.ts";
import type { Recovered } from "./recovered.ts";
import type { Renumbering } from "./renumbering.ts";
import type { IntColumn } from "./tables.ts";

/** What of the truth this looks at. */
export interface Written extends Losses {
  readonly records: readonly CausalRecord[];
  readonly clocks: readonly Clock[];
  readonly originOf: IntColumn;
  readonly streamOf: IntColumn;
  readonly absences: { readonly isIdle: boolean };
  isReceived(cloudlet: number, record: number): boolean;
}

/**
 * What a cloudlet may have lost from the middle of what led to its versions: nothing; records of its own or of a closed member,
 * and it names no more what stood before them; or it has joined a cut that lacks such records, which then come after what names
 * them.
 */
export type Holes = "none" | "own" | "joined";

/** Who has lost what for good, and what that leaves standing. */
export class Unproven {
  /** Times that a version was left standing. */
  count = 0;
  readonly #truth: Written;
  /** Cloudlets that have lost anything for good. */
  readonly #isLossy: Uint8Array;
  /** Of each cloudlet; the first such makes `#isAnyHoled` true. */
  readonly #holes: Holes[];
  #isAnyHoled = false;
  readonly #forgets: Uint8Array;
  /** Writes of the first kind. */
  readonly #writes = new Set<number>();
  readonly #keys = new Set<number>();

  constructor(truth: Written, cloudlets: number) {
    this.#truth = truth;
    this.#isLossy = new Uint8Array(cloudlets);
    this.#holes = new Array<Holes>(cloudlets).fill("none");
    this.#forgets = new Uint8Array(cloudlets);
  }

  /** A process began, and what its disk gave back is taken in. */
  restarted(cloudlet: number, recovered: Recovered): void {
    const truth = this.#truth;
    const broken = new Set<number>();
    const isOnlyInCut = (record: number): boolean =>
      recovered.hasCuts && recovered.isOnlyInCut((truth.records[record] as CausalRecord).dot);
    for (let record = 0; record < truth.recordCount; record += 1) {
      const isOwn = truth.originOf.data[record] === cloudlet;
      // Nobody else's is lost but with a member that was closed.
      if (!isOwn && truth.absences.isIdle) continue;
      const stream = truth.streamOf.data[record] as number;
      const isGone = truth.isGone(cloudlet, record);
      if (isGone) this.#isLossy[cloudlet] = 1;
      // Nothing is applied yet: what the disk has returned is not lost. What it has in a cut alone is missing until that is
      // visible, though what came after it need not wait.
      const isThere = truth.isReceived(cloudlet, record) && !isOnlyInCut(record);
      if (isGone && !isThere) broken.add(stream);
      else if (isOwn && broken.has(stream)) {
        if (this.#holes[cloudlet] === "none") this.#holes[cloudlet] = "own";
        this.#isAnyHoled = true;
      }
    }
  }

  /** A record was let go here without one that is lost with a closed member: what that stood for is not seen here. */
  released(cloudlet: number): void {
    this.#isLossy[cloudlet] = 1;
    if (this.#holes[cloudlet] === "none") this.#holes[cloudlet] = "own";
    this.#isAnyHoled = true;
  }

  /** A record was written here. */
  wrote(cloudlet: number, record: number): void {
    if (this.#truth.records[record]?.moved === true || !this.#isBehindLost(cloudlet, record)) return;
    this.#writes.add(record);
  }

  /** May this record, applied here, leave a version standing that it should replace? */
  mayLeave(cloudlet: number, record: number): boolean {
    if (this.#writes.has(record) || this.#holes[cloudlet] !== "none") return true;
    if (this.#truth.records[record]?.moved !== true) return false;
    return this.#forgets[cloudlet] === 1 || this.#isBehindLost(cloudlet, record);
  }

  /** A cut becomes visible here; who has lost something from the middle may have taken it, and then it is as at home there. */
  installs(cloudlet: number): void {
    if (this.#isAnyHoled) this.#holes[cloudlet] = "joined";
  }

  /** From now on this cloudlet does not see everything that it has had (forgetting.ts). */
  forgets(cloudlet: number): void {
    this.#forgets[cloudlet] = 1;
  }

  /** What has this cloudlet lost from the middle of its log, or of what it has joined? */
  holesOf(cloudlet: number): Holes {
    return this.#holes[cloudlet] as Holes;
  }

  /** This record, applied here, has left a version of the key standing, or stands itself beside one that nothing there shows to follow it. */
  left(cloudlet: number, record: number, key: number, isUnseenLate: boolean): void {
    if (!isUnseenLate && !this.mayLeave(cloudlet, record)) return;
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

  /** Records are given up; the others take new numbers. */
  renumber(to: Renumbering): void {
    to.set(this.#writes);
  }

  #isBehindLost(cloudlet: number, record: number): boolean {
    return this.hasLostOf(cloudlet, this.#truth.clocks[record] as Clock);
  }
}
