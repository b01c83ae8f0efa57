// What was broken in a run, as episodes on a timeline: when each fault set in and was over as it happened, in a few words, and what it hit.
// A fault that never set in is none. A member that was detached is away from then on until it has returned.
//
// Leaves out how it is known what a fault did (sim/run/fault-timeline.ts).

import type { AbsenceEvent, FaultEvent, FaultTimelineReport } from "../run/report.ts";
import type { Detachment } from "../scenario/scenario.ts";
import { renderNumber } from "../cli/tables.ts";
import { hitsText } from "./fault-words.ts";

/** Something broken for a time, in microseconds of true time. `until` equals `from` for what has no length. */
export interface Episode {
  readonly text: string;
  readonly from: number;
  readonly until: number;
  /** What it hit, in words; empty for nothing, null for what is no fault. */
  readonly hits: string | null;
}

/** What episodes are made of. */
export interface EpisodeSource {
  readonly faults: FaultTimelineReport;
  readonly detachments?: readonly Detachment[];
  readonly absences?: readonly AbsenceEvent[];
  /** When the run ended, or the part of it that was run. */
  readonly end: number;
}

/** Episodes that are shown; more are counted in a last one. */
const EPISODES_MAX = 60;

/** The run's faults and detachments in the order in which they begin, as far as they lie in it. */
export function episodesOf({ faults, detachments = [], absences = [], end }: EpisodeSource): readonly Episode[] {
  const all = [
    ...faults.events.map((event) => episodeOf(event, end)),
    ...detachments.map((detachment) => absenceOf(detachment, end, absences)),
  ]
    .filter(({ from }) => from <= end)
    .map(({ until, ...episode }) => ({ ...episode, until: Math.min(until, end) }))
    .sort((a, b) => a.from - b.from || a.until - b.until);
  if (all.length + Math.sign(faults.moreCount) <= EPISODES_MAX) return all;
  const rest = all.slice(EPISODES_MAX - 1);
  const count = rest.length + faults.moreCount;
  const until = rest.reduce((latest, episode) => Math.max(latest, episode.until), 0);
  // Of those that the run has counted alone it is not known how long they were.
  const last = {
    text: `${renderNumber(count)} more`,
    from: (rest[0] as Episode).from,
    until: faults.moreCount > 0 ? end : until,
    hits: null,
  };
  return [...all.slice(0, EPISODES_MAX - 1), last];
}

/** All that is known of one, on a line for whoever points at it. */
export function episodeTitle({ text, hits }: Episode, when: string): string {
  return hits === null ? `${text}, ${when}` : `${text}, ${when}; hit: ${hits === "" ? "nothing" : hits}`;
}

/** Its name, and what it hit. */
export function episodeName({ text, hits }: Episode): string {
  return hits === null || hits === "" ? text : `${text}: ${hits}`;
}

/** A fault in a few words, without its times. */
export function faultText({ kind, where, how }: Pick<FaultEvent, "kind" | "where" | "how">): string {
  const words = `${kindText(kind)} ${where}`;
  return how === "" ? words : `${words} (${how})`;
}

function episodeOf(event: FaultEvent, end: number): Episode {
  return { text: faultText(event), from: event.from, until: event.until ?? end, hits: hitsText(event.hits) };
}

function absenceOf({ at, kind, decides, member }: Detachment, end: number, absences: readonly AbsenceEvent[]): Episode {
  const isRefused = absences.some(
    (event) => event.kind === "refused" && event.cloudlet === decides && event.member === member && event.at === at,
  );
  const back = absences.find((event) => event.kind === "returned" && event.member === member && event.at >= at);
  const text = `${decides} ${kind === "detach" ? "detaches" : "closes"} ${member}`;
  return {
    text: isRefused ? `${text} (refused)` : text,
    from: at,
    until: isRefused ? at : (back?.at ?? end),
    hits: null,
  };
}

/** `clockStep` as `clock step`. */
function kindText(kind: string): string {
  return kind.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
