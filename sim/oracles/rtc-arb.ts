// Of two conflicting writes of a last-writer-wins scope that do not overlap in time, the later one wins.
//
// Judged once per pair, when the two first stand side by side somewhere. A write lasts from its request to its answer in
// true time; one that is not answered yet has not ended, so it overlaps whatever meets it. The worst inversion is the
// margin that a run reports; the headroom is the smallest lead of stamps by which a later write won, so how much more
// skew the run would have borne. Source: Viotti and Vukolić (CSUR'16) on real-time causal consistency.

import type { CausalRecord } from "../../model/replication/record.ts";
import type { Oracle } from "./oracle.ts";
import { Judge } from "./oracle.ts";
import { isLastWriterWins, preference } from "./resolution.ts";
import type { Truth } from "./truth.ts";
import { atTime, recordText } from "./words.ts";

/** The oracle and its margins, in microseconds. */
export interface RtcArb extends Oracle {
  /** The largest start of the later write minus end of the earlier over pairs where the earlier wins; 0 if none. */
  inversion(): number;
  /** The smallest lead of wall stamps over pairs where the later wins by hybrid stamp; null if none. */
  headroom(): number | null;
}

/** Judges the arbitration of conflicts against true time. */
export function rtcArb(truth: Truth): RtcArb {
  const judge = new Judge();
  let inversion = 0;
  let headroom: number | null = null;
  return {
    name: "rtc-arb",
    met(_at, _cloudlet, newcomer, resident) {
      const resolver = truth.resolverOfKey[truth.keyOf.data[newcomer] as number] ?? "lww-hlc";
      if (!isLastWriterWins(resolver)) return;
      const starts = truth.requestedAt.data;
      const ends = truth.endedAt.data;
      const isInOrder = (starts[resident] as number) <= (starts[newcomer] as number);
      const earlier = isInOrder ? resident : newcomer;
      const later = isInOrder ? newcomer : resident;
      const gap = (starts[later] as number) - (ends[earlier] as number);
      // What a replica wrote by itself is no operation: real time orders it with nothing.
      if (gap <= 0 || truth.unasked.has(later)) return;
      judge.checks += 1;
      const one = truth.records[later] as CausalRecord;
      const other = truth.records[earlier] as CausalRecord;
      if (preference(resolver, one, other, truth.depthOf) > 0) {
        const lead = one.stamp.wall - other.stamp.wall;
        if (resolver === "lww-hlc" && (headroom === null || lead < headroom)) headroom = lead;
        return;
      }
      if (gap > inversion) inversion = gap;
      judge.violate(() => {
        const ended = `${recordText(truth, earlier)} was answered ${atTime(ends[earlier] as number)}`;
        return `${ended}, ${gap} us before ${recordText(truth, later)} was asked for, and yet wins by ${resolver}`;
      });
    },
    inversion: () => inversion,
    headroom: () => headroom,
    verdict: () => judge.verdict(),
  };
}
