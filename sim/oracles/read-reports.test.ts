// Which reports a watcher has read, as a table of what comes to it: what cannot be read stands in the place of what came before it.

import { expect, test } from "vitest";
import { MarkKeys } from "../../model/control/mark-keys.ts";
import { keysOf } from "../../model/control/keys.ts";
import type { CloudletId } from "../../model/ids.ts";
import type { CausalRecord } from "../../model/replication/record.ts";
import type { Snapshot } from "../../model/replication/snapshot.ts";
import { instant } from "../../model/units.ts";
import { generateWatching } from "../run/generate-watching.ts";
import { firstPlanOf } from "../run/run.ts";
import { ReadReports } from "./read-reports.ts";

const topology = firstPlanOf(generateWatching("reports"));
const keys = new MarkKeys(topology, keysOf(topology));
const [top, low] = [0, 1] as CloudletId[] as [CloudletId, CloudletId];

/** Reports of a life each, in the order in which they are written; those in a newer form are named by the number of their record. */
function reports(count: number): readonly CausalRecord[] {
  return Array.from({ length: count }, (_, sequence) => {
    const dot = { origin: low, incarnation: 1, stream: 1, sequence: sequence + 1 };
    return { kind: "put", key: keys.of("report", low), value: "", dot } as unknown as CausalRecord;
  });
}

type Step = "restart" | "sealed" | { readonly checkpoint: readonly number[] } | readonly number[];
const cases: readonly (readonly [string, readonly Step[], number])[] = [
  ["one after the other", [[0], [1], [2]], 2],
  ["what cannot be read comes alone", [[0], [1], [3]], 1],
  ["what cannot be read comes together with what can", [[0], [1, 3]], 0],
  ["what can be read comes once more", [[0], [2], [1]], 2],
  ["a life begins with what can be read", [[0], "restart", [0, 1]], 1],
  ["a life begins with what cannot be read", [[0, 1], "restart", [0, 1, 3]], -1],
  ["and reads what comes then", [[0], "restart", [0, 3], [4]], 4],
  ["the disk tells first of what can be read, then of what cannot", [[0, 1], "restart", [0, 1], "sealed"], -1],
  ["and of what can be read again after that", [[0, 1], "restart", [0, 1], "sealed", [4]], 4],
  ["what cannot be read comes in the middle of a life", [[0, 1], "sealed"], 1],
  ["a checkpoint tells of what can be read", [[0, 1], { checkpoint: [1] }], 1],
  ["a checkpoint tells of what cannot", [[0, 1], { checkpoint: [3] }], -1],
  ["what comes after a checkpoint is read", [[0], { checkpoint: [1] }, [2]], 2],
];

test.each(cases)("%s", (_, steps, latest) => {
  const written = reports(5);
  const isSealed = (record: number): boolean => record === 3;
  const read = new ReadReports({ numberOfRecord: (record) => written.indexOf(record) }, keys, {
    reads: (_cloudlet, record) => !isSealed(record),
  });
  for (const record of written) read.written(low, record);
  const of = (numbers: readonly number[]): readonly CausalRecord[] => numbers.map((number) => written[number]!);
  // What a life begins with comes at the moment of its start.
  let at = instant(0);
  let isBegun = false;
  for (const step of steps) {
    const isStart = step === "restart" || (typeof step === "object" && "checkpoint" in step);
    isBegun ||= isStart;
    if (!isBegun) at = instant(at + 1);
    if (step === "restart") read.started(at, top, { checkpoint: null });
    else if (step === "sealed") read.notified(at, top, { kind: "sealedRecord", dot: written[3]!.dot, version: 2 });
    else if ("checkpoint" in step) {
      const checkpoint = { cut: { versions: of(step.checkpoint) } } as unknown as Snapshot;
      read.started(at, top, { checkpoint });
    } else read.notified(at, top, { kind: "applied", records: of(step), from: [] });
  }
  expect(read.latest(top, low)).toBe(latest);
  expect(read.latest(low, top)).toBe(-1);
});
