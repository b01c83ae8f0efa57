// That those who move meet when they should: windows of a round against every moment of it, drones at each of their sites once a round, buses
// at each unit of their line, and satellites over a station for no longer than plain trigonometry says.

import fc from "fast-check";
import { expect, test } from "vitest";
import { micros } from "../../model/units.ts";
import { prop } from "../../properties/prop.ts";
import { RngRoot } from "../../sim/kernel/rng.ts";
import { drawDrones } from "./drones.ts";
import type { ContactPlan, ContactWindow, DrawnFamily } from "./member.ts";
import { type Meeting, windowsOf } from "./rounds.ts";
import { drawSatellites } from "./satellites.ts";
import { drawVehicles } from "./vehicles.ts";

const rng = (seed: string) => new RngRoot(seed).stream;

/** In a round of 20 s, with the clock of whoever moves in half seconds. */
const meetings = fc.array(
  fc.tuple(fc.nat(50), fc.integer({ min: 1, max: 19 })).map(([from, long]): Meeting => ({ from, until: from + long })),
  { maxLength: 4 },
);

function isUp(windows: readonly ContactWindow[], moment: number): boolean {
  return windows.some(({ from, until }) => from <= moment && moment < until);
}

/** Moment by moment: whether any meeting of this round, or of one before it, holds. */
function isMeeting(all: readonly Meeting[], moment: number, seconds: number): boolean {
  return all.some(({ from, until }) => {
    return [0, 1, 2, 3, 4].some((rounds) => from <= moment + rounds * seconds && moment + rounds * seconds < until);
  });
}

/** A mistake: what goes on in the next round is forgotten. */
function withoutTails(all: readonly Meeting[], seconds: number, round: number): readonly ContactWindow[] {
  const windows = windowsOf(all, seconds, micros(round));
  return windows.filter(({ from }) => from > 0);
}

function isRight(windows: readonly ContactWindow[], all: readonly Meeting[]): boolean {
  return Array.from({ length: 20 }, (_, at) => at).every((at) => isUp(windows, at * 3 + 1) === isMeeting(all, at, 20));
}

prop(
  "a round has the windows of its meetings, at its own pace, also of those that go on in the next one",
  meetings,
  (all) => {
    expect(isRight(windowsOf(all, 20, micros(60)), all)).toBe(true);
  },
);

test("a meeting that goes on in the next round is not forgotten there", () => {
  const late: readonly Meeting[] = [{ from: 15, until: 25 }];
  expect(windowsOf(late, 20, micros(60))).toEqual([
    { from: 0, until: 15 },
    { from: 45, until: 60 },
  ]);
  expect(isRight(withoutTails(late, 20, 60), late)).toBe(false);
});

const upOf = ({ windows }: ContactPlan): number => windows.reduce((sum, { from, until }) => sum + until - from, 0);
const contactsOf = (drawn: DrawnFamily, at: number): readonly ContactPlan[] =>
  drawn.contacts!.filter(({ a, b }) => a === at || b === at);

test("a drone is at its base for the longest part, at each of its sites for 100 s, and at one of them at a time unless they are near", () => {
  const drawn = drawDrones(rng("flight"), 31, { km: 20 });
  expect(drawn.uppers.filter((upper) => upper === 0)).toHaveLength(6);
  for (let drone = 1; drone <= 6; drone += 1) {
    const [base, ...sites] = contactsOf(drawn, drone);
    expect(base!.a).toBe(0);
    expect(upOf(base!)).toBe(340_000_000);
    expect(sites).toHaveLength(4);
    expect(sites.map(upOf)).toEqual([100_000_000, 100_000_000, 100_000_000, 100_000_000]);
    // From the base to any site and back it flies, and is in reach of nobody at times.
    const round = base!.round;
    expect([base!, ...sites].reduce((sum, plan) => sum + upOf(plan), 0)).toBeLessThan(round);
  }
  // Not all leave at once.
  expect(
    new Set(drawn.contacts!.filter(({ a }) => a === 0).map(({ windows }) => windows[0]!.from)).size,
  ).toBeGreaterThan(4);
});

test("a round that is wanted is the round of all, and meetings are as much shorter", () => {
  const drawn = drawDrones(rng("flight"), 31, { km: 20, round: micros(10_000_000) });
  for (const { round, windows } of drawn.contacts!) {
    expect(round).toBe(10_000_000);
    expect(windows.every(({ until }) => until <= 10_000_000)).toBe(true);
  }
});

test("a bus meets each unit of its line for 48 s in 16 min, one after another", () => {
  const drawn = drawVehicles(rng("line"), 40);
  const buses = [...drawn.uppers.keys()].filter((at) => at > 8);
  expect(buses).toHaveLength(31);
  for (const bus of buses) {
    const plans = contactsOf(drawn, bus);
    expect(plans).toHaveLength(4);
    expect(plans.map(({ a }) => a)).toContain(drawn.uppers[bus]);
    for (const plan of plans) {
      expect(plan.round).toBe(960_000_000);
      expect(Math.abs(upOf(plan) - 48_000_000)).toBeLessThan(5);
    }
    for (let at = 0; at < 960; at += 7) {
      expect(plans.filter(({ windows }) => isUp(windows, at * 1_000_000)).length).toBeLessThanOrEqual(1);
    }
  }
});

test("a satellite goes round in the time of Kepler's third law", () => {
  const [orbit, turn] = [6_371 + 561, 86_164 / 15];
  const cube = (398_600.4 * turn * turn) / (4 * Math.PI * Math.PI);
  expect(Math.abs(orbit * orbit * orbit - cube) / cube).toBeLessThan(0.001);
});

test("satellites pass over their station several times a day for some minutes; neighbours hear each other if they are not too few", () => {
  const drawn = drawSatellites(rng("sky"), 20);
  const stations = drawn.uppers.filter((upper) => upper === 0).length;
  expect(stations).toBe(5);
  // Right overhead: twice the angle at the middle of the earth between here and there, as much more as the earth turns along.
  const low = (10 * Math.PI) / 180;
  const angle = Math.acos((6_371 * Math.cos(low)) / (6_371 + 561)) - low;
  const overhead = ((2 * angle) / (2 * Math.PI)) * (86_164 / 15) * 1_000_000;
  for (let satellite = 6; satellite < 20; satellite += 1) {
    const [own, other] = contactsOf(drawn, satellite) as [ContactPlan, ContactPlan];
    expect(own.a).toBe(drawn.uppers[satellite]);
    expect(own.windows.length).toBeGreaterThan(2);
    expect(own.windows.length).toBeLessThan(12);
    expect(upOf(own)).toBeGreaterThanOrEqual(upOf(other));
    const lengths = own.windows.map(({ from, until }) => until - from);
    expect(Math.max(...lengths)).toBeLessThan(overhead * 1.12);
    expect(Math.max(...lengths)).toBeGreaterThan(overhead * 0.6);
    expect(drawn.spares!.filter(({ a, b }) => [a, b].includes(satellite) && Math.min(a, b) >= 6)).toHaveLength(2);
  }
  expect(drawSatellites(rng("few"), 7).spares!.every(({ a }) => a <= 2)).toBe(true);
});
