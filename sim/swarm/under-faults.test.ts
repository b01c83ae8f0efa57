// Drawn trees under drawn faults: what is wanted is drawn, and a seed draws the same again.

import { expect, test } from "vitest";
import { faultNames, faultTable, type FaultName, type FaultRow } from "../faults/table.ts";
import { generatedScenario } from "../run/generate.ts";
import { shortensLogs, whyWholeLogs } from "../quirks/draw.ts";
import { endScenario } from "../run/runner.ts";
import { underFaults } from "./under-faults.ts";

const pairs = faultNames.flatMap((name, index) =>
  index % 2 === 0 ? [[name, faultNames[index + 1] as FaultName] as const] : [],
);

test("kinds that are wanted are drawn, whatever the tree (28 kinds)", () => {
  expect(pairs.flat()).toHaveLength(faultNames.length);
  for (const wanted of pairs) {
    const scenario = generatedScenario("1-3");
    const drawn = underFaults(scenario, wanted);
    expect(drawn.kinds).toEqual(expect.arrayContaining([...wanted]));
    expect(drawn.scenario.faults.slice(0, scenario.faults.length)).toEqual(scenario.faults);
    expect(drawn.scenario.faults.length).toBeGreaterThan(scenario.faults.length);
    expect(drawn.scenario.core?.length).toBeGreaterThanOrEqual(2);
    expect(underFaults(generatedScenario("1-3"), wanted)).toEqual(drawn);
  }
});

test("drawn quirks are on, but none that shortens logs where plans or exchanged disks are in the way (60 trees)", () => {
  let count = 0;
  for (let seed = 0; seed < 60; seed += 1) {
    const { scenario } = underFaults(generatedScenario(`quirks-${seed}`), []);
    count += scenario.quirks?.length ?? 0;
    if (whyWholeLogs(scenario) !== null) expect(shortensLogs(scenario.quirks)).toBe(false);
  }
  expect(count).toBeGreaterThan(60);
});

test("a kind that the topology has no place for is not drawn, and stops nothing", () => {
  const scenario = generatedScenario("small", { tree: { cloudletsMax: 3 } });
  const { kinds } = underFaults(scenario, ["ring", "clog"]);
  expect(kinds).not.toContain("ring");
  expect(kinds).toContain("clog");
});

test("such a run keeps every property, and a mark shows that what was wanted has happened (6 runs)", () => {
  const rows: readonly FaultRow[] = faultTable;
  for (const kind of ["pause", "fullDisk", "clog", "degrade", "upgrade", "clockDrift"] as const) {
    const { scenario, kinds } = underFaults(generatedScenario("felt-1"), [kind]);
    const result = endScenario(scenario).end;
    expect([result.seed, result.verdict, result.unmet]).toEqual(["felt-1", "passed", []]);
    expect(kinds).toContain(kind);
    const marks = rows.find(({ name }) => name === kind)?.marks ?? [];
    expect(result.marks.filter(([name, count]) => marks.includes(name) && count > 0)).not.toEqual([]);
  }
}, 60_000);
