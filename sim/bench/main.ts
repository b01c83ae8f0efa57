/** The entry of `npm run bench`: hands the process over to run.ts. */
import { benchmarks } from "./registry.ts";
import { runBenchmarks } from "./run.ts";

process.exitCode = await runBenchmarks(benchmarks, process.argv.slice(2), {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
});
