// Resolvers: pure functions from the set of live versions to an answer, evaluated at read and never stored (automatic
// resolvers that write records would answer each other for ever). Which there are, model/topology/resolvers.ts says;
// deltas are merged in deltas.ts. Source: COPS (SOSP'11) sections 3 and 7 on handlers; Dynamo (SOSP'07) on siblings.

import { assert } from "../assert.ts";
import type { CloudletId } from "../ids.ts";
import { adding, nothing } from "./adding.ts";
import { isCustomResolver, isDeltaResolver } from "../topology/resolvers.ts";
import type { CustomResolverName, ResolverName } from "../topology/resolvers.ts";
import type { DeltaStore } from "./deltas.ts";
import type { KeyAnswer, Merged } from "./io.ts";
import { compareDots } from "./record.ts";
import type { CausalRecord } from "./record.ts";
import { compareHybrid, compareLamport } from "./stamp.ts";

/** How far down a cloudlet stands in the control tree: 0 at a root. */
export type LayerOf = (cloudlet: CloudletId) => number;

/** A version as a user's resolver sees it: plain values, frozen. */
export interface PlainVersion {
  /** Empty for a delete. */
  readonly value: string;
  readonly deleted: boolean;
  /** The hybrid stamp in microseconds and its count within one of them, and the Lamport counter. */
  readonly wall: number;
  readonly logical: number;
  readonly lamport: number;
  /** How far down its cloudlet stands in the control tree: 0 at a root. */
  readonly layer: number;
  /** The version's name: no two versions of a key agree in all four. */
  readonly origin: number;
  readonly incarnation: number;
  readonly stream: number;
  readonly sequence: number;
}

/**
 * A user's resolver: one version out of two, one of them or a new one. It must be commutative, associative and idempotent,
 * so that any number of versions have one answer, in whatever order they came.
 */
export type MergeFunction = (a: PlainVersion, b: PlainVersion) => PlainVersion;

/** The users' resolvers that a replica was made with. */
export type MergeFunctions = ReadonlyMap<CustomResolverName, MergeFunction>;

/** The version that an order puts last. The versions must not be empty. */
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

/**
 * The versions that a reader gets and remembers: one where one wins, else all in canonical order. Only versions that stand
 * side by side are weighed by layer: a later write replaces an earlier one wherever it comes from.
 */
export function chosen(
  resolver: ResolverName,
  versions: readonly CausalRecord[],
  layerOf: LayerOf,
): readonly CausalRecord[] {
  if (versions.length <= 1) return versions.slice();
  switch (resolver) {
    case "lww-hlc":
      return lastOf(versions, compareHybrid);
    case "lww-lamport":
      return lastOf(versions, compareLamport);
    case "upper-wins":
      return lastOf(versions, (a, b) => layerOf(b.dot.origin) - layerOf(a.dot.origin) || compareHybrid(a, b));
    case "lower-wins":
      return lastOf(versions, (a, b) => layerOf(a.dot.origin) - layerOf(b.dot.origin) || compareHybrid(a, b));
    default:
      return versions.slice().sort((a, b) => compareDots(a.dot, b.dot));
  }
}

/** What the versions of a key make together, given all that stand; null where they are values themselves. */
export function mergedValue(
  resolver: ResolverName,
  key: string,
  versions: readonly CausalRecord[],
  { deltas, resolvers, layerOf }: Merging,
): Merged | null {
  if (isDeltaResolver(resolver)) return deltas?.merged(resolver, key) ?? null;
  if (!isCustomResolver(resolver)) return null;
  const merge = resolvers?.get(resolver);
  assert(merge !== undefined, "a scope's resolver is handed to whoever evaluates it");
  return versions.some(({ kind }) => kind === "sealed") ? null : mergedBy(merge, versions, layerOf);
}

/** What merging needs to know. */
export interface Merging {
  readonly deltas: DeltaStore | null;
  readonly resolvers: MergeFunctions | undefined;
  readonly layerOf: LayerOf;
}

// What a user's function makes of these versions, in canonical order; of none, nothing.
function mergedBy(merge: MergeFunction, versions: readonly CausalRecord[], layerOf: LayerOf): Merged {
  let result: PlainVersion | null = null;
  for (const version of versions) {
    const plain = plainVersion(version, layerOf(version.dot.origin));
    result = result === null ? plain : merge(result, plain);
  }
  return { kind: "custom", value: result === null || result.deleted ? null : result.value };
}

/** A version as a user's function sees it. */
export function plainVersion({ kind, value, stamp, dot }: CausalRecord, layer: number): PlainVersion {
  const { wall, logical, lamport } = stamp;
  const { origin, incarnation, stream, sequence } = dot;
  const deleted = kind === "delete";
  return Object.freeze({
    value,
    deleted,
    wall,
    logical,
    lamport,
    layer,
    origin,
    incarnation,
    stream,
    sequence,
  });
}

/** Puts an answer together from all live versions, those chosen among them, and what they merge into. */
export function answer(
  key: string,
  resolver: ResolverName,
  live: readonly CausalRecord[],
  returned: readonly CausalRecord[],
  merged: Merged | null,
): KeyAnswer {
  // One object of one shape, with what is rare behind what all have.
  const made: { -readonly [Name in keyof KeyAnswer]: KeyAnswer[Name] } = {
    key,
    versions: ofKind(returned, "put"),
    tombstones: ofKind(returned, "delete"),
    hidden: live.length - returned.length,
    // Deltas that stand side by side leave nothing open: their merge has them all.
    bestKnown: live.length > 1 && !isDeltaResolver(resolver),
  };
  const sealed = ofKind(returned, "sealed");
  if (sealed.length > 0) made.sealed = sealed;
  if (merged !== null) made.merged = merged;
  return made;
}

function ofKind(records: readonly CausalRecord[], kind: CausalRecord["kind"]): readonly CausalRecord[] {
  let found: CausalRecord[] = nothing;
  for (let at = 0; at < records.length; at += 1) {
    const record = records[at] as CausalRecord;
    if (record.kind === kind) found = adding(found, record);
  }
  return found;
}
