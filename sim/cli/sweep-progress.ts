/**
 * How a sweep goes on: how much is done, how fast, how long it will take, how many runs did not pass. One line that is written over on a
 * terminal, and a plain line every ten seconds in a log.
 *
 * Leaves out everything that is told when it is over.
 */
import type { Io } from "./io.ts";
import { renderNumber } from "./tables.ts";
import { wallclockMilliseconds } from "./wallclock.ts";

const TERMINAL_MILLISECONDS = 200;
const LOG_MILLISECONDS = 10_000;
const BAR_WIDTH = 24;

/** What is told after each run. */
export interface SweepProgress {
  readonly advance: (isPassed: boolean) => void;
  readonly stop: () => void;
}

/** @param total runs that are to be made now */
export function startSweepProgress(io: Io, total: number, clock = wallclockMilliseconds): SweepProgress {
  const began = clock();
  const every = io.isTerminal ? TERMINAL_MILLISECONDS : LOG_MILLISECONDS;
  let shownAt = began;
  let isShown = false;
  let done = 0;
  let failed = 0;
  return {
    advance(isPassed) {
      done += 1;
      if (!isPassed) failed += 1;
      const now = clock();
      if (now - shownAt < every) return;
      shownAt = now;
      isShown = true;
      const line = progressLine(done, total, failed, (now - began) / 1_000);
      const filled = Math.round((BAR_WIDTH * done) / total);
      const bar = `${"#".repeat(filled)}${"-".repeat(BAR_WIDTH - filled)}`;
      io.stderr(io.isTerminal ? `\r\u001b[K${bar} ${line}` : `${line}\n`);
    },
    stop() {
      if (isShown && io.isTerminal) io.stderr("\r\u001b[K");
    },
  };
}

function progressLine(done: number, total: number, failed: number, seconds: number): string {
  const rate = done / Math.max(seconds, 0.001);
  const left = durationText((total - done) / rate);
  const failures = failed === 0 ? "none failed" : `${renderNumber(failed)} not passed`;
  return `${renderNumber(done)} of ${renderNumber(total)} runs, ${rate.toFixed(1)}/s, ${left} left, ${failures}`;
}

function durationText(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3_600)} h ${Math.floor((whole % 3_600) / 60)} min`;
}
