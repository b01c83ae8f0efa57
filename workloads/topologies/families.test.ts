// That families keep their promises: trees of the asked size whose uppers come first, names that are names, delays that fit distances,
// shortcuts that skip a layer; and that each has what makes it that family.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, test } from "vitest";
import { flawOfName } from "../../model/topology/names.ts";
import { prop } from "../../properties/prop.ts";
import { RngRoot } from "../../sim/kernel/rng.ts";
import { cityTable, countries } from "./cities.ts";
import { distanceKm, fibreDelay } from "./distance.ts";
import { drawFamily, type FamilyName, familyNames, familyTable } from "./families.ts";
import type { DrawnFamily } from "./member.ts";

const members = fc.record({
  name: fc.constantFrom(...familyNames),
  seed: fc.string({ minLength: 1, maxLength: 12 }),
  cloudlets: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 41, max: 600 })),
});

function drawn(name: FamilyName, seed: string, cloudlets: number): DrawnFamily {
  return drawFamily(new RngRoot(seed).stream, name, cloudlets);
}

function depthsOf(uppers: readonly number[]): readonly number[] {
  const depths: number[] = [];
  for (const upper of uppers) depths.push(upper < 0 ? 0 : (depths[upper] as number) + 1);
  return depths;
}

function lowersOf(uppers: readonly number[]): readonly number[] {
  const counts = uppers.map(() => 0);
  for (const upper of uppers) if (upper >= 0) counts[upper] = (counts[upper] as number) + 1;
  return counts;
}

prop(
  "a member of a family is a tree of the asked size, the root first and every upper before its lowers",
  members,
  (of) => {
    // Of hundreds of satellites to count all passes takes half a second.
    const cloudlets = of.name === "satellites" ? Math.min(of.cloudlets, 60) : of.cloudlets;
    const { uppers, names, delays, shortcuts, spares = [], contacts = [] } = drawn(of.name, of.seed, cloudlets);
    expect(uppers).toHaveLength(cloudlets);
    expect(uppers[0]).toBe(-1);
    for (const [lower, upper] of uppers.entries()) {
      if (lower === 0) continue;
      expect(upper).toBeGreaterThanOrEqual(0);
      expect(upper).toBeLessThan(lower);
    }
    if (names !== null) {
      expect(new Set(names).size).toBe(cloudlets);
      expect(names.map(flawOfName).filter((flaw) => flaw !== null)).toEqual([]);
    }
    expect(delays !== null).toBe(familyTable.find(({ name }) => name === of.name)!.hasDelays);
    if (delays !== null) {
      expect(delays).toHaveLength(cloudlets);
      for (const [lower, delay] of delays.entries()) {
        if (lower > 0) expect(delay).toBeGreaterThan(0);
        expect(delay).toBeLessThan(of.name === "satellites" ? 160_000 : 60_000);
      }
    }
    const pair = (a: number, b: number): string => `${Math.min(a, b)} ${Math.max(a, b)}`;
    const ofTree = uppers.flatMap((upper, lower) => (upper < 0 ? [] : [pair(upper, lower)]));
    const linked = new Set([...ofTree, ...spares.map(({ a, b }) => pair(a, b))]);
    expect(linked.size).toBe(ofTree.length + spares.length);
    const wrong = contacts.filter(({ a, b, round, windows }) => {
      const areInOrder = windows.every(({ from, until }, at) => until > from && from > (windows[at - 1]?.until ?? -1));
      return !linked.has(pair(a, b)) || !areInOrder || (windows.at(-1)?.until ?? 0) > round;
    });
    expect(wrong).toEqual([]);
    const depths = depthsOf(uppers);
    expect(new Set(shortcuts.map(({ upper, lower }) => `${upper} ${lower}`)).size).toBe(shortcuts.length);
    for (const { upper, lower } of shortcuts) {
      let at = uppers[lower] as number;
      while (at !== upper && at >= 0) at = uppers[at] as number;
      expect(at).toBe(upper);
      expect(depths[lower]! - depths[upper]!).toBeGreaterThan(1);
    }
  },
);

prop("the same seed draws the same member", members, (of) => {
  const cloudlets = Math.min(of.cloudlets, 60);
  expect(drawn(of.name, of.seed, cloudlets)).toEqual(drawn(of.name, of.seed, cloudlets));
});

test("every family says what it imitates, and those that are no plain mathematics say after which source", () => {
  for (const { name, says, source } of familyTable) {
    expect(says.length).toBeGreaterThan(20);
    const isPlain = ["chain", "star", "balanced", "caterpillar", "random-recursive"].includes(name);
    if (!isPlain) expect(source).not.toBeNull();
  }
});

test("trees like Figure 1 have layers of unequal depth and shortcuts past them", () => {
  let unequal = 0;
  for (let seed = 0; seed < 100; seed += 1) {
    const { uppers, shortcuts } = drawn("figure-1", `figure ${seed}`, 16);
    const lowers = lowersOf(uppers);
    const leafDepths = depthsOf(uppers).filter((_, site) => lowers[site] === 0);
    if (new Set(leafDepths).size > 1) unequal += 1;
    expect(shortcuts.length).toBeGreaterThan(0);
  }
  expect(unequal).toBeGreaterThan(90);
});

test("a mobile network of 600 has hubs with tens of cell sites within 20 km, and central offices", () => {
  const { uppers, delays } = drawn("mobile-edge", "network", 600);
  const lowers = lowersOf(uppers);
  const depths = depthsOf(uppers);
  expect(Math.max(...depths)).toBe(3);
  expect(lowers.filter((count) => count >= 20).length).toBeGreaterThan(10);
  const sites = delays!.filter((_, site) => depths[site] === 3);
  expect(Math.max(...sites)).toBeLessThanOrEqual(fibreDelay(20));
  expect(sites.length).toBeGreaterThan(550);
});

test("a hub carries hundreds of cell sites where the network is that large", () => {
  const { uppers } = drawn("mobile-edge", "large", 5_000);
  expect(Math.max(...lowersOf(uppers))).toBeGreaterThan(300);
});

test("a country's cloudlets stand below the nearest of its centres", () => {
  for (let seed = 0; seed < 30; seed += 1) {
    const { uppers, names, delays } = drawn("geographic", `country ${seed}`, 30);
    const country = countries.find((known) => cityTable(known)[0]?.name === names![0])!;
    const cities = cityTable(country);
    const centres = [0, ...uppers.keys()].filter((site) => uppers.includes(site));
    for (const [site, upper] of uppers.entries()) {
      // Centres stand below the central site wherever they are.
      if (site === 0 || upper === 0) continue;
      const km = (centre: number): number => distanceKm(cities[site]!, cities[centre]!);
      expect(Math.min(...centres.map(km))).toBe(km(upper));
      expect(delays![site]).toBe(fibreDelay(Math.max(8, km(upper))));
    }
  }
});

test.each([
  ["GB", "london", "birmingham", 162],
  ["DE", "berlin", "munich", 504],
  ["US", "new-york-city", "los-angeles", 3_936],
  ["AU", "sydney", "perth", 3_290],
])("in %s it is from %s to %s about %i km as the crow flies", (country, from, to, km) => {
  const city = (name: string) => cityTable(country).find((known) => known.name === name)!;
  expect(Math.abs(distanceKm(city(from), city(to)) - km)).toBeLessThan(km * 0.02);
});

test("a thousand km of fibre take 7.5 ms, and next door takes what the equipment takes", () => {
  expect(fibreDelay(1_000)).toBe(7_500);
  expect(fibreDelay(0)).toBe(50);
});

test("the table of cities is what the script makes of the package", () => {
  const script = fileURLToPath(new URL("../../scripts/cities.mjs", import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" });
  expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
});
