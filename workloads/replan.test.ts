// What the scenario with changing plans tells beyond its verdict: that a layer which is put in between makes the queue above it small, and
// what becomes of the queues of those who move.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { OperationsReport } from "../sim/run/report.ts";
import { runScenario } from "../sim/run/runner.ts";
import { renderProblems } from "../sim/scenario/problem.ts";
import { readScenario } from "../sim/scenario/read.ts";

const name = "replan-with-queues.yaml";
const text = readFileSync(new URL(name, import.meta.url), "utf8");

function operationsOf(written: string): OperationsReport {
  const outcome = readScenario(written, { file: name });
  if (outcome.kind === "invalid") throw new Error(renderProblems(outcome.problems));
  const { operations } = runScenario(outcome.scenario).report;
  return operations ?? expect.fail("a run without operations");
}

// The most bytes that stood at a cloudlet between two times in seconds.
function most({ queues }: OperationsReport, cloudlet: string, from: number, until: number): number {
  const { series } = queues.find((one) => one.cloudlet === cloudlet) ?? expect.fail(`nothing stood at ${cloudlet}`);
  const [begin, end] = [from * 1_000_000, until * 1_000_000];
  return Math.max(0, ...series.flatMap(({ at, bytes }) => (at >= begin && at < end ? [bytes] : [])));
}

test("a layer that is put in between takes over the queue above it (C8), and what moves or leaves ends", () => {
  const report = operationsOf(text);
  expect(report.open).toEqual([]);
  // Half a minute of operations of a kilobyte for three sites out of reach; and what is on its way through.
  expect(most(report, "centre", 0, 30)).toBeGreaterThan(20_000);
  expect(most(report, "centre", 34, 50)).toBeLessThan(5_000);
  expect(most(report, "aggregation", 34, 50)).toBeGreaterThan(20_000);
  // Without the layer the centre goes on to hold all of it.
  const calm = operationsOf(text.replace(/^plans:\n(?: {2}.*\n)*/m, ""));
  expect(most(calm, "centre", 34, 50)).toBeGreaterThan(30_000);
  // The queue of the second site moves with it.
  expect(most(report, "south", 55, 70)).toBeGreaterThan(5_000);
});
