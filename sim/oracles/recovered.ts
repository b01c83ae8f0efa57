// What a disk returned to a process that starts, asked by name: which records are on it one by one, and which are covered by
// the checkpoint or by a cut.

import { Coverings } from "../../model/replication/cut.ts";
import type { DiskImage } from "../../model/replication/io.ts";
import { dotName, type CausalRecord, type Dot } from "../../model/replication/record.ts";
import type { RecordTable } from "./record-table.ts";

/** A disk's contents. */
export class Recovered {
  /** Records that are on it as such: behind the checkpoint, and those that waited when it was taken. */
  readonly records: readonly CausalRecord[];
  /** True when it has a checkpoint or a cut, so that not all it holds is in `records`. */
  readonly hasCuts: boolean;
  readonly #names: ReadonlySet<string>;
  readonly #checkpoint: Coverings;
  readonly #cuts: Coverings;
  readonly #versions: ReadonlySet<string>;

  constructor({ checkpoint, entries }: DiskImage) {
    const cuts = entries.filter((entry) => entry.kind === "cut");
    this.records = [...(checkpoint?.waiting ?? []), ...entries.filter((entry) => entry.kind !== "cut")];
    this.hasCuts = checkpoint !== null || cuts.length > 0;
    this.#names = new Set(this.hasCuts ? this.records.map(({ dot }) => dotName(dot)) : []);
    this.#checkpoint = new Coverings(checkpoint === null ? [] : [checkpoint.cut.applied]);
    this.#versions = new Set((checkpoint?.cut.versions ?? []).map(({ dot }) => dotName(dot)));
    this.#cuts = new Coverings([...cuts, ...(checkpoint?.cuts ?? [])].map(({ applied }) => applied));
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

  /** Does the checkpoint cover this record without holding it? */
  isWithout(dot: Dot): boolean {
    return this.#checkpoint.covers(dot) && !this.#versions.has(dotName(dot));
  }

  #numbersAsSuch(table: RecordTable): number[] {
    return this.records.map(({ dot }) => table.numberOf(dot)).filter((record) => record >= 0);
  }
}
