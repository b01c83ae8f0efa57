// How long a replica's state takes to become bytes and to be read again: 100 000 keys of one version each, with the log's
// retained tail. What a checkpoint of a cloudlet of that size costs its processor, disk and network apart.

import { assert } from "../assert.ts";
import type { Benchmark, BenchmarkOptions, Sample } from "../../sim/bench/benchmark.ts";
import { wallclockMilliseconds } from "../../sim/cli/wallclock.ts";
import { pairTopology, written } from "../testing/written-replica.ts";
import { decodeSnapshot, encodeSnapshot } from "./snapshot-bytes.ts";

const repetitions = 5;

/** `npm run bench -- --only snapshot.100k` */
export const snapshotBenchmark: Benchmark = {
  name: "snapshot.100k",
  unit: "ms",
  run: ({ small }: BenchmarkOptions): readonly Sample[] => {
    const keys = small ? 1_000 : 100_000;
    const { replica } = written(pairTopology(), keys, keys);
    const snapshot = replica.snapshot();
    return Array.from({ length: small ? 1 : repetitions }, () => {
      const began = wallclockMilliseconds();
      const decoded = decodeSnapshot(encodeSnapshot(snapshot));
      const value = wallclockMilliseconds() - began;
      assert(
        decoded.kind === "snapshot" && decoded.snapshot.cut.versions.length === keys,
        "a snapshot is read as written",
      );
      return { variant: "", value };
    });
  },
};
