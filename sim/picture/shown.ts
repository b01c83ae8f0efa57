/** Which events of a run a picture shows, and which of them where the whole run is too much to be read. */
import { TRACE } from "../trace/kinds.ts";

/** Those that are drawn. */
export const shown: ReadonlySet<number> = new Set([
  TRACE.requested,
  TRACE.replied,
  TRACE.applied,
  TRACE.unasked,
  TRACE.sent,
  TRACE.received,
  TRACE.crashed,
  TRACE.started,
  TRACE.installed,
  TRACE.clockStepped,
  TRACE.diskFailed,
  TRACE.noted,
  TRACE.marked,
  TRACE.confirmed,
]);

/** Those that tell what becomes of machines and of the ways between them, and what marks come of that. */
export const shownCoarsely: ReadonlySet<number> = new Set([
  TRACE.crashed,
  TRACE.started,
  TRACE.clockStepped,
  TRACE.diskFailed,
  TRACE.wayChanged,
  TRACE.marked,
  TRACE.confirmed,
]);
