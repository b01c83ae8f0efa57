// The records of a small world by number, in an order that respects every past; bit i of a mask stands for record i. Notices
// are no records to anybody but replicas: they have no number.

import { dotName, type CausalRecord, type Dot } from "../model/replication/record.ts";
import type { StoredEntry } from "../model/replication/log.ts";

/** Which record has which number. */
export class RecordNumbers {
  readonly #numbers = new Map<string, number>();
  readonly #notices = new Set<string>();

  /** The next record has the next number. */
  add({ dot }: CausalRecord): void {
    this.#numbers.set(dotName(dot), this.#numbers.size);
  }

  /** These are handed to a disk. */
  storing(entries: readonly StoredEntry[]): void {
    for (const entry of entries) if (entry.kind === "notice") this.#notices.add(dotName(entry.dot));
  }

  /** The number of a record; undefined when nobody wrote it. */
  of(dot: Dot): number | undefined {
    return this.#numbers.get(dotName(dot));
  }

  /** Numbers of records, ascending. */
  list(dots: readonly Dot[]): readonly number[] {
    const written = dots.filter((dot) => !this.#notices.has(dotName(dot)));
    return written.map((dot) => this.of(dot) as number).sort((a, b) => a - b);
  }

  /** The numbers of these as a mask. */
  maskOf(records: readonly CausalRecord[]): bigint {
    return this.mask(records.map(({ dot }) => dot));
  }

  /** The same as a mask. */
  mask(dots: readonly Dot[]): bigint {
    return this.list(dots).reduce((mask, index) => mask | (1n << BigInt(index)), 0n);
  }
}
