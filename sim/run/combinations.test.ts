// Parts of a scenario together that are seldom asked for together: stories in which a run once judged wrongly, or never ended. Each
// was drawn, and is small enough to read. Leaves out what may not be combined (scenario/*.test.ts).

import { describe, expect, test } from "vitest";
import { readScenario } from "../scenario/read.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { RunReport } from "./report.ts";
import { runScenario } from "./runner.ts";

const head = `causeway: 1
name: together
seed: 77
topology: { tree: { hub: { site: null } } }
`;

function run(text: string, logs?: Scenario["logs"]): RunReport {
  const read = readScenario(`${head}${text}`, { file: "s.yaml" });
  if (read.kind === "invalid") expect.fail(JSON.stringify(read.problems));
  return runScenario({ ...read.scenario, ...(logs !== undefined && { logs }) }).report;
}

function expectPassed({ verdict, unmet }: RunReport): void {
  expect({ verdict, unmet }).toEqual({ verdict: "passed", unmet: [] });
}

const writes = "mix: [{ put: u/, keys: 3, weight: 2 }, { delete: u/, keys: 3 }, { get: u/, keys: 3 }, { scan: u/ }]";

describe("who is closed and goes on writing", () => {
  // Links reorder: of three writes the second comes last, and counts as lost until then.
  test.each(["lww-lamport", "lww-hlc", "return-them-all"])("under %s nobody ends in another state", (resolver) => {
    const report = run(`scopes: [{ name: u, prefix: u/, resolver: ${resolver} }]
flows: [{ scope: u, between: tree, direction: both }]
links: { defaults: { delay: 0ms, jitter: 40ms, loss: 3% } }
clients: [{ name: all, at: all, think: exponential(20ms), ${writes} }]
detachments: [{ at: 900ms, decides: hub, close: site }]
duration: 7s
`);
    expectPassed(report);
    expect(new Map(report.metrics).get("records.lost")).toBeGreaterThan(5);
  });

  test("what is written about it is no write of anybody's where a snapshot covers it and nothing is collected", () => {
    // Files may not combine the two.
    const story = `scopes: [{ name: u, prefix: u/ }]
flows: [{ scope: u, between: tree, direction: both }]
script:
  - { put: u/x, value: v, at: 500ms, cloudlet: hub, session: a }
  - { put: u/y, value: v, at: 2s, cloudlet: hub, session: a }
faults: [{ isolate: site, from: 1s, until: 3s }]
detachments: [{ at: 1500ms, decides: hub, close: site }]
duration: 4s
`;
    const report = run(story, { retain: 0, checkpoint: null });
    expectPassed(report);
    expect(new Map(report.marks).get("snapshot-installed")).toBeGreaterThan(0);
  });
});

test("a put whose time is over while its process is down is ended from a checkpoint, too", () => {
  const report = run(`scopes: [{ name: u, prefix: u/ }]
flows: [{ scope: u, between: tree, direction: both }]
logs: { checkpoint: 1 }
script:
  - { put: u/x, value: v, at: 1s, cloudlet: site, session: s, ttl: 2s }
  - { put: u/y, value: v, at: 1100ms, cloudlet: site, session: s }
faults: [{ crash: site, at: 2s, for: 3s }]
duration: 8s
`);
  expectPassed(report);
  expect(new Map(report.marks).get("end-after-restart")).toBe(1);
});

test("a delete that has gone without a member which cannot read it goes there with its upgrade", () => {
  const story = (upgrade: string): RunReport =>
    run(`scopes: [{ name: u, prefix: u/, collect: 300ms }]
flows: [{ scope: u, between: tree, direction: both }]
links: { defaults: { delay: 20ms } }
wire: { versions: [{ at: hub, version: 2 }] }
script:
  - { put: u/x, value: v, at: 500ms, cloudlet: hub, session: a }
  - { delete: u/x, at: 1s, cloudlet: hub, session: a }
detachments: [{ at: 800ms, decides: hub, detach: site }]
faults: [{ isolate: site, from: 700ms, until: 4s }${upgrade}]
duration: 9s
`);
  const collected = (report: RunReport): unknown => new Map(report.metrics).get("deletes.collected");
  const sealed = story("");
  expectPassed(sealed);
  expect(collected(sealed)).toBe(1);
  const read = story(", { crash: site, at: 6s, for: 1s, version: 2 }");
  expectPassed(read);
  expect(collected(read)).toBe(2);
});

test("deletes that are reported on at once let time go on", () => {
  const report = run(`scopes: [{ name: u, prefix: u/, collect: 0s }]
flows: [{ scope: u, between: tree, direction: both }]
links: { defaults: { delay: 200ms, jitter: 100ms } }
clients: [{ name: all, at: all, think: exponential(60ms), operations: 20, ${writes} }]
script:
  - { delete: u/0, at: 3s, cloudlet: hub, session: last }
  - { delete: u/1, at: 3s, cloudlet: hub, session: last }
duration: 6s
`);
  expectPassed(report);
  expect(new Map(report.metrics).get("deletes.collected")).toBeGreaterThan(2);
});

test("where deletes are to be collected and none can go the report says so", () => {
  const notes = (scope: string, direction: string): readonly string[] =>
    run(`scopes: [{ name: u, prefix: u/, collect: 1s${scope} }]
flows: [{ scope: u, between: tree, direction: ${direction} }]
duration: 1s
`).notes;
  expect(notes("", "up")).toEqual([
    "deletes of u stay though they are to be collected: not everybody there hears what all others have",
  ]);
  expect(notes("", "both")).toEqual([]);
  // There are none.
  expect(notes(", resolver: counter", "up")).toEqual([]);
});
