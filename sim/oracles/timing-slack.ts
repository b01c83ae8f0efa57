// How much later than planned, or older than shown, things may be in a run, since its machines may do so: what is judged by the moment
// allows so much. Without quirks it is next to nothing.
//
// Leaves out what a process is behind with (behindhand.ts).

import { LATE_TIMER_MAX, STANDING_MAX } from "../quirks/table.ts";
import type { QuirkSetting } from "../scenario/scenario.ts";

/** Timers are rounded to their clock's microseconds. */
const ROUNDED = 1_000;

/** What to allow, in microseconds. */
export interface TimingSlack {
  /** Of what two timers lead to, one of each side. */
  readonly timers: number;
  /** Of ages that clocks have counted, here and there. */
  readonly clocks: number;
  /** Of what one clock has counted by itself. */
  readonly standing: number;
}

/** Of a run without quirks. */
export const noSlack: TimingSlack = { timers: ROUNDED, clocks: ROUNDED, standing: 0 };

/** Of a run with these. */
export function slackUnder(quirks: readonly QuirkSetting[] = []): TimingSlack {
  const isOn = (name: QuirkSetting["quirk"]): boolean => quirks.some(({ quirk }) => quirk === name);
  const standing = isOn("standing-clock") ? 2 * STANDING_MAX : 0;
  // What is observed, told, heard and shown is at four moments of two clocks.
  const clocks = ROUNDED + 2 * standing;
  return { standing, clocks, timers: clocks + (isOn("late-timer") ? 2 * LATE_TIMER_MAX : 0) };
}
