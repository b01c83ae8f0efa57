// What reports tell of operations: figures that add up, queues over time, who is exempt; and the same on the page.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { runScenario } from "../run/runner.ts";
import { readScenario } from "../scenario/read.ts";
import { queuePlots, renderOperationTables } from "./operations.ts";

const file = "workloads/operations.yaml";
const read = readScenario(readFileSync(new URL(`../../${file}`, import.meta.url), "utf8"), { file });
if (read.kind === "invalid") throw new Error("the workload cannot be read");
const { report } = runScenario(read.scenario);
const operations = report.operations ?? expect.fail("a run without operations");

test("what was accepted is done, has ended otherwise or is open; and the metrics are their sums", () => {
  for (const { accepted, done, endedOtherwise, open, executed, endP50, endP99 } of operations.kinds) {
    expect(done + endedOtherwise + open).toBe(accepted);
    expect(executed).toBeGreaterThanOrEqual(done);
    expect(endP50 ?? 0).toBeLessThanOrEqual(endP99 ?? Infinity);
  }
  const metrics = new Map(report.metrics);
  for (const name of ["accepted", "refused", "executed", "queued", "done", "open"] as const) {
    const sum = operations.kinds.reduce((total, counts) => total + counts[name], 0);
    expect([name, metrics.get(`operations.${name}`)]).toEqual([name, sum]);
  }
  const most = Math.max(...operations.queues.map(({ bytes }) => bytes));
  expect([metrics.get("queue.peak.bytes"), most > 0]).toEqual([most, true]);
});

test("a queue's course has its most where the figures say, and is empty in the end", () => {
  for (const { records, recordsAt, bytes, series } of operations.queues) {
    expect(Math.max(...series.map((slice) => slice.records))).toBe(records);
    expect(Math.max(...series.map((slice) => slice.bytes))).toBe(bytes);
    const slice = series.findLast(({ at }) => at <= recordsAt);
    expect(slice?.records).toBe(records);
    expect(series.at(-1)).toMatchObject({ records: 0, bytes: 0 });
  }
});

test("a cloudlet without a plane is exempt, and its upper's plane has worked for it", () => {
  const [exempt, ...others] = operations.planeless;
  expect([exempt?.cloudlet, exempt?.plane, others]).toEqual(["south-2", "control", []]);
  expect(exempt?.why).toMatch(/^south-2 has no control plane/);
  expect(operations.planeless[0]?.byUpper).toBeGreaterThan(0);
});

test("the page has a row per kind and queue, and two plots of as many slices as the others", () => {
  const tables = renderOperationTables(operations);
  for (const { kind } of operations.kinds) expect(tables).toContain(kind);
  expect(tables).toContain("south-2 has no control plane");
  const plots = queuePlots(operations, { width: 1_000_000, end: 64_500_000 });
  expect(plots.map(({ id }) => id)).toEqual(["queues", "queue-bytes"]);
  for (const { lines } of plots) {
    expect(lines).toHaveLength(6);
    for (const { values } of lines) expect(values).toHaveLength(65);
  }
  const [north] = plots[0]?.lines.filter(({ label }) => label === "north") ?? [];
  expect(Math.max(...(north?.values ?? []).map(Number))).toBe(
    operations.queues.find(({ cloudlet }) => cloudlet === "north")?.records,
  );
  expect(queuePlots(undefined, { width: 1, end: 1 })).toEqual([]);
});
