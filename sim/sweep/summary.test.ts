// Rows add up to verdicts, and what was expected of all of them together is judged.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { columnsOf } from "./columns.ts";
import { statisticOf } from "./measures.ts";
import type { ParameterValue, SweepExpectations } from "./plan.ts";
import type { SweepRow } from "./row.ts";
import { summarise, type SweepTotals } from "./summary.ts";
import { nothingExpected, resultsOf, rowsOf, smallPlan } from "./testing.ts";

let place = "";
beforeEach(() => void (place = mkdtempSync(join(tmpdir(), "causeway-summary-"))));
afterEach(() => rmSync(place, { recursive: true, force: true }));

const whole = rowsOf(smallPlan({ caseCount: 4 }));
const names = columnsOf([{ name: "logs.retain", kind: "integer" }]).map(({ name }) => name);

function changed(row: SweepRow, values: Readonly<Record<string, ParameterValue>>): SweepRow {
  return row.map((value, at) => {
    const name = names[at] ?? "";
    return name in values ? (values[name] ?? null) : value;
  });
}

async function totalsOf(
  rows: readonly SweepRow[],
  expectations: Partial<SweepExpectations> = {},
  caseCount = rows.length,
): Promise<SweepTotals> {
  const plan = smallPlan({ caseCount, expectations: { ...nothingExpected, ...expectations } });
  return summarise(resultsOf(plan, rows, mkdtempSync(join(place, "r-"))));
}

test("runs that all passed", async () => {
  const totals = await totalsOf(whole);
  expect(totals).toMatchObject({
    runCount: 4,
    missingCount: 0,
    topologyCount: 1,
    provenCount: 1,
    unmet: [],
    troubles: [],
    exitCode: 0,
  });
  expect(totals.outcomes.find(({ name }) => name === "passed")).toEqual({ name: "passed", count: 4 });
  const convergence = totals.properties.find(({ name }) => name === "convergence");
  expect(convergence).toEqual({ name: "convergence", runsJudged: 4, runsViolated: 0, runsBroken: 0, violations: 0 });
  expect(totals.requests).toBeGreaterThan(totals.requestsMin * 3);
  const drawn = totals.faults.filter(({ count }) => count > 0);
  expect(drawn.length).toBeGreaterThan(1);
});

test.each([
  ["passed", "passed", 0],
  ["undecided", "passed", 3],
  ["refused", "undecided", 2],
  ["failed", "refused", 1],
  ["timed-out", "failed", 4],
  ["threw", "failed", 4],
])("%s beside %s ends with %i", async (one, other, code) => {
  const rows = [changed(whole[0]!, { outcome: one, why: "so" }), changed(whole[1]!, { outcome: other, why: "so" })];
  const totals = await totalsOf(rows);
  expect(totals.exitCode).toBe(code);
  const wrong = [one, other].flatMap((outcome, index) =>
    outcome === "passed" ? [] : [{ index, seed: `t-${index}`, outcome, why: "so" }],
  );
  expect(totals.troubles).toEqual(wrong);
});

test("the digest follows outcomes and digests, and their order", async () => {
  const digests = [
    (await totalsOf(whole)).digest,
    (await totalsOf([changed(whole[0]!, { digest: "0" }), ...whole.slice(1)])).digest,
    (await totalsOf([changed(whole[0]!, { outcome: "failed" }), ...whole.slice(1)])).digest,
    (await totalsOf(whole.slice(0, 3))).digest,
  ];
  expect(new Set(digests).size).toBe(4);
  expect((await totalsOf(whole)).digest).toBe(digests[0]);
});

test.each([
  ["a mark that no run reaches", { sometimes: ["disk-lost"] }, /^disk-lost was to be reached somewhere/],
  [
    "topologies",
    { topologies: { count: 2, requests: 1, marks: [] } },
    /^2 different topologies were asked for, each with 1 requests, and there were 1$/,
  ],
  [
    "topologies with many requests",
    { topologies: { count: 1, requests: 1_000, marks: [] } },
    /^1 different topologies were asked for, each with 1000 requests, and there were 0$/,
  ],
  [
    "topologies with marks",
    { topologies: { count: 1, requests: 1, marks: ["conflict", "disk-lost"] } },
    /each with 1 requests, conflict, disk-lost, and there were 0$/,
  ],
  ["every fault", { everyFault: true }, /^a fault of kind \S+ was to be drawn somewhere, and never was$/],
  [
    "a bound",
    { bounds: [{ metric: "visibility.p99", over: "max", comparison: "<", value: 10 }] },
    /^max of visibility\.p99 over all runs was to be < 10us, and it was .*ms$/,
  ],
  [
    "a bound on what nobody has measured",
    { bounds: [{ metric: "cpu.wait.max", over: "p95", comparison: "<", value: 10 }] },
    /^p95 of cpu\.wait\.max .*, and no run has measured it$/,
  ],
] as const)("%s is asked of all runs together", async (_, expectations, message) => {
  const totals = await totalsOf(whole, expectations);
  expect(totals.unmet[0]).toMatch(message);
  expect(totals.exitCode).toBe(1);
  // What is not complete may reach it yet.
  const part = await totalsOf(whole, expectations, 8);
  expect([part.missingCount, part.exitCode]).toEqual([4, 3]);
});

test("expectations that are met", async () => {
  const { exitCode, unmet } = await totalsOf(whole, {
    sometimes: ["conflict"],
    topologies: { count: 1, requests: 1, marks: ["conflict"] },
    bounds: [{ metric: "visibility.p99", over: "min", comparison: ">", value: 10 }],
  });
  expect([exitCode, unmet]).toEqual([0, []]);
});

test.each([
  ["min", 1],
  ["mean", 50.5],
  ["p50", 50],
  ["p90", 90],
  ["p95", 95],
  ["p99", 99],
  ["max", 100],
] as const)("%s of 1 to 100 is %f", (over, value) => {
  expect(
    statisticOf(
      Float64Array.from({ length: 100 }, (_, at) => at + 1),
      over,
    ),
  ).toBe(value);
  expect(statisticOf(new Float64Array(0), over)).toBeNull();
  expect(statisticOf(Float64Array.of(7), over)).toBe(7);
});
