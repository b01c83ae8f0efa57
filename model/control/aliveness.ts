// How alive a cloudlet looks to its adjacent upper: seven marks (A6b), as a pure function of what the upper has in its hands, and a small
// machine that brings time into it. Whatever is received from a cloudlet is a heartbeat.
//
//   connected      heard in time, and nothing has waited too long either way, for a while
//   synchronizing  heard in time, and something waits; or it is too soon to say that nothing does
//   autonomous     silent, and last known to have a healthy control plane (N8)
//   unknown        never heard, or silent without such a plane, or this upper has only just started and not heard yet
//   failed, disconnected, fenced   a record says so (N6), and nothing else can
//
// Marks must not swing with every message of a poor link. So silence counts only after `silentAfter`, and calm only after `calmFor`: from
// there follows how often a mark can change at most (`changesMax`).
//
// Leaves out which changes of marks there can be (transitions.ts), whose word it is that confirms (confirmations.ts), what was marked in
// the past (mark-history.ts), and how what waits is measured.

import { assert } from "../assert.ts";
import type { Duration } from "../units.ts";
import type { ConfirmationKind } from "./confirmations.ts";
import type { PlaneState } from "./planes.ts";

/** All marks. */
export const marks = [
  "unknown",
  "autonomous",
  "synchronizing",
  "connected",
  "failed",
  "disconnected",
  "fenced",
] as const;

/** One of them. */
export type Mark = (typeof marks)[number];

/** What the control plane of a cloudlet was, as far as anybody above has been told. */
export type KnownPlane = PlaneState | "unknown";

/** What an upper has in its hands at one moment. */
export interface Evidence {
  /** `never`: neither heard nor known to have been silent for long enough. */
  readonly heard: "never" | "recently" | "silent";
  /** Heard in time, and nothing has waited too long, for long enough. */
  readonly isCalm: boolean;
  readonly plane: KnownPlane;
  /** The gravest confirmation that stands. */
  readonly confirmed: ConfirmationKind | null;
}

/** The mark that the evidence leads to: the definition of the seven. */
export function markOf({ heard, isCalm, plane, confirmed }: Evidence): Mark {
  if (confirmed !== null) return confirmed;
  switch (heard) {
    case "never":
      return "unknown";
    case "recently":
      return isCalm ? "connected" : "synchronizing";
    case "silent":
      return plane === "healthy" ? "autonomous" : "unknown";
  }
}

/** How long an upper waits before it believes something. Both are above zero. */
export interface WatchSettings {
  /** Nothing heard for so long is silence. */
  readonly silentAfter: Duration;
  /** So long without anything that has waited is calm. */
  readonly calmFor: Duration;
}

/** What an upper remembers of one cloudlet below it. Moments are of the upper's monotonic clock, in microseconds. */
export interface Watch {
  readonly mark: Mark;
  /** When this watch began: with the process, or with the plan that put the cloudlet here. */
  readonly began: number;
  /** When it was last heard; null: not since the watch began. */
  readonly heardAt: number | null;
  /** Since when it is heard in time with nothing that has waited too long; null while something has, or it is silent. */
  readonly calmSince: number | null;
  /** Something has waited too long, one way or the other. */
  readonly isBehind: boolean;
  readonly plane: KnownPlane;
  readonly confirmed: ConfirmationKind | null;
}

/** What an upper learns. */
export type WatchEvent =
  /** Something was received from it. */
  | { readonly kind: "heard" }
  | { readonly kind: "backlog"; readonly isBehind: boolean }
  /** A report of its came, over whatever way. */
  | { readonly kind: "plane"; readonly plane: KnownPlane }
  /** The records that stand say this of it; null: none of them does. */
  | { readonly kind: "record"; readonly confirmed: ConfirmationKind | null }
  /** Nothing but time. */
  | { readonly kind: "passed" };

/** A change of a mark. */
export interface MarkChange {
  readonly from: Mark;
  readonly to: Mark;
  readonly by: WatchEvent["kind"];
}

/** A watch after something, and the changes of its mark in order: what time alone had changed comes first. */
export interface Watched {
  readonly watch: Watch;
  readonly changes: readonly MarkChange[];
}

/** Evidence to mark; a planted bug is another one. */
export type Judge = (evidence: Evidence) => Mark;

/** A watch that begins. `plane` and `confirmed`: what stands in the store of whoever watches. */
export function beginWatch(
  now: number,
  plane: KnownPlane,
  confirmed: ConfirmationKind | null,
  judge: Judge = markOf,
): Watch {
  const blank: Watch = {
    mark: "unknown",
    began: now,
    heardAt: null,
    calmSince: null,
    isBehind: false,
    plane,
    confirmed,
  };
  return { ...blank, mark: judge({ heard: "never", isCalm: false, plane, confirmed }) };
}

/** The evidence at a moment. */
export function evidenceAt(watch: Watch, now: number, { silentAfter, calmFor }: WatchSettings): Evidence {
  const { began, heardAt, calmSince, plane, confirmed } = watch;
  // Who was never heard in this life is silent once that has lasted, if anything at all is known of it.
  const isSilent = heardAt === null ? plane !== "unknown" && now - began >= silentAfter : now - heardAt >= silentAfter;
  const heard = isSilent ? "silent" : heardAt === null ? "never" : "recently";
  return { heard, isCalm: heard === "recently" && calmSince !== null && now - calmSince >= calmFor, plane, confirmed };
}

/** The watch after an event. Time never goes back. */
export function watched(
  watch: Watch,
  event: WatchEvent,
  now: number,
  settings: WatchSettings,
  judge: Judge = markOf,
): Watched {
  assert(settings.silentAfter > 0 && settings.calmFor > 0, "an upper waits before it believes");
  const changes: MarkChange[] = [];
  const passed = judged(lapsed(watch, now, settings), "passed", now, settings, judge, changes);
  if (event.kind === "passed") return { watch: passed, changes };
  return { watch: judged(learned(passed, event, now), event.kind, now, settings, judge, changes), changes };
}

/** When time alone may next change the mark; infinity: never. */
export function watchDue(watch: Watch, now: number, { silentAfter, calmFor }: WatchSettings): number {
  const { began, heardAt, calmSince, plane } = watch;
  const silence = heardAt !== null ? heardAt + silentAfter : plane === "unknown" ? Infinity : began + silentAfter;
  const calm = calmSince === null ? Infinity : calmSince + calmFor;
  return Math.min(silence > now ? silence : Infinity, calm > now ? calm : Infinity);
}

/**
 * How often a mark changes at most in so many microseconds, whatever the link and the traffic do, where time is looked at as soon as
 * `watchDue` says; changes by records apart, of which people decide, and reports of planes.
 *
 * 1. To become connected takes calm that has begun since it last was: these are `calmFor` apart at least, and between two of them it
 * leaves for synchronizing once at most. 2. To fall silent takes a message since the last silence: these are `silentAfter` apart, and
 * between two of them it comes back once at most. 3. Nothing else changes it.
 */
export function changesMax(duration: number, { silentAfter, calmFor }: WatchSettings): number {
  const calms = Math.floor(duration / calmFor) + 1;
  const silences = Math.floor(duration / silentAfter) + 1;
  return calms + (calms + 1) + silences + (silences + 1);
}

// Silence ends calm: whoever comes back begins anew.
function lapsed(watch: Watch, now: number, settings: WatchSettings): Watch {
  const isSilent = watch.heardAt !== null && now - watch.heardAt >= settings.silentAfter;
  return isSilent && watch.calmSince !== null ? { ...watch, calmSince: null } : watch;
}

function learned(watch: Watch, event: Exclude<WatchEvent, { readonly kind: "passed" }>, now: number): Watch {
  switch (event.kind) {
    case "heard":
      return { ...watch, heardAt: now, calmSince: watch.isBehind ? null : (watch.calmSince ?? now) };
    case "backlog": {
      if (event.isBehind) return { ...watch, isBehind: true, calmSince: null };
      // Where it is silent nothing is calm, whatever waits.
      const isBack = watch.isBehind && watch.heardAt !== null;
      return { ...watch, isBehind: false, calmSince: isBack ? now : watch.calmSince };
    }
    case "plane":
      return { ...watch, plane: event.plane };
    case "record":
      return { ...watch, confirmed: event.confirmed };
  }
}

function judged(
  watch: Watch,
  by: WatchEvent["kind"],
  now: number,
  settings: WatchSettings,
  judge: Judge,
  changes: MarkChange[],
): Watch {
  const mark = judge(evidenceAt(watch, now, settings));
  if (mark === watch.mark) return watch;
  changes.push({ from: watch.mark, to: mark, by });
  return { ...watch, mark };
}
