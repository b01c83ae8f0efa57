// A cloudlet's own clocks, as functions of true time: a monotonic one that may run fast or slow, and a wall clock that
// in addition is off and may be stepped. Turns local deadlines into true instants, for the event queue.
//
// Everything is exact in whole microseconds; a change of drift loses no fraction, so a clock whose drift wanders every
// second does not gain or lose by it. Leaves out on purpose: who corrects clocks, and stamps made of them (the core's).

import { assert } from "../../model/assert.ts";
import type { LocalTime } from "../../model/replication/io.ts";
import type { Instant } from "../../model/units.ts";

/** How a clock starts. */
export interface ClockOptions {
  /** Microseconds by which the wall clock is ahead of true time at the start; may be negative. */
  readonly offset: number;
  /** Parts per million by which both clocks run fast; negative: slow. Whole, |drift| <= `DRIFT_PPM_MAX`. */
  readonly driftPpm: number;
}

/** A tenth fast or slow: far beyond any oscillator, and enough to make every bound break. */
export const DRIFT_PPM_MAX = 100_000;

const MILLION = 1_000_000;

/**
 * The clocks of one cloudlet.
 *
 * 1. `monotonic` never goes back and is 0 at true time 0. It survives crashes of the process: it is the machine's.
 * 2. `wall` = `monotonic` + an offset that only `step` changes.
 * 3. `instantOf(now, deadline)` is the first instant, not before `now`, at which `monotonic` has reached the deadline,
 *    provided the drift stays. After `setDrift` a timer may come early or late: whoever handles it compares `monotonic`
 *    with the deadline, and asks again when it is early.
 * 4. All calls come in the order of true time.
 */
export class Clock {
  // At #changedAt the monotonic clock showed #monotonic whole microseconds and #fraction millionths of one.
  #changedAt = 0;
  #monotonic = 0;
  #fraction = 0;
  #driftPpm: number;
  #offset: number;
  #isFrozen = false;

  constructor(options: ClockOptions) {
    checkDrift(options.driftPpm);
    assert(Number.isSafeInteger(options.offset), "a clock offset that is no whole number");
    this.#driftPpm = options.driftPpm;
    this.#offset = options.offset;
  }

  /** Parts per million by which the clock runs fast now. */
  get driftPpm(): number {
    return this.#driftPpm;
  }

  /** Microseconds by which the wall clock shows more than the monotonic one. */
  get offset(): number {
    return this.#offset;
  }

  /** Local microseconds since true time 0. */
  monotonic(now: Instant): number {
    if (this.#isFrozen) return this.#monotonic;
    const elapsed = now - this.#changedAt;
    // Most clocks run right. The fraction is less than a microsecond.
    if (this.#driftPpm === 0) return this.#monotonic + elapsed;
    const seconds = Math.floor(elapsed / MILLION);
    const millionths = (elapsed - seconds * MILLION) * this.#driftPpm + this.#fraction;
    return this.#monotonic + elapsed + seconds * this.#driftPpm + Math.floor(millionths / MILLION);
  }

  /** Local idea of true time, in microseconds; may be negative, and may jump. */
  wall(now: Instant): number {
    return this.monotonic(now) + this.#offset;
  }

  /** Both, as the core is told them. */
  read(now: Instant): LocalTime {
    const monotonic = this.monotonic(now);
    return { monotonic, wall: monotonic + this.#offset };
  }

  /** Makes the wall clock jump by whole microseconds, forward or back. Timers, which are monotonic, do not notice. */
  step(by: number): void {
    assert(Number.isSafeInteger(by), "a clock step that is no whole number");
    this.#offset += by;
  }

  /** Makes both clocks run at another speed from now on. */
  setDrift(now: Instant, driftPpm: number): void {
    checkDrift(driftPpm);
    if (this.#isFrozen) {
      this.#driftPpm = driftPpm;
      return;
    }
    const monotonic = this.monotonic(now);
    const millionths = ((now - this.#changedAt) % MILLION) * this.#driftPpm + this.#fraction;
    this.#fraction = millionths - Math.floor(millionths / MILLION) * MILLION;
    this.#monotonic = monotonic;
    this.#changedAt = now;
    this.#driftPpm = driftPpm;
  }

  /** Both clocks stand still from now on, or go on from where they stand, as those of a machine that is stopped and continued. */
  setFrozen(now: Instant, isFrozen: boolean): void {
    if (isFrozen === this.#isFrozen) return;
    if (isFrozen) this.setDrift(now, this.#driftPpm);
    else this.#changedAt = now;
    this.#isFrozen = isFrozen;
  }

  /**
   * When a local deadline is reached in true time.
   *
   * @param deadline a value of `monotonic`; one in the past is reached at once
   */
  instantOf(now: Instant, deadline: number): Instant {
    const shown = this.monotonic(now);
    if (shown >= deadline) return now;
    assert(!this.#isFrozen, "a deadline that a clock which stands still never reaches");
    if (this.#driftPpm === 0) return (now + Math.ceil(deadline - shown)) as Instant;
    // The estimate is off by the rounding of one division, far less than a microsecond in a year; the loops make it exact.
    let at = now + Math.floor((deadline - shown) / (1 + this.#driftPpm / MILLION));
    while (this.monotonic(at as Instant) < deadline) at += 1;
    while (at > now && this.monotonic((at - 1) as Instant) >= deadline) at -= 1;
    return at as Instant;
  }
}

function checkDrift(driftPpm: number): void {
  assert(Number.isInteger(driftPpm) && Math.abs(driftPpm) <= DRIFT_PPM_MAX, "a drift out of range");
}
