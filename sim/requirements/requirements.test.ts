// Whatever covers a row can fail: each row is turned by its planted bug or changed scenario. That checks hold without it: facts here,
// oracles in plants/matrix.test.ts, scenarios in workloads/scenarios.test.ts; `causeway requirements --run` does all of it.

import { describe, expect, test } from "vitest";
import { requirements, type Requirement } from "../../model/requirements/index.ts";
import { oracleTable } from "../oracles/names.ts";
import { type CheckJob, type Finding, runCheckJob } from "./check.ts";
import { facts } from "./facts.ts";
import { checkJobs, isSound, joined, judgeRow, runnableChecks, turnJobs, turnKey } from "./matrix.ts";

const none = { checks: new Map<string, Finding>(), turns: new Map<string, Finding>() };

describe("rows", () => {
  test.each(turnJobs(requirements).map((job) => ({ job, name: turnName(job) })))("are turned by $name", ({ job }) => {
    const [finding] = runCheckJob(job);
    if (job.kind !== "turn" || finding === undefined) throw new Error("a turn finds one thing");
    const key = JSON.stringify(job.turn);
    const rows = requirements.filter((row) => turnKey(row) === key);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) {
      const turned = judgeRow(row, { ...none, turns: new Map([[key, finding]]) });
      expect(turned.turned?.evidence, row.id).toEqual(expect.stringMatching(/: ./));
      // The same finding where the row's check should hold makes the row fail.
      const failing = judgeRow(row, { ...none, checks: new Map([[finding.check, finding]]) });
      expect([failing.status, isSound([failing])], row.id).toEqual(["failing", false]);
    }
  });
});

describe("facts", () => {
  // What turns a row is tried above.
  const turning = new Set(
    requirements.flatMap(({ coverage }) =>
      coverage.kind === "covered" ? [`${coverage.turn.fails} ${coverage.turn.plant ?? ""}`] : [],
    ),
  );

  test.each(facts)("$name holds, and each deviation breaks it", (fact) => {
    const tried = fact.try(null);
    expect(tried.complaint).toBeNull();
    expect(tried.count).toBeGreaterThan(0);
    const rest = fact.deviations.filter(({ name }) => !turning.has(`fact ${fact.name} ${name}`));
    for (const { name } of rest) expect(fact.try(name).complaint, name).not.toBeNull();
  });
});

describe("judging", () => {
  const row = requirements.find(({ id }) => id === "D12") as Requirement;
  const holding = new Map(runnableChecks(row).map((check) => [check, { check, count: 1, complaint: null }]));
  const [first = ""] = runnableChecks(row);

  test("a row whose checks all hold is holding; one that lacks a finding is covered, no more", () => {
    expect(judgeRow(row, { ...none, checks: holding }).status).toBe("holding");
    expect(judgeRow(row, none).status).toBe("covered");
    const short = new Map([...holding].slice(1));
    expect(judgeRow(row, { ...none, checks: short }).status).toBe("covered");
  });

  test("a check that was never put to the test does not hold", () => {
    const idle = new Map([...holding, [first, { check: first, count: 0, complaint: null }]]);
    expect(judgeRow(row, { ...none, checks: idle })).toMatchObject({
      status: "failing",
      evidence: `${first}: it was never put to the test`,
    });
  });

  test("what nothing turns is not sound, though it holds", () => {
    const turns = new Map([[turnKey(row) ?? "", { check: first, count: 9, complaint: null }]]);
    const judged = judgeRow(row, { checks: holding, turns });
    expect([judged.status, judged.turned, isSound([judged])]).toEqual(["holding", { evidence: null }, false]);
  });

  test("rows that are exempt or not yet covered say so, whatever is found of their checks", () => {
    const kinds = requirements.filter(({ coverage }) => coverage.kind !== "covered");
    for (const one of kinds) expect(judgeRow(one, none).status).toBe(one.coverage.kind);
  });

  test("several findings of one check are added up, and the first complaint stays", () => {
    const found = joined([
      { check: "a", count: 2, complaint: null },
      { check: "a", count: 3, complaint: "first" },
      { check: "a", count: 1, complaint: "second" },
    ]);
    expect([...found.values()]).toEqual([{ check: "a", count: 6, complaint: "first" }]);
  });

  test("drawn worlds are judged by every oracle at once, and one that had nothing to judge says so", () => {
    const found = runCheckJob({ kind: "worlds", runs: { plant: null, first: 0, count: 4, until: [] } });
    expect(found.map(({ check }) => check)).toEqual(oracleTable.map(({ name }) => `oracle ${name}`));
    expect(found.filter(({ complaint }) => complaint !== null)).toEqual([]);
    expect(found.find(({ check }) => check === "oracle convergence")?.count).toBeGreaterThan(0);
  });

  test("a check that several rows name is run once, and oracles share their worlds", () => {
    const jobs = checkJobs(requirements);
    const keys = jobs.map((job) => JSON.stringify(job));
    expect(new Set(keys).size).toBe(keys.length);
    expect(jobs.filter(({ kind }) => kind === "worlds")).toHaveLength(5);
  });

  test("what does not exist is refused", () => {
    expect(() => runCheckJob({ kind: "check", check: "fact nothing" })).toThrow("no check fact nothing");
    const turn = { fails: "fact reach", plant: "never-resends" };
    expect(() => runCheckJob({ kind: "turn", turn })).toThrow("knows no deviation never-resends");
  });
});

function turnName(job: CheckJob): string {
  return job.kind === "turn" ? `${job.turn.plant ?? JSON.stringify(job.turn.set)} in ${job.turn.fails}` : "";
}
