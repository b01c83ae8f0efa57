// A case is a row: the same one each time, with everything its run has shown, and with what went wrong where there was no run.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { TopologySpec } from "../../model/topology/spec.ts";
import { micros } from "../../model/units.ts";
import { metricTable } from "../scenario/metric-names.ts";
import { CaseMaker } from "./case.ts";
import { columnsOf, isOwnColumn } from "./columns.ts";
import { encodeRows, openRows } from "./parquet.ts";
import type { ParameterValue, SweepPlan } from "./plan.ts";
import { rowOfFailure, runCase, type SweepRow, topologyName } from "./row.ts";
import { rowsOf, smallPlan, smallText } from "./testing.ts";

function valueOf(plan: SweepPlan, row: SweepRow, name: string): ParameterValue {
  const at = columnsOf(plan.columns).findIndex((column) => column.name === name);
  expect(at).toBeGreaterThanOrEqual(0);
  return row[at] ?? null;
}

function wanted(plan: SweepPlan): string {
  const { faults } = plan.caseAt(1);
  return faults.kind === "swarm" ? (faults.wanted[0] ?? "") : "";
}

test("a row has what its run has shown, by name", () => {
  const plan = smallPlan({ caseCount: 2 });
  const [own, swarm] = rowsOf(plan) as [SweepRow, SweepRow];
  const of = (row: SweepRow, name: string): ParameterValue => valueOf(plan, row, name);
  expect([of(own, "index"), of(own, "seed"), of(own, "logs.retain")]).toEqual([0, "t-0", 8]);
  expect([of(swarm, "index"), of(swarm, "seed"), of(swarm, "logs.retain")]).toEqual([1, "t-1", 9]);
  expect([of(own, "outcome"), of(own, "why"), of(own, "cloudlets"), of(own, "depth")]).toEqual(["passed", null, 3, 1]);
  expect(of(own, "digest")).toMatch(/^[0-9a-f]{64}$/);
  expect(of(own, "property.causal-delivery")).toBe("holds");
  expect(of(own, "violations.causal-delivery")).toBe(0);
  expect(of(own, "mark.crash")).toBe(0);
  expect(of(own, "fault.linkDown")).toBe(0);
  expect(of(swarm, `fault.${wanted(plan)}`)).toBeGreaterThan(0);
  expect(of(own, "visibility.layer0.p50")).toBeGreaterThan(0);
  expect(of(own, "visibility.layer1.p99")).toBeGreaterThan(0);
  expect(of(own, "visibility.layer2.p50")).toBeNull();
  expect(of(own, "pending.max")).toBeGreaterThan(0);
  expect(of(own, "convergence.afterHeal")).toBe(0);
  expect(of(own, "cpu.wait.p50")).toBeNull();
});

test("the same case is the same row", () => {
  expect(rowsOf(smallPlan({ caseCount: 4 }))).toEqual(rowsOf(smallPlan({ caseCount: 4 })));
});

test("a text's own faults count as it lists them, and drawn ones on top of them", () => {
  const text = `${smallText}faults: [{ isolate: edge, from: 100ms, until: 200ms }, { isolate: far, from: 100ms, until: 200ms }]\n`;
  const plan = smallPlan({ caseCount: 2, text });
  const [own, swarm] = rowsOf(plan) as [SweepRow, SweepRow];
  expect(valueOf(plan, own, "fault.isolate")).toBe(2);
  expect(valueOf(plan, swarm, "fault.isolate")).toBeGreaterThanOrEqual(2);
  const replaced = smallPlan({
    caseCount: 1,
    text,
    differing: () => ({
      settings: [{ label: "f", path: "faults", data: [{ pause: "hub", from: "1ms", until: "2ms" }] }],
    }),
  });
  const [row] = rowsOf(replaced) as [SweepRow];
  expect([valueOf(replaced, row, "fault.isolate"), valueOf(replaced, row, "fault.pause")]).toEqual([0, 1]);
});

test("a drawn workload is a row, too, alone and under faults from the table", () => {
  const plan = smallPlan({
    caseCount: 2,
    differing: (index) => ({
      workload: { kind: "generated", story: "data", tree: { cloudletsMax: 5 } },
      settings: [],
      faults: index === 0 ? { kind: "own" } : { kind: "swarm", wanted: ["pause"] },
    }),
  });
  const [own, swarm] = rowsOf(plan) as [SweepRow, SweepRow];
  expect([valueOf(plan, own, "scenario"), valueOf(plan, swarm, "scenario")]).toEqual([
    "generated-t-0",
    "generated-t-1-faults",
  ]);
  expect(valueOf(plan, own, "fault.partition")).toBeGreaterThan(0);
  expect(valueOf(plan, swarm, "fault.pause")).toBeGreaterThan(0);
});

test("a drawn workload of members that are detached is a row with their marks and verdict", () => {
  const plan = smallPlan({
    caseCount: 1,
    differing: () => ({
      workload: { kind: "generated", story: "detachments", tree: { shape: "chain", cloudletsMin: 4, cloudletsMax: 4 } },
      settings: [],
      faults: { kind: "own" },
    }),
  });
  const [row] = rowsOf(plan) as [SweepRow];
  const of = (name: string): ParameterValue => valueOf(plan, row, name);
  expect([of("scenario"), of("outcome"), of("cloudlets")]).toEqual(["detachments-t-0", "passed", 4]);
  expect(of("property.revived")).toBe("holds");
  for (const mark of ["member-detached", "member-returned", "conflict", "partition-healed"])
    expect(of(`mark.${mark}`)).toBeGreaterThan(0);
  expect(of("requests")).toBeGreaterThanOrEqual(50);
});

test.each([
  ["a text that is wrong", { text: `${smallText}nonsense: 1\n` }, "refused", /small\.yaml:9:1: .*nonsense/],
  [
    "a setting that leads nowhere",
    { differing: () => ({ settings: [{ label: "axis depth", path: "duration", data: "long" }] }) },
    "refused",
    /axis depth.*long/,
  ],
  [
    "a scope that names code which nobody was asked about",
    { text: smallText.replace("prefix: users/ }", 'prefix: users/, resolver: { module: "./m.mjs", export: "m" } }') },
    "refused",
    /expected code that the sweep was seen to name when it was read, found another file/,
  ],
])("%s is a row that says so", (_, options, outcome, why) => {
  const plan = smallPlan({ caseCount: 1, ...options });
  const [row] = rowsOf(plan) as [SweepRow];
  expect(row).toHaveLength(columnsOf(plan.columns).length);
  expect(valueOf(plan, row, "outcome")).toBe(outcome);
  expect(valueOf(plan, row, "why")).toMatch(why);
  expect(valueOf(plan, row, "digest")).toBeNull();
});

test("a run that throws is a row that says so in one line, and so is a case whose worker died", () => {
  const plan = smallPlan({ caseCount: 1 });
  const one = plan.caseAt(0);
  const row = runCase(new CaseMaker(plan.sources), one, {
    createCore: () => {
      throw new RangeError("no core\n    at some/path.ts:1");
    },
  });
  expect([valueOf(plan, row, "outcome"), valueOf(plan, row, "why")]).toEqual(["threw", "RangeError: no core"]);
  const dead = rowOfFailure(one, { kind: "failed", reason: "timed-out", why: "too long" });
  expect([valueOf(plan, dead, "outcome"), valueOf(plan, dead, "why")]).toEqual(["timed-out", "too long"]);
  expect(dead).toHaveLength(row.length);
});

test("a topology's name follows shape and links, and no names", () => {
  const spec = (names: readonly [string, string], delay: number): TopologySpec => ({
    cloudlets: [{ name: names[0] }, { name: names[1], upper: names[0] }],
    scopes: [],
    flows: [],
    links: [{ a: names[0], b: names[1], forth: { delay: micros(delay) } }],
  });
  expect(topologyName(spec(["a", "b"], 5))).toBe(topologyName(spec(["c", "d"], 5)));
  expect(topologyName(spec(["a", "b"], 5))).not.toBe(topologyName(spec(["a", "b"], 6)));
});

test("no plan may have a column of the results' own", () => {
  expect(["seed", "digest", "visibility.p99", "mark.crash"].map(isOwnColumn)).toEqual([true, true, true, true]);
  expect(["topology", "workload", "logs.retain"].map(isOwnColumn)).toEqual([false, false, false]);
  expect(() => columnsOf([{ name: "steps", kind: "integer" }])).toThrow("two columns of one name");
  expect(columnsOf([]).length).toBeGreaterThan(metricTable.length);
});

test("rows come back from a Parquet file as they were, whatever is in them, and twice as the same bytes", async () => {
  const columns = [
    { name: "a", kind: "text" },
    { name: "b", kind: "integer" },
    { name: "c", kind: "number" },
  ] as const;
  const rows: SweepRow[] = [
    ["", 0, 0.1],
    ['<b>ä\u0000\n"', Number.MAX_SAFE_INTEGER, -0.5],
    [null, null, null],
    ["x".repeat(10_000), -1, 1e300],
  ];
  const folder = mkdtempSync(join(tmpdir(), "causeway-rows-"));
  try {
    for (const some of [rows, rows.slice(2, 3), []]) {
      const bytes = encodeRows(columns, some, "sweep");
      expect(encodeRows(columns, some, "sweep")).toEqual(bytes);
      writeFileSync(join(folder, "rows.parquet"), bytes);
      const file = await openRows(join(folder, "rows.parquet"));
      expect([file.rowCount, file.columnNames]).toEqual([some.length, ["a", "b", "c"]]);
      for (const [at, { name }] of columns.entries())
        expect(await file.column(name)).toEqual(some.map((row) => row[at]));
      file.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(() => encodeRows(columns, [["a", 0.5, 1]], "sweep")).toThrow("no whole number");
  expect(() => encodeRows(columns, [["a", "1", 1]], "sweep")).toThrow("a text in a column of numbers");
});
