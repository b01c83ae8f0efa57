/**
 * What a long run keeps: workloads/churn-year.yaml for a year and for two, with few enough keys that each is written, deleted and
 * written again many times over. Printed are the records that the ground truth holds in the end, the memory in use then, and how
 * many were written: the first two are to be the same for both, the third twice as many.
 *
 * The faults are left out, so that every cloudlet is alike. Logs are shorter still, as keys are fewer.
 */
import { readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Benchmark, Sample } from "../bench/benchmark.ts";
import { wallclockMilliseconds } from "../cli/wallclock.ts";
import { readScenario } from "../scenario/read.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { Run } from "./run.ts";

const FILE = new URL("../../workloads/churn-year.yaml", import.meta.url);
/** Of each site. */
const KEYS = 40;

function scenario(cloudlets: number, days: number): Scenario {
  const text = readFileSync(FILE, "utf8")
    .replace("cloudlets: 1000", `cloudlets: ${cloudlets}`)
    .replaceAll("keys: 400", `keys: ${KEYS}`)
    .replace("retain: 500", "retain: 50")
    .replace("duration: 365d", `duration: ${days}d`)
    .replace(/^faults:[^]*?^logs/m, "logs");
  const read = readScenario(text, { file: FILE.pathname });
  if (read.kind === "invalid") throw new Error(read.problems.map(({ message }) => message).join("\n"));
  return read.scenario;
}

function memoryInUse(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function churn(cloudlets: number, days: number, name: string): Sample[] {
  const before = memoryInUse();
  const began = wallclockMilliseconds();
  const run = new Run(scenario(cloudlets, days), { givesUpFrom: cloudlets * KEYS });
  while (run.advance(1_000_000));
  const elapsed = wallclockMilliseconds() - began;
  const after = memoryInUse();
  // Used afterwards, so that it is not collected before.
  const { truth } = run.finish().oracles;
  const written = truth.recordCount + truth.givenUpCount;
  return [
    { variant: `${name}.written`, value: written },
    { variant: `${name}.kept`, value: truth.recordCount },
    { variant: `${name}.memory`, value: after - before, unit: "bytes" },
    { variant: `${name}.speed`, value: (written / elapsed) * 1_000, unit: "records/s" },
  ];
}

/** No budget: one year beside two. */
export const churnBenchmark: Benchmark = {
  name: "simulation.churn",
  unit: "records",
  run: ({ small }) => {
    const [cloudlets, year] = small ? [40, 90] : [200, 365];
    // Compiled code and the like are counted to nobody.
    churn(40, 30, "");
    return [...churn(cloudlets, year, "year"), ...churn(cloudlets, year * 2, "years")];
  },
};
