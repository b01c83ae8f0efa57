// Clocks of a cloudlet: exact under offset, drift and steps, and deadlines that are never early or in the past.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { instant } from "../../model/units.ts";
import { prop } from "../../properties/prop.ts";
import { Clock, DRIFT_PPM_MAX } from "./clock.ts";

const HOUR = 3_600_000_000;
const drift = fc.integer({ min: -DRIFT_PPM_MAX, max: DRIFT_PPM_MAX });

describe("clock", () => {
  test("without offset and drift both clocks are true time", () => {
    const clock = new Clock({ offset: 0, driftPpm: 0 });
    expect(clock.read(instant(123_456))).toEqual({ monotonic: 123_456, wall: 123_456 });
  });

  test.each([
    [100, HOUR + 360_000],
    [-100, HOUR - 360_000],
    [1, HOUR + 3_600],
  ])("a drift of %i ppm shows %i us after an hour", (driftPpm, shown) => {
    expect(new Clock({ offset: 0, driftPpm }).monotonic(instant(HOUR))).toBe(shown);
  });

  test("offset and steps move the wall clock, back too, and never the monotonic one", () => {
    const clock = new Clock({ offset: -5_000, driftPpm: 0 });
    expect(clock.read(instant(1_000))).toEqual({ monotonic: 1_000, wall: -4_000 });
    clock.step(10_000);
    expect(clock.read(instant(1_000))).toEqual({ monotonic: 1_000, wall: 6_000 });
    clock.step(-20_000);
    expect(clock.read(instant(2_000))).toEqual({ monotonic: 2_000, wall: -13_000 });
  });

  prop(
    "a timer fires at the first instant at which the deadline is reached: never early, never in the past",
    fc.tuple(drift, drift, fc.nat(HOUR), fc.nat(HOUR), fc.nat(72 * HOUR)),
    ([before, after, changed, armed, duration]) => {
      const clock = new Clock({ offset: 0, driftPpm: before });
      clock.setDrift(instant(changed), after);
      const now = instant(changed + armed);
      const deadline = clock.monotonic(now) + duration;
      const at = clock.instantOf(now, deadline);
      expect(at).toBeGreaterThanOrEqual(now);
      expect(clock.monotonic(at)).toBeGreaterThanOrEqual(deadline);
      if (at > now) expect(clock.monotonic(instant(at - 1))).toBeLessThan(deadline);
    },
  );

  test("a fraction left over from a faster time can make a timer due one microsecond sooner", () => {
    // 10 us at +9.5 % leave 0.95 us over. At -10 % a local 9 us take 10 us, but with that fraction only 9.
    const clock = new Clock({ offset: 0, driftPpm: 95_000 });
    clock.setDrift(instant(10), -100_000);
    expect(clock.instantOf(instant(10), clock.monotonic(instant(10)) + 9)).toBe(19);
  });

  test("a deadline in the past is reached at once", () => {
    const clock = new Clock({ offset: 0, driftPpm: -50 });
    expect(clock.instantOf(instant(1_000_000), 5)).toBe(1_000_000);
  });

  prop(
    "the monotonic clock never goes back, whatever drifts and steps follow each other, and loses no fraction",
    fc.array(fc.record({ wait: fc.nat(5_000_000), driftPpm: drift, step: fc.integer() }), { maxLength: 60 }),
    (changes) => {
      const clock = new Clock({ offset: 0, driftPpm: 0 });
      let now = 0;
      let driftPpm = 0;
      let exact = 0n;
      let before = 0;
      for (const change of changes) {
        now += change.wait;
        exact += BigInt(change.wait) * BigInt(1_000_000 + driftPpm);
        expect(clock.monotonic(instant(now))).toBeGreaterThanOrEqual(before);
        before = clock.monotonic(instant(now));
        expect(BigInt(before)).toBe(exact / 1_000_000n);
        clock.setDrift(instant(now), change.driftPpm);
        clock.step(change.step);
        driftPpm = change.driftPpm;
        expect(clock.monotonic(instant(now))).toBe(before);
      }
    },
  );

  test("a clock that stands still shows one time, and goes on from there, whatever its drift becomes meanwhile", () => {
    const clock = new Clock({ offset: 7, driftPpm: 3 });
    expect(clock.monotonic(instant(1_000_001))).toBe(1_000_004);
    clock.setFrozen(instant(1_000_001), true);
    clock.setFrozen(instant(1_500_000), true);
    expect([clock.monotonic(instant(2_000_000)), clock.wall(instant(9_000_000))]).toEqual([1_000_004, 1_000_011]);
    expect(() => clock.instantOf(instant(2_000_000), 2_000_000)).toThrow("stands still");
    clock.setDrift(instant(3_000_000), -1_000);
    clock.setFrozen(instant(4_000_000), false);
    // Of the fraction that it had, nothing is lost: 1 000 001 us at 3 ppm are 1 000 004.000003 us.
    expect(clock.monotonic(instant(5_000_000))).toBe(1_000_004 + 999_000);
    expect(clock.instantOf(instant(4_000_000), 1_000_005)).toBe(4_000_002);
  });

  test("drifts out of range and fractions throw", () => {
    expect(() => new Clock({ offset: 0, driftPpm: DRIFT_PPM_MAX + 1 })).toThrow("drift out of range");
    expect(() => new Clock({ offset: 0.5, driftPpm: 0 })).toThrow("no whole number");
    expect(() => new Clock({ offset: 0, driftPpm: 0 }).step(0.5)).toThrow("no whole number");
    expect(() => new Clock({ offset: 0, driftPpm: 0 }).setDrift(instant(0), 0.5)).toThrow("drift out of range");
  });
});
