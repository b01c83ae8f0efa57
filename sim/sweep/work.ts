// What a worker of a sweep does: runs a case to its row, or writes the rows of a finished range to their file. It keeps nothing from one
// job to the next but the plan's texts, taken apart once, and the code that they name.

import { wallclockMilliseconds } from "../cli/wallclock.ts";
import { heedHeap } from "../workers/heap-watch.ts";
import { CaseMaker } from "./case.ts";
import { loadCode } from "./load-code.ts";
import { type PartOutcome, type PartPlace, writePart } from "./part.ts";
import type { PlanSource, SweepCase } from "./plan.ts";
import { Gallery } from "./report/gallery.ts";
import type { ShownTopology } from "./report/shown.ts";
import { runCase, type SweepRow } from "./row.ts";

/** What each worker is given when it starts. */
export interface SweepGiven {
  readonly sources: readonly PlanSource[];
  readonly place: PartPlace;
}

/** One job. */
export type SweepWork =
  | { readonly kind: "case"; readonly one: SweepCase }
  | { readonly kind: "part"; readonly from: number; readonly rows: readonly SweepRow[] };

/** What comes of it. */
export type SweepWorkResult =
  | {
      readonly kind: "row";
      readonly row: SweepRow;
      /** What the page may show of it. */
      readonly shown: ShownTopology | null;
      readonly milliseconds: number;
    }
  | { readonly kind: "part"; readonly outcome: PartOutcome; readonly milliseconds: number };

/**
 * Makes a function that does one job after the other. Whoever gives the sources has been allowed to run their code.
 *
 * @throws ResolverFailed where a file of theirs is not what it was any more
 */
export async function createWork({ sources, place }: SweepGiven): Promise<(work: SweepWork) => SweepWorkResult> {
  const maker = new CaseMaker(sources, await loadCode(sources));
  const gallery = new Gallery(place.columns);
  return (work) => {
    const began = wallclockMilliseconds();
    if (work.kind === "case") {
      let shown: ShownTopology | null = null;
      const row = runCase(maker, work.one, { onProgress: heedHeap }, (ran, outcome) => {
        shown = gallery.pictureOf(work.one.index, ran, outcome);
      });
      return { kind: "row", row, shown, milliseconds: wallclockMilliseconds() - began };
    }
    const outcome = writePart(place, work.from, work.rows);
    return { kind: "part", outcome, milliseconds: wallclockMilliseconds() - began };
  };
}
