/**
 * How fast the whole simulation is: the real core with all oracles on, in records delivered (applied at a cloudlet other
 * than their origin) per second on the wall; and what an idle cloudlet weighs.
 *
 * The workload is that of the budgets: a three-level tree, four shared two-way scopes and an upward one per leaf, values of
 * 128 bytes, Zipf 0.99, half reads, 2 % loss. Time to build the topology and to start the processes is not counted.
 */
import { bytes, instant, micros, millis, type Duration } from "../../model/units.ts";
import { benchmarkTree, BENCHMARK_SHARED_SCOPES } from "../../workloads/topologies/index.ts";
import { memoryInUse } from "../bench/memory.ts";
import type { Benchmark, Sample } from "../bench/benchmark.ts";
import { wallclockMilliseconds } from "../cli/wallclock.ts";
import { plainScenario } from "../scenario/plain.ts";
import type { ClientAction, Scenario } from "../scenario/scenario.ts";
import { Run } from "./run.ts";

const KEYS = { count: 1_000, popularity: { kind: "zipf", thetaPercent: 99 } } as const;
const VALUE_SIZE = bytes(128);
/** Of the load at each cloudlet, by an open loop. */
const REQUESTS_PER_SECOND = 50;
/** When clients begin. */
const STARTS = instant(1_000_000);

/** The budgets' workload over so many cloudlets, for so long. A rate of 0 is no client at all. */
function simulationWorkload(cloudlets: number, duration: Duration, requestsPerSecond: number): Scenario {
  const topology = benchmarkTree(cloudlets);
  const prefixes = Array.from({ length: BENCHMARK_SHARED_SCOPES }, (_, scope) => `shared${scope}/`);
  const mixOf = (prefix: string): readonly ClientAction[] => [
    { kind: "put", weight: 1, keys: { prefix, ...KEYS }, valueSize: VALUE_SIZE },
    { kind: "get", weight: 1, keys: { prefix, ...KEYS } },
  ];
  const shared = prefixes.flatMap(mixOf);
  const mean = requestsPerSecond === 0 ? 0 : Math.round(1_000_000 / requestsPerSecond);
  const interval = { kind: "exponential", mean: micros(mean) } as const;
  const group = { sessions: 1, loop: { kind: "open", interval }, operations: null, starts: STARTS } as const;
  const leaves = topology.cloudlets.filter(({ name }) => name.startsWith("leaf")).map(({ name }) => name);
  const others = topology.cloudlets.filter(({ name }) => !name.startsWith("leaf")).map(({ name }) => name);
  const clients: Scenario["clients"] =
    requestsPerSecond === 0
      ? []
      : [
          { name: "leaves", at: leaves, mix: [...shared, ...mixOf("report/{self}/")], ...group },
          { name: "others", at: others, mix: shared, ...group },
        ];
  return plainScenario({
    seed: "benchmark",
    topology,
    clients,
    duration: micros(STARTS + duration),
    // A usual disk at the edge; shorter syncs make smaller batches.
    diskSync: { kind: "constant", value: millis(5) },
  });
}

/** Runs the workload once: the load, and what it takes until everything has arrived everywhere. */
function delivered(cloudlets: number, duration: Duration): Sample {
  const scenario = simulationWorkload(cloudlets, duration, REQUESTS_PER_SECOND);
  const run = new Run(scenario);
  // Greetings are over when the clients begin.
  while (run.fraction * (scenario.duration + scenario.settle) < STARTS && run.advance(1_000));
  const began = wallclockMilliseconds();
  while (run.advance(1_000_000));
  const elapsed = wallclockMilliseconds() - began;
  const { oracles, report } = run.finish();
  const broken = report.properties.filter(([name, { verdict }]) => verdict === "violated" && !name.startsWith("rtc"));
  if (broken.length > 0) throw new Error(`${broken[0]![0]} does not hold: ${broken[0]![1].evidence[0] ?? ""}`);
  return { variant: "", value: (oracles.metrics.delivered() / elapsed) * 1_000 };
}

/** Bytes per cloudlet after all have started and greeted each other, topology and oracles included. */
async function idleMemory(cloudlets: number): Promise<Sample> {
  const before = await memoryInUse();
  const run = new Run(simulationWorkload(cloudlets, millis(3_000), 0));
  while (run.fraction < 0.05 && run.advance(10_000));
  const after = await memoryInUse();
  // Used afterwards, so that it is not collected before.
  while (run.advance(1_000_000));
  run.finish();
  return { variant: "", value: (after - before) / cloudlets };
}

/** The budgets: 250 000 records/s at 100 cloudlets, 100 000 at 10 000, 20 kB per idle cloudlet. */
export const simulationBenchmarks: readonly Benchmark[] = [
  {
    name: "simulation.delivered.100",
    unit: "records/s",
    run: ({ small }) => (small ? [delivered(100, millis(200))] : [1, 2, 3].map(() => delivered(100, millis(4_000)))),
  },
  {
    name: "simulation.delivered.10000",
    unit: "records/s",
    run: ({ small }) => [small ? delivered(1_000, millis(20)) : delivered(10_000, micros(800))],
  },
  {
    name: "simulation.memory.idle",
    unit: "bytes",
    run: async ({ small }) => [await idleMemory(small ? 1_000 : 10_000)],
  },
];
