// The writes of one session are applied in their order wherever they arrive.
//
// Tested at every apply of w at c: each listed earlier write of the session whose stream reaches c is applied at c. Listed
// are the latest ones: an earlier write that reaches nobody whom a later one does not reach is left to that later one's
// own test, so by induction over the applies at c the first violation there is found when it happens (as in
// causal-delivery.ts). Source: Terry et al. (PDIS'94), section 3.

import type { Instant } from "../../model/units.ts";
import { isBehindGone } from "./gone.ts";
import type { Oracle, TruthListener } from "./oracle.ts";
import { Judge } from "./oracle.ts";
import type { Renumbering } from "./renumbering.ts";
import type { SessionTruth } from "./session-truth.ts";
import { IntLists } from "./tables.ts";
import type { Truth } from "./truth.ts";
import { atTime, cloudletText, recordText } from "./words.ts";

/** The latest writes of each session, and those that stood before each write. Let the truth tell it before whoever looks into it. */
export class WritesBefore implements TruthListener {
  readonly lists = new IntLists();
  readonly #truth: Truth;
  readonly #latest: (number[] | undefined)[] = [];

  constructor(truth: Truth) {
    this.#truth = truth;
  }

  /** A session wrote. */
  written(_at: Instant, record: number, { index }: Pick<SessionTruth, "index">): void {
    const { reach, setOf } = this.#truth;
    const latest = (this.#latest[index] ??= []);
    this.lists.add(latest);
    const set = setOf.data[record] as number;
    let kept = 0;
    for (const other of latest) {
      if (reach.covers(set, setOf.data[other] as number)) continue;
      latest[kept] = other;
      kept += 1;
    }
    latest.length = kept;
    latest.push(record);
  }

  /** Names the latest writes, and all that records may still be compared with. */
  keeps(keep: (record: number) => void): void {
    for (const latest of this.#latest) latest?.forEach(keep);
    keepListed(this.#truth, this.lists, keep);
  }

  /** Records are given up; the others take new numbers. */
  renumbered(to: Renumbering): void {
    this.lists.renumber(to);
    for (const latest of this.#latest) if (latest !== undefined) to.list(latest);
  }
}

/** Names what lists of records that are not final have in them: final ones are not applied again, and their lists not read. */
export function keepListed(
  truth: Pick<Truth, "recordCount" | "isFinal">,
  lists: IntLists,
  keep: (record: number) => void,
): void {
  const { items } = lists;
  for (let record = 0; record < truth.recordCount; record += 1) {
    if (truth.isFinal(record)) continue;
    for (let at = lists.begin(record); at < lists.end(record); at += 1) keep(items[at] as number);
  }
}

/** Judges the order in which a session's writes are applied. */
export function monotonicWrites(truth: Truth, before: Pick<WritesBefore, "lists">): Oracle {
  const judge = new Judge();
  return {
    name: "monotonic-writes",
    applied(at, cloudlet, record) {
      const { lists } = before;
      const { items } = lists;
      const end = lists.end(record);
      for (let index = lists.begin(record); index < end; index += 1) {
        const earlier = items[index] as number;
        if (!truth.isApplied(cloudlet, earlier)) {
          if (!truth.isDue(cloudlet, earlier)) continue;
          if (isBehindGone(truth, cloudlet, earlier, record)) continue;
          judge.violate(() => {
            const what = `${cloudletText(truth, cloudlet)} applied ${recordText(truth, record)} ${atTime(at)}`;
            return `${what} before ${recordText(truth, earlier)}, an earlier write of the same session`;
          });
        }
        judge.checks += 1;
      }
    },
    verdict: () => judge.verdict(),
  };
}
