// How much processor time it takes to judge long histories of single operations, reading included and told apart, and how much memory
// the process has had at most. For memory run one benchmark alone: `npm run bench -- --only check.kv.1m.1000`.

import type { Benchmark, Sample } from "../../sim/bench/benchmark.ts";
import { historyText, type HistoryShape, stepwiseText } from "../../sim/bench/histories.ts";
import { workMilliseconds } from "../../sim/cli/wallclock.ts";
import { assert } from "../assert.ts";
import { checkHistory } from "./check.ts";
import { readHistory } from "./formats/read-history.ts";
import { utf8 } from "./formats/text.ts";
import type { History } from "./history.ts";
import type { ModelName } from "./models.ts";

const SMALL = 20_000;
const STEPS = 20_000;
const STEPS_SMALL = 1_000;

function read(bytes: Uint8Array): History {
  const outcome = readHistory(bytes, { fileName: "bench", format: "plume" });
  assert(outcome.kind === "read", "a generated history can be read");
  return outcome.history;
}

/** Reads and judges; the verdict must be the expected one. Processor time, since the machine may have other work. */
function timed(shape: HistoryShape, models: readonly ModelName[], seed: string, variant: string): readonly Sample[] {
  const bytes = utf8(historyText(seed, shape));
  const begin = workMilliseconds();
  const history = read(bytes);
  const parsed = workMilliseconds();
  const { verdicts } = checkHistory(history, { models });
  const end = workMilliseconds();
  for (const [model, { kind }] of verdicts)
    assert(kind === (shape.isViolated ? "violated" : "holds"), `${model} of a generated history is known`);
  return [
    { variant: `${variant}.read`, value: parsed - begin },
    { variant: `${variant}.check`, value: end - parsed },
    { variant, value: end - begin },
  ];
}

function benchmark(name: string, models: readonly ModelName[], shape: Omit<HistoryShape, "isViolated">): Benchmark {
  return {
    name,
    unit: "ms",
    run: ({ small }) => {
      const size = small ? { ...shape, operations: Math.min(SMALL, shape.operations) } : shape;
      const samples: Sample[] = [];
      for (let seed = 1; seed <= (small || shape.operations > 200_000 ? 1 : 3); seed += 1) {
        samples.push(...timed({ ...size, isViolated: false }, models, `${name} ${seed}`, "holds"));
        samples.push(...timed({ ...size, isViolated: true }, models, `${name} ${seed}`, "violated"));
      }
      samples.push({ variant: "memory", value: process.resourceUsage().maxRSS / 1024, unit: "MiB" });
      return samples;
    },
  };
}

const converging = { keys: 1_000, writePercent: 50, shows: "written-last" } as const;
const arriving = { keys: 1_000, writePercent: 50, shows: "arrived-last" } as const;

/** The worst that is known for causal memory: quadratic. */
const stepwise: Benchmark = {
  name: "check.cm.stepwise",
  unit: "ms",
  run: ({ small }) => {
    const history = read(utf8(stepwiseText(small ? STEPS_SMALL : STEPS)));
    const begin = workMilliseconds();
    const { verdicts } = checkHistory(history, { models: ["CM"] });
    assert(verdicts.get("CM")?.kind === "holds", "CM of a generated history is known");
    return [
      { variant: "check", value: workMilliseconds() - begin },
      { variant: "operations", value: history.operationCount, unit: "operations" },
    ];
  },
};

/** Benchmarks of CC and CCv together, of PRAM, and of CM as far as it goes. */
export const checkBenchmarks: readonly Benchmark[] = [
  benchmark("check.kv.100k", ["CC", "CCv"], { ...converging, operations: 100_000, sessions: 50, lag: 5_000 }),
  benchmark("check.kv.1m.10", ["CC", "CCv"], { ...converging, operations: 1_000_000, sessions: 10, lag: 20_000 }),
  benchmark("check.kv.1m.1000", ["CC", "CCv"], { ...converging, operations: 1_000_000, sessions: 1_000, lag: 20_000 }),
  benchmark("check.pram.100k", ["PRAM"], { ...arriving, operations: 100_000, sessions: 50, lag: 5_000 }),
  stepwise,
  benchmark("check.cm.1m", ["CM"], { ...arriving, operations: 1_000_000, sessions: 50, lag: 20_000 }),
  benchmark("check.cm.100k", ["CM"], { ...arriving, operations: 100_000, sessions: 50, lag: 5_000 }),
];
