// Resolvers: pure functions from the set of live versions to an answer, evaluated at read and never stored (automatic
// resolvers that write records would answer each other for ever). Last-writer-wins by hybrid or by Lamport stamp, and
// return-them-all. Source: COPS (SOSP'11) sections 3 and 7 on handlers; Dynamo (SOSP'07) on siblings.

import { unreachable } from "../assert.ts";
import type { ResolverName } from "../topology/spec.ts";
import type { KeyAnswer } from "./io.ts";
import { compareDots } from "./record.ts";
import type { CausalRecord } from "./record.ts";
import { compareHybrid, compareLamport } from "./stamp.ts";

/** The version that a last-writer-wins order puts last. The versions must not be empty. */
function lastOf(
  versions: readonly CausalRecord[],
  compare: (a: CausalRecord, b: CausalRecord) => number,
): readonly CausalRecord[] {
  let winner = versions[0] as CausalRecord;
  for (let at = 1; at < versions.length; at += 1) {
    const version = versions[at] as CausalRecord;
    if (compare(version, winner) > 0) winner = version;
  }
  return [winner];
}

/** The versions that a reader gets: one for last-writer-wins, all in canonical order for return-them-all. */
export function chosen(resolver: ResolverName, versions: readonly CausalRecord[]): readonly CausalRecord[] {
  if (versions.length <= 1) return versions.slice();
  switch (resolver) {
    case "lww-hlc":
      return lastOf(versions, compareHybrid);
    case "lww-lamport":
      return lastOf(versions, compareLamport);
    case "return-them-all":
      return versions.slice().sort((a, b) => compareDots(a.dot, b.dot));
    default:
      return unreachable(resolver);
  }
}

/** Does a write in such a scope replace every live version, hidden losers included? */
export function replacesAll(resolver: ResolverName): boolean {
  return resolver !== "return-them-all";
}

/** Puts an answer together from all live versions and those chosen among them. */
export function answer(key: string, live: readonly CausalRecord[], returned: readonly CausalRecord[]): KeyAnswer {
  const made = {
    key,
    versions: returned.filter((record) => record.kind === "put"),
    tombstones: returned.filter((record) => record.kind === "delete"),
    hidden: live.length - returned.length,
    bestKnown: live.length > 1,
  };
  const sealed = returned.filter((record) => record.kind === "sealed");
  return sealed.length === 0 ? made : { ...made, sealed };
}
