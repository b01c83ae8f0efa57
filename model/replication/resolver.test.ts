// Resolvers are functions of a set: the order in which versions arrived must not show, nor how often one arrived.

import fc from "fast-check";
import { expect, test } from "vitest";
import { records } from "../../properties/arbitraries/messages.ts";
import { prop } from "../../properties/prop.ts";
import type { CloudletId } from "../ids.ts";
import { builtInResolvers, familyOf, isDeltaResolver, type ResolverName } from "../topology/resolvers.ts";
import { InvariantViolation } from "../assert.ts";
import { compareDots, dotName, sameDot, type CausalRecord } from "./record.ts";
import { answer, chosen, mergedValue, type MergeFunction } from "./resolver.ts";

const resolvers: readonly ResolverName[] = builtInResolvers;
// Cloudlets of even numbers stand above those of odd ones.
const layerOf = (cloudlet: CloudletId): number => cloudlet % 2;
const oneWins = (resolver: ResolverName): boolean => familyOf(resolver) === "one";
const data = records().filter(({ kind }) => kind !== "notice");
const versions = fc.uniqueArray(data, { selector: ({ dot }) => dotName(dot), maxLength: 6 });
const cases = fc.tuple(versions, fc.constantFrom(...resolvers)).chain(([list, resolver]) =>
  fc.record({
    list: fc.constant(list),
    resolver: fc.constant(resolver),
    arrived: fc.shuffledSubarray(list, { minLength: list.length }),
  }),
);

prop(
  "the answer does not depend on the order of arrival",
  cases,
  ({ list, resolver, arrived }) => {
    expect(chosen(resolver, arrived, layerOf)).toEqual(chosen(resolver, list, layerOf));
  },
  { numRuns: 500 },
);

prop(
  "what is chosen are versions; choosing among them again, or part by part, changes nothing",
  cases,
  ({ list, resolver }) => {
    const returned = chosen(resolver, list, layerOf);
    expect(returned.every((record) => list.includes(record))).toBe(true);
    expect(returned.length).toBe(oneWins(resolver) ? Math.min(1, list.length) : list.length);
    expect(chosen(resolver, returned, layerOf)).toEqual(returned);
    const half = list.length >> 1;
    const parts = [...chosen(resolver, list.slice(half), layerOf), ...chosen(resolver, list.slice(0, half), layerOf)];
    expect(chosen(resolver, parts, layerOf)).toEqual(returned);
  },
);

prop("an answer accounts for every live version", cases, ({ list, resolver }) => {
  const returned = chosen(resolver, list, layerOf);
  const made = answer("k", resolver, list, returned, null);
  expect(made.versions.every(({ kind }) => kind === "put")).toBe(true);
  expect((made.sealed ?? []).every(({ kind }) => kind === "sealed")).toBe(true);
  expect(made.tombstones.every(({ kind }) => kind === "delete")).toBe(true);
  expect(made.versions.length + made.tombstones.length + (made.sealed?.length ?? 0) + made.hidden).toBe(list.length);
  expect(made.bestKnown).toBe(list.length > 1 && !isDeltaResolver(resolver));
  const both = [...made.versions, ...made.tombstones, ...(made.sealed ?? [])].sort((a, b) => compareDots(a.dot, b.dot));
  expect(both).toEqual(returned.toSorted((a, b) => compareDots(a.dot, b.dot)));
  if (oneWins(resolver)) expect(returned.length).toBeLessThanOrEqual(1);
  else
    expect(
      returned.every((record, at) => at === 0 || !sameDot(record.dot, (returned[at - 1] as typeof record).dot)),
    ).toBe(true);
});

test("a user's function is asked for two versions at a time, and gives one value of all of them", () => {
  const versions: CausalRecord[] = fc.sample(records(), { numRuns: 3, seed: 7 }).map((record, at) => ({
    ...record,
    kind: "put",
    value: `${at}`,
    dot: { ...record.dot, sequence: at + 1 },
  }));
  const union: MergeFunction = (a, b) => ({
    ...(a.sequence > b.sequence ? a : b),
    value: [...new Set([...a.value.split(","), ...b.value.split(",")])].sort().join(","),
  });
  const merging = { deltas: null, resolvers: new Map([["custom:union", union]] as const), layerOf };
  expect(mergedValue("custom:union", "k", versions, merging)).toEqual({ kind: "custom", value: "0,1,2" });
  expect(mergedValue("custom:union", "k", versions.toReversed(), merging)).toEqual({ kind: "custom", value: "0,1,2" });
  expect(mergedValue("custom:union", "k", [], merging)).toEqual({ kind: "custom", value: null });
  expect(() => mergedValue("custom:other", "k", versions, merging)).toThrow(InvariantViolation);
});
