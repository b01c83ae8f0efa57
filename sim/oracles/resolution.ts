// What a read should return, worked out anew from the names of the resolvers: last-writer-wins by hybrid stamp or by
// Lamport counter, ties by dot, or every version. The oracles do not ask the core's own resolver.

import { compareDots, type CausalRecord } from "../../model/replication/record.ts";
import type { ResolverName } from "../../model/topology/spec.ts";

/** Which of two concurrent versions a last-writer-wins scope prefers: positive when it is `a`. */
export function preference(resolver: ResolverName, a: CausalRecord, b: CausalRecord): number {
  if (resolver === "lww-lamport") return a.stamp.lamport - b.stamp.lamport || compareDots(a.dot, b.dot);
  return a.stamp.wall - b.stamp.wall || a.stamp.logical - b.stamp.logical || compareDots(a.dot, b.dot);
}

/** The record numbers that a read of a key with these visible versions should return, tombstones included. */
export function resolved(
  resolver: ResolverName,
  visible: readonly number[],
  records: readonly CausalRecord[],
): readonly number[] {
  if (resolver === "return-them-all" || visible.length <= 1) return visible;
  let winner = visible[0] as number;
  for (const other of visible) {
    if (preference(resolver, records[other] as CausalRecord, records[winner] as CausalRecord) > 0) winner = other;
  }
  return [winner];
}
