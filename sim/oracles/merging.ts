// What the deltas of a counter, a set, a log, a queue or a table should merge into, by brute force over everything that is applied at a
// cloudlet: no merge is kept, so none can go wrong twice in the same way. A removal's effect is fixed when it is written:
// the inserts that stood at its cloudlet then. The core names them in its record; here they are found out.
//
// One answer costs a look at every record of its key, which is why only reads of such keys are judged so.

import { compareDots, type CausalRecord } from "../../model/replication/record.ts";
import type { Merged } from "../../model/replication/io.ts";
import { hasRemovals, isDeltaResolver, type ResolverName } from "../../model/topology/resolvers.ts";
import type { Renumbering } from "./renumbering.ts";
import type { Truth } from "./truth.ts";

/** The right merges of all delta keys. */
export class MergeTruth {
  readonly #truth: Truth;
  /** By key: its records in the order they were written. */
  readonly #records = new Map<number, number[]>();
  /** By removal: the inserts it takes away. */
  #taken = new Map<number, Set<number>>();

  constructor(truth: Truth) {
    this.#truth = truth;
  }

  /** Takes note of a record that was just written. */
  written(record: number): void {
    const { keyOf, originOf, resolverOfKey, records } = this.#truth;
    const key = keyOf.data[record] as number;
    const resolver = resolverOfKey[key];
    if (resolver === undefined || !isDeltaResolver(resolver)) return;
    const { value } = records[record] as CausalRecord;
    if (hasRemovals(resolver) && value.startsWith("-")) {
      const element = value.slice(1);
      const standing = this.#inserts(originOf.data[record] as number, key);
      // Of a table a whole row goes.
      const groupOf = (text: string): string => (resolver === "table" ? (text.split("/")[0] ?? "") : text);
      const taken = standing.filter((insert) => groupOf(records[insert]?.value.slice(1) ?? "") === element);
      this.#taken.set(record, new Set(taken));
    }
    const others = this.#records.get(key);
    if (others === undefined) this.#records.set(key, [record]);
    else others.push(record);
  }

  /** What the key merges into at a cloudlet; null when its scope has no deltas. */
  merged(cloudlet: number, key: number): Merged | null {
    const valueOf = (record: number): string => this.#truth.records[record]?.value ?? "";
    switch (this.#truth.resolverOfKey[key]) {
      case "counter": {
        let total = 0n;
        for (const record of this.#applied(cloudlet, key)) total += BigInt(valueOf(record));
        return { kind: "counter", total: total.toString() };
      }
      case "set": {
        const elements = new Set(this.#inserts(cloudlet, key).map((insert) => valueOf(insert).slice(1)));
        return { kind: "set", elements: [...elements].sort() };
      }
      case "log":
        return { kind: "log", entries: this.#applied(cloudlet, key).sort(this.#inOrder).map(valueOf) };
      case "queue": {
        const left = this.#inserts(cloudlet, key).sort(this.#inOrder);
        return { kind: "queue", entries: left.map((insert) => valueOf(insert).slice(1)) };
      }
      case "table":
        return tableOf(this.#inserts(cloudlet, key).sort(this.#inOrder).map(valueOf));
      default:
        return null;
    }
  }

  /**
   * Can the value of this key be judged? Not when it has deltas of a later version of the byte form, and either none was
   * given (they may not be readable there) or something can be removed: a removal does not take an insert that its cloudlet cannot
   * read, and who can read what is not known here.
   */
  isJudged(key: number, got: Merged | null): boolean {
    if (got !== null && !hasRemovals(got.kind as ResolverName)) return true;
    return !(this.#records.get(key) ?? []).some((record) => this.#truth.records[record]?.version !== undefined);
  }

  /** Names all records of delta keys: a merge is made of all of them. */
  keep(keep: (record: number) => void): void {
    for (const records of this.#records.values()) records.forEach(keep);
  }

  /** Records are given up; the others, these among them, take new numbers. */
  renumber(to: Renumbering): void {
    for (const records of this.#records.values()) to.list(records);
    const old = this.#taken;
    this.#taken = new Map();
    for (const [removal, inserts] of old) {
      to.set(inserts);
      this.#taken.set(to.of(removal), inserts);
    }
  }

  // The inserts at a cloudlet that no removal there has taken away.
  #inserts(cloudlet: number, key: number): number[] {
    const applied = this.#applied(cloudlet, key);
    const gone = new Set<number>();
    for (const record of applied) for (const insert of this.#taken.get(record) ?? []) gone.add(insert);
    return applied.filter((record) => !gone.has(record) && this.#truth.records[record]?.value.startsWith("+") === true);
  }

  #applied(cloudlet: number, key: number): number[] {
    return (this.#records.get(key) ?? []).filter((record) => this.#truth.isApplied(cloudlet, record));
  }

  readonly #inOrder = (one: number, other: number): number => {
    const { stamp: a, dot } = this.#truth.records[one] as CausalRecord;
    const { stamp: b, dot: otherDot } = this.#truth.records[other] as CausalRecord;
    return a.wall - b.wall || a.logical - b.logical || compareDots(dot, otherDot);
  };
}

// Of inserts in their order: a later one overwrites a cell. Rows and cells by name.
function tableOf(inserts: readonly string[]): Merged {
  const rows = new Map<string, Map<string, string>>();
  for (const insert of inserts) {
    const [, row = "", , column, value = ""] = /^\+([^/]*)(\/([^=]*)=(.*))?$/s.exec(insert) ?? [];
    const cells = rows.get(row) ?? new Map<string, string>();
    rows.set(row, cells);
    if (column !== undefined) cells.set(column, value);
  }
  const names = [...rows.keys()].sort();
  return {
    kind: "table",
    rows: names.map((row) => {
      const cells = rows.get(row) ?? new Map<string, string>();
      const columns = [...cells.keys()].sort();
      return { row, cells: columns.map((column) => [column, cells.get(column) ?? ""] as const) };
    }),
  };
}

/** Are these the same value? */
export function isSameMerge(a: Merged | null, b: Merged | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
