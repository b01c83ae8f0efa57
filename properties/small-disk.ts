// What cuts that wait keep back in a small world, for the judgement of what should have arrived; and the dots that messages bring.

import { eachDot } from "../model/replication/cut.ts";
import { missingOf } from "../model/replication/installing.ts";
import type { Covered, Message } from "../model/replication/messages.ts";
import type { Dot } from "../model/replication/record.ts";
import type { Replica } from "../model/replication/replica.ts";

/** Cuts that wait, wait as a whole: for each what it covers, and what it misses. */
export function cutsThatWait(
  core: Replica,
  isMissing: (dot: Dot) => boolean,
): readonly { readonly covered: readonly Covered[]; readonly missing: readonly Dot[] }[] {
  return core.snapshot().cuts.map((cut) => ({ covered: cut.applied, missing: missingOf(cut, isMissing) }));
}

/** The dots of interval sets. */
export function dotsOf(list: readonly Covered[]): readonly Dot[] {
  const dots: Dot[] = [];
  eachDot(list, (dot) => void dots.push(dot));
  return dots;
}

/** The records that a message brings, one by one or in a cut. */
export function dotsIn(message: Message): readonly Dot[] {
  if (message.kind === "records") return message.records.map(({ dot }) => dot);
  return message.kind === "snapshot" ? dotsOf(message.applied) : [];
}
