// What becomes of members that were detached, for reports: who was detached or closed and where that was refused, who returned and
// wrote deletes anew, what went on without what is lost. And how often. Leaves out every judgement.

import { detachRefusalText } from "../../model/replication/detach-refusal.ts";
import type { NoticeRecord } from "../../model/replication/notice.ts";
import { dotName, type Dot } from "../../model/replication/record.ts";
import type { CloudletId } from "../../model/ids.ts";
import type { Instant } from "../../model/units.ts";
import type { AbsenceEvent } from "../run/report.ts";
import type { Marks } from "./marks.ts";
import type { Listener } from "./oracle.ts";
import type { Truth } from "./truth.ts";
import { cloudletText, recordText } from "./words.ts";

/** The listener, and what it has come to. */
export interface AbsenceFigures extends Listener {
  /** In the order in which it happened. */
  list(): readonly AbsenceEvent[];
  /** Name and value; none where nobody was to be detached. */
  values(): readonly (readonly [string, number])[];
  /** Decisions that were lost with a disk: one sentence each. */
  notes(): readonly string[];
}

/** Watches members that are away. */
export function absenceFigures(truth: Truth, marks: Marks): AbsenceFigures {
  const { absences, topology } = truth;
  if (absences.isIdle) return { list: () => [], values: () => [], notes: () => [] };
  const events: AbsenceEvent[] = [];
  const counts = { detached: 0, closed: 0, refused: 0, returned: 0, released: 0 };
  const lost = new Set<string>();
  // Records seen held back, by cloudlet.
  const held = new Set<string>();
  let anew = 0;

  const add = (
    at: Instant,
    kind: AbsenceEvent["kind"],
    cloudlet: CloudletId,
    member: CloudletId,
    what: string,
  ): void => {
    counts[kind] += 1;
    events.push({ at, kind, cloudlet: cloudletText(truth, cloudlet), member: cloudletText(truth, member), what });
  };
  const textOf = (dot: Dot): string => {
    const record = truth.numberOf(dot);
    return record >= 0 ? recordText(truth, record) : dotName(dot);
  };
  const scopeOf = ({ dot }: NoticeRecord): string =>
    topology.scopes[topology.streams[dot.stream]?.scope ?? 0]?.name ?? "";
  const look = (cloudlet: CloudletId): void => {
    if (!absences.isAnybodyAway()) return;
    for (const { record, awaits } of truth.cores[cloudlet]?.pending() ?? []) {
      const name = `${cloudlet} ${dotName(record.dot)}`;
      if (awaits === undefined || held.has(name)) continue;
      held.add(name);
      marks.mark("record-held-back");
    }
  };

  return {
    storing(at, cloudlet, entries) {
      for (const record of absences.note(at, cloudlet, entries)) {
        const { notice } = record;
        const scope = scopeOf(record);
        if (notice.kind === "detach" || notice.kind === "close") {
          const kind = notice.kind === "detach" ? "detached" : "closed";
          for (const member of notice.members) {
            add(at, kind, cloudlet, member, `in scope ${scope}`);
            marks.mark("member-detached");
          }
        } else if (notice.kind === "return") {
          const { length } = notice.ready;
          anew += length;
          for (let count = 0; count < length; count += 1) marks.mark("delete-written-anew");
          const written = length === 0 ? "" : `, with ${length === 1 ? "a delete" : `${length} deletes`} written anew`;
          add(at, "returned", cloudlet, cloudlet, `in scope ${scope}${written}`);
          marks.mark("member-returned");
        }
      }
      look(cloudlet);
    },
    synced(_at, cloudlet) {
      look(cloudlet);
    },
    noticed(at, cloudlet, event) {
      if (event.kind === "detachRefused") {
        const why = detachRefusalText(event.why, (id) => cloudletText(truth, id));
        add(at, "refused", cloudlet, event.member, why);
      }
      if (event.kind !== "released") return;
      for (const one of event.lost) {
        lost.add(dotName(one));
        const what = `${textOf(event.dot)} is visible without ${textOf(one)}, which is lost`;
        add(at, "released", cloudlet, one.origin, what);
      }
      marks.mark("dependents-released");
    },
    finished() {
      for (const { id } of topology.cloudlets) look(id);
    },
    list: () => events,
    values: () => [
      ["members.detached", counts.detached + counts.closed],
      ["members.refused", counts.refused],
      ["members.returned", counts.returned],
      ["deletes.anew", anew],
      ["records.heldBack", held.size],
      ["records.released", counts.released],
      ["records.lost", lost.size],
    ],
    notes: () =>
      absences.forgotten().map(({ notice: record, member }) => {
        const what = `${record.notice.kind} ${cloudletText(truth, member)} in scope ${scopeOf(record)}`;
        const decider = cloudletText(truth, record.dot.origin);
        return `what ${decider} had decided, to ${what}, was lost with its disk: nobody goes by it until it is decided again`;
      }),
  };
}
