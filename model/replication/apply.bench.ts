// How fast one replica takes in what a neighbour brings: records in batches, handed to a disk that confirms at once, applied
// in causal order. No network, no simulator, no oracle: this is the core alone, and bounds what a cloudlet can be fed with.

import { assert } from "../assert.ts";
import type { CloudletId, Incarnation } from "../ids.ts";
import { pairTopology, written } from "../testing/written-replica.ts";
import type { Topology } from "../topology/topology.ts";
import { seconds } from "../units.ts";
import type { Benchmark, BenchmarkOptions, Sample } from "../../sim/bench/benchmark.ts";
import { wallclockMilliseconds } from "../../sim/cli/wallclock.ts";
import type { CausalRecord } from "./record.ts";
import { createReplica } from "./replica.ts";

const writer = 0 as CloudletId;
const reader = 1 as CloudletId;
const keys = 1_000;
const recordsPerBatch = 64;
const repetitions = 7;
const first = 1 as Incarnation;

function applied(topology: Topology, records: readonly CausalRecord[]): number {
  const replica = createReplica({ topology, self: reader, clockBound: seconds(1) });
  const time = { monotonic: 0, wall: 1_700_000_000_000_000 };
  replica.step({ kind: "started", incarnation: first, from: null }, time);
  const began = wallclockMilliseconds();
  for (let at = 0; at < records.length; at += recordsPerBatch) {
    const batch = records.slice(at, at + recordsPerBatch);
    const upTo = at + batch.length;
    const message = { kind: "records", incarnation: first, epoch: 1, to: first, base: 0, after: at, upTo } as const;
    replica.step({ kind: "receive", from: writer, message: { ...message, records: batch } }, time);
    replica.step({ kind: "stored", upTo }, time);
  }
  const taken = wallclockMilliseconds() - began;
  assert(replica.pending().length === 0 && replica.hasApplied(records.at(-1)!.dot), "everything came in order");
  return (records.length / taken) * 1_000;
}

/** `npm run bench -- --only replication.apply` */
export const applyBenchmark: Benchmark = {
  name: "replication.apply",
  unit: "records/s",
  run: ({ small }: BenchmarkOptions): readonly Sample[] => {
    const topology = pairTopology();
    const { records } = written(topology, small ? 2_000 : 200_000, keys);
    return Array.from({ length: small ? 1 : repetitions }, () => ({ variant: "", value: applied(topology, records) }));
  },
};
