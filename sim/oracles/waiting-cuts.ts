// What cloudlets have only as a part of cuts that wait: a cut becomes visible as a whole or not at all, so what one of its
// records waits for keeps all of them back (docs/model.md, "Cuts"). Where a disk has taken that for good, they wait for ever,
// though each for itself could be shown. Asked only at the end of a run, of what is still missing then.

import { eachDot, type Cut } from "../../model/replication/cut.ts";
import { missingOf } from "../../model/replication/installing.ts";
import type { Truth } from "./truth.ts";

/** A cut that waits at a cloudlet. */
export interface WaitingCut {
  readonly cloudlet: number;
  /** What it covers and what is not applied there. */
  readonly covered: readonly number[];
  /** What it waits for there. */
  readonly missing: readonly number[];
}

/** All cuts that wait at cloudlets that run. */
export function waitingCuts(truth: Truth): readonly WaitingCut[] {
  return truth.cores.flatMap((core, cloudlet) =>
    (core?.waitingCuts() ?? []).map((cut) => waitingCut(truth, cloudlet, cut)),
  );
}

function waitingCut(truth: Truth, cloudlet: number, cut: Cut): WaitingCut {
  const covered: number[] = [];
  eachDot(cut.applied, (dot) => {
    const record = truth.dotNumberIfKept(dot);
    // What was given up is applied wherever it leads.
    if (record >= 0 && !truth.isApplied(cloudlet, record)) covered.push(record);
  });
  const missing = missingOf(cut, (dot) => {
    const record = truth.dotNumberIfKept(dot);
    return record >= 0 && !truth.isApplied(cloudlet, record) && truth.isDue(cloudlet, record);
  });
  return { cloudlet, covered, missing: missing.map((dot) => truth.numberOf(dot)) };
}
