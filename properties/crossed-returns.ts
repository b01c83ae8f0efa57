// Members that wait for each other at the end of a small world, as is declared (docs/model.md, "Members that are detached"): what is held
// back at one cloudlet is waited for at another one, and what would free it at the first is what waits there. A world in which that is not
// so, and something has not come all the same, is wrong.

import type { PendingRecord } from "../model/replication/io.ts";
import { dotName, sameDot, type Dot } from "../model/replication/record.ts";

/** What waits at each cloudlet. */
type Waiting = readonly (readonly PendingRecord[])[];

/** Does something that is held back at one cloudlet wait for a return that waits there, in the end, for what waits elsewhere for it? */
export function areCrossed(waiting: Waiting): boolean {
  return waiting.some((here) => {
    return here.some(({ record, awaits }) => {
      if (awaits === undefined) return false;
      const isReturn = (one: PendingRecord): boolean =>
        one.record.notice?.kind === "return" && isOf(one, awaits, record.dot);
      const needed = new Set(here.filter(isReturn).flatMap((one) => absentFor(here, one).map(dotName)));
      return waiting.some((there) => {
        if (there === here) return false;
        return there.some((one) => {
          if (!needed.has(dotName(one.record.dot))) return false;
          return absentFor(there, one).some((dot) => sameDot(dot, record.dot));
        });
      });
    });
  });
}

function isOf({ record }: PendingRecord, member: Dot["origin"], { stream }: Dot): boolean {
  return record.dot.origin === member && record.dot.stream === stream;
}

// What has not come to this cloudlet at all and this record waits for, and what it waits for.
function absentFor(here: readonly PendingRecord[], first: PendingRecord): readonly Dot[] {
  const absent: Dot[] = [];
  const followed = new Set([first]);
  for (const { missing } of followed) {
    for (const dot of missing) {
      const waiting = here.find(({ record }) => sameDot(record.dot, dot));
      if (waiting === undefined) absent.push(dot);
      else followed.add(waiting);
    }
  }
  return absent;
}
