// What became of the operations of a run, kind by kind: for the report.
//
// Leaves out what is wrong with any of it: that is for the oracles.

import type { OperationCount, OperationsReport } from "../run/report.ts";
import { openOperations } from "./operation-ends.ts";
import type { OperationTruth } from "./operation-truth.ts";

type Counts = { -readonly [Name in keyof Omit<OperationCount, "kind">]: OperationCount[Name] };

/** Counts what becomes of operations. */
export class OperationFigures {
  readonly #truth: OperationTruth;
  readonly #refused = new Map<string, number>();

  constructor(truth: OperationTruth) {
    this.#truth = truth;
    truth.tell({
      refused: (_at, _id, { request: { kind } }) => {
        this.#refused.set(kind, (this.#refused.get(kind) ?? 0) + 1);
      },
    });
  }

  /** What it has come to: once the run is over. */
  report(): OperationsReport {
    const counts = new Map<string, Counts>();
    const of = (kind: string): Counts => {
      let found = counts.get(kind);
      if (found === undefined) {
        found = { accepted: 0, refused: 0, done: 0, endedOtherwise: 0, open: 0 };
        counts.set(kind, found);
      }
      return found;
    };
    for (const [kind, count] of this.#refused) of(kind).refused = count;
    for (const { acceptedAt, end, request } of this.#truth.all()) {
      if (acceptedAt === null) continue;
      const kind = of(request.kind);
      kind.accepted += 1;
      if (end === null) kind.open += 1;
      else if (end.kind === "done") kind.done += 1;
      else kind.endedOtherwise += 1;
    }
    return {
      kinds: [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, found]) => ({ kind, ...found })),
      ...openOperations(this.#truth),
    };
  }
}
