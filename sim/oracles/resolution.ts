// What a read should return, worked out anew from the names of the resolvers: which version is preferred, or that all of
// them are returned. The oracles do not ask the core's own resolver. What deltas merge into is in merging.ts.

import { assert } from "../../model/assert.ts";
import type { CloudletId } from "../../model/ids.ts";
import type { WriteOp } from "../../model/replication/draft.ts";
import type { Merged } from "../../model/replication/io.ts";
import { compareDots, type CausalRecord } from "../../model/replication/record.ts";
import type { MergeFunction, PlainVersion } from "../../model/replication/resolver.ts";
import type { ResolverName } from "../../model/topology/resolvers.ts";

/** How many cloudlets stand above one. */
export type Depth = (cloudlet: CloudletId) => number;

type Place = Pick<CausalRecord, "stamp" | "dot">;

// The end of a put stands right behind the put that it names, whose stamp its own is just above.
function placeOf(record: CausalRecord): Place {
  const [put] = record.prev;
  if (record.ends !== true || put === undefined) return record;
  const { wall, logical, lamport } = record.stamp;
  return { stamp: { wall, logical: logical - 1, lamport: lamport - 1 }, dot: put };
}

function byPlace(a: CausalRecord, b: CausalRecord, compare: (one: Place, other: Place) => number): number {
  const isEnd = (record: CausalRecord): number => (record.ends === true ? 1 : 0);
  return compare(placeOf(a), placeOf(b)) || isEnd(a) - isEnd(b) || compareDots(a.dot, b.dot);
}

const byHybrid = (a: Place, b: Place): number =>
  a.stamp.wall - b.stamp.wall || a.stamp.logical - b.stamp.logical || compareDots(a.dot, b.dot);

const byLamport = (a: Place, b: Place): number => a.stamp.lamport - b.stamp.lamport || compareDots(a.dot, b.dot);

/** Does a read of such a scope return one version, and hide those that stand beside it? */
export function returnsOne(resolver: ResolverName): boolean {
  return isLastWriterWins(resolver) || resolver === "upper-wins" || resolver === "lower-wins";
}

/** Does the last writer win in such a scope? */
export function isLastWriterWins(resolver: ResolverName): boolean {
  return resolver === "lww-hlc" || resolver === "lww-lamport";
}

/** Is it left to people, or to programs of theirs, to end conflicts in such a scope? */
export function keepsSiblings(resolver: ResolverName): boolean {
  return resolver === "return-them-all" || resolver === "by-hand";
}

/** Does this write replace every version that stands, and not only those in its session's past? */
export function overwritesUnseen(op: WriteOp, resolver: ResolverName): boolean {
  const isAsked = op.kind === "resolve" || ((op.kind === "put" || op.kind === "delete") && op.replaceAll === true);
  return isAsked || !keepsSiblings(resolver);
}

/** Do only deletes stand? `held`: the same as the cloudlet holds it, which cannot know of what it cannot read. */
export function areDeletes(
  visible: readonly number[],
  records: readonly CausalRecord[],
  held: readonly CausalRecord[],
): boolean {
  return visible.every((version) => records[version]?.kind === "delete") && held.every(({ kind }) => kind !== "sealed");
}

/** Which of two concurrent versions a scope that returns one prefers: positive when it is `a`. */
export function preference(resolver: ResolverName, a: CausalRecord, b: CausalRecord, depth: Depth): number {
  if (resolver === "lww-lamport") return byPlace(a, b, byLamport);
  const deeper = depth(a.dot.origin) - depth(b.dot.origin);
  if (resolver === "upper-wins" && deeper !== 0) return -deeper;
  if (resolver === "lower-wins" && deeper !== 0) return deeper;
  return byPlace(a, b, byHybrid);
}

/** The record numbers that a read of a key with these visible versions should return, tombstones included. */
export function resolved(
  resolver: ResolverName,
  visible: readonly number[],
  records: readonly CausalRecord[],
  depth: Depth,
): readonly number[] {
  if (!returnsOne(resolver) || visible.length <= 1) return visible;
  let winner = visible[0] as number;
  for (const other of visible) {
    if (preference(resolver, records[other] as CausalRecord, records[winner] as CausalRecord, depth) > 0)
      winner = other;
  }
  return [winner];
}

/**
 * What a user's function makes of these visible versions. The core merges them from the least name to the greatest, so
 * here it is the other way round: a function that is not indifferent to the order gives itself away.
 */
export function mergedByUser(
  merge: MergeFunction,
  visible: readonly number[],
  records: readonly CausalRecord[],
  depth: Depth,
): Merged {
  const versions = visible.map((record) => records[record] as CausalRecord);
  versions.sort((a, b) => compareDots(b.dot, a.dot));
  let result: PlainVersion | null = null;
  for (const { kind, value, stamp, dot } of versions) {
    assert(kind !== "sealed", "a version was written sealed");
    const { wall, logical, lamport } = stamp;
    const { origin, incarnation, stream, sequence } = dot;
    const isDelete = kind === "delete";
    const place = { layer: depth(origin), origin, incarnation, stream, sequence };
    const plain = Object.freeze({ value, deleted: isDelete, wall, logical, lamport, ...place });
    result = result === null ? plain : merge(result, plain);
  }
  return { kind: "custom", value: result?.deleted === false ? result.value : null };
}
