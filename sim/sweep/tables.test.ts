/** Sweeps of scenarios that replay tables: what is taken along to where runs are made, and what other tables make of it. */
import { describe, expect, test } from "vitest";
import { renderProblems } from "../scenario/problem.ts";
import { CaseMaker } from "./case.ts";
import { readSweep } from "./read-sweep.ts";

const csv = (...lines: readonly string[]): string => `${lines.join("\n")}\n`;
const story = csv(
  "causeway: 1",
  "name: story",
  "topology: { tree: { core: { north: } } }",
  "scopes: [{ name: state, prefix: state/ }]",
  "flows: [{ scope: state, between: tree, direction: both }]",
  "duration: 60s",
  "measured: { outages: outages.csv }",
);

describe("sweeps", () => {
  const planned = (state: string, ...lines: readonly string[]) => {
    const texts: Readonly<Record<string, string>> = {
      "../maps/story.yaml": story,
      "../maps/outages.csv": csv("time_s,from,to,state", `1,core,north,${state}`),
      "../maps/other.csv": csv("time_s,from,to,state", "1,core,north,down", "2,core,north,up", "3,core,north,down"),
    };
    const head = ["sweep: 1", "name: all", "workloads: [{ file: ../maps/story.yaml }]"];
    return readSweep("sweeps/all.yaml", csv(...head, ...lines), {
      text: (path) => {
        const text = texts[path];
        return text === undefined
          ? { kind: "refused", why: "there is no such file; check the path" }
          : { kind: "text", text };
      },
      list: () => ({ kind: "names", names: [] }),
      url: (path) => `file:///sweeps/${path}`,
    });
  };
  const planOf = (state: string, ...lines: readonly string[]) => {
    const outcome = planned(state, ...lines);
    if (outcome.kind === "invalid") throw new Error(renderProblems(outcome.problems));
    return outcome.plan;
  };
  const faultCounts = (plan: ReturnType<typeof planOf>): readonly unknown[] =>
    Array.from({ length: plan.caseCount }, (_, at) => {
      const made = new CaseMaker(plan.sources).make(plan.caseAt(at));
      return made.kind === "made" ? made.scenario.faults.length : made.problems;
    });

  test("take the tables of their workloads along, and are others where those change", () => {
    const [down, up] = [planOf("down"), planOf("up")];
    expect(down.fingerprint).not.toBe(up.fingerprint);
    expect(down.sources[0]?.attached).toEqual({ "outages.csv": "time_s,from,to,state\n1,core,north,down\n" });
    expect([down, up].map(faultCounts)).toEqual([[1], [0]]);
  });

  test("put other tables in their place, and say which one is not there", () => {
    expect(faultCounts(planOf("down", "parameters: { measured.outages: [outages.csv, other.csv] }"))).toEqual([1, 2]);
    const outcome = planned("down", "parameters: { measured.outages: nowhere.csv }");
    expect(outcome.kind === "invalid" && renderProblems(outcome.problems)).toBe(
      'sweeps/all.yaml:4:33: parameters["measured.outages"]: nowhere.csv: there is no such file; check the path\n',
    );
  });
});
