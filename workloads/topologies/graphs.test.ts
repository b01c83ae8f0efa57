// That graphs are what they are called: a Gabriel graph has the edges that the definition says, tried on every pair against every third
// point; a Waxman graph has more long links with a larger alpha and more links with a larger beta; a community network has a mesh and
// houses behind it. And what becomes of them: a tree over all, with every other edge as a spare link.

import fc from "fast-check";
import { expect, test } from "vitest";
import { prop } from "../../properties/prop.ts";
import { RngRoot } from "../../sim/kernel/rng.ts";
import { fibreDelay } from "./distance.ts";
import { drawFamily } from "./families.ts";
import { gabrielEdges } from "./gabriel.ts";
import type { DrawnFamily, FamilyParameters } from "./member.ts";
import { drawPoints, type Points } from "./plane.ts";
import { drawWaxman } from "./waxman.ts";

const names = ["gabriel", "waxman", "community"] as const;
const rng = (seed: string) => new RngRoot(seed).stream;

/** Every pair against every third point, as the definition says; with `isEdgeOut` a disc's edge is not of the disc, which is a mistake. */
function slowEdges({ x, y }: Points, isEdgeOut = false): readonly (readonly [number, number])[] {
  const twice = (length: number): number => length * length;
  const square = (a: number, b: number): number => twice(x[a]! - x[b]!) + twice(y[a]! - y[b]!);
  const all = [...x.keys()];
  return all.flatMap((a) =>
    all.slice(a + 1).flatMap((b) => {
      const isOpen = all.every((c) => {
        const apart = square(a, c) + square(c, b) - square(a, b);
        return c === a || c === b || (isEdgeOut ? apart >= 0 : apart > 0);
      });
      return isOpen ? [[a, b] as const] : [];
    }),
  );
}

/** On a coarse grid many points lie exactly on the edge of a disc, in a row, or in a corner. */
const clouds = fc.oneof(
  fc.uniqueArray(fc.tuple(fc.nat(6), fc.nat(6)), { minLength: 1, maxLength: 30, selector: String }).map(pointsOf(6)),
  fc
    .uniqueArray(fc.tuple(fc.nat(9_999), fc.nat(9_999)), { minLength: 1, maxLength: 60, selector: String })
    .map(pointsOf(9_999)),
);

function pointsOf(side: number): (places: readonly (readonly [number, number])[]) => Points {
  return (places) => ({
    side,
    x: Float64Array.from(places, ([x]) => x),
    y: Float64Array.from(places, ([, y]) => y),
  });
}

prop("edges of a Gabriel graph are those of its definition", clouds, (points) => {
  expect(gabrielEdges(points)).toEqual(slowEdges(points));
});

test("four corners of a square have no diagonals, which a disc without its edge would let pass: points of a grid tell", () => {
  const corners = pointsOf(1)([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]);
  expect(gabrielEdges(corners)).toHaveLength(4);
  expect(slowEdges(corners, true)).toHaveLength(6);
});

test("edges of many points are found in rings around each, and are those of the definition, too", () => {
  const points = drawPoints(rng("many"), 300, 100);
  expect(gabrielEdges(points)).toEqual(slowEdges(points));
  // A Gabriel graph is a part of Delaunay's triangles, which are fewer than three for each point.
  expect(gabrielEdges(drawPoints(rng("more"), 3_000, 400)).length).toBeLessThan(9_000);
});

const members = fc.record({
  name: fc.constantFrom(...names),
  seed: fc.string({ minLength: 1, maxLength: 8 }),
  cloudlets: fc.integer({ min: 1, max: 60 }),
  km: fc.integer({ min: 1, max: 2_000 }),
});

prop(
  "of a graph every link is in the tree or is spare, once, and takes some time",
  members,
  ({ name, seed, cloudlets, km }) => {
    const { uppers, delays, spares = [] } = drawFamily(rng(seed), name, cloudlets, { km });
    const pairs = [
      ...uppers.flatMap((upper, lower) => (upper < 0 ? [] : [[upper, lower]])),
      ...spares.map(({ a, b }) => [a, b]),
    ].map(([a, b]) => `${Math.min(a!, b!)} ${Math.max(a!, b!)}`);
    expect(new Set(pairs).size).toBe(pairs.length);
    for (const { a, b, delay } of spares) {
      expect(a).not.toBe(b);
      expect(delay).toBeGreaterThan(0);
      expect(delay).toBeLessThanOrEqual(Math.max(3_000, fibreDelay(km * 1.5)));
    }
    expect(delays).toHaveLength(cloudlets);
  },
);

prop(
  "the shortest ways from the root make the tree: no spare link is a shorter one",
  members,
  ({ name, seed, cloudlets, km }) => {
    const { uppers, delays, spares = [] } = drawFamily(rng(seed), name, cloudlets, { km });
    const far: number[] = [];
    for (const [at, upper] of uppers.entries()) far.push(upper < 0 ? 0 : far[upper]! + delays![at]!);
    for (const { a, b, delay } of spares) expect(Math.abs(far[a]! - far[b]!)).toBeLessThanOrEqual(delay);
  },
);

test("the larger alpha of a Waxman graph the longer its links; the larger beta the more; left out, four for each", () => {
  const links = (parameters: FamilyParameters): readonly number[] => {
    const { delays, spares } = drawWaxman(rng("w"), 200, { km: 1_000, ...parameters });
    return [...delays!.slice(1), ...spares!.map(({ delay }) => delay)];
  };
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(mean(links({ alpha: 0.9 }))).toBeGreaterThan(1.5 * mean(links({ alpha: 0.1 })));
  expect(links({ beta: 0.6 }).length).toBeGreaterThan(1.8 * links({ beta: 0.2 }).length);
  expect(links({}).length / 200).toBeGreaterThan(1.7);
  expect(links({}).length / 200).toBeLessThan(2.4);
  // So few that it would be in pieces: joined it is a tree.
  expect(links({ beta: 0.000_1 })).toHaveLength(199);
});

test("most nodes of a community network are houses behind others, and core nodes have many links and spare ones", () => {
  const { uppers, spares } = drawFamily(rng("village"), "community", 300) as Required<DrawnFamily>;
  const below = uppers.map((_, at) => uppers.filter((upper) => upper === at).length);
  expect(below.filter((count) => count === 0).length).toBeGreaterThan(200);
  expect(Math.max(...below)).toBeGreaterThan(12);
  expect(spares.length).toBeGreaterThan(20);
  let far = 0;
  const depths: number[] = [];
  for (const upper of uppers) {
    depths.push(upper < 0 ? 0 : depths[upper]! + 1);
    far = Math.max(far, depths.at(-1)!);
  }
  expect(far).toBeGreaterThan(5);
});
