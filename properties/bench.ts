/** The entry of `npm run bench`: hands the process over to sim/bench/run.ts, with the benchmarks of all layers. */
import { benchmarks } from "../sim/bench/registry.ts";
import { runBenchmarks } from "../sim/bench/run.ts";
import { worldsBenchmark } from "./worlds.bench.ts";

process.exitCode = await runBenchmarks([...benchmarks, worldsBenchmark], process.argv.slice(2), {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
});
