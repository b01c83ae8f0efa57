/**
 * What a picture shows, as plain data: cloudlets as lanes, what happened on each, messages between them, faults above, how cloudlets were
 * marked, and what a violation follows.
 *
 * Leaves out what it is made from (make-scene.ts), where things stand (layout.ts), and ink (draw.ts).
 */
import type { Episode } from "../report/episodes.ts";
import type { Watched } from "../report/mark-stretches.ts";
import type { TRACE_MESSAGES } from "../trace/kinds.ts";

/** How much something has to do with the violation: it is about it, it is in its past, or neither. */
export type Weight = "breach" | "past" | "other";

/** What a mark on a lane is. */
export type MarkKind =
  | "asked"
  | "answered"
  | "applied"
  | "installed"
  | "sent"
  | "received"
  | "crashed"
  | "started"
  | "clock"
  | "disk"
  | "way-up"
  | "way-down"
  | "noted"
  | "marked"
  | "confirmed";

/** Something that happened at one cloudlet at one moment. Marks of one lane are in the order in which they happened. */
export interface Mark {
  readonly kind: MarkKind;
  /** Microseconds of true time. */
  readonly at: number;
  /** Index into `Scene.lanes`. */
  readonly lane: number;
  /** A word or two beside it; empty for none. */
  readonly label: string;
  readonly title: string;
  readonly weight: Weight;
}

/** A message. Ends are indices into `Scene.marks`, null where an end is outside the window. */
export interface Arrow {
  readonly message: (typeof TRACE_MESSAGES)[number];
  readonly from: number | null;
  readonly to: number | null;
  readonly fromLane: number;
  readonly toLane: number;
  readonly isDropped: boolean;
  readonly title: string;
  readonly weight: Weight;
}

/** A request from asking to its answer, or a process that is down. Ends are marks, null where they are outside. */
export interface Span {
  readonly kind: "request" | "down";
  readonly lane: number;
  readonly from: number | null;
  readonly until: number | null;
  readonly weight: Weight;
}

/** How a cloudlet was marked, at its lane. */
export interface WatchedLane {
  readonly lane: number;
  readonly watched: Watched;
  /** What people said of it. */
  readonly confirmations: readonly { readonly at: number; readonly says: string; readonly title: string }[];
}

/** A picture's content. */
export interface Scene {
  readonly title: string;
  readonly lanes: readonly string[];
  readonly from: number;
  readonly until: number;
  readonly marks: readonly Mark[];
  readonly arrows: readonly Arrow[];
  readonly spans: readonly Span[];
  /** Of those that have a lane; nobody where nobody is watched. */
  readonly watched: readonly WatchedLane[];
  /** As they went. */
  readonly faults: readonly Episode[];
  /** Faults of the scenario that never set in, as far as that is known. */
  readonly faultsMissed: number;
  readonly breach: {
    readonly property: string;
    readonly evidence: string;
    readonly at: number;
    readonly lane: number | null;
  } | null;
  /** Cloudlets of the run that have no lane. */
  readonly lanesLeftOut: number;
  /** Requests, records and messages are left out. */
  readonly isCoarse: boolean;
}
