// A member returns over a link that loses and reorders, and what it sends goes in small pieces: the deletes that it has written anew come one
// by one. Of one key it has written in place of what was deleted meanwhile; of another one its own delete stands beside a value, and it
// writes that anew, too. The second needs what is held back, and may not take the first key's value along before the first delete is there.

import { expect, test } from "vitest";
import type { Rules } from "../../model/replication/rules.ts";
import { renderProblems } from "../scenario/problem.ts";
import { readScenario } from "../scenario/read.ts";
import type { RunReport } from "./report.ts";
import { runScenario } from "./runner.ts";

const text = `causeway: 1
name: pieces
topology: { tree: { a: { b: null } } }
scopes: [{ name: things, prefix: things/, resolver: return-them-all, collect: 100ms }]
flows: [{ scope: things, between: tree, direction: both }]
links: { defaults: { delay: 50ms, jitter: 40ms, loss: 40% } }
script:
  - { put: things/x, value: first, at: 1s, cloudlet: a, session: s }
  - { get: things/x, at: 4s, cloudlet: b, session: t }
  - { put: things/x, value: late, at: 6s, cloudlet: b, session: t }
  - { put: things/y, value: b, at: 6500ms, cloudlet: b, session: t }
  - { delete: things/y, at: 7s, cloudlet: b, session: t }
  - { put: things/y, value: a, at: 8s, cloudlet: a, session: s }
  - { delete: things/x, at: 9s, cloudlet: a, session: s }
clients: [{ name: readers, at: a, think: 10ms, mix: [{ scan: things/ }] }]
detachments: [{ at: 7s, decides: a, detach: b }]
faults: [{ isolate: b, from: 5s, until: 12s }]
quirks: [smallest-batch, short-sync]
duration: 20s
settle: 60s
`;

function reportOf(seed: string, plant?: () => Partial<Rules>): RunReport {
  const read = readScenario(text, { file: "pieces.yaml", seed });
  if (read.kind === "invalid") throw new Error(renderProblems(read.problems));
  return runScenario(read.scenario, plant === undefined ? {} : { plant }).report;
}

const revived = ({ properties }: RunReport): number =>
  properties.find(([name]) => name === "revived")?.[1].violations ?? 0;
const seeds = Array.from({ length: 40 }, (_, number) => `pieces-${number}`);

// b is down, and detached. It starts again; what the others have is on the way to its slow disk when it writes in place of what they have
// deleted. The delete comes and goes before the write is on the disk, too.
test("what a disk takes its time for is not forgotten: it meets the delete that has gone before it was there", () => {
  const lines = [
    "causeway: 1",
    "name: slow",
    "topology: { tree: { a: { b: null, c: null } } }",
    "scopes: [{ name: things, prefix: things/, resolver: return-them-all, collect: 100ms }]",
    "flows: [{ scope: things, between: tree, direction: both }]",
    "links: { defaults: { delay: 5ms } }",
    "disks: [{ at: b, sync: 200ms }]",
    "script:",
    "  - { put: things/x, value: first, at: 1s, cloudlet: a, session: s }",
    "  - { get: things/x, at: 2s, cloudlet: c, session: u }",
    "  - { delete: things/x, at: 5s, cloudlet: c, session: u }",
    "  - { get: things/x, at: 10050ms, cloudlet: b, session: t }",
    "  - { put: things/x, value: late, at: 10100ms, cloudlet: b, session: t }",
    "  - { scan: things/, at: 12s, cloudlet: a, session: s }",
    "detachments: [{ at: 4s, decides: a, detach: b }]",
    "faults: [{ crash: b, at: 3s, for: 7s }]",
    "duration: 13s",
  ];
  const read = readScenario(lines.join("\n"), { file: "slow.yaml", seed: "1" });
  if (read.kind === "invalid") throw new Error(renderProblems(read.problems));
  const { report } = runScenario(read.scenario);
  expect([report.verdict, report.unmet]).toEqual(["passed", []]);
  expect(new Map(report.marks).get("delete-written-anew")).toBe(1);
  expect(report.openSiblings.map(({ key }) => key)).toEqual(["things/x"]);
});

test("a value does not come before the delete that it is to meet (40 runs)", () => {
  for (const seed of seeds) {
    const report = reportOf(seed);
    expect([seed, report.verdict, report.unmet]).toEqual([seed, "passed", []]);
    expect([seed, new Map(report.marks).get("delete-written-anew")]).toEqual([seed, 2]);
  }
});

test("where the second delete takes all along as it comes, the value stands alone in some of them", () => {
  // Whoever lets the value go like that would write its delete anew otherwise.
  const leads = (): Partial<Rules> => ({ leads: () => true, meetsAhead: () => false });
  expect(seeds.some((seed) => revived(reportOf(seed, leads)) > 0)).toBe(true);
});
