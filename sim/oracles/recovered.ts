// What a disk returned to a process that starts, asked by name: which records are on it one by one, and which are covered by
// the checkpoint or by a cut. Of a cut on a copied disk nothing is good of a scope that it covers foreign records of: what
// stands at one cloudlet says nothing of what should stand at another one, where other records lead.

import { Coverings, type Cut } from "../../model/replication/cut.ts";
import type { DiskImage } from "../../model/replication/io.ts";
import type { Covered } from "../../model/replication/messages.ts";
import { dotName, type CausalRecord, type Dot } from "../../model/replication/record.ts";
import type { RecordTable } from "./record-table.ts";

const NO_NAMES: ReadonlySet<string> = new Set();
const NOTHING_COVERED = new Coverings([]);

/** A disk's contents. */
export class Recovered {
  /** Records that are on it as such: behind the checkpoint, and those that waited when it was taken. */
  readonly records: readonly CausalRecord[];
  /** True when it has a checkpoint or a cut, so that not all it holds is in `records`. */
  readonly hasCuts: boolean;
  readonly #names: ReadonlySet<string>;
  readonly #checkpoint: Coverings;
  /** Those behind the checkpoint and in it, which wait until what they depend on is there. */
  readonly #cuts: Coverings;
  readonly #versions: ReadonlySet<string>;

  /**
   * @param isForeign does the stream of this dot lead to this cloudlet under no plan?
   * @param scopeOf the scope of this dot's stream
   */
  constructor(
    { checkpoint, entries }: DiskImage,
    isForeign: (dot: Pick<Dot, "stream">) => boolean,
    scopeOf: (dot: Pick<Dot, "stream">) => number,
  ) {
    const cuts = entries.filter((entry) => entry.kind === "cut");
    const usable = ({ applied }: Cut): readonly Covered[] => {
      const foreign = new Set(applied.filter(isForeign).map(scopeOf));
      return foreign.size === 0 ? applied : applied.filter((known) => !foreign.has(scopeOf(known)));
    };
    this.records = [...(checkpoint?.waiting ?? []), ...entries.filter((entry) => entry.kind !== "cut")];
    this.hasCuts = checkpoint !== null || cuts.length > 0;
    this.#names = this.hasCuts ? new Set(this.records.map(({ dot }) => dotName(dot))) : NO_NAMES;
    this.#versions = checkpoint === null ? NO_NAMES : new Set(checkpoint.cut.versions.map(({ dot }) => dotName(dot)));
    this.#checkpoint = checkpoint === null ? NOTHING_COVERED : new Coverings([checkpoint.cut.applied]);
    this.#cuts = this.hasCuts ? new Coverings([...cuts, ...(checkpoint?.cuts ?? [])].map(usable)) : NOTHING_COVERED;
  }

  /** Is there nothing on it? */
  get isEmpty(): boolean {
    return this.records.length === 0 && !this.hasCuts;
  }

  /** Numbers of the records that the checkpoint covers, ascending; then, for all, of those that are on it as such. */
  numbers(table: RecordTable, isAll: boolean): number[] {
    const covered: number[] = [];
    for (let record = 0; this.hasCuts && record < table.recordCount; record += 1) {
      if (this.#checkpoint.covers((table.records[record] as CausalRecord).dot)) covered.push(record);
    }
    return isAll ? [...covered, ...this.#numbersAsSuch(table)] : covered;
  }

  /** Numbers of all records that are on it in some form. */
  held(table: RecordTable): number[] {
    if (!this.hasCuts) return this.#numbersAsSuch(table);
    const held: number[] = [];
    for (let record = 0; record < table.recordCount; record += 1) {
      if (this.holds((table.records[record] as CausalRecord).dot)) held.push(record);
    }
    return held;
  }

  /** Is this record on the disk in some form? Only asked where there are cuts. */
  holds(dot: Dot): boolean {
    return this.#names.has(dotName(dot)) || this.#checkpoint.covers(dot) || this.#cuts.covers(dot);
  }

  /** Is this record on the disk in no other form than in a cut, which may wait? */
  isOnlyInCut(dot: Dot): boolean {
    return this.#cuts.covers(dot) && !this.#names.has(dotName(dot)) && !this.#checkpoint.covers(dot);
  }

  /** Does the checkpoint cover this record without holding it? */
  isWithout(dot: Dot): boolean {
    return this.#checkpoint.covers(dot) && !this.#versions.has(dotName(dot));
  }

  #numbersAsSuch(table: RecordTable): number[] {
    return this.records.map(({ dot }) => table.numberOf(dot)).filter((record) => record >= 0);
  }
}
