// Worlds that a hunt has found and shrunk, in which a decision about a member meets another fault: each once looked like a core that
// does not converge.

import { expect, test } from "vitest";
import type { RunReport } from "../run/report.ts";
import { runScenario } from "../run/runner.ts";
import { renderProblems } from "../scenario/problem.ts";
import { readScenario } from "../scenario/read.ts";

function run(...more: readonly string[]): RunReport {
  const lines = ["causeway: 1", "name: lost-decisions", "seed: 1", ...more];
  const outcome = readScenario(lines.join("\n"), { file: "s.yaml" });
  if (outcome.kind === "invalid") throw new Error(renderProblems(outcome.problems));
  return runScenario(outcome.scenario).report;
}

// c writes a log, which never gets to a, and then something that a gets over b. a closes c, which says that the log is lost.
function closing(fault: string): RunReport {
  return run(
    "topology: { tree: { a: { b: { c: null } } } }",
    "scopes: [{ name: machines, prefix: machines/ }, { name: logs, prefix: logs/ }]",
    "flows:",
    "  - { scope: machines, between: tree, direction: both }",
    "  - { scope: logs, upper: a, lower: c, direction: up }",
    "links: { list: [{ between: [a, c] }] }",
    "script:",
    "  - { put: logs/a, value: a, at: 2s, cloudlet: c, session: a }",
    "  - { put: machines/b, value: b, at: 2s, cloudlet: c, session: a }",
    "  - { get: machines/b, at: 7500ms, cloudlet: a, session: b }",
    "detachments: [{ at: 5s, decides: a, close: c }]",
    `faults: [{ linkDown: [a, c], from: 1s }, { crash: c, at: 3s, for: 300d, disk: lose }, ${fault}]`,
    "duration: 8s",
  );
}

test("a backup from before a close takes the decision along: what was let go waits again, and the run says whose it was", () => {
  const report = closing("{ restoreBackup: a, of: 4s, at: 6s, for: 1s }");
  expect([report.verdict, report.unmet]).toEqual(["passed", []]);
  expect(report.absences.filter(({ kind }) => kind === "released")).toHaveLength(1);
  expect(report.notes).toContain(
    "1 missing record would have to wait for others that crashes took from whoever could send them",
  );
  expect(report.notes.filter((note) => note.startsWith("what a had decided"))).toEqual([
    "what a had decided, to close c in scope logs, was lost with its disk: nobody goes by it until it is decided again",
  ]);
});

test("a crash that leaves the disk does not: it is let go again", () => {
  const report = closing("{ crash: a, at: 6s, for: 1s }");
  expect([report.verdict, report.unmet]).toEqual(["passed", []]);
  expect(report.absences.filter(({ kind }) => kind === "released")).toHaveLength(2);
  expect(report.notes.join()).not.toContain("what a had decided");
});

test("a delete that somebody who counts cannot read stays, and is not overdue", () => {
  const report = run(
    "topology: { tree: { a: { b: null, c: null } } }",
    "scopes: [{ name: machines, prefix: machines/, collect: 1s }]",
    "flows: [{ scope: machines, between: tree, direction: both }]",
    "script:",
    "  - { delete: machines/a, at: 30s, cloudlet: a, session: a }",
    "  - { get: machines/a, at: 100s, cloudlet: b, session: b }",
    "detachments: [{ at: 10s, decides: a, detach: c }]",
    "faults: [{ isolate: c, from: 3s }, { crash: a, at: 20s, for: 1s, version: 2 }]",
    "duration: 1000s",
    "expectations: { sometimes: [sealed-read] }",
  );
  expect([report.verdict, report.unmet]).toEqual(["passed", []]);
});

// b writes while it is detached and cut off. It comes back, sends that, answers the decision, and dies while the answer is not stored.
const detachedWriter = (disk: string): RunReport =>
  run(
    "topology: { tree: { a: { b: null } } }",
    "scopes: [{ name: machines, prefix: machines/, collect: 1s }]",
    "flows: [{ scope: machines, between: tree, direction: both }]",
    "script: [{ put: machines/a, value: a, at: 2s, cloudlet: b, session: a }]",
    "detachments: [{ at: 4s, decides: a, detach: b }]",
    `faults: [{ isolate: b, from: 1s, until: 6s }, { crash: b, at: 3s, for: 2s, disk: ${disk}, when: writesPending }]`,
    "duration: 7s",
  );

test("what a detached member wrote to a disk that it lost stays held back where it came, and the run says so", () => {
  const report = detachedWriter("lose");
  expect([report.verdict, report.unmet]).toEqual(["passed", []]);
  expect(new Map(report.marks).get("member-returned")).toBe(1);
  expect(report.notes).toContain(
    "2 missing records stayed held back: their writers lost their disks while they were detached, and could not vouch for them",
  );
});

test("with its disk it vouches for that, and all have it", () => {
  const report = detachedWriter("keep");
  expect([report.verdict, report.unmet]).toEqual(["passed", []]);
  expect(report.notes.join()).not.toContain("vouch");
});

test("who is set up with a copy of a detached member's disk shows what was on it, and the run says so", () => {
  const report = run(
    "topology: { tree: { a: { b: null, c: null } } }",
    "scopes: [{ name: machines, prefix: machines/, collect: 1s }]",
    "flows: [{ scope: machines, between: tree, direction: both }]",
    "script:",
    "  - { put: machines/a, value: a, at: 1s, cloudlet: a, session: a }",
    "  - { delete: machines/a, at: 3s, cloudlet: b, session: b }",
    "  - { put: machines/a, value: b, at: 4s, cloudlet: c, session: c }",
    "  - { get: machines/a, at: 8s, cloudlet: b, session: b }",
    "detachments: [{ at: 5s, decides: a, detach: c }]",
    "faults: [{ isolate: c, from: 2s }, { cloneDisk: c, to: b, at: 6s, for: 1s }]",
    "duration: 9s",
  );
  expect([report.verdict, report.unmet]).toEqual(["passed", []]);
  expect(report.notes).toContain(
    "revived was suspended once: a value stood alone whose delete has gone: a copy of a detached member's disk had brought it",
  );
});
