// Which deletes each cloudlet has dropped for good, as it said itself, and which records are notices, by which cloudlets tell
// each other of deletes. Whether a delete was allowed to go, collection.ts judges.

import type { StoredEntry } from "../../model/replication/log.ts";
import { dotName, type Dot } from "../../model/replication/record.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { BitRows, PairMap } from "./tables.ts";

const NONE: readonly number[] = [];

/** Deletes by cloudlet and key, as record numbers. */
export class CollectedDeletes {
  readonly #anywhere = new BitRows(1);
  readonly #listOf = new PairMap();
  readonly #lists: number[][] = [];
  readonly #collects: boolean;
  readonly #notices = new Set<string>();

  constructor({ scopes }: Pick<Topology, "scopes">) {
    this.#collects = scopes.some(({ collect }) => collect !== null);
  }

  /** These are handed to a disk. */
  storing(entries: readonly StoredEntry[]): void {
    if (!this.#collects) return;
    for (const entry of entries) if (entry.kind === "notice") this.#notices.add(dotName(entry.dot));
  }

  /** Is this the name of a notice? Nobody asked for those. */
  isNotice(dot: Dot): boolean {
    return this.#notices.has(dotName(dot));
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
