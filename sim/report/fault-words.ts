/**
 * What a run tells of its faults, in words: for the terminal, for pages and for pictures alike.
 *
 * Leaves out when they were and where, for which each of these has its own place.
 */
import { renderNumber } from "../cli/tables.ts";
import type { FaultEvent, FaultHit } from "../run/report.ts";

/** What it hit, and how often; empty where it hit nothing. */
export function hitsText(hits: FaultEvent["hits"]): string {
  return hits.map(({ what, count }) => `${renderNumber(count)} ${count === 1 ? ofOne[what] : what}`).join(", ");
}

/** So many faults never set in; empty for none. */
export function missedText(count: number): string {
  return count === 0 ? "" : `${renderNumber(count)} did not set in: ${missedWhy}`;
}

const missedWhy = "there was no process to crash or to pause, or no write pending";

const ofOne: Readonly<Record<FaultHit, string>> = {
  "ways closed": "way closed",
  "messages lost": "message lost",
  "messages held": "message held",
  "messages changed": "message changed",
  "entries not synced": "entry not synced",
  "entries torn": "entry torn",
  "entries that survived": "entry that survived",
  "entries lost": "entry lost",
  "syncs slowed": "sync slowed",
  "writes refused": "write refused",
  "starts refused": "start refused",
  "inputs that waited": "input that waited",
};
