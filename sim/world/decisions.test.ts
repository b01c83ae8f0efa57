// When decisions about members are told: at their time, or at the next start of who decides; and what is said of those that are refused.

import { expect, test } from "vitest";
import type { RunReport } from "../run/report.ts";
import { runScenario } from "../run/runner.ts";
import { renderProblems } from "../scenario/problem.ts";
import { readScenario } from "../scenario/read.ts";
import type { Scenario } from "../scenario/scenario.ts";

function run(...more: readonly string[]): RunReport {
  return runAs("causeway", ...more);
}

function runAs(protocol: Scenario["protocol"], ...more: readonly string[]): RunReport {
  const lines = [
    "causeway: 1",
    "name: decisions",
    "seed: 1",
    "topology: { tree: { top: { left:, right: } } }",
    "scopes: [{ name: users, prefix: users/, collect: 1s }]",
    "flows: [{ scope: users, between: tree, direction: both }]",
    "duration: 60s",
    ...more,
  ];
  const outcome = readScenario(lines.join("\n"), { file: "s.yaml" });
  if (outcome.kind === "invalid") throw new Error(renderProblems(outcome.problems));
  const { report } = runScenario({ ...outcome.scenario, protocol });
  expect(report.unmet).toEqual([]);
  return report;
}

const detached = (report: RunReport): readonly string[] =>
  report.absences.map(({ at, kind, cloudlet, member }) => `${at / 1_000_000} s: ${kind} ${cloudlet} ${member}`);

const cut = "{ isolate: left, from: 5s }";

test("at its time, where the process runs", () => {
  const report = run("detachments: [{ at: 10s, decides: top, detach: left }]", `faults: [${cut}]`);
  expect(detached(report)[0]).toBe("10 s: detached top left");
  expect(new Map(report.marks).get("member-returned")).toBe(1);
});

test("at the next start where it is down, once, and not again after that", () => {
  const crashes = "{ crash: top, at: 9s, for: 6s }, { crash: top, at: 30s, for: 1s }";
  const report = run("detachments: [{ at: 10s, decides: top, detach: left }]", `faults: [${cut}, ${crashes}]`);
  expect(detached(report).filter((line) => line.includes("detached"))).toEqual(["15 s: detached top left"]);
});

test("at the next start where it dies before its processor has come to it", () => {
  const slow = "cpus: [{ at: top, request: 3s }]";
  const busy = "script: [{ at: 9s, cloudlet: top, session: s, put: users/x, value: v }]";
  const crash = "{ crash: top, at: 11s, for: 4s }";
  const report = run(
    slow,
    busy,
    "detachments: [{ at: 10s, decides: top, detach: left }]",
    `faults: [${cut}, ${crash}]`,
  );
  expect(detached(report).filter((line) => line.includes("detached"))).toEqual(["15 s: detached top left"]);
});

test("the simple protocol, which files may not combine with it, hears of it and goes on", () => {
  const report = runAs("fifo", "detachments: [{ at: 10s, decides: top, detach: left }]");
  expect([report.verdict, report.absences]).toEqual(["passed", []]);
});
