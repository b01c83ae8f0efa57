// What a cloudlet that is cut off lacks is counted record by record, and how long it takes to catch up is measured from the healing on.

import { expect, test } from "vitest";
import { runScenario } from "../run/runner.ts";
import { readScenario } from "../scenario/read.ts";

function metricsOf(faults: string, settle = "30s"): ReadonlyMap<string, number> {
  const text = `causeway: 1
name: cut
seed: 1
topology: { tree: { hub: { edge: null, far: null } } }
scopes: [{ name: users, prefix: users/ }]
flows: [{ scope: users, between: tree, direction: both }]
links: { defaults: { delay: 10ms } }
script:
  - { at: 2s, cloudlet: hub, session: s, put: users/a, value: "1" }
  - { at: 3s, cloudlet: hub, session: s, put: users/b, value: "2" }
  - { at: 4s, cloudlet: edge, session: t, put: users/c, value: "3" }
  - { at: 5s, cloudlet: hub, session: s, put: users/a, value: "4" }
faults: ${faults}
duration: 6s
settle: ${settle}
`;
  const read = readScenario(text, { file: "cut.yaml" });
  if (read.kind === "invalid") throw new Error(read.problems[0]?.message ?? "");
  return new Map(runScenario(read.scenario).report.metrics);
}

test("a cloudlet that is cut off until the end lacks three records, and gets them after the healing", () => {
  const metrics = metricsOf("[{ isolate: edge, from: 1s }]");
  expect(metrics.get("pending.max")).toBe(3);
  expect(metrics.get("convergence.afterHeal")).toBeGreaterThanOrEqual(10_000);
  expect(metrics.get("convergence.afterHeal")).toBeLessThan(5_000_000);
  // One layer below the root the slowest one waited from the second second until the end of the sixth.
  expect(metrics.get("visibility.layer1.p99")).toBeGreaterThan(4_000_000);
  expect(metrics.get("visibility.layer0.p99")).toBeGreaterThan(2_000_000);
});

test("where nothing is cut off one record at a time is on its way, and nothing is left for after the load", () => {
  const metrics = metricsOf("[]");
  expect([metrics.get("pending.max"), metrics.get("convergence.afterHeal")]).toEqual([1, 0]);
  expect(metrics.get("visibility.layer1.p99")).toBeLessThan(100_000);
});

test("what a restart takes away is lacked again, and counted down again when it is back", () => {
  const metrics = metricsOf("[{ crash: edge, at: 5.5s, for: 100ms, disk: lose }]");
  expect(metrics.get("pending.max")).toBeGreaterThanOrEqual(3);
  expect(metrics.get("convergence.afterHeal")).toBe(0);
});

test("without convergence there is no time to it", () => {
  const metrics = metricsOf("[{ isolate: edge, from: 1s }]", "1ms");
  expect(metrics.get("pending.max")).toBe(3);
  expect(metrics.has("convergence.afterHeal")).toBe(false);
});
