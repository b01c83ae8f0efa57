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

/** Deletes by cloudlet and key, as record numbers. Nearly always one: twice its number then, without a list. */
export class CollectedDeletes {
  readonly #anywhere = new BitRows(1);
  // Odd values name a list.
  #deletesOf = new PairMap();
  #lists: number[][] = [];
  readonly #single = [0];
  readonly #collects: boolean;
  #isIdle = true;
  readonly #hasNotices: boolean;
  // By writer, flat: the sequences of its notices, as ranges [first, last, ...].
  readonly #notices = new Map<string, number[]>();

  /** @param detaches members are detached or closed, of which notices tell whether or not deletes go */
  constructor({ scopes }: Pick<Topology, "scopes">, detaches: boolean) {
    this.#collects = scopes.some(({ collect }) => collect !== null);
    this.#hasNotices = this.#collects || detaches;
  }

  /** These are handed to a disk. */
  storing(entries: readonly StoredEntry[]): void {
    if (!this.#hasNotices) return;
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
    this.#isIdle = false;
    this.#anywhere.add(0, record);
    const place = this.#deletesOf.get(cloudlet, key);
    if (place < 0) this.#deletesOf.set(cloudlet, key, record * 2);
    else if (place % 2 === 1) (this.#lists[place >> 1] as number[]).push(record);
    else this.#deletesOf.set(cloudlet, key, this.#newList([place >> 1, record]));
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
    this.#deletesOf.forEach((_cloudlet, key, place) => {
      const deletes = this.#at(place);
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
    const [deletesOf, lists] = [this.#deletesOf, this.#lists];
    this.#deletesOf = new PairMap();
    this.#lists = [];
    deletesOf.forEach((cloudlet, key, place) => {
      if (place % 2 === 0) {
        const number = to.of(place >> 1);
        if (number >= 0) this.#deletesOf.set(cloudlet, key, number * 2);
        return;
      }
      const list = lists[place >> 1] as number[];
      to.list(list);
      if (list.length > 0) this.#deletesOf.set(cloudlet, key, this.#newList(list));
    });
  }

  /** Has nobody dropped any? */
  get isIdle(): boolean {
    return this.#isIdle;
  }

  /** Has some cloudlet dropped this delete? */
  isAnywhere(record: number): boolean {
    return this.#anywhere.has(0, record);
  }

  /** The deletes of this key that this cloudlet has dropped. Valid until the next question. */
  of(cloudlet: number, key: number): readonly number[] {
    const place = this.#collects ? this.#deletesOf.get(cloudlet, key) : -1;
    return place < 0 ? NONE : this.#at(place);
  }

  #at(place: number): readonly number[] {
    if (place % 2 === 1) return this.#lists[place >> 1] as number[];
    this.#single[0] = place >> 1;
    return this.#single;
  }

  #newList(list: number[]): number {
    return this.#lists.push(list) * 2 - 1;
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
