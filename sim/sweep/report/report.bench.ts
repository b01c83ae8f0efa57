/**
 * How long the reports of a sweep of 5 000 runs take, from the rows on the disk to the page, the text and the XML, and how large the page is.
 * The aim is 10 s and 20 MB.
 *
 * The rows are those of some hundred runs of `swarm.small`, over and over: what a page costs depends on how many runs there are, not on
 * what they say. Counted is also the run that is made once more for each topology that is drawn.
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Benchmark } from "../../bench/benchmark.ts";
import { wallclockMilliseconds } from "../../cli/wallclock.ts";
import { benchmarkPlan } from "../benchmark-plan.ts";
import { summarise } from "../summary.ts";
import { resultsOf, rowsOf } from "../testing.ts";
import { PAGE, writeReports } from "./write-reports.ts";

const RUNS = 5_000;
const RUNS_SMALL = 120;
const DIFFERENT = 240;
const DIFFERENT_SMALL = 12;
const MEGABYTE = 1_000_000;

/** Seconds, and megabytes of the page. */
export const reportBenchmark: Benchmark = {
  name: "sweep.report",
  unit: "s",
  async run({ small }) {
    const runs = small ? RUNS_SMALL : RUNS;
    const plan = benchmarkPlan(runs);
    const real = rowsOf(plan, { from: 0, to: small ? DIFFERENT_SMALL : DIFFERENT });
    const rows = Array.from({ length: runs }, (_, index) => [index, ...(real[index % real.length] ?? []).slice(1)]);
    const path = mkdtempSync(join(tmpdir(), "causeway-bench-"));
    try {
      const results = resultsOf(plan, rows, path);
      const began = wallclockMilliseconds();
      const totals = await summarise(results);
      await writeReports({ results, totals, plan, kept: new Map(), repeat: "npx causeway sweep small.yaml" });
      const seconds = (wallclockMilliseconds() - began) / 1_000;
      if (totals.exitCode !== 0) throw new Error(totals.troubles[0]?.why ?? "a run did not pass");
      return [
        { variant: "", value: seconds },
        { variant: "size", value: statSync(join(path, PAGE)).size / MEGABYTE, unit: "MB" },
      ];
    } finally {
      rmSync(path, { recursive: true, force: true });
    }
  },
};
