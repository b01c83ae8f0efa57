// No two records carry one dot. A machine that hands out an incarnation twice breaks that, and everything else with it: what one
// cloudlet holds as a record another holds as a different one. So it must also be found: when a record is written under a
// name that somebody else still holds with another content, then in the end, after the healing, somebody has reported a
// collision of that life.
//
// Leaves out what a collision does to the rest of a run: the other oracles know the first record of each name alone.

import type { CloudletId } from "../../model/ids.ts";
import type { CausalRecord } from "../../model/replication/record.ts";
import { dotName } from "../../model/replication/record.ts";
import type { Oracle } from "./oracle.ts";
import { Judge } from "./oracle.ts";
import type { Truth } from "./truth.ts";
import { atTime, cloudletText, recordText } from "./words.ts";

/** The oracle, and who was fenced. */
export interface UniqueDots extends Oracle {
  /** Lives that found themselves doubled, and writes they refused: one sentence each. */
  fenced(): readonly string[];
}

interface Fenced {
  readonly cloudlet: CloudletId;
  readonly words: string;
  refusals: number;
}

/** Judges names. */
export function uniqueDots(truth: Truth): UniqueDots {
  const judge = new Judge();
  // Lives whose names are doubled, by name, each with one such record that somebody else could compare.
  const doubled = new Map<string, CausalRecord>();
  const reported = new Set<string>();
  const fenced: Fenced[] = [];
  let isHealed = false;

  const lifeName = ({ origin, incarnation }: CausalRecord["dot"]): string => `${origin}.${incarnation}`;

  return {
    name: "unique-dots",
    written() {
      judge.checks += 1;
    },
    dotReused(at, cloudlet, record, written) {
      judge.checks += 1;
      judge.violate(() => {
        const where = cloudletText(truth, cloudlet);
        return `${where} wrote a second ${dotName(written.dot)} ${atTime(at)}; the first is ${recordText(truth, record)}`;
      });
      const isElsewhere = truth.topology.cloudlets.some(
        ({ id }) => id !== cloudlet && truth.cores[id] !== null && truth.isApplied(id, record),
      );
      if (isElsewhere) doubled.set(lifeName(written.dot), written);
    },
    noticed(at, cloudlet, event) {
      if (event.kind === "dotCollision") reported.add(lifeName(event.dot));
      if (event.kind !== "fenced") return;
      const words = `${cloudletText(truth, cloudlet)}, life ${event.dot.incarnation}, was fenced ${atTime(at)}`;
      fenced.push({ cloudlet, words: `${words}: another record is called ${dotName(event.dot)}`, refusals: 0 });
    },
    replied(_at, cloudlet, _session, _id, result) {
      if (result.kind !== "refused" || result.code !== "fenced") return;
      const one = fenced.findLast((other) => other.cloudlet === cloudlet);
      if (one !== undefined) one.refusals += 1;
    },
    healed() {
      isHealed = true;
    },
    finished() {
      if (!isHealed) return;
      for (const [life, record] of doubled) {
        judge.checks += 1;
        if (reported.has(life)) continue;
        judge.violate(() => `nobody has noticed that two records are called ${dotName(record.dot)}`);
      }
    },
    fenced: () => fenced.map(({ words, refusals }) => `${words}; it refused ${refusals} writes`),
    verdict: () => judge.verdict(),
  };
}
