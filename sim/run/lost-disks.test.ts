/**
 * Operations whose disks are lost, set back, copied, damaged or lied to: no plane is told twice, though it may have forgotten with the disk,
 * and what could not be kept is said. And: whoever trusts its disk, or does not wait for what others know, is caught.
 */
import { describe, expect, test } from "vitest";
import { disklessPlants, forgetfulPlants } from "../operations/plants.ts";
import type { MarkName } from "../oracles/names.ts";
import { type DiskLoss, generateLostDisks } from "./generate-lost-disks.ts";
import type { RunReport } from "./report.ts";
import { runScenario } from "./runner.ts";

function violated({ properties }: RunReport): readonly string[] {
  return properties
    .filter(([, { verdict }]) => verdict === "violated")
    .map(([name, { evidence }]) => `${name}: ${evidence[0] ?? ""}`);
}

describe("operations and lost disks", () => {
  const kinds: readonly (readonly [DiskLoss, MarkName])[] = [
    ["lose", "disk-lost"],
    ["restore", "backup-restored"],
    ["clone", "disk-cloned"],
    ["lie", "fsync-lied"],
    ["rot", "bit-rot"],
  ];

  test.each(kinds)("%s: operations end once and are begun at most once, or the run says why not", (kind, mark) => {
    let [marked, exempt] = [0, 0];
    for (let number = 1; number <= 8; number += 1) {
      const { report } = runScenario(generateLostDisks(`d-${number}`, [kind], number % 2 === 0));
      expect([number, report.verdict, violated(report)]).toEqual([number, "passed", []]);
      expect(report.operations?.open).toEqual([]);
      if ((new Map(report.marks).get(mark) ?? 0) > 0) marked += 1;
      if (report.notes.some((note) => note.includes("was lost with its disk"))) exempt += 1;
    }
    expect(marked).toBeGreaterThan(4);
    if (kind === "lose") expect(exempt).toBeGreaterThan(1);
  });

  test("an end that a backup does not know of is suspended for that operation, and the report says whose disk it was", () => {
    const { report } = runScenario(generateLostDisks("d-19", ["restore"]));
    expect(report.verdict).toBe("passed");
    const said = /operation-ends was suspended for 1 operation .*: the disk of \w+ had lost the first end/;
    expect(report.notes.filter((note) => said.test(note))).toHaveLength(1);
  });

  // The issuer's disk is lost, and it writes from its target's result that all is over: beside nothing. Then the target loses operation
  // and result, but not that word, which waits for nobody's result any more. The operation comes once more, from the layer between.
  test("an operation that comes after the word that it is over stands beside it where the result between is lost for good", () => {
    const { report } = runScenario(generateLostDisks("d-17"));
    expect([report.verdict, violated(report)]).toEqual(["passed", []]);
    expect(report.notes).toContainEqual(
      expect.stringContaining("stood beside a later one since a cloudlet had lost for good what lay between the two"),
    );
  });

  // 234: the issuer starts with a copy of another disk, and does not see yet what it had asked for before.
  // 607: the target's disk goes back to before the earlier operation was taken back, which begins after the later one.
  test.each([234, 607])("what a disk has lost orders no operations: d-%i", (number) => {
    const { report } = runScenario(generateLostDisks(`d-${number}`), { only: ["operation-order"] });
    expect(new Map(report.properties).get("operation-order")).toMatchObject({ verdict: "holds", evidence: [] });
  });

  test("a target that has lost what it had begun ends it as lost, and that is told: d-617", () => {
    const { report } = runScenario(generateLostDisks("d-617"), { only: ["operation-ends"] });
    expect(new Map(report.properties).get("operation-ends")).toMatchObject({ verdict: "holds", evidence: [] });
  });

  // The receipt waits for a record that has rotted, and comes after the process has looked at what waits.
  test("a receipt that has waited holds its operation up no more once it has come: d-607", () => {
    const { report } = runScenario(generateLostDisks("d-607", ["rot"]), { only: ["operations-over"] });
    expect(report.operations?.open).toEqual([]);
  });

  const plants = [...disklessPlants, ...forgetfulPlants].map(({ name, rules, catches = [] }) => ({
    name,
    rules,
    catches,
  }));
  test.each(plants)("$name is caught by $catches", ({ name, rules: controlPlant, catches }) => {
    const forgets = forgetfulPlants.some((plant) => plant.name === name);
    for (let number = 1; number <= 40; number += 1) {
      const { report } = runScenario(generateLostDisks(`d-${number}`, ["lose"], forgets), {
        controlPlant,
        only: catches,
      });
      if (violated(report).some((what) => catches.some((oracle) => what.startsWith(oracle)))) return;
    }
    expect.unreachable("no run of forty shows it");
  });

  test("where a plane has forgotten, and nobody above had heard that it had begun, the report says so", () => {
    const said = /at-most-one-effect was suspended for \d+ operations? \(.*\): a plane of \w+ had lost with its disk/;
    for (let number = 1; number <= 40; number += 1) {
      const { report } = runScenario(generateLostDisks(`d-${number}`, ["restore"], true), {
        only: ["at-most-one-effect"],
      });
      if (report.notes.some((note) => said.test(note))) return;
    }
    expect.unreachable("no run of forty shows it");
  });
});
