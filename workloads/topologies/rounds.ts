// Rounds of whoever moves: times of meetings in one's own time, as windows of a round that takes as long as is wanted. A window that goes
// beyond the end of its round goes on at the beginning of the next one.

import { type Duration, micros } from "../../model/units.ts";
import type { ContactWindow } from "./member.ts";

/** A meeting in one's own time, in seconds from the beginning of a round; it may end in the next round. */
export interface Meeting {
  readonly from: number;
  readonly until: number;
}

const MILLION = 1_000_000;

/** How long a round takes that takes so many seconds by itself. */
export function roundOf(seconds: number, wanted: Duration | undefined): Duration {
  return wanted ?? micros(Math.max(1, Math.round(seconds * MILLION)));
}

/**
 * The windows of a round.
 *
 * @param seconds how long a round takes by itself
 * @param round how long it is to take; meetings are as much longer or shorter
 */
export function windowsOf(meetings: readonly Meeting[], seconds: number, round: Duration): readonly ContactWindow[] {
  const scaled = (time: number): number => Math.round((time / seconds) * round);
  const pieces = meetings.flatMap(({ from, until }): ContactWindow[] => {
    const rounds = Math.floor(from / seconds) * seconds;
    const [begin, end] = [scaled(from - rounds), scaled(until - rounds)];
    if (end <= round) return [{ from: begin, until: end }];
    return [
      { from: begin, until: round },
      { from: 0, until: Math.min(round, end - round) },
    ];
  });
  const windows: ContactWindow[] = [];
  for (const piece of pieces.sort((one, other) => one.from - other.from || one.until - other.until)) {
    const last = windows.at(-1);
    if (piece.until <= piece.from) continue;
    if (last === undefined || piece.from > last.until) windows.push(piece);
    else windows[windows.length - 1] = { from: last.from, until: Math.max(last.until, piece.until) };
  }
  return windows;
}
