// Which deletes each cloudlet has dropped for good, as it said itself, and which records are notices, by which cloudlets tell
// each other of deletes. Whether a delete was allowed to go, collection.ts judges.

import type { StoredEntry } from "../../model/replication/log.ts";
import type { Dot } from "../../model/replication/record.ts";
import { insert } from "../../model/replication/sequences.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { BitRows } from "./bit-rows.ts";
import type { Renumbering } from "./renumbering.ts";
import { PairMap } from "./tables.ts";

const NONE: readonly number[] = [];

/** Deletes by cloudlet and key, as record numbers. */
export class CollectedDeletes {
  readonly #anywhere = new BitRows(1);
  #listOf = new PairMap();
  #lists: number[][] = [];
  readonly #collects: boolean;
  // By writer, flat: the sequences of its notices, as ranges [first, last, ...].
  readonly #notices = new Map<string, number[]>();

  constructor({ scopes }: Pick<Topology, "scopes">) {
    this.#collects = scopes.some(({ collect }) => collect !== null);
  }

  /** These are handed to a disk. */
  storing(entries: readonly StoredEntry[]): void {
    if (!this.#collects) return;
    for (const entry of entries) {
      if (entry.kind !== "notice") continue;
      const writer = writerName(entry.dot);
      const sequences = this.#notices.get(writer);
      if (sequences === undefined) this.#notices.set(writer, [entry.dot.sequence, entry.dot.sequence]);
      else insert(sequences, entry.dot.sequence);
    }
  }

  /** Is this the name of a notice? Nobody asked for those. */
  isNotice(dot: Dot): boolean {
    return this.#notices.size > 0 && holds(this.#notices.get(writerName(dot)) ?? [], dot.sequence);
  }

  /** A cloudlet dropped this delete of this key. */
  add(cloudlet: number, key: number, record: number): void {
    this.#anywhere.add(0, record);
    const list = this.#listOf.get(cloudlet, key);
    if (list >= 0) {
      (this.#lists[list] as number[]).push(record);
    } else {
      this.#listOf.set(cloudlet, key, this.#lists.length);
      this.#lists.push([record]);
    }
  }

  /**
   * Names those that a read may still be excused by (session-versions.ts), or a version (standing.ts): all of keys that are on the
   * move, and others where they equal or follow what some session is held to, or what stands.
   */
  keep(
    holdsTo: (visit: (key: number, record: number) => void) => void,
    isMoving: (key: number) => boolean,
    isAtOrBefore: (x: number, y: number) => boolean,
    keep: (record: number) => void,
  ): void {
    // By key, those that nobody is held to yet.
    const open: (number[] | undefined)[] = [];
    this.#listOf.forEach((_cloudlet, key, list) => {
      const deletes = this.#lists[list] as number[];
      if (isMoving(key)) deletes.forEach(keep);
      else for (const record of deletes) if (open[key]?.includes(record) !== true) (open[key] ??= []).push(record);
    });
    holdsTo((key, record) => {
      for (const one of open[key] ?? NONE) if (isAtOrBefore(record, one)) keep(one);
    });
  }

  /** Records are given up; the others take new numbers. */
  renumber(to: Renumbering): void {
    this.#anywhere.renumber(to, false, () => true);
    const [listOf, lists] = [this.#listOf, this.#lists];
    this.#listOf = new PairMap();
    this.#lists = [];
    listOf.forEach((cloudlet, key, place) => {
      const list = lists[place] as number[];
      to.list(list);
      if (list.length > 0) this.#listOf.set(cloudlet, key, this.#lists.push(list) - 1);
    });
  }

  /** Has some cloudlet dropped this delete? */
  isAnywhere(record: number): boolean {
    return this.#anywhere.has(0, record);
  }

  /** The deletes of this key that this cloudlet has dropped. */
  of(cloudlet: number, key: number): readonly number[] {
    const list = this.#collects ? this.#listOf.get(cloudlet, key) : -1;
    return list < 0 ? NONE : (this.#lists[list] as number[]);
  }
}

function writerName({ origin, incarnation, stream }: Dot): string {
  return `${origin}.${incarnation}/${stream}`;
}

// Is the number within these flat ranges, which are ascending and disjoint?
function holds(ranges: readonly number[], sequence: number): boolean {
  let low = 0;
  let high = ranges.length / 2 - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    if (sequence < (ranges[middle * 2] as number)) high = middle - 1;
    else if (sequence > (ranges[middle * 2 + 1] as number)) low = middle + 1;
    else return true;
  }
  return false;
}
