// Records that a replica writes by itself: no client asked for them and none is answered. No session stands behind one, so its
// past is what it says itself: what its `prev` and `deps` name, and all that is before these. It replaces what `prev` names
// and nothing else, whatever more is in its past.
//
// This is the one place where the truth believes what a core wrote about causality: here it is what makes the record, not a
// claim about it. Whether a replica had any business writing it, oracles judge that know what it is for.
//
// Such a record is no operation of a client, and takes no time: real time orders it with nothing (rtc.ts, rtc-arb.ts).

import type { CausalRecord, Dot } from "../../model/replication/record.ts";
import { sameContent } from "../../model/replication/same-content.ts";
import type { RecordTable } from "./record-table.ts";
import { absorb, type SessionTruth } from "./session-truth.ts";

/**
 * Takes the past of a record that nobody asked for into the session that stands for it; returns what it replaces. `unwritten` is
 * told of what it names and nobody wrote.
 */
export function pastOfUnasked(
  table: RecordTable,
  session: SessionTruth,
  { prev, deps }: CausalRecord,
  unwritten: (dot: Dot) => void,
): readonly number[] {
  const replaced: number[] = [];
  for (const list of [prev, deps]) {
    for (const dot of list) {
      const number = table.numberOf(dot);
      if (number < 0) {
        unwritten(dot);
        continue;
      }
      absorb(table, session, number);
      if (list === prev) replaced.push(number);
    }
  }
  return replaced;
}

/**
 * Is this a record that was written before? A process that is given the number of a former life takes that life's records,
 * when they come back, for its own.
 */
export function isCopy(table: RecordTable, record: CausalRecord): boolean {
  const number = table.numberOf(record.dot);
  return number >= 0 && sameContent(table.records[number] as CausalRecord, record);
}
