// Counters, sets, append-only logs, queues and tables: records are deltas, and a value is the merge of all that were applied here.
// Every record is applied once, so merging is adding to what was merged before: a counter costs one number per key, a set its
// elements, a log its entries, however many records there were. The order in which concurrent deltas come does not show.
// The records are kept beside the merge, since whoever is sent a cut of the scope needs each of them: that part grows with
// their number.
//
// What stands in the version store of such a key are the *latest* deltas only: each names in `prev` those that stood at
// its cloudlet when it was made, as an overwriting put does. Nothing is lost by that, since the merge keeps what they did;
// it orders a delta after all that its writer could see, and keeps what a reader must remember as short as the number
// of cloudlets that wrote at the same time.
//
// A removal takes away what its cloudlet had, and nothing else (observed-remove; Shapiro, Preguiça, Baquero, Zawirski: CRDTs,
// 2011):
// 1. Cloudlets a and b have x from the insert i. 2. a removes x: the record names i. 3. Meanwhile b inserts x again, as j.
// 4. Wherever both arrive, i is gone and j stays: x is in the set.
// From a queue an entry is taken so, by its text: two that take it at once have both got it, and it is gone once. From a table
// a row: cells that were written meanwhile stay.
//
// So that a removal need not name every insert since the one before it, an insert takes the place of those of its own stream that
// it finds: whoever has the removal of the later one has the later one. Not so where the topology changes:
// 1. a and d have i; a inserts x again, as j, into the same stream. 2. That stream no longer leads to d. 3. b has both, and removes
// x. 4. d is told of the removal, and will never hear of j: a removal that names j alone leaves x with d. There an insert
// takes nobody's place, and a removal names them all. Nor does it in a queue, where the same entry may stand twice.
//
// The value of a delta's record, as text: `-3` for a counter, `+x` or `-x` for a set and a queue, `+row/column=value`, `+row` or
// `-row` for a table, the entry itself for a log.

import { unreachable } from "../assert.ts";
import type { DeltaResolver } from "../topology/resolvers.ts";
import type { Merged, TableRow } from "./io.ts";
import { dotName, sameDot } from "./record.ts";
import type { CausalRecord, Dot } from "./record.ts";
import { compareHybrid } from "./stamp.ts";
import { cellOf } from "./table-cell.ts";

// A sum has no bound, whatever the amounts: adding beyond 2^53 would depend on the order.
interface Counter {
  readonly kind: "counter";
  total: bigint;
}

interface Elements {
  readonly kind: "set" | "queue" | "table";
  /** By what a removal takes away at once (an element, an entry, a row): the inserts that stand. */
  readonly inserts: Map<string, CausalRecord[]>;
}

interface Log {
  readonly kind: "log";
  /** Ascending by hybrid stamp. */
  readonly entries: CausalRecord[];
}

type Merge = Counter | Elements | Log;

/** The merges of all delta keys of one replica. */
export class DeltaStore {
  readonly #merges = new Map<string, Merge>();
  // Every delta, for whoever is sent all of this scope at once.
  readonly #records: CausalRecord[] = [];
  // Keys of which some delta cannot be read here: whatever were said of them would leave that one out.
  readonly #sealed = new Set<string>();
  // Inserts that were removed before they came, by dot and group: the stream of one may lead here under a later plan.
  readonly #removedEarly = new Set<string>();
  readonly #removesUnseen: boolean;
  readonly #hasPlans: boolean;

  /**
   * @param how `removesUnseen`: a planted bug, by which a removal also takes inserts that its cloudlet had not got; `hasPlans`:
   *   the topology changes
   */
  constructor({ removesUnseen = false, hasPlans = false }: { removesUnseen?: boolean; hasPlans?: boolean } = {}) {
    this.#removesUnseen = removesUnseen;
    this.#hasPlans = hasPlans;
  }

  /** Takes a record in. Each record once. `isApplied` tells of others. */
  apply(resolver: DeltaResolver, record: CausalRecord, isApplied: (dot: Dot) => boolean): void {
    this.#records.push(record);
    if (record.kind === "sealed") {
      this.#sealed.add(record.key);
      return;
    }
    const merge = this.#merges.get(record.key) ?? this.#begin(resolver, record.key);
    switch (merge.kind) {
      case "counter":
        merge.total += BigInt(record.value);
        break;
      case "set":
      case "queue":
      case "table":
        this.#change(merge, record, isApplied);
        break;
      case "log":
        merge.entries.splice(placeOf(merge.entries, record), 0, record);
        break;
      default:
        unreachable(merge);
    }
  }

  /** Every delta, in the order in which they came. */
  all(): readonly CausalRecord[] {
    return this.#records;
  }

  /** The value of a key: of nothing at all when it was never written. Null while one of its deltas cannot be read here. */
  merged(resolver: DeltaResolver, key: string): Merged | null {
    if (this.#sealed.has(key)) return null;
    const merge = this.#merges.get(key) ?? fresh(resolver);
    switch (merge.kind) {
      case "counter":
        return { kind: "counter", total: String(merge.total) };
      case "set":
        return { kind: "set", elements: [...merge.inserts.keys()].sort() };
      case "queue": {
        const entries = [...merge.inserts.values()].flat().sort(compareHybrid);
        return { kind: "queue", entries: entries.map(({ value }) => value.slice(1)) };
      }
      case "table":
        return { kind: "table", rows: [...merge.inserts].sort(byName).map(([row, inserts]) => rowOf(row, inserts)) };
      case "log":
        return { kind: "log", entries: merge.entries.map(({ value }) => value) };
      default:
        return unreachable(merge);
    }
  }

  /**
   * The inserts that a new record of a set, a queue or a table takes away where it is applied: a removal all that hold its element here, an
   * insert those of its own stream, which reach exactly whom it reaches, so that it stands for them. Where the topology
   * changes it takes none.
   */
  takenBy(key: string, value: string, stream: Dot["stream"]): readonly Dot[] {
    const merge = this.#merges.get(key);
    if (merge === undefined || merge.kind === "counter" || merge.kind === "log") return [];
    const inserts = merge.inserts.get(groupOf(merge.kind, value)) ?? [];
    if (value.startsWith("-")) return inserts.map(({ dot }) => dot);
    if (this.#hasPlans || merge.kind === "queue") return [];
    const place = placeIn(merge.kind, value);
    const replaced = inserts.filter((one) => one.dot.stream === stream && placeIn(merge.kind, one.value) === place);
    return replaced.map(({ dot }) => dot);
  }

  /** A copy that shares nothing mutable. */
  clone(): DeltaStore {
    const copy = new DeltaStore({ removesUnseen: this.#removesUnseen, hasPlans: this.#hasPlans });
    for (const record of this.#records) copy.#records.push(record);
    for (const name of this.#removedEarly) copy.#removedEarly.add(name);
    for (const key of this.#sealed) copy.#sealed.add(key);
    for (const [key, merge] of this.#merges) {
      if (merge.kind === "counter") copy.#merges.set(key, { ...merge });
      else if (merge.kind === "log") copy.#merges.set(key, { kind: "log", entries: merge.entries.slice() });
      else {
        const inserts = new Map([...merge.inserts].map(([group, records]) => [group, records.slice()]));
        copy.#merges.set(key, { kind: merge.kind, inserts });
      }
    }
    return copy;
  }

  #begin(resolver: DeltaResolver, key: string): Merge {
    const merge = fresh(resolver);
    this.#merges.set(key, merge);
    return merge;
  }

  #change({ kind, inserts }: Elements, record: CausalRecord, isApplied: (dot: Dot) => boolean): void {
    const { dot, value, prev } = record;
    const group = groupOf(kind, value);
    const isRemoval = value.startsWith("-");
    const held = inserts.get(group) ?? [];
    const takes = isRemoval || (!this.#hasPlans && kind !== "queue");
    const place = placeIn(kind, value);
    const isTaken = (insert: CausalRecord): boolean =>
      takes && (isRemoval || placeIn(kind, insert.value) === place) && prev.some((taken) => sameDot(taken, insert.dot));
    const kept = isRemoval && this.#removesUnseen ? [] : held.filter((insert) => !isTaken(insert));
    if (isRemoval) for (const taken of prev) if (!isApplied(taken)) this.#removedEarly.add(earlyName(taken, group));
    if (!isRemoval && !this.#removedEarly.delete(earlyName(dot, group))) kept.push(record);
    if (kept.length === 0) inserts.delete(group);
    else inserts.set(group, kept);
  }
}

// What a removal takes away at once: of a set an element, of a queue an entry by its text, of a table a row.
function groupOf(kind: Elements["kind"], value: string): string {
  return kind === "table" ? cellOf(value).row : value.slice(1);
}

// Where an insert stands, so that a later one of its stream takes its place: a cell, or the whole group.
function placeIn(kind: Elements["kind"], value: string): string {
  return kind === "table" ? (cellOf(value).column ?? "") : "";
}

function rowOf(row: string, inserts: readonly CausalRecord[]): TableRow {
  const latest = new Map<string, CausalRecord>();
  for (const insert of inserts) {
    const { column } = cellOf(insert.value);
    if (column === null) continue;
    const other = latest.get(column);
    if (other === undefined || compareHybrid(insert, other) > 0) latest.set(column, insert);
  }
  const cells = [...latest].sort(byName).map(([column, { value }]) => [column, cellOf(value).text] as const);
  return { row, cells };
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function earlyName(insert: Dot, group: string): string {
  return `${dotName(insert)} ${group}`;
}

function fresh(resolver: DeltaResolver): Merge {
  switch (resolver) {
    case "counter":
      return { kind: "counter", total: 0n };
    case "set":
    case "queue":
    case "table":
      return { kind: resolver, inserts: new Map() };
    case "log":
      return { kind: "log", entries: [] };
    default:
      return unreachable(resolver);
  }
}

// Where a record belongs in ascending entries. Most are the latest, so it is looked for from the end.
function placeOf(entries: readonly CausalRecord[], record: CausalRecord): number {
  let place = entries.length;
  while (place > 0 && compareHybrid(entries[place - 1] as CausalRecord, record) > 0) place -= 1;
  return place;
}
