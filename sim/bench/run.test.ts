/** The benchmark harness: what it prints, what it picks, and that a broken benchmark cannot pass. */
import { expect, test } from "vitest";
import type { Benchmark } from "./benchmark.ts";
import { runBenchmarks } from "./run.ts";

const hold: Benchmark = {
  name: "kernel.hold.10k",
  unit: "holds/s",
  run: ({ note }) => {
    note("g++ is absent");
    return [3, 1, 2, 10].map((value) => ({ variant: "", value }));
  },
};
const metadata: Benchmark = {
  name: "replication.metadata",
  unit: "bytes",
  run: () =>
    Promise.resolve([
      { variant: "10.mean", value: 40 },
      { variant: "10.p99", value: 90 },
      { variant: "growth", value: 1.25, unit: "ratio" },
    ]),
};
const broken: Benchmark = { name: "broken", unit: "s", run: () => [{ variant: "", value: Number.NaN }] };
const empty: Benchmark = { name: "empty", unit: "s", run: () => [] };
const throwing: Benchmark = {
  name: "throwing",
  unit: "s",
  run: () => {
    throw new Error("out of luck");
  },
};

async function bench(benchmarks: readonly Benchmark[], ...argv: readonly string[]) {
  let stdout = "";
  let stderr = "";
  const code = await runBenchmarks(benchmarks, argv, {
    stdout: (text) => void (stdout += text),
    stderr: (text) => void (stderr += text),
  });
  const json = argv.includes("--json")
    ? stdout
        .trim()
        .split("\n")
        .map((line): unknown => JSON.parse(line))
    : [];
  return { code, stdout, stderr, json };
}

test("--json prints one object per line with median, count and range", async () => {
  const { code, json, stderr } = await bench([hold, metadata], "--json", "--small");
  expect(json).toEqual([
    { name: "kernel.hold.10k", value: 2.5, unit: "holds/s", n: 4, min: 1, max: 10 },
    { name: "replication.metadata.10.mean", value: 40, unit: "bytes", n: 1, min: 40, max: 40 },
    { name: "replication.metadata.10.p99", value: 90, unit: "bytes", n: 1, min: 90, max: 90 },
    { name: "replication.metadata.growth", value: 1.25, unit: "ratio", n: 1, min: 1.25, max: 1.25 },
  ]);
  expect(stderr).toBe("kernel.hold.10k: g++ is absent\n");
  expect(code).toBe(0);
});

test.each([
  ["kernel.hold.10k", ["kernel.hold.10k"]],
  ["kernel", ["kernel.hold.10k"]],
  ["replication.metadata.10", ["replication.metadata.10.mean", "replication.metadata.10.p99"]],
  ["replication.metadata.growth", ["replication.metadata.growth"]],
])("--only %s prints %j", async (only, names) => {
  const { code, json } = await bench([hold, metadata], "--json", "--only", only);
  expect(json.map((line) => (line as { name: string }).name)).toEqual(names);
  expect(code).toBe(0);
});

test.each([
  [["--only", "kern"], "there are: kernel.hold.10k"],
  [["--onyl", "kernel"], "Did you mean --only?"],
  [["kernel"], "too many arguments"],
])("%j is refused with exit code 2", async (argv, message) => {
  const { code, stdout, stderr } = await bench([hold], ...argv);
  expect(stderr).toContain(message);
  expect(stdout).toBe("");
  expect(code).toBe(2);
});

test.each([
  [broken, "not a finite number"],
  [empty, "measured nothing"],
  [throwing, "out of luck"],
])("a benchmark that fails makes the run fail, and the others still run (%#)", async (benchmark, message) => {
  const { code, stdout, stderr } = await bench([benchmark, hold]);
  expect(stderr).toContain(message);
  expect(stdout).toContain("kernel.hold.10k");
  expect(code).toBe(1);
});
