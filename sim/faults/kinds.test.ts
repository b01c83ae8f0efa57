// Every kind of fault at work in one world: it is seen by one of its marks, changes the run, and breaks nothing. The table here
// has one story per row of the table of faults, so that a kind without one is noticed.

import { describe, expect, test } from "vitest";
import { runScenario } from "../run/runner.ts";
import { readScenario } from "../scenario/read.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { type FaultName, faultTable } from "./table.ts";

/** The fault, and what else its story needs. */
const stories: Readonly<Record<FaultName, readonly [fault: string, more?: string]>> = {
  linkDown: ["{ linkDown: [hub, east], from: 2s, until: 3s, direction: forth }"],
  partition: ["{ partition: [[east, shop], [west]], from: 2s, until: 3s }"],
  isolate: ["{ isolate: east, from: 2s, until: 3s }"],
  cutSubtree: ["{ cutSubtree: east, from: 2s, until: 3s }"],
  ring: ["{ ring: [hub, east, shop, west], from: 2s, until: 3s }"],
  bridge: ["{ bridge: east, between: [[hub], [shop]], from: 2s, until: 3s }"],
  flapping: ['{ flapping: [hub, east], down: "uniform(20ms, 200ms)", up: exponential(100ms), from: 2s, until: 5s }'],
  swizzle: ["{ swizzle: all, from: 2s, until: 5s }"],
  degrade: [
    "{ degrade: [hub, east], loss: 20%, duplication: 20%, reordering: 20%, reorderDelay: 90ms, corruption: 5%, delay: 50ms, jitter: 30ms, bandwidth: 50kbit, from: 2s, until: 5s }",
  ],
  clog: ["{ clog: [hub, east], from: 2s, until: 3s }"],
  lyingFsync: ["{ lyingFsync: east, from: 2s, until: 4s }", "{ crash: east, at: 3s, for: 200ms }"],
  bitRot: ["{ bitRot: east, at: 3s, entries: 3 }", "{ crash: east, at: 4s, for: 200ms }"],
  slowDisk: ['{ slowDisk: east, sync: "uniform(50ms, 300ms)", from: 2s, until: 4s }'],
  fullDisk: ["{ fullDisk: east, from: 2s, until: 4s }"],
  restoreBackup: ["{ restoreBackup: east, of: 2s, at: 4s, for: 200ms }"],
  cloneDisk: ["{ cloneDisk: east, to: west, at: 4s, for: 200ms }"],
  crash: ["{ crash: east, at: 3s, for: 200ms, when: writesPending }"],
  pause: ["{ pause: east, clock: stands, from: 2s, until: 4s }"],
  upgrade: ["{ upgrade: east, version: 2, at: 3s, for: 200ms }"],
  downgrade: [
    "{ downgrade: east, version: 1, at: 5s, for: 200ms }",
    "{ upgrade: east, version: 2, at: 2s, for: 200ms }",
  ],
  clockStep: ["{ clockStep: east, at: 3s, by: -200ms }"],
  clockDrift: ["{ clockDrift: east, by: 2%, from: 2s, until: 4s }"],
  clockSlew: ["{ clockSlew: east, at: 2s, by: -1ms }"],
  clockStrobe: ["{ clockStrobe: east, by: 200ms, every: 10ms, from: 2s, until: 3s }"],
  farFuture: ["{ farFuture: east, at: 2s, by: 1h, for: 1s }"],
  churn: ["{ churn: leaves, up: exponential(1s), down: exponential(300ms), how: crash, from: 1s, until: 5s }"],
  massReturn: ["{ massReturn: leaves, from: 2s, until: 4s }"],
  cascade: ["{ cascade: hub, every: 500ms, for: 800ms, from: 2s, how: crash }"],
};

function scenarioWith(faults: readonly string[], seed = 1): Scenario {
  const text = `
causeway: 1
name: kinds
seed: ${seed}
topology: { tree: { hub: { east: { shop: null, stall: null }, west: { dock: null } } } }
scopes: [{ name: users, prefix: users/, resolver: return-them-all }, { name: news, prefix: news/ }]
flows:
  - { scope: users, between: tree, direction: both }
  - { scope: news, upper: hub, lower: shop, via: [], direction: both }
links: { defaults: { delay: 5ms }, list: [{ between: [hub, shop] }] }
disks: [{ at: all, sync: 1ms }]
clients:
  - name: editors
    at: all
    think: exponential(80ms)
    mix: [{ put: users/, keys: 5, weight: 2 }, { delete: users/, keys: 5 }, { get: users/, keys: 5, weight: 2 }]
clockBound: 10s
duration: 7s
settle: 60s
faults: [${faults.join(", ")}]
`;
  const read = readScenario(text, { file: "kinds.yaml" });
  if (read.kind === "invalid") throw new Error(read.problems.map(({ message }) => message).join("\n"));
  return read.scenario;
}

describe("every kind of fault", () => {
  const plain = runScenario(scenarioWith([])).report;

  test.each(faultTable.map(({ name, marks }) => [name, marks] as const))(
    "%s is seen by its mark, changes the run and breaks nothing",
    (name, marks) => {
      const [fault, more] = stories[name];
      const beside = more === undefined ? [] : [more];
      // The encoding may differ already because of the fault beside it.
      const without = runScenario(scenarioWith(beside)).report;
      for (let seed = 1; seed <= 2; seed += 1) {
        const { report } = runScenario(scenarioWith([fault, ...beside], seed));
        expect(report.properties.filter(([, { verdict }]) => verdict === "violated")).toEqual([]);
        expect(report.verdict).toBe("passed");
        if (seed > 1) continue;
        expect([plain.digest, without.digest]).not.toContain(report.digest);
        const before = new Map<string, number>(without.marks);
        const gained = report.marks.filter(([mark, count]) => count > (before.get(mark) ?? 0)).map(([mark]) => mark);
        expect(gained.filter((mark) => (marks as readonly string[]).includes(mark))).not.toEqual([]);
      }
    },
    30_000,
  );

  test("a fault that is added changes nothing that another one draws", () => {
    const churn = "{ churn: leaves, up: exponential(1s), down: exponential(300ms), from: 1s, until: 5s }";
    const alone = scenarioWith([churn]).faults;
    const beside = scenarioWith([churn, "{ swizzle: all, from: 2s, until: 5s }"]).faults;
    expect(beside.slice(0, alone.length)).toEqual(alone);
  });
});
