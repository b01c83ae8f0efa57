// What the scenarios with operations tell beyond their verdicts: that who fails is noticed by nobody else, what custody does to
// queues, and what happens at caps.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { RunReport } from "../sim/run/report.ts";
import { runScenario } from "../sim/run/runner.ts";
import { renderProblems } from "../sim/scenario/problem.ts";
import { readScenario } from "../sim/scenario/read.ts";

function run(file: string, settings: Readonly<Record<string, string>>): RunReport {
  const outcome = readScenario(readFileSync(new URL(file, import.meta.url), "utf8"), {
    file,
    settings: Object.entries(settings).map(([path, value]) => ({ label: `--set ${path}=${value}`, path, value })),
  });
  if (outcome.kind === "invalid") throw new Error(renderProblems(outcome.problems));
  return runScenario(outcome.scenario).report;
}

function operationsOf({ operations }: RunReport): NonNullable<RunReport["operations"]> {
  return operations ?? expect.fail("a run without operations");
}

const verdictOf = (report: RunReport, property: string): string | undefined =>
  report.properties.find(([name]) => name === property)?.[1].verdict;

// Each cloudlet's people ask for a kind of their own.
const kindOf: Readonly<Record<string, string>> = {
  centre: "user.create",
  north: "user.update",
  south: "vm.create",
  "north-1": "vm.update",
  "north-2": "vm.resize",
  "south-1": "router.create",
  "south-2": "router.update",
};
const names = Object.keys(kindOf);

// How it went at each cloudlet, in words.
function fates(faults: readonly string[]): Readonly<Record<string, string>> {
  const quick = { duration: "20s", expectations: "{}", clients: "[]" };
  const { kinds } = operationsOf(run("failure-domain-of-one.yaml", { ...quick, faults: `[${faults.join(", ")}]` }));
  return Object.fromEntries(
    names.map((name) => {
      const found = kinds.find(({ kind }) => kind === kindOf[name]) ?? expect.fail(`nobody asked at ${name}`);
      return [name, `${found.accepted} accepted, ${found.refused} refused, ${found.done} done`];
    }),
  );
}

const without = (fate: Readonly<Record<string, string>>, ...those: readonly string[]): readonly (readonly string[])[] =>
  Object.entries(fate).filter(([name]) => !those.includes(name));

const calm = fates([]);

test.each(names)("%s crashes, or is cut off: the others succeed as if it had not", (name) => {
  const crashed = fates([`{ crash: ${name}, at: 4s, for: 8s }`]);
  expect(without(crashed, name)).toEqual(without(calm, name));
  expect(crashed[name]).not.toBe(calm[name]);
  expect(fates([`{ isolate: ${name}, from: 4s, until: 15s }`])).toEqual(calm);
});

test.each(names)("all but %s crash at once: it succeeds as if they had not", (name) => {
  const others = names.filter((other) => other !== name);
  const left = fates(others.map((other) => `{ crash: ${other}, at: 4s, for: 8s }`));
  expect(left[name]).toBe(calm[name]);
  expect(others.filter((other) => left[other] === calm[other])).toEqual([]);
});

test("custody that is handed down leaves the layers above next to nothing; where it is shared each of them holds all", () => {
  const peaks = (custody: string): ReadonlyMap<string, number> =>
    new Map(
      operationsOf(run("queue-custody.yaml", { "operations.custody": custody })).queues.map(
        ({ cloudlet, bytes }) => [cloudlet, bytes] as const,
      ),
    );
  const [shared, distributed] = [peaks("shared"), peaks("distributed")];
  for (const layer of ["centre", "region"]) {
    expect(distributed.get(layer)).toBeLessThan((shared.get(layer) ?? 0) / 20);
  }
  expect(distributed.get("district")).toBeGreaterThan((shared.get("district") ?? 0) / 2);
});

test.each(["refuse", "expire-oldest", "expire-lowest"])("queues that are full, policy %s: caps are kept", (policy) => {
  const report = run("queue-custody.yaml", {
    "operations.caps.records": "20",
    "operations.policy": policy,
    "operations.custody": "shared",
    "operations.issuers.owner.priorities": "[0, 5, 9]",
    expectations: "{}",
  });
  expect([report.verdict, verdictOf(report, "queue-caps")]).toEqual(["passed", "holds"]);
  const { kinds, queues } = operationsOf(report);
  const sum = (of: "refused" | "endedOtherwise"): number => kinds.reduce((total, counts) => total + counts[of], 0);
  expect(queues.find(({ cloudlet }) => cloudlet === "centre")?.records).toBe(80);
  if (policy !== "expire-oldest") expect(sum("refused")).toBeGreaterThan(20);
  if (policy === "refuse") expect(sum("endedOtherwise")).toBe(0);
  else expect(sum("endedOtherwise")).toBeGreaterThan(20);
});

test("a month of silence: beyond their caps queues refuse, and what they took is carried out all the same", () => {
  const report = run("offline-month.yaml", { "operations.caps.records": "50", expectations: "{}" });
  expect([report.verdict, verdictOf(report, "queue-caps")]).toEqual(["passed", "holds"]);
  const metrics = new Map(report.metrics);
  expect(metrics.get("operations.refused")).toBeGreaterThan(100);
  expect(metrics.get("operations.open")).toBe(0);
  expect(report.steps).toBeLessThan(20_000);
});

test("edge nodes are added by a site's own plane while it is cut off, and by its region's where it has none", () => {
  const { planeless, kinds } = operationsOf(run("no-local-plane.yaml", {}));
  expect(planeless.map(({ cloudlet, plane }) => `${cloudlet} ${plane}`)).toEqual(["bare control", "bare management"]);
  for (const { byUpper, refused, why } of planeless) {
    expect([byUpper > 0, refused > 0]).toEqual([true, true]);
    expect(why).toMatch(/^bare has no (control|management) plane/);
  }
  const scaling = kinds.find(({ kind }) => kind === "nodes.scaleUp");
  expect([scaling?.plane, scaling?.open, scaling?.executed]).toEqual(["management", 0, scaling?.accepted]);
});
