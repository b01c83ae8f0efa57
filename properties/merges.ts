// What a read should give, by brute force over all records and bit masks: for small worlds. Independent of the core's
// resolvers and merges, and of the simulator's. Also the requests that only some resolvers have.

import type { WriteOp } from "../model/replication/draft.ts";
import type { ClientOp, KeyAnswer, Merged } from "../model/replication/io.ts";
import { sameDot, type CausalRecord } from "../model/replication/record.ts";
import { compareHybrid, compareLamport } from "../model/replication/stamp.ts";
import type { ResolverName } from "../model/topology/resolvers.ts";
import type { Topology } from "../model/topology/topology.ts";

/** A record of a small world, as far as merging goes. */
export interface Mergeable {
  readonly record: CausalRecord;
  /** Bit i: record i is an insert that this removal found at its cloudlet. */
  readonly taken: bigint;
}

/** Does this request replace what its session has not seen, too? */
export function replacesEach(op: WriteOp, resolver: ResolverName | undefined): boolean {
  if (resolver !== "return-them-all" && resolver !== "by-hand") return true;
  return op.kind === "resolve" || ((op.kind === "put" || op.kind === "delete") && op.replaceAll === true);
}

/** The resolver of the key's scope. */
export function resolverOf(topology: Topology, key: string): ResolverName | undefined {
  return topology.scopes[topology.scopeOf(key) ?? -1]?.resolver;
}

/** What is wrong with the merges that a read gave, held against those over all that is applied. */
export function mergeComplaints(
  topology: Topology,
  answers: readonly KeyAnswer[],
  told: readonly Mergeable[],
  applied: bigint,
): readonly string[] {
  return answers.flatMap(({ key, merged = null }) => {
    const resolver = resolverOf(topology, key);
    // A cloudlet that cannot read every delta gives no value; and what it removes from a set, a queue or a table while it cannot read an insert
    // there is not worked out here.
    const hasNewer = told.some(({ record }) => record.key === key && record.version !== undefined);
    if (hasNewer && (merged === null || isOfInserts(resolver))) return [];
    const [got, right] = [merged, rightMerge(resolver, key, told, applied)].map((one) => JSON.stringify(one));
    return got === right ? [] : [`merge: a read made ${got} of ${key}, right is ${right}`];
  });
}

function rightMerge(
  resolver: ResolverName | undefined,
  key: string,
  told: readonly Mergeable[],
  applied: bigint,
): Merged | null {
  const here = [...told.entries()].filter(
    ([at, { record }]) => record.key === key && ((applied >> BigInt(at)) & 1n) === 1n,
  );
  const records = here.map(([, { record }]) => record);
  switch (resolver) {
    case "counter":
      return { kind: "counter", total: String(records.reduce((sum, { value }) => sum + Number(value), 0)) };
    case "set": {
      const gone = here.reduce((bits, [, { taken }]) => bits | taken, 0n);
      const left = here.filter(
        ([at, { record }]) => record.value.startsWith("+") && ((gone >> BigInt(at)) & 1n) === 0n,
      );
      return { kind: "set", elements: [...new Set(left.map(([, { record }]) => record.value.slice(1)))].sort() };
    }
    case "queue":
    case "table": {
      const gone = here.reduce((bits, [, { taken }]) => bits | taken, 0n);
      const left = here.filter(
        ([at, { record }]) => record.value.startsWith("+") && ((gone >> BigInt(at)) & 1n) === 0n,
      );
      const texts = left
        .map(([, { record }]) => record)
        .sort(compareHybrid)
        .map(({ value }) => value.slice(1));
      return resolver === "queue" ? { kind: "queue", entries: texts } : tableOf(texts);
    }
    case "log":
      return { kind: "log", entries: records.sort(compareHybrid).map(({ value }) => value) };
    default:
      return null;
  }
}

// The last text that writes a cell has its value; a row is there while any text names it.
function tableOf(texts: readonly string[]): Merged {
  const rows = [...new Set(texts.map(rowIn))].sort();
  return {
    kind: "table",
    rows: rows.map((row) => {
      const written = texts.filter((text) => rowIn(text) === row && text.includes("="));
      const columns = [...new Set(written.map(columnIn))].sort();
      const valueOf = (column: string): string => written.findLast((text) => columnIn(text) === column) ?? "";
      return { row, cells: columns.map((column) => [column, valueOf(column).split("=")[1] ?? ""] as const) };
    }),
  };
}

function rowIn(text: string): string {
  return text.split("/")[0] ?? "";
}

function columnIn(text: string): string {
  return text.split("/")[1]?.split("=")[0] ?? "";
}

function isOfInserts(resolver: ResolverName | undefined): boolean {
  return resolver === "set" || resolver === "queue" || resolver === "table";
}

// Does a removal of this text take that insert away: the same element or entry, or a part of that row?
function isTakenAway(resolver: ResolverName | undefined, insert: string, removal: string): boolean {
  const text = insert.slice(1);
  return insert.startsWith("+") && (resolver === "table" ? rowIn(text) : text) === removal.slice(1);
}

/** The inserts that a new removal takes away: those of its element that stand at its cloudlet. */
export function takenBy(
  resolver: ResolverName | undefined,
  { key, value }: CausalRecord,
  told: readonly Mergeable[],
  applied: bigint,
): bigint {
  if (!isOfInserts(resolver) || !value.startsWith("-")) return 0n;
  let [taken, gone] = [0n, 0n];
  for (const [at, { record, taken: before }] of told.entries()) {
    const bit = 1n << BigInt(at);
    if (record.key !== key || (applied & bit) === 0n) continue;
    gone |= before;
    if (isTakenAway(resolver, record.value, value)) taken |= bit;
  }
  return taken & ~gone;
}

/**
 * The inserts that a removal from a set names, of those in its past: besides what stands at its cloudlet it names what it takes
 * away there, and has the place of these wherever it comes. 1. i inserts x; j does again, and stands in its place. 2. r removes x,
 * and names both. 3. Where j does not lead, r stands in the place of i.
 */
export function insertsNamed(
  resolver: ResolverName | undefined,
  { key, value, prev }: CausalRecord,
  told: readonly Mergeable[],
  past: bigint,
): bigint {
  let named = 0n;
  for (const [at, { record }] of told.entries()) {
    if (record.key !== key || ((past >> BigInt(at)) & 1n) === 0n) continue;
    if (!isTakenAway(resolver, record.value, value)) continue;
    if (prev.some((dot) => sameDot(dot, record.dot))) named |= 1n << BigInt(at);
  }
  return named;
}

/** The versions that a read gives, of those that stand, under the plan in force. */
export function rightAnswer(
  plan: Topology,
  key: string,
  live: readonly number[],
  told: readonly Mergeable[],
): readonly number[] {
  const resolver = resolverOf(plan, key);
  const isOneEnough = ["lww-hlc", "lww-lamport", "upper-wins", "lower-wins"].includes(resolver ?? "");
  if (!isOneEnough || live.length < 2) return live.toSorted((a, b) => a - b);
  const sign = resolver === "upper-wins" ? -1 : resolver === "lower-wins" ? 1 : 0;
  const record = (index: number): CausalRecord => (told[index] as Mergeable).record;
  const compare = (a: CausalRecord, b: CausalRecord): number =>
    resolver === "lww-lamport"
      ? compareLamport(a, b)
      : sign * (plan.ancestors(a.dot.origin).length - plan.ancestors(b.dot.origin).length) || compareHybrid(a, b);
  return [live.reduce((winner, index) => (compare(record(index), record(winner)) > 0 ? index : winner))];
}

/** A request of a resolver's own; null where a put or a delete is in place. `die` is from 10 to 19. */
export function drawOther(
  resolver: ResolverName | undefined,
  key: string,
  die: number,
  serial: number,
): ClientOp | null {
  switch (resolver) {
    case "counter":
      return { kind: "add", key, amount: (serial % 19) - 9 };
    case "set":
      return { kind: die < 15 ? "insert" : "remove", key, element: `e${serial % 3}` };
    case "log":
      return { kind: "append", key, entry: `v${serial}` };
    case "queue":
      return die < 16
        ? { kind: "append", key, entry: `e${serial % 4}` }
        : { kind: "remove", key, element: `e${serial % 4}` };
    case "table":
      if (die < 13) return { kind: "insert", key, element: `r${serial % 2}/c${serial % 3}=v${serial}` };
      return { kind: die < 15 ? "insert" : "remove", key, element: `r${serial % 2}` };
    case "by-hand":
      return die < 13 ? { kind: "resolve", key, value: `v${serial}` } : null;
    default:
      return null;
  }
}
