/**
 * Every benchmark of `npm run bench`, in the order they run. A list by hand, so that an import says what exists.
 */
import { directivesBenchmark } from "../../model/control/directives.bench.ts";
import { outageBenchmark } from "../../model/control/outage.bench.ts";
import { checkBenchmarks } from "../../model/consistency/check.bench.ts";
import { streamBenchmarks } from "../../model/consistency/stream/stream.bench.ts";
import { applyBenchmark } from "../../model/replication/apply.bench.ts";
import { snapshotBenchmark } from "../../model/replication/snapshot.bench.ts";
import { totalBenchmarks } from "../../model/consistency/total/total.bench.ts";
import { transactionBenchmarks } from "../../model/consistency/transactions/transactions.bench.ts";
import { metadataBenchmark } from "../../model/replication/metadata.bench.ts";
import { parseBenchmark } from "../../model/consistency/formats/parse.bench.ts";
import { exploreBenchmark } from "../explore/explore.bench.ts";
import { importBenchmark } from "../importing/import.bench.ts";
import { holdBenchmarks } from "../kernel/hold.bench.ts";
import { rngBenchmark } from "../kernel/rng.bench.ts";
import { churnBenchmark } from "../run/churn.bench.ts";
import { simulationBenchmarks } from "../run/simulation.bench.ts";
import { shrinkBenchmark } from "../shrink/shrink.bench.ts";
import { swarmBenchmark } from "../swarm/swarm.bench.ts";
import { reportBenchmark } from "../sweep/report/report.bench.ts";
import { sweepBenchmark } from "../sweep/sweep.bench.ts";
import { traceBenchmark } from "../trace/trace.bench.ts";
import type { Benchmark } from "./benchmark.ts";

export const benchmarks: readonly Benchmark[] = [
  ...holdBenchmarks,
  rngBenchmark,
  traceBenchmark,
  metadataBenchmark,
  applyBenchmark,
  snapshotBenchmark,
  directivesBenchmark,
  outageBenchmark,
  ...simulationBenchmarks,
  churnBenchmark,
  swarmBenchmark,
  sweepBenchmark,
  reportBenchmark,
  shrinkBenchmark,
  exploreBenchmark,
  parseBenchmark,
  importBenchmark,
  ...checkBenchmarks,
  ...streamBenchmarks,
  ...transactionBenchmarks,
  ...totalBenchmarks,
];
