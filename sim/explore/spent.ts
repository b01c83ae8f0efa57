// Messages that are spent: whoever gets one learns nothing from it, now and for ever, so that it makes no difference whether and
// when it arrives. A search that takes them from their way at once visits the same cores in the same states; the proof is in
// docs/exploration.md, step by step as it is asked here. Whether a message tells anything now is not assumed: the core is asked.

import type { ExploreSetting } from "../scenario/scenario.ts";
import type { Flight } from "./flight.ts";
import { inputKinds, inputOf } from "./site.ts";
import type { Sites } from "./sites.ts";
import type { VectorLayout } from "./vector.ts";

/** What of a world decides about messages, in the state that is in the making. */
export interface Mailroom {
  readonly state: Int32Array;
  readonly layout: VectorLayout;
  readonly sites: Sites;
  readonly flight: Flight;
  readonly bounds: ExploreSetting;
}

/** Is this message spent, which lies at this place among equal ones? */
export type SpentRule = (room: Mailroom, message: number, isAnother: boolean) => boolean;

/** The rule that is proved. It holds where no process may die any more, under one plan. */
export const provedRule: SpentRule = (room, message, isAnother) =>
  isSpent(room, message) || (isAnother && repeatsNothing(room, message));

/** Whoever is in this state learns nothing from the message: at most it acknowledges again. */
export function isIdle(sites: Sites, site: number, message: number): boolean {
  const { next, sends, events } = sites.outcome(site, inputOf(inputKinds.receive, message));
  if (next !== site || events.length > 0) return false;
  for (let at = 0; at < sends.length; at += 1) {
    if (!sites.messages.at(sends[at] as number).isAcknowledgement) return false;
  }
  return true;
}

function isSpent(room: Mailroom, message: number): boolean {
  const { sites, state, flight } = room;
  const { from, to, isAcknowledgement, recordsOf } = sites.messages.at(message);
  const site = state[to] as number;
  if (isAcknowledgement) return isIdle(sites, site, message);
  if (recordsOf === 0 || !isOfThisLife(room, message) || !isIdle(sites, site, message)) return false;
  // What it would be acknowledged with is on its way already, or tells nothing either.
  const { sends } = sites.outcome(site, inputOf(inputKinds.receive, message));
  for (let at = 0; at < sends.length; at += 1) {
    const sent = sends[at] as number;
    if (flight.has(sent)) continue;
    if (flight.riding(to, from) >= 0 || !isIdle(sites, state[from] as number, sent)) return false;
  }
  return true;
}

// Of two equal messages the second tells nothing once the first has arrived.
function repeatsNothing(room: Mailroom, message: number): boolean {
  const { sites, state, bounds } = room;
  const { to, recordsOf } = sites.messages.at(message);
  if (recordsOf === 0 || bounds.disks !== "prompt" || !isOfThisLife(room, message)) return false;
  const { next } = sites.outcome(state[to] as number, inputOf(inputKinds.receive, message));
  return isIdle(sites, next, message);
}

// It was sent by the process that speaks there now, and nothing else on this way by one before it: a receiver that hears a former
// life forgets what it has stored of the present one.
function isOfThisLife({ sites, state, layout, flight }: Mailroom, message: number): boolean {
  const { from, to, recordsOf } = sites.messages.at(message);
  const { incarnation } = sites.at(state[from] as number);
  if (recordsOf !== incarnation) return false;
  for (let at = layout.messages; at < flight.length; at += 1) {
    const other = sites.messages.at(state[at] as number);
    if (other.from !== from || other.to !== to || other.recordsOf === 0) continue;
    if (other.recordsOf !== incarnation) return false;
  }
  return true;
}
