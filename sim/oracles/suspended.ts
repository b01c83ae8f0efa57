// Promises that a declared fault has suspended. A disk that lied, went back to a backup, or was replaced by another one takes
// records along that had been acknowledged: no replica can help that, and so it is no violation. Nor is it passed over: who
// lost what to which fault is kept here, and in the end said in words, with what of it came back and what is gone everywhere.
//
// Leaves out which losses are violations (durability.ts).

import type { CloudletId } from "../../model/ids.ts";
import type { DiskFailure } from "./observer.ts";
import type { Renumbering } from "./renumbering.ts";
import type { Truth } from "./truth.ts";
import { atTime, cloudletText, recordText } from "./words.ts";

/** Records named in full; more are counted. */
const NAMED_MAX = 5;

/** One fault that took acknowledged records from one disk. */
interface Suspension {
  readonly cloudlet: CloudletId;
  readonly why: string;
  /** What the fault took from the disk, by number. */
  readonly taken: Set<number>;
  /** Those of them that had been acknowledged. */
  readonly lost: number[];
}

/** All of a run. */
export class SuspendedPromises {
  readonly #truth: Truth;
  readonly #all: Suspension[] = [];

  constructor(truth: Truth) {
    this.#truth = truth;
  }

  /** A disk failed. */
  failed(at: number, cloudlet: CloudletId, failure: DiskFailure): void {
    if (failure.kind === "torn") return;
    const truth = this.#truth;
    const taken = new Set(
      failure.lost.flatMap((entry) =>
        entry.kind === "cut" ? truth.numbersOf(entry.applied, () => undefined) : [truth.numberOf(entry.dot)],
      ),
    );
    this.#all.push({ cloudlet, why: this.#reason(at, cloudlet, failure), taken, lost: [] });
  }

  /** Takes an acknowledged record that is missing after a start to the fault that took it; false when none did. */
  excuses(cloudlet: CloudletId, record: number): boolean {
    const taker = this.#all.findLast((one) => one.cloudlet === cloudlet && one.taken.has(record));
    if (taker === undefined) return false;
    taker.lost.push(record);
    return true;
  }

  /** Did a fault take acknowledged records here? */
  isAt(cloudlet: number): boolean {
    return this.#all.some((one) => one.cloudlet === (cloudlet as CloudletId) && one.lost.length > 0);
  }

  /** Did a fault take anything here, acknowledged or not? */
  tookAt(cloudlet: number): boolean {
    return this.#all.some((one) => one.cloudlet === (cloudlet as CloudletId) && one.taken.size > 0);
  }

  /** Names what is looked at again in the end. */
  keep(keep: (record: number) => void): void {
    for (const { lost } of this.#all) lost.forEach(keep);
  }

  /** Records are given up; the others take new numbers. */
  renumber(to: Renumbering): void {
    for (const { taken, lost } of this.#all) {
      taken.delete(-1);
      to.set(taken);
      to.list(lost);
    }
  }

  /** One sentence per fault that took acknowledged records. */
  notes(): string[] {
    const truth = this.#truth;
    return this.#all
      .filter(({ lost }) => lost.length > 0)
      .map(({ cloudlet, why, lost }) => {
        const backCount = lost.filter((record) => truth.isApplied(cloudlet, record)).length;
        const awayCount = lost.length - backCount;
        const whats = `${lost.length} acknowledged record${lost.length === 1 ? "" : "s"}`;
        const back = awayCount === 0 ? "all are there again" : `${backCount} there again, ${awayCount} not`;
        return `durability was suspended at ${cloudletText(truth, cloudlet)}: ${why}, which took ${whats}; ${back}`;
      });
  }

  #reason(at: number, cloudlet: CloudletId, failure: Exclude<DiskFailure, { kind: "torn" }>): string {
    const name = (id: CloudletId): string => cloudletText(this.#truth, id);
    switch (failure.kind) {
      case "lied":
        return `its disk had lied about syncs when it crashed ${atTime(at)}`;
      case "rotten":
        return `bits had flipped ${failure.isCheckpointLost ? "in its checkpoint" : "on its disk"} when it came back ${atTime(at)}`;
      case "replaced":
        return `it came back ${atTime(at)} with an empty disk`;
      case "restored":
        return `it came back ${atTime(at)} with a backup taken ${atTime(failure.of)}`;
      case "cloned":
        return `${name(cloudlet)} came back ${atTime(at)} with a copy of the disk of ${name(failure.source)}`;
    }
  }
}

/** One sentence that names answered writes which nobody holds any more, or nothing when there are none. */
export function goneNotes(truth: Truth, gone: readonly number[]): string[] {
  if (gone.length === 0) return [];
  const named = gone.slice(0, NAMED_MAX).map((record) => recordText(truth, record));
  const more = gone.length > named.length ? ` and ${gone.length - named.length} more` : "";
  return [
    `${gone.length} answered write${gone.length === 1 ? " is" : "s are"} gone everywhere: ${named.join(", ")}${more}`,
  ];
}
