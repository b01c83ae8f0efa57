// A member that was detached and comes back to what it cannot read: a delete that newer software has written stands beside its own write,
// and it cannot tell that it is one. It stays away until it can; and so do others who have taken in what it wrote, until then.

import { expect, test } from "vitest";
import type { Rules } from "../../model/replication/rules.ts";
import { renderProblems } from "../scenario/problem.ts";
import { readScenario } from "../scenario/read.ts";
import type { RunReport } from "./report.ts";
import { runScenario } from "./runner.ts";

function reportOf(lines: readonly string[], plant?: () => Partial<Rules>): RunReport {
  const read = readScenario(["causeway: 1", "name: unread", "seed: 1", ...lines].join("\n"), { file: "unread.yaml" });
  if (read.kind === "invalid") throw new Error(renderProblems(read.problems));
  return runScenario(read.scenario, plant === undefined ? {} : { plant }).report;
}

// b is cut off and replaces what a, which has been upgraded, deletes meanwhile. The delete goes without b.
const story = (more: string): readonly string[] => [
  "topology: { tree: { a: { b: null } } }",
  "scopes: [{ name: things, prefix: things/, resolver: return-them-all, collect: 1s }]",
  "flows: [{ scope: things, between: tree, direction: both }]",
  "links: { defaults: { delay: 5ms } }",
  "script:",
  "  - { put: things/a, value: a, at: 1s, cloudlet: b, session: s }",
  "  - { put: things/a, value: b, at: 8s, cloudlet: b, session: s }",
  "  - { get: things/a, at: 9s, cloudlet: a, session: t }",
  "  - { delete: things/a, at: 10s, cloudlet: a, session: t }",
  "  - { get: things/a, at: 28s, cloudlet: a, session: t }",
  "detachments: [{ at: 7s, decides: a, detach: b }]",
  "faults:",
  "  - { isolate: b, from: 5s, until: 20s }",
  "  - { upgrade: a, version: 2, at: 2s, for: 1s }",
  more,
  "duration: 30s",
];

const returns = ({ absences }: RunReport): number => absences.filter(({ kind }) => kind === "returned").length;
const violations = ({ properties }: RunReport, name: string): number | undefined =>
  properties.find(([other]) => other === name)?.[1].violations;

test("it does not return, what it wrote is held back, and the run says so", () => {
  const report = reportOf(story(""));
  expect([report.verdict, report.unmet, returns(report)]).toEqual(["passed", [], 0]);
  expect(new Map(report.marks).get("tombstone-collected")).toBeGreaterThan(0);
  expect(report.notes.join()).toContain("would have to wait for members that were detached and have not returned");
});

test("once it is upgraded it returns, and the delete meets what it wrote", () => {
  const report = reportOf(story("  - { upgrade: b, version: 2, at: 22s, for: 1s }"));
  expect([report.verdict, report.unmet, returns(report)]).toEqual(["passed", [], 1]);
  expect(new Map(report.marks).get("delete-written-anew")).toBe(1);
  expect(report.openSiblings.map(({ key }) => key)).toEqual(["things/a"]);
});

test("where it returns all the same, what was deleted comes back to life", () => {
  const report = reportOf(story(""), () => ({ awaitsReading: () => false }));
  expect(returns(report)).toBe(1);
  expect(violations(report, "revived")).toBeGreaterThan(0);
});

// What waits for whom: shrunk from drawn scenarios in which nobody can be blamed for it.
const waiting: readonly (readonly [string, readonly string[]])[] = [
  [
    "the return of b, which has what d wrote, where d cannot read what stands beside that",
    [
      "topology: { cloudlets: [{ name: a }, { name: b, upper: a }, { name: c, upper: a }, { name: d, upper: b }] }",
      "links: { list: [{ between: [a, b], delay: 1s }, { between: [a, c], delay: 1s }, { between: [b, d], delay: 10ms }] }",
      "script:",
      "  - { put: things/a, value: a, at: 6s, cloudlet: d, session: a }",
      "  - { put: things/b, value: b, at: 7s, cloudlet: b, session: b }",
      "  - { put: things/a, value: c, at: 8s, cloudlet: d, session: a }",
      "  - { delete: things/a, at: 9s, cloudlet: c, session: c }",
      "detachments: [{ at: 5s, decides: a, close: b }, { at: 3s, decides: a, close: d }]",
      "faults: [{ isolate: b, from: 1s }, { upgrade: c, version: 2, at: 2s, for: 2s }]",
      "duration: 10s",
    ],
  ],
  [
    "the return of c, which has read what d wrote, where d is cut off for good",
    [
      "topology: { tree: { a: { b: { c: { d: null } } } } }",
      "links: { defaults: { delay: 5ms } }",
      "script:",
      "  - { put: things/a, value: a, at: 2s, cloudlet: c, session: a }",
      "  - { put: things/b, value: b, at: 5s, cloudlet: d, session: b }",
      "  - { get: things/b, at: 6s, cloudlet: c, session: a }",
      "  - { put: things/a, value: c, at: 7s, cloudlet: c, session: a }",
      "detachments: [{ at: 4s, decides: a, detach: c }, { at: 3s, decides: a, detach: d }]",
      "faults: [{ isolate: b, from: 1s }, { isolate: c, from: 8s }]",
      "core: [a, b, c]",
      "duration: 9s",
    ],
  ],
  [
    "a return, where the way was cut for good after what came before it got through",
    [
      "topology: { tree: { a: { b: { c: null } } } }",
      "script:",
      "  - { delete: things/a, at: 9s, cloudlet: b, session: a }",
      "  - { put: things/b, value: a, at: 13s, cloudlet: b, session: a }",
      "detachments: [{ at: 7s, decides: a, detach: b }, { at: 8s, decides: a, detach: c }]",
      "faults:",
      "  - { partition: [[b, c]], from: 5s, until: 12s }",
      "  - { linkDown: [a, b], from: 14s }",
      "  - { degrade: [b, c], delay: 666022us, from: 1s }",
      "core: [a]",
      "duration: 15s",
    ],
  ],
];

test.each(waiting)("nothing is missing that waits for this: %s", (_, lines) => {
  const report = reportOf([
    "scopes: [{ name: things, prefix: things/, collect: 1s }]",
    "flows: [{ scope: things, between: tree, direction: both }]",
    ...lines,
  ]);
  expect([report.verdict, report.unmet]).toEqual(["passed", []]);
  expect(report.notes.join()).toContain("would have to wait for members that were detached and have not returned");
});
