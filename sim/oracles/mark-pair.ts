// One cloudlet as another one above it sees it, in the present life of that one, and what is wrong with a mark by what really came from
// there.
//
// Leaves out following what comes (mark-rules.ts).

import { changesMax, type Mark, type WatchSettings } from "../../model/control/aliveness.ts";
import { confirmationKinds } from "../../model/control/confirmations.ts";
import type { PlaneState } from "../../model/control/planes.ts";
import { transitions } from "../../model/control/transitions.ts";
import type { CloudletId } from "../../model/ids.ts";
import type { Instant } from "../../model/units.ts";

const declared = new Set(transitions.map(({ from, to }) => `${from}>${to}`));
/** Changes that are remembered, to look at all times between two of them. */
const CHANGES_MAX = 24;

/** Both of them, and what the one knows of the other. Plain data that changes as the run goes on. */
export interface Pair {
  readonly watcher: CloudletId;
  readonly about: CloudletId;
  readonly isAdjacent: boolean;
  mark: Mark;
  // By the watcher's monotonic clock.
  beganAt: number;
  heardAt: number | null;
  /** The same before the last message, in case that is not let in. */
  heardBefore: number | null;
  /** The first message after the last silence. */
  backAt: number;
  /** When marks changed by sight, the latest last. */
  changes: number[];
  /** True time since which nothing has got in the way. */
  calmSince: Instant;
  /** Something was long on its way between the two: who has seen that waits long before it sends anything again that is lost. */
  wasSlow: boolean;
}

/** Nothing has come from there yet. */
export function newPair(watcher: CloudletId, about: CloudletId, isAdjacent: boolean): Pair {
  return {
    watcher,
    about,
    isAdjacent,
    mark: "unknown",
    beganAt: 0,
    heardAt: null,
    heardBefore: null,
    backAt: 0,
    changes: [],
    calmSince: 0 as Instant,
    wasSlow: false,
  };
}

/** Is there such a change? */
export function isDeclared(from: Mark, to: Mark): boolean {
  return declared.has(`${from}>${to}`);
}

/**
 * What is wrong with a mark that is given now, in words; null: nothing.
 *
 * @param shown the watcher's monotonic clock
 * @param slack how much less or more than that its own clock may have counted
 * @param plane what the control plane was when the latest report was written that has come; null: none has
 */
export function flawOf(
  { heardAt, beganAt, backAt }: Pair,
  to: Mark,
  shown: number,
  { silentAfter, calmFor }: WatchSettings,
  slack: number,
  plane: PlaneState | null,
): string | null {
  const quiet = shown - (heardAt ?? beganAt);
  const isSilent = quiet >= silentAfter + slack;
  const mayBeSilent = quiet >= silentAfter - slack;
  const since = `something came from there ${quiet / 1_000_000} s before`;
  const long = `nothing had come from there for ${quiet / 1_000_000} s`;
  switch (to) {
    case "synchronizing":
      return heardAt === null || isSilent ? long : null;
    case "connected":
      if (heardAt === null || isSilent) return long;
      return shown - backAt < calmFor - slack ? `it was back for ${(shown - backAt) / 1_000_000} s only` : null;
    case "autonomous":
      if (!mayBeSilent) return since;
      return plane === "healthy" ? null : "what had come told of no healthy plane";
    case "unknown":
      if (!mayBeSilent) return heardAt === null ? null : since;
      return plane === "healthy" ? "what had come told of a healthy plane" : null;
    default:
      return null;
  }
}

/** Notes a change by sight, and says what is wrong with how often there are any; null: nothing. */
export function tooMany(pair: Pair, shown: number, watch: WatchSettings, slack: number): string | null {
  pair.changes = [...pair.changes, shown].slice(-CHANGES_MAX);
  for (const [index, begin] of pair.changes.entries()) {
    const count = pair.changes.length - index;
    if (count <= changesMax(shown - begin + slack, watch)) continue;
    return `the ${count}th change within ${(shown - begin) / 1_000_000} s`;
  }
  return null;
}

/** Is this what somebody has confirmed? */
export function isConfirmed(mark: Mark): boolean {
  return confirmationKinds.some((kind) => kind === mark);
}

/** Reports of planes, and what people say, are apart from what the bound counts. */
export function isBySight(from: Mark, to: Mark): boolean {
  const isPlane = (mark: Mark): boolean => mark === "autonomous" || mark === "unknown";
  return !isConfirmed(from) && !isConfirmed(to) && !(isPlane(from) && isPlane(to));
}
