// Scopes: names (T1), prefixes and their overlaps (T8), and which scope a key belongs to. One scope's prefix may begin
// with another's: a key then belongs to the longest that it begins with, and both must have the same resolver.

import type { ScopeId } from "../ids.ts";
import { indexNames, type NameIndex, quoted } from "./names.ts";
import type { Refusals } from "./rules.ts";
import type { ScopeSpec } from "./spec.ts";
import type { ResolverName } from "./resolvers.ts";

/** The resolver of a scope that names none. */
export const RESOLVER_DEFAULT: ResolverName = "lww-hlc";

/** Scopes by name and by key. */
export interface Scopes {
  readonly specs: readonly ScopeSpec[];
  readonly names: NameIndex;
  /** The scope with the longest prefix that the key begins with, or null. */
  readonly scopeOf: (key: string) => ScopeId | null;
}

/** Checks T1 and T8 and indexes prefixes. */
export function checkScopes(specs: readonly ScopeSpec[], refusals: Refusals): Scopes {
  const names = indexNames(
    "scope",
    "scopes",
    specs.map((spec) => spec.name),
    refusals,
  );
  for (const [index, spec] of specs.entries()) {
    if (spec.prefix === "") {
      refusals.add(
        "T1",
        ["scopes", index, "prefix"],
        `scope ${quoted(spec.name)} has an empty prefix; name the keys it holds, such as "users/"`,
      );
    }
  }
  const byPrefix = Int32Array.from(specs, (_, index) => index).sort((a, b) => comparePrefixes(specs, a, b));
  const prefixes: string[] = [];
  for (const index of byPrefix) prefixes.push(specs[index]!.prefix);
  // The position of the longest other prefix that a prefix begins with, or -1. In sorted order everything that begins
  // with p follows p at once, so the prefixes that are still open form a stack.
  const enclosing = new Int32Array(specs.length).fill(-1);
  const open: number[] = [];
  for (const [position, prefix] of prefixes.entries()) {
    while (open.length > 0 && !prefix.startsWith(prefixes[open.at(-1)!]!)) open.pop();
    const outer = open.at(-1);
    if (outer !== undefined && prefixes[outer] !== "") {
      enclosing[position] = outer;
      checkOverlap(specs, byPrefix[outer]!, byPrefix[position]!, refusals);
    }
    open.push(position);
  }

  return {
    specs,
    names,
    scopeOf(key) {
      // The last prefix <= key is the answer, or the answer is a prefix of it: whatever lies between a prefix p of the
      // key and the key itself, in order, begins with p.
      let low = 0;
      let high = prefixes.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (prefixes[middle]! <= key) low = middle + 1;
        else high = middle;
      }
      for (let position = low - 1; position >= 0; position = enclosing[position]!) {
        if (key.startsWith(prefixes[position]!)) return byPrefix[position]! as ScopeId;
      }
      return null;
    },
  };
}

function comparePrefixes(specs: readonly ScopeSpec[], a: number, b: number): number {
  const prefixOfA = specs[a]!.prefix;
  const prefixOfB = specs[b]!.prefix;
  if (prefixOfA === prefixOfB) return a - b;
  return prefixOfA < prefixOfB ? -1 : 1;
}

function checkOverlap(specs: readonly ScopeSpec[], outer: number, inner: number, refusals: Refusals): void {
  const one = specs[outer]!;
  const other = specs[inner]!;
  if (one.prefix === other.prefix) {
    const both = `scopes ${quoted(one.name)} and ${quoted(other.name)} have the same prefix ${quoted(one.prefix)}`;
    refusals.add("T8", ["scopes", inner, "prefix"], `${both}; merge them, or give each a prefix of its own`);
    return;
  }
  const resolverOfOne = one.resolver ?? RESOLVER_DEFAULT;
  const resolverOfOther = other.resolver ?? RESOLVER_DEFAULT;
  if (resolverOfOne === resolverOfOther) return;
  const overlap = `${quoted(other.prefix)} of scope ${quoted(other.name)} lies inside ${quoted(one.prefix)} of scope ${quoted(one.name)}`;
  const resolvers = `${resolverOfOther} there, ${resolverOfOne} here`;
  refusals.add(
    "T8",
    ["scopes", inner, "resolver"],
    `${overlap}, and their resolvers differ: ${resolvers}; use one resolver, or prefixes that do not overlap`,
  );
}
